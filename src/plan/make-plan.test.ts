import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench, stackText } from "../apply/bench.test-suite.js";
import { fakeProvider } from "../apply/fake-provider.test-suite.js";
import { type FakeState, smallTenant, startFake, topRole, user } from "../apply/fake-vendor.test-suite.js";
import { PlanError } from "./one-action.js";
import type { Plan } from "./plan.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function benchOf(edit: (state: FakeState) => void, options: { text?: string; unreadable?: Record<string, string> } = {}): Promise<Bench> {
	const state = smallTenant(5);
	edit(state);
	const vendor = await startFake(state);
	Object.assign(vendor.unreadable, options.unreadable);
	const bench = await openBench(vendor.url, options.text === undefined ? {} : { text: options.text });
	open.push(bench, vendor);
	return bench;
}

const kinds = (plan: Plan) => plan.actions.map(({ kind, target }) => [kind, target.account ?? target.credential ?? target.setting].join(" "));
const why = (plan: Plan, policy?: string) => plan.notPlanned.filter((part) => policy === undefined || part.policy === policy).map((part) => part.why);
const longAgo = Date.now() - 400 * 86_400_000;

describe("findings become actions", () => {
	test("of their policy's words, ordered: sessions before roles before accounts; several findings on one target are one action", async () => {
		const bench = await benchOf((state) => {
			state.users.push(user("eve", { leaver: true, lastActivity: longAgo }));
			state.roles.push(topRole("eve", "HELP"));
		});
		const plan = await bench.plan({ only: ["leaver-still-enabled", "dormant-account", "dormant-privileged-account"] });
		expect(kinds(plan)).toEqual(["end-sessions eve", "remove-role eve", "suspend-account eve"]);
		expect(plan.actions[1]?.target).toEqual({ account: "eve", assignment: "ra-eve-HELP", role: "HELP" });
		const [sessions, role, account] = plan.actions;
		expect(account?.after).toEqual([sessions?.id, role?.id]);
		expect(role?.after).toEqual([sessions?.id]);
		expect(account?.precondition).toEqual({ exists: true, status: "ACTIVE" });
		expect(account?.inverse).toEqual({ kind: "unsuspend-account", target: { account: "eve" } });
		expect(plan.blast).toEqual({
			accounts: 1,
			privilegedAccounts: 1,
			bySystem: { fake: { accounts: 1, enabledAccounts: 9 } },
			byKind: { "end-sessions": 1, "remove-role": 1, "suspend-account": 1 },
			irreversible: 1,
		});
	});

	test("that lists every finding it answers", async () => {
		const bench = await benchOf((state) => {
			state.users.push(user("eve", { leaver: true, lastActivity: longAgo }));
		});
		const plan = await bench.plan({ only: ["leaver-still-enabled", "dormant-account"] });
		expect(plan.actions.map(({ findings }) => findings.map(({ policy }) => policy).sort())).toEqual([
			["dormant-account", "leaver-still-enabled"],
			["dormant-account", "leaver-still-enabled"],
		]);
		expect(plan.score.after).toBeGreaterThan(plan.score.before ?? 0);
		expect(plan.score.accounts).toEqual([{ key: "fake/eve", label: "eve@acme.example", before: expect.any(Number), after: 0 }]);
	});

	test("a privileged role through a group: the membership where it is direct, else its source", async () => {
		const edit = (source: "direct" | "rule") => (state: FakeState) => {
			state.users.push(user("eve", { lastActivity: longAgo }));
			state.roles.push(topRole("g1", "SUPER", "group"));
			state.members.push({ group: "g1", account: "eve", source });
		};
		const only = { only: ["dormant-privileged-account"] };
		const direct = await (await benchOf(edit("direct"))).plan(only);
		expect(direct.actions.map(({ kind, target }) => [kind, target])).toEqual([["remove-group-member", { account: "eve", group: "g1" }]]);
		const byRule = await (await benchOf(edit("rule"))).plan(only);
		expect(byRule.actions).toEqual([]);
		expect(why(byRule)).toEqual(["eve@acme.example holds Super Administrator through the group Administrators, where a group rule put it: change the rule"]);
		expect(byRule.score.after).toBe(byRule.score.before);
	});

	test("a credential without a working owner is revoked", async () => {
		const bench = await benchOf((state) => {
			state.users.push(user("gone", { status: "SUSPENDED" }));
			state.tokens.push({ id: "t1", name: "ci", owner: "gone" }, { id: "t2", name: "ours", owner: "admin1" });
		});
		const plan = await bench.plan({ only: ["api-token-owner-active"] });
		expect(plan.actions.map(({ kind, target }) => [kind, target])).toEqual([["revoke-credential", { credential: "t1", account: "gone" }]]);
	});

	test("a setting only where the stack file declares it", async () => {
		const long = (state: FakeState) => {
			const rule = state.settings[1] as FakeState["settings"][number];
			rule.session = { maxLifetimeMinutes: 43_200, maxIdleMinutes: 60, persistentCookie: false };
		};
		const only = { only: ["session-lifetime-users"] };
		expect(why(await (await benchOf(long)).plan(only))).toEqual(["declare what it should be under settings: fake/rule/SESSION/p1/r1"]);
		const text = (mode: string) => stackText(`settings: { fake/rule/SESSION/p1/r1: { mode: ${mode}, values: { lifetime: 720 } } }`);
		expect(why(await (await benchOf(long, { text: text("observe") })).plan(only))[0]).toMatch(/mode observe/);
		expect(why(await (await benchOf(long, { text: text("authoritative") })).plan(only))).toEqual(["Fake has no update-setting"]);
	});
});

describe("no action is planned", () => {
	test("for emergency and protected accounts", async () => {
		const bench = await benchOf(
			(state) => {
				for (const person of state.users) if (person.id === "bg1" || person.id === "p001") person.leaver = true;
			},
			{ text: stackText("", "protect: [ { login: fake/p001@acme.example, id: p001 } ]") },
		);
		const plan = await bench.plan({ only: ["leaver-still-enabled"] });
		expect(plan.actions).toEqual([]);
		expect(new Set(why(plan))).toEqual(new Set(["it is protected (remediation.guardrails.protect)"]));
		await expect(bench.plan({ operatorActions: [{ system: "fake", kind: "suspend-account", target: { account: "bg1" } }] })).rejects.toThrow(
			"it is an emergency account (people.breakGlass)",
		);
	});

	test("on Keelson's own credential", async () => {
		const text = stackText().replace("auth: { token: reads }", "auth: { clientId: client-1 }");
		const bench = await benchOf((state) => state.tokens.push({ id: "t1", name: "own", owner: "client-1" }), { text });
		await expect(bench.plan({ operatorActions: [{ system: "fake", kind: "revoke-credential", target: { credential: "t1" } }] })).rejects.toThrow(
			"it belongs to Keelson's own client",
		);
	});

	test("on a credential of nobody knows whom: it may be a protected account's", async () => {
		const bench = await benchOf((state) => state.tokens.push({ id: "t1", name: "lost" } as never));
		await expect(bench.plan({ operatorActions: [{ system: "fake", kind: "revoke-credential", target: { credential: "t1" } }] })).rejects.toThrow(
			"it can't be said whose credential it is",
		);
	});

	test("for exempt failures, and for what only a person can do its text is kept", async () => {
		const bench = await benchOf(
			(state) => {
				state.users.push(user("eve", { leaver: true }), user("bob", { factors: [] }));
			},
			{
				text: stackText(
					"exemptions: [ { policy: leaver-still-enabled, subject: { login: fake/eve@acme.example, id: eve }, owner: hr, reason: r, expires: 2099-01-01 } ]",
				),
			},
		);
		expect((await bench.plan({ only: ["leaver-still-enabled"] })).actions).toEqual([]);
		expect(why(await bench.plan({ only: ["mfa-registered-all-users"] }))[0]).toMatch(/^Add the account to an enrolment group/);
	});

	test("on an account that a broken-off list did not name again", async () => {
		const bench = await benchOf((state) => state.users.push(user("eve", { leaver: true })));
		const before = await bench.plan({ only: ["leaver-still-enabled"] });
		expect(before.actions).toHaveLength(2);
		const vendor = await startFake({ ...smallTenant(5) });
		vendor.unreadable.accounts = "cut off";
		open.push(vendor);
		const later = await openBench(vendor.url, {});
		open.push(later);
		await expect(later.plan({ operatorActions: [{ system: "fake", kind: "suspend-account", target: { account: "eve" } }] })).rejects.toThrow(
			/there is no account eve/,
		);
	});

	test("of a kind for operators only, unless a person asks for it", async () => {
		const bench = await benchOf(() => {});
		const plan = await bench.plan({ operatorActions: [{ system: "fake", kind: "deactivate-account", target: { account: "p001" } }] });
		expect(plan).toMatchObject({ operator: true, actions: [{ kind: "deactivate-account", findings: [], reversible: false }] });
	});

	test("of a kind that the provider lacks", async () => {
		const bench = await benchOf((state) => state.users.push(user("eve", { leaver: true })));
		const provider = { ...fakeProvider, actions: fakeProvider.actions.filter(({ kind }) => kind !== "end-sessions") };
		const plan = await bench.plan({ only: ["leaver-still-enabled"], providers: { fake: provider } });
		expect(kinds(plan)).toEqual(["suspend-account eve"]);
		expect(why(plan)).toEqual(["Fake has no end-sessions"]);
	});

	test("for a finding that is not there", async () => {
		const bench = await benchOf(() => {});
		await expect(bench.plan({ findings: ["f_none"] })).rejects.toThrow(PlanError);
	});
});

test("the same state gives the same plan, and another clock only another time", async () => {
	const bench = await benchOf((state) => state.users.push(user("eve", { leaver: true }), user("ann", { leaver: true })));
	const first = await bench.plan({ only: ["leaver-still-enabled"], now: 1000 });
	const second = await bench.plan({ only: ["leaver-still-enabled"], now: 2000 });
	expect(second.actions.map(({ id }) => id)).toEqual(first.actions.map(({ id }) => id));
	expect(second.digest).not.toBe(first.digest);
});
