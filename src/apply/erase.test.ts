import { afterEach, expect, test } from "vitest";
import type { Store } from "../store/store.js";
import { type Bench, openBench } from "./bench.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

let vendor: FakeVendor;
let bench: Bench;
afterEach(async () => {
	await bench.close();
	await vendor.close();
});

/** The store of a process that is gone when this event is to be written for an account's action. */
function dyingAt(store: Store, event: string): Store {
	const appendJournal: Store["appendJournal"] = async (entry) => {
		if (entry.event === event && entry.action !== null) throw new Error("as if the machine had gone");
		return store.appendJournal(entry);
	};
	return Object.assign(Object.create(store) as Store, store, { appendJournal });
}

test.each(["performed", "verified"])("a plan goes on after names were erased in the middle of it, cut off before `%s`", async (event) => {
	const state = smallTenant(20);
	state.users.push(user("eve", { leaver: true }));
	vendor = await startFake(state);
	bench = await openBench(vendor.url);
	const plan = await bench.plan({ only: ["leaver-still-enabled"] });
	expect((await bench.apply(plan, { store: dyingAt(bench.store, event) })).stopped).toContain("the journal could not be written");
	expect(vendor.calls).toEqual(["end-sessions eve"]);

	const erased = await bench.store.erase({ tenant: "acme", system: "fake", id: "eve", texts: ["eve@acme.example"], dryRun: false });
	expect(erased.keys).toBe(1);
	const report = await bench.apply(plan);
	expect(report).toMatchObject({ outcome: "applied", refusals: [], stopped: null });
	expect(vendor.state.users.find(({ id }) => id === "eve")).toMatchObject({ status: "SUSPENDED", sessions: 0 });
	expect(vendor.calls.filter((call) => call === "suspend-account eve")).toHaveLength(1);
	expect(await bench.store.verifyJournal("acme")).toMatchObject({ broken: null });
	const [first] = (await bench.store.journal({ tenant: "acme" })).filter(({ event: name }) => name === "intent");
	expect(first).toMatchObject({ personal: { readable: false } });
	expect(JSON.stringify(first)).not.toContain("eve@acme.example");
});
