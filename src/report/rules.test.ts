import { expect, it } from "vitest";
import { stackOf } from "../assess/test-tenant.js";
import { defaultGuardrails } from "../stack/guardrails.js";
import type { DesiredMembership, Exemption, Stack } from "../stack/stack.js";
import { ruleChanges } from "./rules.js";

const changes = (before: Partial<Stack>, after: Partial<Stack>) =>
	ruleChanges({ stack: stackOf(before), policies: [] }, { stack: stackOf(after), policies: [] }).map(({ rule, looser }) => [rule, looser]);
const guarded = (change: Partial<Stack["remediation"]["guardrails"]>): Partial<Stack> => ({
	remediation: { ...stackOf().remediation, guardrails: { ...defaultGuardrails, ...change } },
});
const login = (id: string) => ({ system: "okta", login: `${id}@acme.example`, id, path: "" });
const exemption: Exemption = {
	...{ policy: "dormant-account", subject: login("a"), owner: "o", reason: "r", ticket: null, expires: 9, expiresText: "2027-01-01", path: "" },
};
const people = (change: Partial<Stack["people"]>): Partial<Stack> => ({ people: { ...stackOf().people, ...change } });
const group = (mode: DesiredMembership["mode"]): Partial<Stack> => ({
	memberships: { "okta/group/g.1": { system: "okta", kind: "group", target: "g.1", name: null, mode, members: [], adopt: null, path: "" } },
});

it("tells a rule that lets more through from one that lets less", () => {
	expect(changes({}, {})).toEqual([]);
	expect(changes({}, guarded({ maxAccounts: 50 }))).toEqual([["guardrails.maxAccounts", true]]);
	expect(changes(guarded({ maxPercent: 50 }), {})).toEqual([["guardrails.maxPercent", false]]);
	expect(changes({}, guarded({ keepAdmins: 1, approvals: 2 }))).toEqual([
		["guardrails.keepAdmins", true],
		["guardrails.approvals", false],
	]);
	expect(changes(guarded({ protect: [login("a")] }), {})).toEqual([["guardrails.protect.okta/a", true]]);
	expect(changes({}, { exemptions: [exemption] })).toEqual([["exemptions.dormant-account of okta/a", true]]);
	expect(changes({ exemptions: [exemption] }, { exemptions: [{ ...exemption, expiresText: "2028-01-01" }] })).toEqual([
		["exemptions.dormant-account of okta/a", true],
	]);
	expect(changes({ exemptions: [{ ...exemption, expiresText: "2028-01-01" }] }, { exemptions: [exemption] })).toEqual([
		["exemptions.dormant-account of okta/a", null],
	]);
	expect(changes({}, people({ breakGlass: [login("a")] }))).toEqual([["people.breakGlass.okta/a", true]]);
	expect(changes({}, { policies: { use: ["recommended"], dirs: [], set: { x: { enabled: false, severity: null, params: {} } } } })).toEqual([
		["policies.set.x", true],
	]);
});

it("names an object that is no longer declared, or in a mode that changes less, and none that is declared anew", () => {
	expect(changes({}, group("authoritative"))).toEqual([]);
	expect(changes(group("authoritative"), {})).toEqual([["declared.okta/group/g.1", true]]);
	expect(changes(group("authoritative"), group("observe"))).toEqual([["declared.okta/group/g.1.mode", true]]);
	// It writes more: no rule is the stricter for it.
	expect(changes(group("additive"), group("authoritative"))).toEqual([["declared.okta/group/g.1.mode", null]]);
});

it("puts the loosened first, and shows both sides", () => {
	const [first, second] = ruleChanges(
		{ stack: stackOf(), policies: [] },
		{ stack: stackOf({ ...guarded({ maxSettings: 1, maxPlanAge: 864 * 10 ** 6 }) }), policies: [] },
	);
	expect(first).toEqual({ rule: "guardrails.maxPlanAge", before: "7 days", after: "10 days", looser: true });
	expect(second).toMatchObject({ rule: "guardrails.maxSettings", looser: false });
});

it("hides nothing behind an entry that says the same", () => {
	const [change] = ruleChanges(
		{ stack: stackOf({ exemptions: [exemption] }), policies: [] },
		{ stack: stackOf({ exemptions: [{ ...exemption, expiresText: "2099-01-01" }, exemption] }), policies: [] },
	);
	expect(change).toMatchObject({ looser: true, after: "until 2099-01-01, o: r + until 2027-01-01, o: r" });
	const entry = (...keys: string[]) => ({
		...{ policy: "p", owner: "o", reason: "r", accepted: 0, expires: 9, expiresText: "2027-01-01", line: 1, index: 0 },
		subjects: keys.map((key) => ({ key, line: 1 })),
	});
	const baseline = (...entries: ReturnType<typeof entry>[]) => ({ baseline: { file: "/b.yaml", entries } });
	expect(changes(baseline(entry("okta/a")), baseline(entry("okta/b", "okta/c"), entry("okta/a")))).toEqual([["baseline.p until 2027-01-01, o", true]]);
	expect(changes(baseline(entry("okta/a")), baseline(entry("okta/b")))).toEqual([["baseline.p until 2027-01-01, o", true]]);
	expect(changes(baseline(entry("okta/a", "okta/b")), baseline(entry("okta/a")))).toEqual([["baseline.p until 2027-01-01, o", null]]);
});

it("takes nothing written for no limit", () => {
	expect(changes({}, { retention: { findings: 1 } })).toEqual([["retention.findings", true]]);
	expect(changes({ retention: { findings: 1 } }, {})).toEqual([["retention.findings", false]]);
	const notify = (before: number | null) => ({ notify: { ...stackOf().notify, before } });
	expect(changes(notify(9), notify(null))).toEqual([["notify.before", true]]);
	const okta = stackOf().systems.okta as Stack["systems"][string];
	const budget = (perAccountRequests: number | null) => ({ systems: { okta: { ...okta, budget: { ...okta.budget, perAccountRequests } } } });
	expect(changes(budget(null), budget(0))).toEqual([["systems.okta.budget.perAccountRequests", true]]);
	expect(changes(budget(0), budget(null))).toEqual([["systems.okta.budget.perAccountRequests", false]]);
});

it("names where credentials go, who is told, what else is declared, and the name that budgets are kept under", () => {
	const okta = stackOf().systems.okta as Stack["systems"][string];
	const [url] = ruleChanges(
		{ stack: stackOf(), policies: [] },
		{ stack: stackOf({ systems: { okta: { ...okta, url: "https://evil.example" } } }), policies: [] },
	);
	expect(url).toEqual({ rule: "systems.okta.url", before: "https://acme.example", after: "https://evil.example", looser: true });
	const secret = (name: string) => ({ systems: { okta: { ...okta, act: { keyId: "canary", key: { secret: "env", name } } } } });
	const [act] = ruleChanges({ stack: stackOf(secret("A")), policies: [] }, { stack: stackOf(secret("B")), policies: [] });
	expect(act).toMatchObject({ rule: "systems.okta.act", looser: true, after: expect.stringContaining("${env:B}") });
	expect(JSON.stringify(act)).not.toContain("canary");
	expect(changes({}, { systems: { okta, entra: okta } })).toEqual([["systems.entra", null]]);
	const common = { name: "x", events: ["findings" as const], severity: "high" as const, days: 14, names: true, path: "" };
	const channels = { x: { ...common, kind: "webhook" as const, url: "https://evil.example/token", secret: null } };
	const [channel] = ruleChanges({ stack: stackOf(), policies: [] }, { stack: stackOf({ notify: { ...stackOf().notify, channels } }), policies: [] });
	expect(channel).toMatchObject({ looser: true, after: expect.stringMatching(/^webhook to https:\/\/evil\.example, findings, from high, with names/) });
	const rule = { name: "r", type: "okta:group:Rule", system: "okta", properties: {}, options: {}, get: null, defaultProvider: false, after: [], path: "" };
	expect(changes({}, { resources: { r: rule } })).toEqual([["resources.r", null]]);
	expect(changes({ resources: { r: rule } }, {})).toEqual([["resources.r", true]]);
	expect(changes({}, { name: "other" })).toEqual([["name", true]]);
});

it("knows who is excused, and what is no longer asked for", () => {
	const rule = { where: "true", login: null, reason: "r", path: "" };
	expect(changes(people({ external: [] }), people({ external: [rule] }))).toEqual([["people.external.true", true]]);
	expect(changes(people({ leavers: [rule] }), {})).toEqual([["people.leavers.true", true]]);
	expect(changes(people({ breakGlass: [login("a")] }), {})).toEqual([["people.breakGlass.okta/a", true]]);
	const held = (values: Record<string, unknown>): Partial<Stack> => ({
		settings: { "okta/s": { system: "okta", setting: "s", name: null, mode: "authoritative", values, adopt: null, path: "" } },
	});
	expect(changes(held({ a: 1, b: 2 }), held({ a: 1 }))).toEqual([["declared.okta/s.values.b", true]]);
	const until = (at: number | null): Partial<Stack> => {
		const { memberships = {} } = group("additive");
		const [[key, value]] = Object.entries(memberships) as [[string, DesiredMembership]];
		return { memberships: { [key]: { ...value, members: [{ login: "a", id: "a", until: at, reason: null, path: "" }] } } };
	};
	expect(changes(until(0), until(null))).toEqual([["declared.okta/group/g.1.until.a", true]]);
	expect(changes(until(null), until(0))).toEqual([["declared.okta/group/g.1.until.a", false]]);
});
