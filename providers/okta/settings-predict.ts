import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { at, type Json, known, object, word } from "./schema.js";
import { decodePolicyRule } from "./schema-policy.js";
import type { PolicyKind } from "./settings-kinds.js";
import { overlay } from "./settings-shape.js";
import { canonicalValues } from "./settings-values.js";

/**
 * The record as declaring these values would leave it; null where what that does to a sign-in can't be said from the record alone.
 * Who a rule is for follows from its policy too, which the record does not hold.
 */
export function predict(kind: PolicyKind, live: SettingRecord, values: Json): SettingRecord | null {
	if (!live.values) return null;
	const after = object(overlay(kind.shape, live.values, values));
	if (!after) return null;
	const [was, is] = [canonicalValues(kind, live.values), canonicalValues(kind, after)];
	const same = (...path: string[]): boolean => encodeKnown(at(was, ...path) ?? null) === encodeKnown(at(is, ...path) ?? null);
	const changed = { ...live, name: word(after.name) ?? live.name, values: after };
	if (kind.kind.startsWith("policy/")) return same("conditions") && keepsAuthenticators(was, is) ? changed : null;
	if (!same("conditions", "people")) return null;
	if (kind.kind === "rule/PASSWORD") return same("actions", "passwordChange") ? changed : null;
	// Enrolment rules keep nobody out, and of routing rules the values say all.
	if (kind.kind === "rule/MFA_ENROLL" || kind.kind === "rule/IDP_DISCOVERY") return changed;
	return withSignIn(kind, changed, live);
}

function withSignIn(kind: PolicyKind, changed: SettingRecord, live: SettingRecord): SettingRecord | null {
	const type = kind.kind.slice("rule/".length);
	const policy = { record: live, type, id: live.parent ?? "", active: true, people: null };
	const decoded = decodePolicyRule(changed.values, policy, live.signIn?.appliesTo);
	if ("bad" in decoded || !live.signIn || !decoded.ok.signIn) return null;
	const { excludedAccounts, excludedGroups, includedGroups, appliesTo } = live.signIn;
	const signIn = known({ ...decoded.ok.signIn, excludedAccounts, excludedGroups, includedGroups, appliesTo });
	return known({ ...changed, session: decoded.ok.session, signIn } as SettingRecord);
}

/** No authenticator that may be used now is forbidden. One that is asked for from now on is for the proof to look at. */
function keepsAuthenticators(was: Json, is: Json): boolean {
	const [before, after] = [enrolments(was), enrolments(is)];
	return [...new Set([...before.keys(), ...after.keys()])].every((key) => {
		const [now, then] = [before.get(key), after.get(key)];
		return now === then || then === "OPTIONAL" || then === "REQUIRED";
	});
}

function enrolments(values: Json): Map<string, unknown> {
	const list = at(values, "settings", "authenticators");
	const factors = Object.entries(object(at(values, "settings", "factors")) ?? {});
	const authenticators = (Array.isArray(list) ? list : []).map((entry): [string, unknown] => [
		`${String(at(entry, "key"))}/${String(at(entry, "id") ?? "")}`,
		entry,
	]);
	return new Map([...authenticators, ...factors].map(([key, entry]) => [key, at(entry, "enroll", "self")]));
}
