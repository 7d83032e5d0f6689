import fc from "fast-check";
import { expect, test } from "vitest";
import type { Account, Authenticator } from "../model/account.js";
import type { SettingRecord, SignInFacet } from "../model/objects.js";
import { admission, rulesAt } from "./sign-in.js";

/** One rule as it really is at the vendor, and which of its facts could be read. */
interface TrueRule {
	active: boolean;
	allows: boolean;
	resistant: boolean;
	networkBound: boolean;
	otherConditions: boolean;
	includedGroups: string[];
	excludedGroups: string[];
	excludedAccounts: string[];
	hidden: (keyof SignInFacet | "active")[];
	/** Whether a rule with conditions applies to this very sign-in. */
	met: boolean;
}

const groups = fc.subarray(["g1", "g2", "g3"]);
const hideable: TrueRule["hidden"] = [
	"active",
	"allows",
	"phishingResistantRequired",
	"networkBound",
	"otherConditions",
	"includedGroups",
	"excludedGroups",
	"excludedAccounts",
];
const few = fc.subarray(["g1", "g2", "g3"], { maxLength: 1 });
const rule = (hidden: fc.Arbitrary<TrueRule["hidden"]>, conditions: fc.Arbitrary<boolean>): fc.Arbitrary<TrueRule> =>
	fc.record({
		active: fc.boolean(),
		allows: fc.boolean(),
		resistant: fc.boolean(),
		networkBound: conditions,
		otherConditions: conditions,
		includedGroups: groups,
		excludedGroups: few,
		excludedAccounts: fc.subarray(["a", "b"], { maxLength: 1 }),
		hidden,
		met: fc.boolean(),
	});
const seldom = fc.oneof(fc.constant<TrueRule["hidden"]>([]), fc.subarray(hideable, { maxLength: 2 }));
const rare = fc.integer({ max: 3, min: 0 }).map((one) => one === 0);

/** What the vendor does with the sign-in: the first rule that applies decides. */
function letsIn(rules: TrueRule[], held: string[], passkey: boolean): boolean {
	for (const one of rules) {
		if (!one.active || one.excludedAccounts.includes("a") || one.excludedGroups.some((group) => held.includes(group))) continue;
		if (one.includedGroups.length > 0 && !one.includedGroups.some((group) => held.includes(group))) continue;
		if ((one.networkBound || one.otherConditions) && !one.met) continue;
		return one.allows && (!one.resistant || passkey);
	}
	return false;
}

function proven(rules: TrueRule[], held: string[], passkey: boolean, groupsKnown: boolean): boolean {
	const policy: SettingRecord = {
		id: "policy/S/P",
		kind: "policy/S",
		name: "P",
		active: true,
		builtIn: false,
		priority: 1,
		parent: null,
		session: null,
		signIn: null,
	};
	const records = rules.map((one, index): SettingRecord => {
		const { allows, networkBound, otherConditions, includedGroups, excludedGroups, excludedAccounts } = one;
		const signIn: SignInFacet = {
			allows,
			networkBound,
			otherConditions,
			includedGroups,
			excludedGroups,
			excludedAccounts,
			phishingResistantRequired: one.resistant,
			appliesTo: null,
		};
		for (const field of one.hidden) if (field !== "active") delete signIn[field];
		return {
			id: `rule/S/P/${index}`,
			kind: "rule/S",
			name: String(index),
			active: one.hidden.includes("active") ? undefined : one.active,
			builtIn: false,
			priority: index,
			parent: "P",
			session: null,
			signIn,
		};
	});
	const account: Account = {
		id: "a",
		login: "a",
		status: "ACTIVE",
		enabled: true,
		key: "s/a",
		system: "s",
		provider: "p",
		kind: "human",
		kindReason: "",
		external: false,
		breakGlass: false,
	};
	if (groupsKnown) account.groups = held.map((id) => ({ id, name: id, source: "direct" }));
	const factor: Authenticator = { id: "f", type: "x", strength: passkey ? "phishing-resistant" : "strong", source: "local", recoveryOnly: false };
	const doors = rulesAt([policy, ...records], null);
	return doors !== null && "rule" in admission(doors, account, [factor]);
}

test("whoever is proven to get in gets in, whatever the facts that could not be read and the conditions turn out to be", () => {
	let positive = 0;
	fc.assert(
		fc.property(fc.array(rule(seldom, rare), { maxLength: 5 }), groups, fc.boolean(), fc.boolean(), (rules, held, passkey, groupsKnown) => {
			if (!proven(rules, held, passkey, groupsKnown)) return;
			positive++;
			expect(letsIn(rules, held, passkey)).toBe(true);
		}),
		{ numRuns: 10_000 },
	);
	// Else the property would say little.
	expect(positive).toBeGreaterThan(100);
});

test("with every fact read and no conditions, the proof says what the vendor does", () => {
	fc.assert(
		fc.property(fc.array(rule(fc.constant<TrueRule["hidden"]>([]), fc.constant(false)), { maxLength: 5 }), groups, fc.boolean(), (rules, held, passkey) => {
			expect(proven(rules, held, passkey, true)).toBe(letsIn(rules, held, passkey));
		}),
		{ numRuns: 5000 },
	);
});
