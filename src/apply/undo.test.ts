import { afterEach, expect, test } from "vitest";
import { sealPlan } from "../plan/digest.js";
import type { PlanInput } from "../plan/make-plan.js";
import type { Plan } from "../plan/plan.js";
import { planText } from "../plan/plan-file.js";
import { parsePlan } from "../plan/read-plan.js";
import { type Bench, openBench, stackText } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeVendor, smallTenant, startFake, topRole, user } from "./fake-vendor.test-suite.js";
import { undoPlan } from "./undo.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function applied(): Promise<{ vendor: FakeVendor; bench: Bench; plan: Plan }> {
	const state = smallTenant(20);
	state.users.push(user("eve", { leaver: true, lastActivity: Date.now() - 400 * 86_400_000 }));
	state.roles.push(topRole("eve", "HELP"));
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	const plan = await bench.plan({ only: ["leaver-still-enabled", "dormant-privileged-account"] });
	expect((await bench.apply(plan)).outcome).toBe("applied");
	expect(vendor.calls).toEqual(["end-sessions eve", "remove-role eve ra-eve-HELP", "suspend-account eve"]);
	vendor.calls.length = 0;
	return { vendor, bench, plan };
}

async function undo(bench: Bench, digest: string, more: Partial<PlanInput> = {}): Promise<Plan> {
	return undoPlan({
		assessment: await bench.scan(),
		stack: bench.stack,
		store: bench.store,
		providers: { fake: fakeProvider },
		compile: bench.base.compile,
		now: Date.now(),
		digest,
		...more,
	});
}

test("what was changed is taken back in reverse order by a plan of its own; what has no inverse is listed", async () => {
	const { vendor, bench, plan } = await applied();
	const back = await undo(bench, plan.digest.slice(0, 8));
	expect(back.undoes).toBe(plan.digest);
	expect(back.actions.map(({ kind }) => kind)).toEqual(["unsuspend-account", "add-role"]);
	expect(back.actions[1]?.after).toEqual([back.actions[0]?.id]);
	expect(back.notPlanned.map(({ label, why }) => `${label}: ${why}`)).toEqual(["end the sessions of eve@acme.example: end-sessions can't be taken back"]);
	expect(parsePlan(planText(back), "undo.yaml").plan).toEqual(back);
	const report = await bench.apply(back);
	expect(report).toMatchObject({ outcome: "applied", calls: 2 });
	expect(vendor.calls).toEqual(["unsuspend-account eve", "add-role eve"]);
	expect(await bench.apply(back)).toMatchObject({ outcome: "nothing-to-do" });
});

test("a change in doubt stays in doubt while nobody can look, and is taken back once it was seen", async () => {
	const state = smallTenant(20);
	state.users.push(user("eve", { leaver: true }));
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	const plan = await bench.plan({ only: ["leaver-still-enabled"] });
	vendor.cut.add("suspend-account");
	const connection = fakeConnection(vendor.url);
	const blind = { ...connection, state: () => (vendor.calls.includes("suspend-account eve") ? Promise.reject(new Error("no answer")) : connection.state()) };
	const openAct = async () => ({ provider: fakeProvider, connection: blind });
	const last = async (more = {}) => (await bench.apply(plan, more)).actions[1]?.outcome;
	expect([await last({ openAct }), await last({ openAct }), await last()]).toEqual(["failed", "failed", "recovered"]);
	expect((await undo(bench, plan.digest)).actions.map(({ kind }) => kind)).toEqual(["unsuspend-account"]);
});

test("an undo counts in the budget", async () => {
	const { bench, plan } = await applied();
	const back = await undo(bench, plan.digest);
	const stack = { ...bench.stack, remediation: { ...bench.stack.remediation, guardrails: { ...bench.stack.remediation.guardrails, maxAccounts: 0 } } };
	expect((await bench.apply(back, { stack })).refusals[0]).toMatchObject({ guardrail: "budget" });
});

test("a plan that says it takes back what the journal doesn't hold is not carried out", async () => {
	const { vendor, bench, plan } = await applied();
	const back = await undo(bench, plan.digest);
	const [first] = back.actions;
	if (!first) throw new Error("no action");
	const other = await bench.plan({ operatorActions: [{ system: "fake", kind: "suspend-account", target: { account: "p001" } }] });
	const { digest: _, operator: __, ...rest } = other;
	const forged = sealPlan({ ...rest, undoes: plan.digest });
	const report = await bench.apply(forged);
	expect(report.actions).toMatchObject([{ outcome: "skipped", detail: "the journal holds no change that this takes back" }]);
	expect(vendor.calls).toEqual([]);
});

test("an account that has become protected since is left as it is", async () => {
	const { bench, plan } = await applied();
	const guarded = await openBench(bench.url, { text: stackText("", "protect: [ { login: fake/eve@acme.example, id: eve } ]") });
	open.push(guarded);
	const back = await undo(bench, plan.digest, { stack: guarded.stack });
	expect(back.actions).toEqual([]);
	expect(back.notPlanned.map(({ why }) => why)).toContain("it is protected (remediation.guardrails.protect)");
});

test.each([
	["abc", /not enough of a digest/],
	["0123456789", /the journal holds nothing of a plan 0123456789/],
])("%s is no plan to take back", async (digest, message) => {
	const { bench } = await applied();
	await expect(undo(bench, digest)).rejects.toThrow(message);
});
