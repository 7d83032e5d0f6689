import type { Account, Authenticator } from "../../src/model/account.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Admission } from "../../src/provider/provider.js";
import { applies } from "./admission-applies.js";
import { methodOf } from "./methods.js";
import { at, object, texts, word } from "./schema.js";

/**
 * Whether an account gets in: every Conditional Access policy in force that is for the sign-in has to be met, and one that blocks wins.
 * A policy that may apply has to be met as well. https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-policies
 */
export function admission(settings: SettingRecord[]): (account: Account, factors: Authenticator[]) => Admission {
	const policies = settings.filter(({ kind, active }) => kind === "conditionalAccessPolicy" && active !== false);
	const defaults = settings.find(({ kind }) => kind === "identitySecurityDefaultsEnforcementPolicy");
	return (account, factors) => {
		if (defaults?.active === undefined) return { why: "it can't be said whether security defaults are on" };
		const usable = factors.filter((factor) => isAllowed(factor, account, settings));
		if (usable.length === 0) return { why: "it can't be said that the tenant's authentication methods policy lets it use one of its authenticators" };
		const rules: string[] = [];
		if (defaults.active) {
			if (!usable.some(({ strength }) => strength === "strong" || strength === "phishing-resistant"))
				return { why: "security defaults ask for the Microsoft Authenticator or a code of an app, and it has neither" };
			rules.push("security defaults");
		}
		for (const policy of policies) {
			const name = `Conditional Access policy ${policy.name}`;
			if (!policy.values) return { why: `what ${name} asks for is not known` };
			const is = applies(policy.values, account);
			if (is === false) continue;
			const short = unmet(policy.values, usable, settings);
			if (short !== null) return { why: `${name} ${is ? "" : "may apply, and "}${short}` };
			if (is) rules.push(name);
		}
		return { rules: rules.length > 0 ? rules : ["no Conditional Access policy stands in its way"] };
	};
}

/** What of the policy's controls is not surely met; null = all that is needed is. */
function unmet(values: unknown, factors: Authenticator[], settings: SettingRecord[]): string | null {
	const grant = at(values, "grantControls");
	if (grant === null) return null;
	const controls = texts(at(grant, "builtInControls") ?? null);
	if (object(grant) === null || controls === undefined) return "it can't be said what it asks for";
	if (controls.includes("block")) return "blocks it";
	const asked: { name: string; met: boolean }[] = controls.map((name) => ({ name, met: name === "mfa" && factors.some(isSecond) }));
	const strength = object(at(grant, "authenticationStrength"));
	if (strength)
		asked.push({ name: `authentication strength ${word(strength.displayName) ?? word(strength.id) ?? ""}`, met: meets(strength, factors, settings) });
	for (const key of ["termsOfUse", "customAuthenticationFactors"])
		for (const one of texts(at(grant, key) ?? null) ?? ["?"]) asked.push({ name: `${key} ${one}`, met: false });
	if (asked.length === 0) return null;
	const missing = asked.filter(({ met }) => !met).map(({ name }) => name);
	if (missing.length === 0 || (at(grant, "operator") === "OR" && missing.length < asked.length)) return null;
	return `asks for ${missing.join(", ")}, and it can't be said that it meets that`;
}

function isSecond({ recoveryOnly, strength }: Authenticator): boolean {
	return !recoveryOnly && strength !== "unknown";
}

/** One of the account's authenticators gives a combination that the strength allows. Its own list comes with the policy, or stands in a setting. */
function meets(strength: Record<string, unknown>, factors: Authenticator[], settings: SettingRecord[]): boolean {
	const record = settings.find(({ id }) => id === `authenticationStrengthPolicy/${String(strength.id)}`);
	const allowed = texts(record?.values?.allowedCombinations ?? strength.allowedCombinations) ?? [];
	// A passkey may be bound to certain models, which the account's list does not tell.
	const narrowed = record?.values?.combinationConfigurations ?? strength.combinationConfigurations;
	if (Array.isArray(narrowed) && narrowed.length > 0) return false;
	return factors.some(({ type }) => methodOf(type)?.combinations.some((combination) => allowed.includes(combination)) ?? false);
}

/** The authentication methods policy has the kind switched on, for everybody or for a group that the account is in. */
function isAllowed({ type }: Authenticator, account: Account, settings: SettingRecord[]): boolean {
	const method = methodOf(type);
	if (!method) return false;
	if (method.policy === null) return true;
	const record = settings.find(({ id }) => id === `authenticationMethodConfiguration/${method.policy}`);
	if (record?.active !== true || !record.values) return false;
	const groups = account.groups;
	const ids = (key: string): string[] | null => {
		const list = record.values?.[key];
		if (list === undefined || list === null) return [];
		const found = Array.isArray(list) ? list.map((one) => word(at(one, "id"))) : [undefined];
		return found.includes(undefined) ? null : (found as string[]);
	};
	const [include, exclude] = [ids("includeTargets"), ids("excludeTargets")];
	if (include === null || exclude === null) return false;
	const holds = (list: string[]): boolean => list.includes("all_users") || (groups?.some(({ id }) => list.includes(id)) ?? false);
	if (holds(exclude) || (exclude.length > 0 && (groups === undefined || groups.partial))) return false;
	return holds(include);
}
