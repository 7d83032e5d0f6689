import { encodeKnown } from "../../src/model/json.js";
import type { SettingRecord } from "../../src/model/objects.js";
import type { RequestRef } from "../../src/model/snapshot.js";
import type { SettingSpec } from "../../src/provider/setting.js";
import { ActionError } from "./act-guard.js";
import { isGone } from "./act-read-back.js";
import type { OktaConnection } from "./connection.js";
import { one } from "./read.js";
import { type Json, object, word } from "./schema.js";
import { decodeOrgSetting, decodeSetting, plainAddress, withoutSecrets } from "./schema-setting.js";
import { overlay } from "./settings-shape.js";
import { servers } from "./settings-values.js";

interface ObservedKind {
	kind: string;
	title: string;
	path: string;
	/** The org has one such object. */
	single?: string;
	pulumiTypes: string[];
}

const kinds: ObservedKind[] = [
	{ kind: "zone", title: "Network zone", path: "/api/v1/zones/{id}", pulumiTypes: ["okta:network/zone:Zone"] },
	{ kind: "authenticator", title: "Authenticator", path: "/api/v1/authenticators/{id}", pulumiTypes: ["okta:index/authenticator:Authenticator"] },
	{
		kind: "threat-insight",
		title: "ThreatInsight",
		path: "/api/v1/threats/configuration",
		single: "ThreatInsight",
		pulumiTypes: ["okta:index/threatInsightSettings:ThreatInsightSettings"],
	},
];

/** Objects that decide sign-ins and can be declared and compared; Keelson does not write them. */
export const observedSpecs: SettingSpec<OktaConnection>[] = kinds.map((kind) => ({
	kind: kind.kind,
	title: kind.title,
	valuesSchema: { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", minProperties: 1 },
	pulumiTypes: kind.pulumiTypes,
	lockOutCapable: true,
	update: null,
	read: (connection, id) => read(connection, kind, id),
	canonical: (values) => object(sorted(Object.fromEntries(Object.entries(values).filter(([key]) => !servers.includes(key))))) ?? {},
	predict: (live, values) => predict(kind, live, values),
	reach: () => "everyone",
}));

async function read(connection: OktaConnection, kind: ObservedKind, id: string) {
	const answer = await one(connection, { method: "GET", path: kind.path, ...(kind.single ? {} : { params: { id } }) }, connection.config.signal);
	const absent = (request: RequestRef) => ({ exists: false, name: "", values: {}, request });
	if ("error" in answer) {
		if (isGone(answer.error)) return absent(answer.error.request);
		throw answer.error;
	}
	const raw = object(answer.body);
	if (!raw || (!kind.single && word(raw.id) !== id)) throw new ActionError(`Okta answers to ${kind.kind}/${id} with another object`);
	return { exists: true, name: word(raw.name) ?? kind.single ?? id, values: withoutSecrets(raw), request: answer.request };
}

/** Lists of these objects are sets; absent is null. An address is what is kept of it, so that a declared one can be held against it. */
function sorted(value: unknown, under = ""): unknown {
	if (typeof value === "string") return plainAddress(value, under);
	if (Array.isArray(value)) return value.map((item) => sorted(item, under)).sort((a, b) => (encodeKnown(a) < encodeKnown(b) ? -1 : 1));
	const given = object(value);
	return given ? Object.fromEntries(Object.entries(given).flatMap(([key, inner]) => (inner === null ? [] : [[key, sorted(inner, key)]]))) : value;
}

/** The record as it would be read with these values. */
function predict(kind: ObservedKind, live: SettingRecord, values: Json): SettingRecord | null {
	const after = live.values && object(overlay(undefined, live.values, values));
	if (!after) return null;
	const decoded = kind.single ? decodeOrgSetting(after, kind.kind, kind.single) : decodeSetting(after, kind.kind);
	return "ok" in decoded && decoded.ok.id === live.id ? decoded.ok : null;
}
