import { afterEach, expect, test } from "vitest";
import { declaredPlan } from "../plan/declared-plan.js";
import { actionId, sealPlan } from "../plan/digest.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import { planText } from "../plan/plan-file.js";
import { parsePlan } from "../plan/read-plan.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import { type Bench, openBench, stackText } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeVendor, smallTenant, startFake } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** The group g1 is declared to hold p001 alone; p002 is in it too. */
async function tenant(more = ""): Promise<{ vendor: FakeVendor; bench: Bench; plan: Plan }> {
	const state = smallTenant(20);
	state.members = ["p001", "p002"].map((account) => ({ group: "g1", account, source: "direct" as const }));
	const vendor = await startFake(state);
	const text = stackText(`memberships: { fake/group/g1: { mode: authoritative, members: [ { login: p001@acme.example, id: p001 } ]${more} } }`);
	const bench = await openBench(vendor.url, { text });
	open.push(bench, vendor);
	await bench.scan();
	const changes = [{ system: "fake", kind: "remove-group-member" as const, target: { account: "p002", group: "g1" } }];
	const connect = async () => ({ provider: fakeProvider, connection: fakeConnection(vendor.url) });
	const { plan, refused } = await declaredPlan({ ...bench.base, connect, changes, sealed: true });
	expect(refused).toEqual([]);
	return { vendor, bench, plan };
}

/** The plan with one more action, sealed again as if it had been made so. */
function forged(plan: Plan, kind: ActionKind, target: ActionTarget): Plan {
	const { digest: _, ...rest } = plan;
	const [like] = plan.actions as [PlannedAction];
	const action = { ...like, id: actionId("fake", kind, target), kind, target, label: kind, precondition: {}, inverse: null, reversible: false };
	return sealPlan({ ...rest, actions: [...plan.actions, action] });
}

test("is made from its file without an operator, and read back", async () => {
	const { vendor, bench, plan } = await tenant();
	const { plan: read, diagnostics } = parsePlan(planText(plan), "plan.yaml");
	expect(diagnostics).toBeUndefined();
	if (!read) throw new Error("the plan can't be read");
	expect(read).toMatchObject({ declared: true, digest: plan.digest });
	expect(await bench.apply(read)).toMatchObject({ outcome: "applied", actions: [{ outcome: "verified" }] });
	expect(vendor.calls).toEqual(["remove-group-member p002 g1"]);
});

test("holds nothing that the declaration does not ask for, whatever the file says", async () => {
	const { vendor, bench, plan } = await tenant();
	const report = await bench.apply(forged(plan, "add-group-member", { account: "p003", group: "g1" }));
	expect(report.actions.map(({ outcome }) => outcome).sort()).toEqual(["skipped", "verified"]);
	expect(vendor.calls).toEqual(["remove-group-member p002 g1"]);
});

test("is refused as a whole when it holds what no declaration can ask for", async () => {
	const { vendor, bench, plan } = await tenant();
	const report = await bench.apply(forged(plan, "suspend-account", { account: "p003" }));
	expect(report).toMatchObject({ outcome: "refused", refusals: [{ guardrail: "operator" }] });
	expect(vendor.calls).toEqual([]);
});

test("changes nothing where the members were not read whole", async () => {
	const { vendor, bench, plan } = await tenant();
	vendor.unreadable.memberships = "the scope members.read is missing";
	const report = await bench.apply(plan);
	expect(report).toMatchObject({ outcome: "nothing-to-do", actions: [{ outcome: "skipped" }] });
	expect(vendor.calls).toEqual([]);
});

test("changes nothing once the object is as declared", async () => {
	const { vendor, bench, plan } = await tenant();
	vendor.state.members = vendor.state.members.filter(({ account }) => account === "p001");
	const report = await bench.apply(plan);
	expect(report.actions[0]).toMatchObject({ outcome: "skipped", detail: expect.stringContaining("as declared now") });
	expect(vendor.calls).toEqual([]);
});
