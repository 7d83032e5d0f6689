import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "../apply/bench.test-suite.js";
import { fakeProvider } from "../apply/fake-provider.test-suite.js";
import { type FakeState, smallTenant, startFake, topRole, user } from "../apply/fake-vendor.test-suite.js";
import { needsNewPlan } from "../apply/report.js";
import { fixedAction } from "./one-action.js";
import type { Plan } from "./plan.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function benchOf(edit: (state: FakeState) => void) {
	const state = smallTenant(5);
	edit(state);
	const vendor = await startFake(state);
	const bench: Bench = await openBench(vendor.url, {});
	open.push(bench, vendor);
	return { bench, vendor };
}

const kinds = (plan: Plan) => plan.actions.map(({ kind, target }) => `${kind} ${target.account}`);
const only = ["leaver-still-enabled"];

test("an action that the account's status is sure to refuse is not planned, nor what only serves it", async () => {
	const { bench } = await benchOf((state) => state.users.push(user("eve", { leaver: true, status: "LOCKED_OUT" }), user("bob", { leaver: true })));
	const plan = await bench.plan({ only });
	expect(kinds(plan)).toEqual(["end-sessions bob", "suspend-account bob"]);
	expect(plan.notPlanned.map(({ label, why }) => [label, why])).toEqual([
		["eve@acme.example", "the fake suspends nobody who is LOCKED_OUT"],
		["eve@acme.example", "end the sessions of eve@acme.example: not by itself, as the change that it would serve is refused"],
	]);
	expect(plan.score.accounts.map(({ label }) => label)).toEqual(["bob@acme.example"]);
});

test("what also serves another change stays", async () => {
	const { bench } = await benchOf((state) => {
		state.users.push(user("eve", { leaver: true, status: "LOCKED_OUT" }));
		state.roles.push(topRole("eve", "HELP"));
	});
	const assessment = await bench.scan();
	for (const finding of assessment.findings)
		if (finding.policy === only[0]) finding.remediation = ["end-sessions", "remove-privileged-role", "suspend-account"];
	expect(kinds(await bench.plan({ assessment, only }))).toEqual(["end-sessions eve", "remove-role eve"]);
});

test("a person's own action is refused too, unless another one changes the account first", async () => {
	const { bench } = await benchOf((state) => state.users.push(user("eve", { status: "LOCKED_OUT" })));
	const suspend = { system: "fake", kind: "suspend-account" as const, target: { account: "eve" } };
	await expect(bench.plan({ operatorActions: [suspend] })).rejects.toThrow("fake: suspend-account: the fake suspends nobody who is LOCKED_OUT");
	const both = await bench.plan({ operatorActions: [{ ...suspend, kind: "unsuspend-account" }, suspend] });
	expect(both.actions).toHaveLength(2);
});

test("of two changes of which the first makes the second impossible, the second is planned", async () => {
	const { bench } = await benchOf((state) => state.users.push(user("eve", { leaver: true, factors: [] })));
	const assessment = await bench.scan();
	for (const finding of assessment.findings)
		if (finding.policy === "mfa-registered-all-users" && finding.subject.label.startsWith("eve")) finding.remediation = ["expire-password"];
	const plan = await bench.plan({ assessment, only: ["leaver-still-enabled", "mfa-registered-all-users"] });
	expect(kinds(plan)).toEqual(["end-sessions eve", "suspend-account eve"]);
	expect(plan.notPlanned).toEqual([
		{
			finding: expect.any(String),
			policy: "mfa-registered-all-users",
			label: "expire the password of eve@acme.example",
			why: "Fake would then refuse what is planned too: suspend eve@acme.example",
		},
	]);
});

test("a plan whose accounts have changed under way is not one to run again", async () => {
	const { bench, vendor } = await benchOf((state) => state.users.push(user("eve", { leaver: true })));
	const plan = await bench.plan({ only });
	vendor.onCall = (call) => {
		const eve = vendor.state.users.find(({ id }) => id === "eve");
		if (eve && call === "end-sessions eve") eve.status = "LOCKED_OUT";
	};
	const report = await bench.apply(plan);
	expect(report.actions.map(({ outcome, outdated }) => [outcome, outdated])).toEqual([
		["verified", undefined],
		["failed", true],
	]);
	expect(needsNewPlan(report)).toBe(true);
	expect(needsNewPlan({ ...report, stopped: "it was stopped" })).toBe(false);
	vendor.onCall = null;
});

test("of a vendor that tells no status, an account without one was read whole unless the scan did not meet it", () => {
	const stack = { people: { breakGlass: [] }, remediation: { guardrails: { protect: [] } } } as never;
	const accounts = new Map([["p1", { id: "p1", login: "p1@acme.example" }]]);
	const facts = (unseen: string[]) =>
		({ system: "fake", accounts, own: new Set(), groupNames: new Map(), snapshot: { unseen: () => new Set(unseen) } }) as never;
	const asked = { system: "fake", kind: "end-sessions" as const, target: { account: "p1" } };
	const planned = (provider: typeof fakeProvider, unseen: string[] = []) => fixedAction(asked, { provider, facts: facts(unseen), stack }, true);
	const statusless = { ...fakeProvider, statusless: true as const };
	expect(planned(statusless)).toMatchObject({ kind: "end-sessions", precondition: { exists: true } });
	for (const refused of [planned(fakeProvider), planned(statusless, ["p1"])]) expect(refused).toMatchObject({ why: expect.stringMatching(/incomplete data/) });
});
