import { afterEach, expect, test } from "vitest";
import type { ActionTarget } from "../provider/action.js";
import type { Stack } from "../stack/stack.js";
import { type Bench, openBench, stackText } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeState, type FakeVendor, smallTenant, startFake, topRole } from "./fake-vendor.test-suite.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

/** A group of three people without a role, which carries one; administrators have theirs in other ways. */
async function tenant(edit: (state: FakeState) => void = () => {}, text = stackText()): Promise<{ vendor: FakeVendor; bench: Bench }> {
	const state = smallTenant(20);
	state.members = ["p001", "p002", "p003"].map((account) => ({ group: "g1", account, source: "direct" as const }));
	state.roles.push(topRole("g1", "HELP", "group"));
	edit(state);
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url, { text });
	open.push(bench, vendor);
	return { vendor, bench };
}

const give: ActionTarget = { group: "g1", role: "AUDIT" };
const asked = (target = give) => ({ operatorActions: [{ system: "fake", kind: "add-role" as const, target }] });

function limited(stack: Stack, maxAccounts: number): Stack {
	return { ...stack, remediation: { ...stack.remediation, guardrails: { ...stack.remediation.guardrails, maxAccounts } } };
}

test("a role of a group touches every member: the plan says how many, and how many of them are privileged", async () => {
	const { bench } = await tenant();
	const { blast } = await bench.plan(asked());
	expect(blast).toMatchObject({ accounts: 3, privilegedAccounts: 3, bySystem: { fake: { accounts: 3 } } });
	expect(blast.groups).toEqual([{ system: "fake", group: "g1", name: "Administrators", members: 3, privileged: 3 }]);
	const { bench: other } = await tenant((state) => {
		state.roles = state.roles.filter(({ principal }) => principal !== "g1");
	});
	expect((await other.plan(asked())).blast).toMatchObject({ accounts: 3, privilegedAccounts: 0 });
});

test("the budget counts the members, and remembers them", async () => {
	const { vendor, bench } = await tenant();
	const plan = await bench.plan(asked());
	const report = await bench.apply(plan, { operator: true, stack: limited(bench.stack, 2) });
	expect(report.refusals).toEqual([{ guardrail: "budget", message: "3 accounts would be touched; 2 are allowed (maxAccounts)" }]);
	expect(vendor.calls).toEqual([]);
	await bench.apply(plan, { operator: true, stack: limited(bench.stack, 3) });
	expect(vendor.calls).toHaveLength(1);
	const next = await bench.plan({ operatorActions: [{ system: "fake", kind: "suspend-account", target: { account: "p009" } }] });
	const second = await bench.apply(next, { operator: true, stack: limited(bench.stack, 3) });
	expect(second.refusals.map(({ message }) => message)).toEqual([
		"4 accounts would be touched, 3 of them touched already in the last 24 h; 3 are allowed (maxAccounts)",
	]);
});

test("with memberships not read to the end, no role of a group is changed", async () => {
	const { vendor, bench } = await tenant();
	const plan = await bench.plan(asked());
	vendor.unreadable.memberships = "scope x is missing";
	await expect(bench.plan(asked())).rejects.toThrow("it can't be said who is in Administrators: memberships are partial (scope x is missing)");
	const report = await bench.apply(plan, { operator: true });
	expect(report).toMatchObject({ calls: 0 });
	expect(report.outcome).not.toBe("applied");
	expect(JSON.stringify(report)).toContain("memberships are partial (scope x is missing)");
	expect(vendor.calls).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
	["an emergency account", "bg1", stackText(), /bg1@acme.example is in Administrators, and is an emergency account/],
	["a protected account", "p004", stackText("", "maxPercent: 100, protect: [ { login: fake/p004@acme.example, id: p004 } ]"), /and is protected/],
])("a group with %s in it is left alone", async (_, account, text, why) => {
	const { bench } = await tenant((state) => {
		state.members.push({ group: "g1", account, source: "direct" });
	}, text);
	await expect(bench.plan(asked())).rejects.toThrow(why);
});

test("a plan made before a protected account joined the group changes nothing", async () => {
	const { vendor, bench } = await tenant();
	const plan = await bench.plan(asked());
	vendor.state.members.push({ group: "g1", account: "bg1", source: "direct" });
	const report = await bench.apply(plan, { operator: true });
	expect(report.calls).toBe(0);
	expect(report.actions[0]).toMatchObject({ outcome: "skipped", detail: expect.stringContaining("bg1@acme.example is in Administrators") });
	expect(vendor.calls).toEqual([]);
});

test("a group in which Keelson's own account is, is left alone", async () => {
	const { vendor, bench } = await tenant();
	const self = async () => ({ accounts: ["p002"], credentials: [], clients: [] });
	const report = await bench.apply(await bench.plan(asked()), {
		operator: true,
		openAct: async () => ({ provider: fakeProvider, connection: { ...fakeConnection(vendor.url), self } }),
	});
	expect(report.refusals.map(({ guardrail }) => guardrail)).toEqual(["own-client"]);
	expect(vendor.calls).toEqual([]);
});
