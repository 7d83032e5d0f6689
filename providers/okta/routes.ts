import type { Known } from "../../src/model/known.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { SignInRoute } from "../../src/provider/setting.js";
import { at, lookUp, object, text, word } from "./schema.js";

/**
 * Rules of IDP_DISCOVERY policies in the order in which Okta asks them; null where that can't be said.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Policy/
 */
export function routesFrom(settings: SettingRecord[]): SignInRoute[] | null {
	const policies = new Map(
		settings.filter(({ kind }) => kind === "policy/IDP_DISCOVERY").map((record) => [record.id.slice("policy/IDP_DISCOVERY/".length), record]),
	);
	const found: { route: SignInRoute; order: [number, number] }[] = [];
	for (const record of settings) {
		if (record.kind !== "rule/IDP_DISCOVERY" || record.active === false) continue;
		const policy = policies.get(record.parent ?? "");
		if (policy?.active === false) continue;
		if (policy?.priority == null || record.priority == null) return null;
		found.push({ route: routeOf(record, policy.name), order: [policy.priority, record.priority] });
	}
	found.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
	const tied = found.some(({ order }, index) => order.join() === found[index - 1]?.order.join());
	return tied ? null : found.map(({ route }) => route);
}

function routeOf(record: SettingRecord, policy: string): SignInRoute {
	const { values } = record;
	return {
		record,
		policy,
		here: here(at(values, "actions")),
		concerns: (login) => (values ? concerns(at(values, "conditions", "userIdentifier"), login) : undefined),
		otherConditions: values === undefined || otherConditions(values.conditions),
	};
}

/** Okta is one of the providers to choose from. With an expression, the providers follow from the login. */
function here(actions: unknown): Known<boolean> {
	const idp = at(actions, "idp");
	const providers = at(idp, "providers");
	const selection = text(at(idp, "idpSelectionType"));
	if (selection !== null && selection !== "SPECIFIC") return undefined;
	if (!Array.isArray(providers) || providers.length === 0) return undefined;
	const types = providers.map((provider) => word(at(provider, "type")));
	if (types.includes("OKTA")) return true;
	return types.includes(undefined) ? undefined : false;
}

function concerns(condition: unknown, login: string): Known<boolean> {
	if (condition === undefined || condition === null) return true;
	const patterns = at(condition, "patterns") ?? [];
	if (!Array.isArray(patterns)) return undefined;
	if (patterns.length === 0) return true;
	if (at(condition, "type") !== "IDENTIFIER") return undefined;
	const results = patterns.map((pattern) => matches(word(at(pattern, "matchType")), word(at(pattern, "value")), login));
	return results.includes(true) ? true : results.includes(undefined) ? undefined : false;
}

const tests: Record<string, (login: string, value: string) => boolean> = {
	SUFFIX: (login, value) => login.endsWith(value),
	STARTS_WITH: (login, value) => login.startsWith(value),
	EQUALS: (login, value) => login === value,
	CONTAINS: (login, value) => login.includes(value),
};

/** Regular expressions are not followed, nor is it said whether case counts. */
function matches(type: string | undefined, value: string | undefined, login: string): Known<boolean> {
	const test = lookUp(tests, type);
	if (!test || value === undefined) return undefined;
	if (test(login, value) && (type !== "SUFFIX" || wholeDomain(login, value))) return true;
	return test(login.toLowerCase(), value.toLowerCase()) ? undefined : false;
}

/** Nowhere is it said that a suffix may end in the middle of a domain's name, or leave out a subdomain. */
function wholeDomain(login: string, suffix: string): boolean {
	return suffix.startsWith("@") || login.endsWith(`@${suffix}`);
}

/** Anything but network and login that may keep the rule from applying. */
function otherConditions(conditions: unknown): boolean {
	const given = object(conditions);
	if (!given) return conditions !== undefined && conditions !== null;
	return Object.entries(given).some(([key, value]) => {
		if (value === null || key === "network" || key === "userIdentifier") return false;
		if (key === "app") return !none(at(value, "include")) || !none(at(value, "exclude"));
		if (key === "platform") return !none(at(value, "exclude")) || !anyPlatform(at(value, "include"));
		return true;
	});
}

function none(value: unknown): boolean {
	return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function anyPlatform(value: unknown): boolean {
	const any = (word: unknown) => word === undefined || word === null || word === "ANY";
	return none(value) || (Array.isArray(value) && value.some((entry) => any(at(entry, "type")) && any(at(entry, "os", "type"))));
}
