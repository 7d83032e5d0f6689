import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { SettingLive, SettingSpec } from "../../src/provider/setting.js";
import { ActionError, assertWriting } from "./act-guard.js";
import type { EntraConnection } from "./connection.js";
import { isGone, one } from "./read.js";
import { at, type Json, known, object, word } from "./schema.js";
import { decodeSetting, methodConfigurations, plain } from "./schema-setting.js";
import { type SettingKind, settingKinds } from "./setting-kinds.js";
import { canonical, invalid, merged, schemas } from "./settings-schema.js";

const configurationKind: SettingKind = {
	kind: "authenticationMethodConfiguration",
	title: "Authentication method",
	path: "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations",
	name: "id",
};

/** Settings that can keep somebody from signing in. */
const deciding = new Set([
	"conditionalAccessPolicy",
	"namedLocation",
	"authenticationStrengthPolicy",
	"identitySecurityDefaultsEnforcementPolicy",
	"authenticationMethodsPolicy",
	"authenticationMethodConfiguration",
	"domain",
]);

const pulumiTypes: Record<string, string[]> = {
	conditionalAccessPolicy: ["azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy"],
	namedLocation: ["azuread:index/namedLocation:NamedLocation"],
	authenticationStrengthPolicy: ["azuread:index/authenticationStrengthPolicy:AuthenticationStrengthPolicy"],
};

const observed = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", minProperties: 1 };

/** What can be declared and compared; what Keelson also changes has an update. */
export const settingSpecs: SettingSpec<EntraConnection>[] = [...settingKinds, configurationKind].map((kind) => ({
	kind: kind.kind,
	title: kind.title,
	valuesSchema: schemas[kind.kind] ?? observed,
	pulumiTypes: pulumiTypes[kind.kind] ?? [],
	lockOutCapable: deciding.has(kind.kind),
	read: (connection, id) => readSetting(connection, kind, id),
	canonical,
	update: Object.hasOwn(schemas, kind.kind) ? (connection, id, values, expected) => update(connection, kind, id, values, expected) : null,
	predict: (live, values) => predict(kind, live, values),
	reach: () => "everyone",
}));

function placeOf(kind: SettingKind, id: string): { path: string; params: Record<string, string> } {
	if (id === "" || id.includes("/")) throw new ActionError(`${kind.kind}/${id} is no id of this kind: it is ${kind.kind}/<id>`);
	return kind.single === undefined ? { path: `${kind.path}/{id}`, params: { id } } : { path: kind.path, params: {} };
}

async function readSetting(connection: EntraConnection, kind: SettingKind, id: string): Promise<SettingLive> {
	const answer = await one(connection, { method: "GET", ...placeOf(kind, id) }, connection.config.signal);
	if ("error" in answer) {
		if (isGone(answer.error)) return { exists: false, name: "", values: {}, request: answer.error.request };
		throw answer.error;
	}
	const raw = object(answer.body);
	const held = word(raw?.id) ?? (kind.single === undefined ? undefined : kind.kind);
	if (!raw || held !== id) throw new ActionError(`Entra answers to ${kind.kind}/${id} with another object`);
	return { exists: true, name: word(raw[kind.name ?? "displayName"]) ?? kind.single ?? id, values: plain(raw), request: answer.request };
}

/**
 * A PATCH of the declared values only. Objects inside are sent whole, as they are live with what is declared laid over them.
 * @throws ActionError for values that can't be declared, an object that changed since it was `expected`, or a step that is not taken; HttpError
 */
async function update(connection: EntraConnection, kind: SettingKind, id: string, values: Json, expected?: Json): Promise<RequestRef> {
	assertWriting(connection);
	const live = await readSetting(connection, kind, id);
	if (!live.exists) throw new ActionError(`Entra has no ${kind.kind}/${id}`);
	if (expected && encodeKnown(canonical(live.values)) !== encodeKnown(canonical(expected)))
		throw new ActionError(`${live.name} was changed by somebody else since it was looked at: look again`);
	const refused = refusalOf(kind.kind, live, values);
	if (refused) throw new ActionError(`${kind.kind}/${id}: ${refused}`);
	const after = merged(live.values, values);
	if (encodeKnown(canonical(after)) === encodeKnown(canonical(live.values))) return live.request;
	const body = Object.fromEntries(Object.keys(values).map((key) => [key, after[key]]));
	// Methods are of several types, and the vendor asks which.
	const type = kind.kind === "authenticationMethodConfiguration" ? { "@odata.type": live.values["@odata.type"] } : {};
	const { request } = await connection.http.client.send({ method: "PATCH", ...placeOf(kind, id), body: { ...type, ...body } });
	return request;
}

/** Why these values are not written: they can't be declared, or the step is too large; null = nothing is known against them. */
export function refusalOf(kind: string, live: SettingLive, values: Json): string | null {
	const fixed = Object.keys(values).filter((key) => object(object(schemas[kind]?.properties)?.[key])?.readOnly === true);
	if (fixed.length > 0) return `${fixed.join(" and ")} ${fixed.length === 1 ? "is" : "are"} compared and not changed from here`;
	return invalid(kind, values) ?? (kind === "conditionalAccessPolicy" ? tooFast(live, values) : null);
}

/** A policy that was off is watched in report-only mode before it is enforced: what it would have refused shows in the sign-in logs. */
function tooFast(live: SettingLive, values: Json): string | null {
	if (values.state !== "enabled" || live.values.state === "enabled" || live.values.state === "enabledForReportingButNotEnforced") return null;
	return `${live.name} is ${String(live.values.state)}: set it to enabledForReportingButNotEnforced first, and to enabled once the sign-in logs show whom it would keep out`;
}

/** The record as it would be read with these values. */
function predict(kind: SettingKind, live: SettingRecord, values: Json): SettingRecord | null {
	if (!live.values) return null;
	const after = merged(live.values, values);
	const decoded =
		kind.kind === configurationKind.kind
			? (methodConfigurations({ authenticationMethodConfigurations: [after] })[0] ?? { bad: "", id: null })
			: decodeSetting(kind.single !== undefined && at(after, "id") === undefined ? { ...after } : after, kind);
	return "ok" in decoded && decoded.ok.id === live.id ? known(decoded.ok) : null;
}
