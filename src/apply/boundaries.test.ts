import { afterEach, expect, test } from "vitest";
import { sealPlan } from "../plan/digest.js";
import type { Plan } from "../plan/plan.js";
import type { Provider } from "../provider/provider.js";
import type { JournalDraft } from "../store/store.js";
import { type Bench, openBench, readStackText, stackText } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function tenant(text = stackText()): Promise<{ vendor: FakeVendor; bench: Bench; clock: { ahead: number }; both: Plan; set(status: string): void }> {
	const state = smallTenant(20);
	state.users.push(user("eve"));
	const clock = { ahead: 0 };
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url, { now: () => Date.now() + clock.ahead, text });
	open.push(bench, vendor);
	const target = { account: "eve" };
	const kinds = ["suspend-account", "deactivate-account"] as const;
	const both = await bench.plan({ operatorActions: kinds.map((kind) => ({ system: "fake", kind, target })) });
	const set = (status: string) => {
		for (const one of vendor.state.users) if (one.id === "eve") one.status = status;
	};
	return { vendor, bench, clock, both, set };
}

test("a status that an earlier change of the plan leads to is as planned", async () => {
	const { bench, vendor, both } = await tenant();
	expect(await bench.apply(both, { operator: true })).toMatchObject({ outcome: "applied", calls: 2 });
	expect(vendor.calls).toEqual(["suspend-account eve", "deactivate-account eve"]);
});

test("any other status than that is not", async () => {
	const { bench, vendor, both, set } = await tenant();
	const provider: Provider = {
		...fakeProvider,
		actions: fakeProvider.actions.map((spec) =>
			spec.kind !== "suspend-account" ? spec : { ...spec, verify: async (...given) => spec.verify(...given).finally(() => set("LOCKED_OUT")) },
		),
	};
	const report = await bench.apply(both, { operator: true, openAct: async () => ({ provider, connection: fakeConnection(vendor.url) }) });
	expect(report.actions[1]).toMatchObject({ outcome: "failed", detail: 'status was "ACTIVE" when it was planned and is "LOCKED_OUT" now' });
	expect(vendor.calls).toEqual(["suspend-account eve"]);
});

test("an earlier change that was dropped excuses no other status", async () => {
	const { bench, vendor, both, set } = await tenant();
	set("SUSPENDED");
	const less: Provider = { ...fakeProvider, actions: fakeProvider.actions.filter(({ kind }) => kind !== "suspend-account") };
	const report = await bench.apply(both, { operator: true, openRead: async () => ({ provider: less, connection: fakeConnection(vendor.url) }) });
	expect(report.actions.map(({ outcome }) => outcome)).toEqual(["skipped", "failed"]);
	expect(report.actions[1]?.detail).toContain('is "SUSPENDED" now');
	expect(vendor.calls).toEqual([]);
});

test("a lease that ran out while the intent was being written is noticed before the call", async () => {
	const { bench, vendor, clock, both } = await tenant();
	const store = {
		...bench.store,
		async appendJournal(entry: JournalDraft) {
			const written = await bench.store.appendJournal(entry);
			if (entry.event === "intent") clock.ahead += 61_000;
			return written;
		},
	};
	const report = await bench.apply(both, { operator: true, store });
	expect(report).toMatchObject({ outcome: "partial", calls: 0, stopped: "the lease was lost to another run" });
	expect(vendor.calls).toEqual([]);
	expect((await bench.store.journal({ tenant: "acme" })).map(({ event }) => event)).toEqual(["began", "intent", "skipped", "ended"]);
	clock.ahead += 120_000;
	expect(await bench.apply(both, { operator: true })).toMatchObject({ outcome: "applied", calls: 2 });
});

test("a run that is stopped ends before the next call, and says what was done", async () => {
	const { bench, vendor, both } = await tenant();
	const stop = new AbortController();
	vendor.onCall = () => stop.abort(new Error("stopped by SIGINT"));
	const report = await bench.apply(both, { operator: true, signal: stop.signal });
	expect(report).toMatchObject({ outcome: "partial", calls: 1, stopped: "stopped by SIGINT; run it again to go on" });
	expect(report.actions.map(({ outcome }) => outcome)).toEqual(["verified", "not-reached"]);
	vendor.onCall = null;
	expect(await bench.apply(both, { operator: true })).toMatchObject({ outcome: "applied", calls: 1 });
});

test("whatever breaks in the middle, what was done is told", async () => {
	const { bench, vendor, both } = await tenant();
	const broken = fakeProvider.actions.map((spec) =>
		spec.kind !== "suspend-account"
			? spec
			: {
					...spec,
					inverse(): never {
						throw new Error("no way back");
					},
				},
	);
	const openAct = async () => ({ provider: { ...fakeProvider, actions: broken }, connection: fakeConnection(vendor.url) });
	const report = await bench.apply(both, { operator: true, openAct });
	expect(report.outcome).toBe("partial");
	expect(report.actions[0]).toMatchObject({ outcome: "failed", detail: expect.stringContaining("no way back") });
	expect(vendor.calls).toEqual([]);
});

test("a declaration asks for members, roles and settings, and never for what only an operator may", async () => {
	const { bench, vendor, both } = await tenant();
	const asDeclared = ({ operator: _, digest: __, ...plan }: Plan) => sealPlan(plan);
	const smuggled = await bench.apply(asDeclared(both), { desired: true });
	expect(smuggled).toMatchObject({ outcome: "refused", refusals: [{ guardrail: "operator" }, { guardrail: "operator" }] });
	expect(await bench.apply(both, { desired: true })).toMatchObject({ outcome: "refused" });
	const joins = await bench.plan({ operatorActions: [{ system: "fake", kind: "add-group-member", target: { account: "eve", group: "g1" } }] });
	expect(await bench.apply(asDeclared(joins))).toMatchObject({ outcome: "refused" });
	expect(await bench.apply(asDeclared(joins), { desired: true })).toMatchObject({ outcome: "applied", calls: 1 });
	expect(vendor.calls).toEqual(["add-group-member eve g1"]);
});

test("a person's own change of an exempt account is made, and warned of", async () => {
	const { bench, both } = await tenant();
	const exempt =
		"exemptions: [ { policy: leaver-still-enabled, subject: { login: fake/eve@acme.example, id: eve }, owner: hr, reason: on leave, expires: 2099-01-01 } ]";
	const stack = { ...(await readStackText(stackText(exempt))), digest: bench.stack.digest };
	const lines: string[] = [];
	const report = await bench.apply(both, { operator: true, stack, log: (line) => lines.push(line) });
	expect(report).toMatchObject({
		outcome: "applied",
		warnings: [expect.stringContaining("the account is exempt from leaver-still-enabled until 2099-01-01 (hr: on leave)"), expect.any(String)],
	});
	expect(lines.filter((line) => line.startsWith("warning: "))).toHaveLength(2);
	expect((await bench.apply(await bench.plan({ only: ["leaver-still-enabled"] }))).warnings).toEqual([]);
});
