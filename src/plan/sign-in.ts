import type { Account, Authenticator } from "../model/account.js";
import type { Known, KnownList } from "../model/known.js";
import type { SettingRecord, SignInFacet } from "../model/objects.js";

/** A sign-in rule in force, with the policy it belongs to; in the order in which the vendor asks them. */
export interface SignInRule {
	record: SettingRecord;
	policy: string;
	signIn: SignInFacet;
}

/** The rules that guard one door: every session (`app` null), or one app. Null: their order can't be said. */
export function rulesAt(settings: SettingRecord[], app: string | null): SignInRule[] | null {
	const policies = new Map(settings.filter((record) => record.parent == null).map((record) => [record.id.slice(record.id.lastIndexOf("/") + 1), record]));
	const rules: (SignInRule & { order: [number, number] })[] = [];
	for (const record of settings) {
		if (record.active === false || !isRule(record) || !concerns(record.signIn, app)) continue;
		const parent = record.parent == null ? record : policies.get(record.parent);
		// A rule whose kind of decision is unknown may decide anything.
		const signIn = record.signIn ?? {};
		if (!parent || parent.priority == null || (record.parent != null && record.priority == null)) return null;
		rules.push({ record, policy: parent.name, signIn, order: [parent.priority, record.parent == null ? 0 : (record.priority ?? 0)] });
	}
	rules.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
	const tied = rules.some(({ order }, index) => order[0] === rules[index - 1]?.order[0] && order[1] === rules[index - 1]?.order[1]);
	return tied ? null : rules;
}

/** Whether rules stand at the door at all, in force or not. */
export function isGuarded(settings: SettingRecord[], app: string | null): boolean {
	return settings.some((record) => isRule(record) && concerns(record.signIn, app));
}

/** `signIn` null is the vendor's "decides no sign-in"; missing = unknown, and then a rule of a policy is taken for one. */
function isRule(record: SettingRecord): boolean {
	return record.signIn === undefined ? record.parent != null : record.signIn !== null;
}

function concerns(signIn: SignInFacet | null | undefined, app: string | null): boolean {
	const appliesTo = signIn?.appliesTo;
	if (appliesTo === undefined) return true;
	return app === null ? appliesTo === null : (appliesTo?.split(",").includes(app) ?? false);
}

/** What the rules say of one account: let in by a rule, or why that can't be shown. */
export type Admission = { rule: SignInRule } | { why: string };

/** Whether a rule applies from the place that is looked at. With no place in mind: only where it applies from everywhere. */
export type FromThere = (rule: SignInRule) => Known<boolean>;

const fromAnywhere: FromThere = ({ signIn }) => (signIn.networkBound === false ? true : undefined);

/**
 * Walks rules in order. A rule that certainly applies and certainly lets in is the witness; one that may not apply is passed over
 * when it would let in this account, and ends the proof when it would not.
 */
export function admission(rules: SignInRule[], account: Account, factors: Authenticator[], fromThere: FromThere = fromAnywhere): Admission {
	for (const rule of rules) {
		const { signIn, record } = rule;
		const from = fromThere(rule);
		const applies = record.active === undefined ? undefined : matches(signIn, account);
		if (applies === false || from === false) continue;
		const name = `rule ${record.name} of policy ${rule.policy}`;
		if (signIn.allows === undefined) return { why: `it can't be said whether ${name} lets in` };
		const certain = applies === true && from === true && signIn.otherConditions === false && signIn.appliesTo !== undefined;
		if (!signIn.allows) return { why: certain ? `${name} refuses it` : `${name} may refuse it` };
		// Where it does apply, it is met as well: asking for more than the account has, it would keep it out.
		const fit = factors.filter(({ type }) => signIn.accepts?.includes(type) ?? true);
		if (factors.length > 0 && fit.length === 0) return { why: `${name} asks for particular authenticators, and it can't be said that it has one of them` };
		if (signIn.phishingResistantRequired !== false && !fit.some((factor) => factor.strength === "phishing-resistant"))
			return { why: `${name} ${signIn.phishingResistantRequired ? "asks" : "may ask"} for a phishing-resistant authenticator, and it has none` };
		if (certain) return { rule };
	}
	return { why: "no rule that surely applies lets it in" };
}

/** Whether the rule is for this account; undefined = can't be decided. */
function matches(signIn: SignInFacet, account: Account): boolean | undefined {
	const groups = account.groups?.map(({ id }) => id);
	const groupsPartial = groups === undefined || account.groups?.partial === true;
	const excluded = either(contains(signIn.excludedAccounts, [account.id], false), contains(signIn.excludedGroups, groups ?? [], groupsPartial));
	if (excluded === true) return false;
	const everybody = signIn.includedGroups?.length === 0 && !signIn.includedGroups.partial;
	const included = everybody ? true : contains(signIn.includedGroups, groups ?? [], groupsPartial);
	if (included === false) return false;
	return excluded === false && included === true ? true : undefined;
}

function contains(list: KnownList<string> | undefined, ids: string[], idsPartial: boolean): boolean | undefined {
	if (list === undefined) return undefined;
	if (ids.some((id) => list.includes(id))) return true;
	return list.partial || (idsPartial && list.length > 0) ? undefined : false;
}

function either(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
	if (a === true || b === true) return true;
	return a === undefined || b === undefined ? undefined : false;
}
