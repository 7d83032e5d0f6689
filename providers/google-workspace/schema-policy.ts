import type { Known, Millis } from "../../src/model/known.js";
import type { SessionFacet, SettingRecord, SignInFacet } from "../../src/model/objects.js";
import { at, count, type Decoded, date, identified, type Json, known, object, word } from "../../src/provider/decode.js";

const enforcement = "security.two_step_verification_enforcement";
const factorSet = "security.two_step_verification_enforcement_factor";
const sessions = "security.session_controls";

/** One policy of the Policy API, half read: what it is worth depends on the others of its type. */
export interface Policy {
	record: SettingRecord;
	/** The setting without `settings/`: it comes with and without. */
	type: string;
	target: { orgUnit: string | null; group: string | null; query: string | null };
	sortOrder: number | null;
	value: Json;
}

/** `GET /v1/policies` item. `pathOf`: id of an org unit → its path. */
export function decodePolicy(item: unknown, pathOf: Map<string, string>): Decoded<Policy> {
	const found = identified(item, "policy", "name");
	if ("bad" in found) return found;
	const { raw } = found;
	const id = found.id.replace(/^policies\//, "");
	const type = word(at(raw, "setting", "type"))?.replace(/^settings\//, "");
	const value = object(at(raw, "setting", "value")) ?? {};
	if (!type) return { bad: "a policy names no setting", id };
	const query = object(raw.policyQuery);
	const target = {
		orgUnit: word(query?.orgUnit)?.replace(/^orgUnits\//, "") ?? null,
		group: word(query?.group)?.replace(/^groups\//, "") ?? null,
		query: word(query?.query) ?? null,
	};
	const where = target.group ? `group ${target.group}` : target.orgUnit ? (pathOf.get(target.orgUnit) ?? `org unit ${target.orgUnit}`) : "the whole tenant";
	const kind = `policy/${type}`;
	const record: SettingRecord = {
		id: `${kind}/${id}`,
		kind,
		name: `${type} at ${where}`,
		active: true,
		builtIn: raw.type === "SYSTEM",
		priority: count(query?.sortOrder) ?? null,
		parent: null,
		session: null,
		signIn: null,
		values: withoutUndefined({ type, value, ...target, policyType: word(raw.type) }),
	};
	return { ok: { record, type, target, sortOrder: count(query?.sortOrder) ?? null, value } };
}

function withoutUndefined(values: Record<string, unknown>): Json {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}

/** The policies as settings: of those at one place only the one that wins is in force, and what bounds sessions and sign-ins says so. */
export function settingsOf(policies: Policy[], rootUnit: string | undefined, now: Millis): SettingRecord[] {
	const winners = new Map<string, Policy>();
	for (const policy of policies) {
		const place = placeOf(policy);
		const before = winners.get(place);
		if (!before || wins(policy, before)) winners.set(place, policy);
	}
	return policies.map((policy) => {
		const { record, type, target } = policy;
		// Settings of other services may be merged instead of replaced.
		const beaten = type.startsWith("security.") && winners.get(placeOf(policy)) !== policy;
		return known<SettingRecord>({
			...record,
			active: !beaten,
			...(type === sessions && { session: sessionOf(policy.value) }),
			...(type === enforcement && { signIn: signInOf(policy, policies, rootUnit, now) }),
			...(target.query && !target.orgUnit && { name: `${record.name} (conditions)` }),
		});
	});
}

function placeOf({ type, target }: Policy): string {
	return JSON.stringify([type, target.orgUnit, target.group, target.query]);
}

/** The highest sort order wins. https://cloud.google.com/identity/docs/concepts/policy-api-concepts */
function wins(a: Policy, b: Policy): boolean {
	if (a.record.builtIn !== b.record.builtIn) return b.record.builtIn;
	return (a.sortOrder ?? 0) > (b.sortOrder ?? 0);
}

/** Durations come as `72000s`. */
function durationMinutes(value: unknown): Known<number> {
	const match = /^(\d+)(?:\.\d+)?s$/.exec(word(value) ?? "");
	return match ? Math.round(Number(match[1]) / 60) : undefined;
}

function sessionOf(value: Json): SessionFacet {
	// Google's web sessions have a length and no idle limit.
	return known<SessionFacet>({ maxLifetimeMinutes: durationMinutes(value.webSessionDuration), maxIdleMinutes: null });
}

function signInOf({ value, target }: Policy, all: Policy[], rootUnit: string | undefined, now: Millis): SignInFacet {
	const from = value.enforcedFrom === undefined || value.enforcedFrom === null ? null : date(value.enforcedFrom);
	const factors = all.find((one) => one.type === factorSet && one.target.orgUnit === target.orgUnit && one.target.group === target.group);
	const everywhere = target.group === null && (target.orgUnit === null || target.orgUnit === rootUnit);
	return known<SignInFacet>({
		allows: true,
		mfaRequired: from === undefined ? undefined : from !== null && from <= now,
		phishingResistantRequired: resistant(factors?.value.allowedSignInFactorSet),
		excludedAccounts: [],
		excludedGroups: [],
		includedGroups: target.group ? [target.group] : [],
		networkBound: false,
		otherConditions: !everywhere,
		appliesTo: null,
	});
}

function resistant(set: unknown): Known<boolean> {
	switch (set) {
		case undefined:
		case "ALL":
		case "NO_TELEPHONY":
			return false;
		case "PASSKEY_ONLY":
			return true;
		default:
			return undefined;
	}
}
