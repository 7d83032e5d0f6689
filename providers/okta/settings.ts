import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { SettingLive, SettingReach, SettingSpec } from "../../src/provider/setting.js";
import { ActionError, assertWriting } from "./act-guard.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { at, type Json, object, texts, word } from "./schema.js";
import { withoutSecrets } from "./schema-setting.js";
import { type PolicyKind, policyKinds } from "./settings-kinds.js";
import { observedSpecs } from "./settings-observed.js";
import { orderSpecs } from "./settings-orders.js";
import { predict } from "./settings-predict.js";
import { overlay } from "./settings-shape.js";
import { canonicalValues, invalid, servers, valuesSchemaOf, withoutNulls } from "./settings-values.js";

/** Policies and their rules: what can be declared, compared and changed. Their order is a setting of its own; their status is none: Okta has calls of their own for it. */
const policySpecs: SettingSpec<OktaConnection>[] = policyKinds.map((kind) => ({
	kind: kind.kind,
	title: kind.title,
	valuesSchema: valuesSchemaOf(kind),
	pulumiTypes: kind.pulumiTypes,
	lockOutCapable: true,
	read: (connection, id) => readSetting(connection, kind, id),
	canonical: (values) => canonicalValues(kind, values),
	update: (connection, id, values, expected) => update(connection, kind, id, values, expected),
	predict: (live, values) => predict(kind, live, values),
	reach,
}));

export const settingSpecs: SettingSpec<OktaConnection>[] = [...policySpecs, ...orderSpecs(reach), ...observedSpecs];

/** Whom a policy or rule is for: the groups it names, or else its policy does. */
function reach(record: SettingRecord, settings: SettingRecord[]): SettingReach | undefined {
	if (!record.values) return undefined;
	const people = at(record.values, "conditions", "people");
	const groups = texts(at(people, "groups", "include"));
	const users = texts(at(people, "users", "include"));
	const others = at(record.values, "conditions", "userIdentifier", "patterns");
	if (!groups || users?.length !== 0 || (Array.isArray(others) && others.length > 0)) return undefined;
	if (groups.length > 0) return { groups };
	if (record.parent == null) return "everyone";
	const policy = settings.find(({ kind, id }) => kind.startsWith("policy/") && id.endsWith(`/${record.parent}`));
	return policy && policy.parent == null ? reach(policy, settings) : undefined;
}

/** Scopes of reading and of changing them. */
export const settingScopes = ["okta.policies.manage", "okta.policies.read"];

interface Place {
	path: string;
	params: Record<string, string>;
}

/** A policy's id, or `<policy id>/<rule id>`. @throws ActionError for anything else */
function placeOf(kind: PolicyKind, id: string): Place {
	const [policyId = "", ruleId, ...more] = id.split("/");
	const isRule = kind.kind.startsWith("rule/");
	if (policyId === "" || more.length > 0 || isRule !== (ruleId !== undefined && ruleId !== ""))
		throw new ActionError(`${kind.kind}/${id} is no id of this kind: it is ${isRule ? `${kind.kind}/<policy id>/<rule id>` : `${kind.kind}/<policy id>`}`);
	if (ruleId === undefined) return { path: "/api/v1/policies/{policyId}", params: { policyId } };
	return { path: "/api/v1/policies/{policyId}/rules/{ruleId}", params: { policyId, ruleId } };
}

interface Found {
	raw: Json | null;
	request: RequestRef;
}

async function fetchSetting(connection: OktaConnection, kind: PolicyKind, id: string): Promise<Found> {
	const answer = await one(connection, { method: "GET", ...placeOf(kind, id) }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { raw: null, request: answer.error.request };
		throw answer.error;
	}
	const raw = object(answer.body);
	if (!raw || word(raw.id) !== id.split("/").at(-1)) throw new ActionError(`Okta answers to ${kind.kind}/${id} with another object`);
	const [, wanted = ""] = kind.kind.split("/");
	const type = word(raw.type);
	// Rules of this one type have a name of their own.
	const fits = type === undefined || type === wanted || (type === "SIGN_ON" && kind.kind === "rule/OKTA_SIGN_ON");
	if (!fits) throw new ActionError(`${kind.kind}/${id} is of type ${type}: the kind does not fit the id`);
	return { raw, request: answer.request };
}

async function readSetting(connection: OktaConnection, kind: PolicyKind, id: string): Promise<SettingLive> {
	const { raw, request } = await fetchSetting(connection, kind, id);
	if (!raw) return { exists: false, name: "", values: {}, request };
	return { exists: true, name: word(raw.name) ?? id, values: withoutSecrets(raw), request };
}

/**
 * Okta's PUT takes away what it does not name: the object is read, the declared values laid over it, and the whole sent back.
 * @throws ActionError for values that can't be declared, an object that changed since it was `expected`, or what Okta keeps to itself; HttpError
 */
async function update(connection: OktaConnection, kind: PolicyKind, id: string, values: Json, expected?: Json): Promise<RequestRef> {
	assertWriting(connection);
	const wrong = invalid(kind, values);
	if (wrong) throw new ActionError(`${kind.kind}/${id}: ${wrong}`);
	const { raw } = await fetchSetting(connection, kind, id);
	if (!raw) throw new ActionError(`Okta has no ${kind.kind}/${id}`);
	if (expected && encodeKnown(withoutSecrets(raw)) !== encodeKnown(expected))
		throw new ActionError(`${word(raw.name) ?? id} was changed by somebody else since it was looked at: look again`);
	const kept = keptByOkta(kind, raw, values);
	if (kept) throw new ActionError(kept);
	const whole = object(overlay(kind.shape, raw, values)) ?? {};
	const body = withoutNulls(Object.fromEntries(Object.entries(whole).filter(([key]) => !servers.includes(key))));
	const { request } = await connection.http.client.send({ method: "PUT", ...placeOf(kind, id), body });
	return request;
}

/** Why Okta would silently keep what it has: name and conditions of its own default objects are fixed. Null = it would not. */
export function keptByOkta(kind: PolicyKind, live: Json, values: Json): string | null {
	if (live.system !== true) return null;
	const [was, is] = [canonicalValues(kind, live), canonicalValues(kind, object(overlay(kind.shape, live, values)) ?? {})];
	const fixed = ["name", "conditions"].filter((key) => encodeKnown(at(was, key) ?? null) !== encodeKnown(at(is, key) ?? null));
	return fixed.length === 0 ? null : `${word(live.name) ?? kind.title} is Okta's own default: its ${fixed.join(" and ")} can't be changed`;
}
