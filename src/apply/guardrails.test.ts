import { afterEach, describe, expect, test } from "vitest";
import { sealPlan } from "../plan/digest.js";
import type { Stack } from "../stack/stack.js";
import { type Bench, openBench, readStackText, stackText } from "./bench.test-suite.js";
import { fakeConnection, fakeProvider } from "./fake-provider.test-suite.js";
import { type FakeState, type FakeVendor, smallTenant, startFake, user } from "./fake-vendor.test-suite.js";
import type { Refusal } from "./guardrails.js";
import type { ApplyReport } from "./report.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function tenant(leavers: string[], edit: (state: FakeState) => void = () => {}): Promise<{ vendor: FakeVendor; bench: Bench }> {
	const state = smallTenant(20);
	state.users.push(...leavers.map((id) => user(id, { leaver: true })));
	edit(state);
	const vendor = await startFake(state);
	const bench = await openBench(vendor.url);
	open.push(bench, vendor);
	return { vendor, bench };
}

const only = { only: ["leaver-still-enabled"] };
const hour = 3_600_000;

function guarded(stack: Stack, guardrails: Partial<Stack["remediation"]["guardrails"]>): { stack: Stack } {
	return { stack: { ...stack, remediation: { ...stack.remediation, guardrails: { ...stack.remediation.guardrails, ...guardrails } } } };
}

/** Refused by these, and nothing was written anywhere. */
async function expectRefused(bench: Bench, vendor: FakeVendor, report: ApplyReport, ...by: Refusal["guardrail"][]): Promise<string> {
	expect(report.refusals.map(({ guardrail }) => guardrail)).toEqual(by);
	expect(report).toMatchObject({ outcome: "refused", calls: 0 });
	expect(vendor.calls).toEqual([]);
	expect((await bench.store.journal({ tenant: "acme" })).filter(({ event }) => event === "intent")).toEqual([]);
	return report.refusals.map(({ message }) => message).join("\n");
}

describe("nothing is written", () => {
	test("when more accounts than the budget would be touched, not a part of them", async () => {
		const { vendor, bench } = await tenant(["eve", "mallory", "trudy"]);
		const plan = await bench.plan(only);
		const message = await expectRefused(bench, vendor, await bench.apply(plan, guarded(bench.stack, { maxAccounts: 2 })), "budget");
		expect(message).toBe("3 accounts would be touched; 2 are allowed (maxAccounts)");
	});

	test("when the share of enabled accounts is passed; one account is always allowed by it", async () => {
		const { vendor, bench } = await tenant(["eve", "mallory"]);
		const plan = await bench.plan(only);
		const message = await expectRefused(bench, vendor, await bench.apply(plan, guarded(bench.stack, { maxPercent: 7 })), "budget");
		expect(message).toBe("2 accounts of fake would be touched; 7 % of its 25 enabled accounts are 1 (maxPercent)");
		const one = await bench.plan({ findings: [plan.actions[0]?.findings[0]?.id ?? ""] });
		expect((await bench.apply(one, guarded(bench.stack, { maxPercent: 0 }))).outcome).toBe("applied");
	});

	test("when earlier plans of the rolling window used the budget up, whether they ended well or not", async () => {
		const { vendor, bench } = await tenant(["eve"]);
		const { stack } = guarded(bench.stack, { maxAccounts: 1, window: 24 * hour });
		vendor.refuse = { "end-sessions": "no" };
		await bench.apply(await bench.plan(only), { stack });
		vendor.refuse = {};
		vendor.state.users.push(user("mallory", { leaver: true }));
		for (const person of vendor.state.users) if (person.id === "eve") person.leaver = false;
		const plan = await bench.plan(only);
		const report = await bench.apply(plan, { stack });
		expect(report.refusals[0]?.message).toBe("2 accounts would be touched, 1 of them touched already in the last 24 h; 1 are allowed (maxAccounts)");
		expect(vendor.calls).toEqual([]);
		const tomorrow = () => Date.now() + 25 * hour;
		expect((await bench.apply(plan, { stack, now: tomorrow })).outcome).toBe("applied");
	});

	test("when a declared emergency account is somebody else, and an unpinned one counts as unresolved", async () => {
		const { vendor, bench } = await tenant(["eve"]);
		const plan = await bench.plan(only);
		const wrong = await readStackText(stackText().replace("id: bg2", "id: bg1"));
		expect(await expectRefused(bench, vendor, await bench.apply(plan, { stack: wrong }), "people")).toMatch(
			/fake\/bg2@acme.example is pinned to bg1, whose login is bg1@acme.example/,
		);
		const unpinned = await readStackText(stackText("", "maxPercent: 100, protect: [ { login: fake/p001@acme.example } ]"));
		expect(await expectRefused(bench, vendor, await bench.apply(plan, { stack: unpinned }), "people")).toMatch(/no pinned id; run keelson pin/);
	});

	test.each(["accounts", "roleAssignments", "settings"])("when %s could not be read to the end", async (collection) => {
		const { vendor, bench } = await tenant(["eve"]);
		const plan = await bench.plan(only);
		vendor.unreadable[collection] = "scope x is missing";
		const report = await bench.apply(plan);
		expect(report.refusals[0]).toEqual({
			guardrail: "coverage",
			message: `fake: ${collection} are partial (scope x is missing), and must be complete before anything is changed`,
		});
		expect(vendor.calls).toEqual([]);
	});

	test("when too few administrators would provably get in, with who was counted out and why", async () => {
		const { vendor, bench } = await tenant(["eve"], (state) => {
			for (const person of state.users) if (person.id === "bg1" || person.id === "admin1") person.factors = [];
		});
		const message = await expectRefused(bench, vendor, await bench.apply(await bench.plan(only)), "lock-out");
		expect(message).toBe(
			"fake: only bg2@acme.example would provably still get in, and 2 must (keepAdmins). Not counted on: admin1@acme.example: it has no authenticator beyond recovery; bg1@acme.example: it has no authenticator beyond recovery",
		);
	});

	test("for a person's own actions without --operator", async () => {
		const { vendor, bench } = await tenant([]);
		const plan = await bench.plan({ operatorActions: [{ system: "fake", kind: "deactivate-account", target: { account: "p001" } }] });
		await expectRefused(bench, vendor, await bench.apply(plan), "operator", "operator");
		const { operator: _, digest: __, ...rest } = plan;
		expect((await bench.apply(sealPlan(rest))).outcome).toBe("refused");
		expect(await bench.apply(plan, { operator: true })).toMatchObject({ outcome: "applied", calls: 1 });
	});

	test("to an account that is Keelson's own at the vendor", async () => {
		const { vendor, bench } = await tenant(["eve"]);
		const plan = await bench.plan(only);
		const self = async () => ({ accounts: ["eve"], credentials: [], clients: [] });
		const report = await bench.apply(plan, { openAct: async () => ({ provider: fakeProvider, connection: { ...fakeConnection(vendor.url), self } }) });
		expect(await expectRefused(bench, vendor, report, "own-client", "own-client")).toMatch(/it is what Keelson signs in with/);
	});

	test("with a journal that was changed", async () => {
		const { vendor, bench } = await tenant(["eve"]);
		const plan = await bench.plan(only);
		const store = { ...bench.store, verifyJournal: async () => ({ entries: 3, broken: 2 }) };
		await expectRefused(bench, vendor, await bench.apply(plan, { store }), "journal");
	});

	test("from another store than the plan was made from", async () => {
		const { vendor, bench } = await tenant(["eve"]);
		const plan = await bench.plan(only);
		const other = await openBench(vendor.url);
		open.push(other);
		await other.scan();
		await expectRefused(other, vendor, await other.apply(plan), "other-store");
	});
});

test("everything that stands against a run is named at once", async () => {
	const { vendor, bench } = await tenant(["eve", "mallory"]);
	const plan = await bench.plan(only);
	const now = Date.now() + 8 * 24 * hour;
	const { stack } = guarded(bench.stack, { maxAccounts: 1, freeze: [{ from: now - hour, to: now + hour, reason: "year-end" }] });
	const { act: _, ...system } = stack.systems.fake as Stack["systems"][string];
	const report = await bench.apply(plan, { stack: { ...stack, name: "acme", systems: { fake: { ...system, act: null } } }, now: () => now });
	const message = await expectRefused(bench, vendor, report, "freeze", "plan-age", "credential", "budget");
	expect(message).toMatch(/no changes until .*Z \(year-end\)/);
	expect(message).toMatch(/older than 7 d \(maxPlanAge\): run keelson plan again/);
	expect(message).toMatch(/systems.fake.act is not declared/);
});

test("a plan of another tenant is refused", async () => {
	const { vendor, bench } = await tenant(["eve"]);
	const plan = await bench.plan(only);
	await expectRefused(bench, vendor, await bench.apply(plan, { stack: { ...bench.stack, name: "globex" } }), "tenant");
});
