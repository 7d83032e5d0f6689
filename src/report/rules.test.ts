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
	expect(changes(group("authoritative"), group("observe"))).toEqual([["declared.okta/group/g.1", true]]);
	expect(changes(group("additive"), group("authoritative"))).toEqual([["declared.okta/group/g.1", false]]);
});

it("puts the loosened first, and shows both sides", () => {
	const [first, second] = ruleChanges(
		{ stack: stackOf(), policies: [] },
		{ stack: stackOf({ ...guarded({ maxSettings: 1, maxPlanAge: 864 * 10 ** 6 }) }), policies: [] },
	);
	expect(first).toEqual({ rule: "guardrails.maxPlanAge", before: "7 days", after: "10 days", looser: true });
	expect(second).toMatchObject({ rule: "guardrails.maxSettings", looser: false });
});
