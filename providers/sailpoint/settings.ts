import type { SettingRecord } from "../../src/model/objects.js";
import type { SettingSpec } from "../../src/provider/setting.js";
import type { SailPointConnection } from "./connection.js";
import { isGone, type ListRequest, one } from "./read.js";
import type { Decoded, Json } from "./schema.js";
import { decodeCampaign, decodeCertification, decodeEntitlement, sourceSetting } from "./schema-setting.js";
import { decodeSource } from "./schema-source.js";

interface Observed {
	kind: string;
	title: string;
	path: string;
	decode(body: unknown, now: number): Decoded<SettingRecord>;
}

const kinds: Observed[] = [
	{
		kind: "source",
		title: "Source",
		path: "/v2026/sources/{id}",
		decode(body) {
			const source = decodeSource(body);
			return "bad" in source ? source : { ok: sourceSetting(source.ok, undefined) };
		},
	},
	{
		kind: "campaign",
		title: "Certification campaign",
		path: "/v2026/campaigns/{id}",
		decode(body, now) {
			const campaign = decodeCampaign(body, now);
			return "bad" in campaign ? campaign : { ok: campaign.ok.record };
		},
	},
	{ kind: "certification", title: "Certification", path: "/v2026/certifications/{id}", decode: decodeCertification },
	{ kind: "entitlement", title: "Privileged entitlement", path: "/v2026/entitlements/{id}", decode: (body) => decodeEntitlement(body) },
];

/** What can be declared and compared. Nothing of it is changed here: sources, campaigns and reviews have processes of their own. */
export const settingSpecs: SettingSpec<SailPointConnection>[] = kinds.map(({ kind, title, path, decode }) => ({
	kind,
	title,
	valuesSchema: { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", minProperties: 1 },
	pulumiTypes: [],
	lockOutCapable: false,
	update: null,
	canonical,
	async read(connection, id) {
		const request: ListRequest = { path, params: { id } };
		const answer = await one(connection, request, connection.config.signal);
		if ("error" in answer) {
			if (isGone(answer.error)) return { exists: false, name: "", values: {}, request: answer.error.request };
			throw answer.error;
		}
		const decoded = decode(answer.body, connection.config.now());
		if ("bad" in decoded || decoded.ok.id !== `${kind}/${id}`) throw new Error(`SailPoint answers to ${kind}/${id} with another object`);
		return { exists: true, name: decoded.ok.name, values: decoded.ok.values ?? {}, request: answer.request };
	},
}));

/** Lists here are sets (a source's features); absent and null say the same. */
function canonical(values: Json): Json {
	const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
	return Object.fromEntries(entries.map(([key, value]) => [key, Array.isArray(value) ? [...new Set(value)].sort() : value]));
}
