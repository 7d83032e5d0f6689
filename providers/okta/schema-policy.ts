import type { Known, KnownList } from "../../src/model/known.js";
import type { SessionFacet, SettingRecord, SignInFacet } from "../../src/model/objects.js";
import { at, count, type Decoded, flag, identified, type Json, known, lookUp, object, texts, word } from "./schema.js";
import { acceptedTypes } from "./schema-accepted.js";
import { assurance } from "./schema-assurance.js";
import { withoutSecrets } from "./schema-setting.js";

/** A policy with what its rules need of it. */
export interface DecodedPolicy {
	record: SettingRecord;
	type: string;
	id: string;
	active: Known<boolean>;
	people: unknown;
}

/** `GET /api/v1/policies?type=` item → setting `policy/<type>`. */
export function decodePolicy(item: unknown, asked: string): Decoded<DecodedPolicy> {
	const found = identified(item, "policy");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const type = word(raw.type) ?? asked;
	const active = isActive(raw.status);
	const kind = `policy/${type}`;
	return {
		ok: {
			record: known<SettingRecord>({
				id: `${kind}/${id}`,
				kind,
				name: word(raw.name) ?? id,
				active,
				builtIn: raw.system === true,
				priority: rank(raw.priority),
				parent: null,
				session: null,
				signIn: null,
				values: withoutSecrets(raw),
			}),
			type,
			id,
			active,
			people: at(raw, "conditions", "people"),
		},
	};
}

/**
 * `GET /api/v1/policies/{id}/rules` item → setting `rule/<policy type>`. A rule of an inactive policy is not active.
 * `appliesTo`: names of the apps the policy is for, comma between; null = the whole tenant; unknown where the apps are.
 */
export function decodePolicyRule(item: unknown, policy: DecodedPolicy, appliesTo: Known<string | null>): Decoded<SettingRecord> {
	const found = identified(item, "policy rule");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const kind = `rule/${policy.type}`;
	const active = isActive(raw.status);
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${policy.id}/${id}`,
			kind,
			name: word(raw.name) ?? id,
			active: active === false || policy.active === false ? false : active === undefined || policy.active === undefined ? undefined : true,
			builtIn: raw.system === true,
			priority: rank(raw.priority),
			parent: policy.id,
			session: policy.type === "OKTA_SIGN_ON" ? session(at(raw, "actions", "signon")) : null,
			signIn: signIn(policy, raw, appliesTo),
			values: withoutSecrets(raw),
		}),
	};
}

function rank(priority: unknown): Known<number | null> {
	return priority === undefined || priority === null ? null : count(priority);
}

function isActive(status: unknown): Known<boolean> {
	const value = word(status);
	return value === undefined ? undefined : value === "ACTIVE";
}

/** Minutes; 0 in `maxSessionLifetimeMinutes` and `maxSessionIdleMinutes` is the vendor's "no limit". */
function session(signon: unknown): SessionFacet | null | undefined {
	const given = object(at(signon, "session"));
	if (at(signon, "access") === "DENY") return null;
	if (!given) return undefined;
	return known<SessionFacet>({
		maxLifetimeMinutes: minutes(given.maxSessionLifetimeMinutes),
		maxIdleMinutes: minutes(given.maxSessionIdleMinutes),
		persistentCookie: given.usePersistentCookie === null ? null : flag(given.usePersistentCookie),
	});
}

function minutes(value: unknown): Known<number | null> {
	if (value === undefined || value === null || value === 0) return null;
	return count(value);
}

function signIn(policy: DecodedPolicy, rule: Json, appliesTo: Known<string | null>): SignInFacet | null {
	const isSession = policy.type === "OKTA_SIGN_ON";
	if (!isSession && policy.type !== "ACCESS_POLICY") return null;
	const action = at(rule, "actions", isSession ? "signon" : "appSignOn");
	const access = word(at(action, "access"))?.toUpperCase();
	const asks = isSession ? { mfaRequired: flag(at(action, "requireFactor")), phishingResistantRequired: false } : assurance(at(action, "verificationMethod"));
	const people = at(rule, "conditions", "people");
	return known<SignInFacet>({
		allows: access === "ALLOW" ? true : access === "DENY" ? false : undefined,
		mfaRequired: asks.mfaRequired,
		phishingResistantRequired: asks.phishingResistantRequired,
		accepts: isSession || access !== "ALLOW" ? undefined : acceptedTypes(at(action, "verificationMethod")),
		excludedAccounts: union(texts(at(policy.people, "users", "exclude")), texts(at(people, "users", "exclude"))),
		excludedGroups: union(texts(at(policy.people, "groups", "exclude")), texts(at(people, "groups", "exclude"))),
		includedGroups: inBoth(texts(at(policy.people, "groups", "include")), texts(at(people, "groups", "include"))),
		networkBound: networkBound(at(rule, "conditions", "network", "connection")),
		otherConditions: otherConditions(rule.conditions),
		appliesTo: isSession ? null : appliesTo,
	});
}

function union(a: Known<string[]>, b: Known<string[]>): Known<KnownList<string>> {
	return a && b ? [...new Set([...a, ...b])] : undefined;
}

/** Policy and rule must both be for a user: whoever is in a group that both name is meant; others may be in one of each. */
function inBoth(ofPolicy: Known<string[]>, ofRule: Known<string[]>): Known<KnownList<string>> {
	if (!ofPolicy || !ofRule) return undefined;
	if (ofRule.length === 0 || ofPolicy.length === 0) return ofRule.length === 0 ? ofPolicy : ofRule;
	const both: KnownList<string> = ofRule.filter((group) => ofPolicy.includes(group));
	return both.length === ofRule.length && both.length === ofPolicy.length ? both : Object.assign(both, { partial: true as const });
}

/** Values of a rule's further conditions that restrict nothing, by the key that holds them. */
const unrestricting: Record<string, (value: unknown) => boolean> = {
	authContext: (value) => any(at(value, "authType")),
	riskScore: (value) => any(at(value, "level")),
	risk: (value) => nothing(at(value, "behaviors")),
	identityProvider: (value) => any(at(value, "provider")),
	userType: (value) => nothing(at(value, "include")) && nothing(at(value, "exclude")),
	platform: (value) => nothing(at(value, "exclude")) && platforms(at(value, "include")),
	network: () => true,
	people: (value) => nothing(at(value, "users", "include")),
};

/** True unless every condition but those on groups and network is known to restrict nothing: such a rule may not apply to a sign-in. */
function otherConditions(conditions: unknown): boolean {
	const given = object(conditions);
	if (!given) return conditions !== undefined && conditions !== null;
	return Object.entries(given).some(([key, value]) => value !== null && !(lookUp(unrestricting, key)?.(value) ?? false));
}

function any(value: unknown): boolean {
	return value === undefined || value === null || value === "ANY";
}

function nothing(value: unknown): boolean {
	return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** `[{ type: ANY, os: { type: ANY } }]` is the console's "any platform". */
function platforms(value: unknown): boolean {
	return nothing(value) || (Array.isArray(value) && value.some((entry) => any(at(entry, "type")) && any(at(entry, "os", "type"))));
}

/** ANYWHERE is the default. ON_NETWORK and OFF_NETWORK are the older words for zones. */
function networkBound(connection: unknown): Known<boolean> {
	if (connection === undefined || connection === null || connection === "ANYWHERE") return false;
	return connection === "ZONE" || connection === "ON_NETWORK" || connection === "OFF_NETWORK" ? true : undefined;
}

/** Policies that the vendor does not rank among each other: each is for apps of its own, and all stand at 1. */
const unranked = new Set(["policy/ACCESS_POLICY", "policy/PROFILE_ENROLLMENT"]);

/**
 * Takes the priority from those in force that claim one place together: Okta renumbers equals when it gets to it, so numbers give an order
 * only where they differ. Unknown, not a guess. https://developer.okta.com/docs/guides/terraform-design-rate-limits/main/
 */
export function withoutTies(siblings: SettingRecord[]): SettingRecord[] {
	const places = siblings.map(({ kind, active, priority }) => (active === false || unranked.has(kind) ? null : (priority ?? null)));
	return siblings.map((record, index) => {
		const place = places[index] ?? null;
		if (place === null || places.indexOf(place) === places.lastIndexOf(place)) return record;
		const { priority: _, ...rest } = record;
		return rest;
	});
}
