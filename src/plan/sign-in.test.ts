import { describe, expect, test } from "vitest";
import type { Account, Authenticator } from "../model/account.js";
import type { SettingRecord, SignInFacet } from "../model/objects.js";
import { admission, rulesAt } from "./sign-in.js";

const key: Authenticator = { id: "1", type: "webauthn", strength: "phishing-resistant", source: "local", recoveryOnly: false };
const push: Authenticator = { id: "2", type: "push", strength: "strong", source: "local", recoveryOnly: false };

function account(more: Partial<Account> = {}): Account {
	return {
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
		groups: [{ id: "g", name: "G", source: "direct" }],
		...more,
	};
}

const plain: SignInFacet = {
	allows: true,
	mfaRequired: true,
	phishingResistantRequired: false,
	excludedAccounts: [],
	excludedGroups: [],
	includedGroups: [],
	networkBound: false,
	otherConditions: false,
	appliesTo: null,
};
const policy = (id: string, priority: number | null = 1): SettingRecord => ({
	id: `policy/S/${id}`,
	kind: "policy/S",
	name: id,
	active: true,
	builtIn: false,
	priority,
	parent: null,
	session: null,
	signIn: null,
});
const rule = (id: string, parent: string, priority: number, signIn: SignInFacet | undefined, active: boolean | undefined = true): SettingRecord => ({
	id: `rule/S/${parent}/${id}`,
	kind: "rule/S",
	name: id,
	active,
	builtIn: false,
	priority,
	parent,
	session: null,
	...(signIn && { signIn }),
});

/** What the rules of one policy, in this order, say of the account. */
function verdict(facets: (SignInFacet | undefined)[], who = account(), factors = [key]): string {
	const settings = [policy("P"), ...facets.map((facet, index) => rule(`r${index + 1}`, "P", index + 1, facet))];
	const rules = rulesAt(settings, null);
	if (!rules) return "no order";
	const found = admission(rules, who, factors);
	return "rule" in found ? found.rule.record.name : found.why;
}

describe("the rule that lets an administrator in", () => {
	test.each<[string, (SignInFacet | undefined)[], string]>([
		["the first that surely applies", [plain, { ...plain, allows: false }], "r1"],
		["none, when a rule before it refuses", [{ ...plain, allows: false }, plain], "rule r1 of policy P refuses it"],
		["none, when a rule before it may refuse", [{ ...plain, allows: false, networkBound: true }, plain], "rule r1 of policy P may refuse it"],
		["the next, when one is for some networks only", [{ ...plain, networkBound: true }, plain], "r2"],
		["the next, when one has conditions not told here", [{ ...plain, otherConditions: true }, plain], "r2"],
		["the next, when it is unknown whether one has conditions", [omit(plain, "otherConditions"), plain], "r2"],
		["none, when a refusal may have conditions", [{ ...omit(plain, "otherConditions"), allows: false }, plain], "rule r1 of policy P may refuse it"],
		["none, when it can't be said what a rule does", [omit(plain, "allows"), plain], "it can't be said whether rule r1 of policy P lets in"],
		["none, when a rule's kind of decision is unknown", [undefined, plain], "it can't be said whether rule r1 of policy P lets in"],
		["the next, when one is for another group", [{ ...plain, allows: false, includedGroups: ["other"] }, plain], "r2"],
		["the one for a group it is in", [{ ...plain, includedGroups: ["g"] }], "r1"],
		["the next, when it is excluded from one", [{ ...plain, allows: false, excludedAccounts: ["a"] }, plain], "r2"],
		["the next, when its group is excluded", [{ ...plain, allows: false, excludedGroups: ["g"] }, plain], "r2"],
		[
			"none, when the excluded are not known and it refuses",
			[{ ...omit(plain, "excludedAccounts"), allows: false }, plain],
			"rule r1 of policy P may refuse it",
		],
		["the next, when the included are not known and it lets in", [omit(plain, "includedGroups"), plain], "r2"],
		["none at the end", [{ ...plain, networkBound: true }], "no rule that surely applies lets it in"],
		["none without rules", [], "no rule that surely applies lets it in"],
	])("is %s", (_, facets, expected) => {
		expect(verdict(facets)).toBe(expected);
	});

	test("is not counted where it asks for an authenticator that the account lacks", () => {
		expect(verdict([{ ...plain, phishingResistantRequired: true }], account(), [push])).toMatch(/asks for a phishing-resistant authenticator/);
		expect(verdict([omit(plain, "phishingResistantRequired")], account(), [push])).toMatch(/may ask for a phishing-resistant/);
		expect(verdict([omit(plain, "phishingResistantRequired")], account(), [key])).toBe("r1");
	});

	test("rests on groups that are known whole", () => {
		const some = account({ groups: Object.assign([{ id: "g", name: "G", source: "direct" as const }], { partial: true as const }) });
		expect(verdict([{ ...plain, allows: false, includedGroups: ["other"] }, plain], some)).toBe("rule r1 of policy P may refuse it");
		expect(verdict([{ ...plain, includedGroups: ["g"] }], some)).toBe("r1");
		const none = account();
		delete none.groups;
		expect(verdict([{ ...plain, includedGroups: ["g"] }, plain], none)).toBe("r2");
		expect(verdict([{ ...plain, excludedGroups: ["other"] }], none)).toBe("no rule that surely applies lets it in");
	});

	test("stands in the vendor's order: policies by priority, then rules; those not in force are left out", () => {
		const settings = [
			policy("late", 2),
			policy("early", 1),
			rule("second", "early", 2, plain),
			rule("first", "early", 1, { ...plain, allows: false }, false),
			rule("other", "late", 1, { ...plain, allows: false }),
		];
		expect(rulesAt(settings, null)?.map(({ record }) => record.name)).toEqual(["second", "other"]);
	});

	test("is none where the order can't be said", () => {
		expect(rulesAt([policy("P", null), rule("r", "P", 1, plain)], null)).toBeNull();
		expect(rulesAt([rule("r", "gone", 1, plain)], null)).toBeNull();
		expect(rulesAt([policy("P"), rule("a", "P", 1, plain), rule("b", "P", 1, plain)], null)).toBeNull();
	});

	test("of an app's door is one that is for that app", () => {
		const settings = [
			policy("P"),
			rule("console", "P", 1, { ...plain, appliesTo: "console,mail" }),
			rule("session", "P", 2, plain),
			rule("unknown", "P", 3, omit(plain, "appliesTo")),
		];
		expect(rulesAt(settings, "console")?.map(({ record }) => record.name)).toEqual(["console", "unknown"]);
		expect(rulesAt(settings, null)?.map(({ record }) => record.name)).toEqual(["session", "unknown"]);
	});
});

function omit(facet: SignInFacet, field: keyof SignInFacet): SignInFacet {
	const { [field]: _, ...rest } = facet;
	return rest;
}
