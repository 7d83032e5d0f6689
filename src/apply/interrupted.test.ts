import { afterEach, expect, test } from "vitest";
import type { Plan } from "../plan/plan.js";
import type { ActionKind } from "../provider/action.js";
import { type Bench, openBench } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeVendor, smallTenant, startFake, topRole, user } from "./fake-vendor.test-suite.js";
import { undoPlan } from "./undo.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function tenant(): Promise<{ vendor: FakeVendor; bench: Bench; plan: Plan }> {
	const state = smallTenant(20);
	state.users.push(user("eve"));
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	const plan = await bench.plan({ operatorActions: [{ system: "fake", kind: "suspend-account", target: { account: "eve" } }] });
	return { vendor, bench, plan };
}

const crashed = "c0ffee".repeat(10);

/** What a run of another plan leaves that died between its intent and the answer. */
async function leaveOpen(bench: Bench, kind: ActionKind, target: Record<string, string>, inverse: object | null = null): Promise<void> {
	const data = { system: "fake", kind, target, label: `${kind} of old`, inverse, facts: {} };
	await bench.store.appendJournal({ tenant: "acme", at: Date.now(), plan: crashed, action: "a1", event: "intent", data });
}

const eventsOf = async (bench: Bench, plan: string) => (await bench.store.journal({ tenant: "acme", plan })).map(({ event }) => event);

test("a call that a crashed run of another plan made is recovered under its own plan, and not made again", async () => {
	const { vendor, bench, plan } = await tenant();
	await leaveOpen(bench, "suspend-account", { account: "eve" });
	for (const one of vendor.state.users) if (one.id === "eve") one.status = "SUSPENDED";
	const report = await bench.apply(plan, { operator: true });
	expect(await eventsOf(bench, crashed)).toEqual(["intent", "recovered"]);
	expect(report.actions.map(({ outcome }) => outcome)).toEqual(["already"]);
	expect(vendor.calls).toEqual([]);
});

test("one that was never made is closed, and the new plan goes on", async () => {
	const { vendor, bench, plan } = await tenant();
	await leaveOpen(bench, "suspend-account", { account: "eve" });
	expect(await bench.apply(plan, { operator: true })).toMatchObject({ outcome: "applied", calls: 1 });
	expect(await eventsOf(bench, crashed)).toEqual(["intent", "failed"]);
	expect(vendor.calls).toEqual(["suspend-account eve"]);
	const [first] = await bench.store.journal({ tenant: "acme", plan: plan.digest });
	const closed = (await bench.store.journal({ tenant: "acme", plan: crashed })).at(-1);
	expect(closed?.seq).toBeLessThan(first?.seq ?? 0);
});

test("one that nobody can look at is refused over, by the plan's name", async () => {
	const { vendor, bench, plan } = await tenant();
	await leaveOpen(bench, "suspend-account", { account: "eve" });
	const blind = { ...fakeConnection(vendor.url), state: () => Promise.reject(new Error("no answer")) };
	const report = await bench.apply(plan, { operator: true, openAct: async () => ({ provider: fakeProvider, connection: blind }) });
	expect(report).toMatchObject({ outcome: "refused", calls: 0, refusals: [{ guardrail: "interrupted" }] });
	expect(report.refusals[0]?.message).toMatch(/^plan c0ffeec0 was interrupted at "suspend-account of old", and .*no answer/);
	expect(vendor.calls).toEqual([]);
});

test("one on another target is left for its own plan", async () => {
	const { bench, plan } = await tenant();
	await leaveOpen(bench, "suspend-account", { account: "p001" });
	await bench.apply(plan, { operator: true });
	expect(await eventsOf(bench, crashed)).toEqual(["intent"]);
});

test("undo lists what is in doubt, and takes away what may have been given", async () => {
	const { vendor, bench } = await tenant();
	await leaveOpen(bench, "add-role", { account: "eve", role: "HELP" }, { kind: "remove-role", target: { account: "eve", role: "HELP" } });
	vendor.state.roles.push(topRole("eve", "HELP"));
	const undo = async () =>
		undoPlan({
			assessment: await bench.scan(),
			stack: bench.stack,
			store: bench.store,
			providers: { fake: fakeProvider },
			compile: bench.base.compile,
			now: Date.now(),
			digest: crashed,
		});
	expect((await undo()).actions.map(({ label }) => label)).toEqual(["remove-role eve@acme.example HELP (nobody saw whether it was given)"]);

	const data = {
		system: "fake",
		kind: "suspend-account",
		target: { account: "p001" },
		label: "suspend p001",
		inverse: { kind: "unsuspend-account", target: { account: "p001" } },
	};
	await bench.store.appendJournal({ tenant: "acme", at: Date.now(), plan: crashed, action: "a2", event: "intent", data });
	const back = await undo();
	expect(back.actions).toHaveLength(1);
	expect(back.notPlanned).toMatchObject([
		{ label: "suspend p001", why: expect.stringContaining("nobody saw whether it was made: run keelson apply with plan c0ffeec0 again") },
	]);
});
