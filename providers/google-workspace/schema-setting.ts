import type { SettingRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, type Json, word } from "../../src/provider/decode.js";

/** Keys that are the server's own business and change without a meaning. */
const servers = new Set(["kind", "etag", "name", "customer", "spConfig"]);

export function plainValues(raw: Json): Json {
	return Object.fromEntries(Object.entries(raw).filter(([key, value]) => !servers.has(key) && value !== null && value !== undefined));
}

function setting(kind: string, id: string, name: string, values: Json, builtIn = false): SettingRecord {
	return { id: `${kind}/${id}`, kind, name, active: true, builtIn, priority: null, parent: null, session: null, signIn: null, values };
}

export function decodeOrgUnit(item: unknown): Decoded<SettingRecord> {
	const found = identified(item, "org unit", "orgUnitId");
	if ("bad" in found) return found;
	const path = word(found.raw.orgUnitPath);
	return { ok: setting("org-unit", found.id.replace(/^id:/, ""), path ?? found.id, plainValues(found.raw), path === "/") };
}

export function decodeDomain(item: unknown): Decoded<SettingRecord> {
	const found = identified(item, "domain", "domainName");
	if ("bad" in found) return found;
	return { ok: setting("domain", found.id, found.id, plainValues(found.raw), found.raw.isPrimary === true) };
}

/** `inboundSsoAssignments/…`: who is sent to which identity provider. */
export function decodeSsoAssignment(item: unknown, pathOf: Map<string, string>): Decoded<SettingRecord> {
	const found = identified(item, "SSO assignment", "name");
	if ("bad" in found) return found;
	const { raw } = found;
	const unit = word(raw.targetOrgUnit)?.replace(/^orgUnits\//, "");
	const where = unit ? (pathOf.get(unit) ?? unit) : (word(raw.targetGroup) ?? "unknown");
	const record = setting("sso-assignment", lastPart(found.id), `${word(raw.ssoMode) ?? "SSO"} for ${where}`, plainValues(raw));
	const rank = at(raw, "rank");
	return { ok: { ...record, active: raw.ssoMode !== "SSO_OFF", priority: typeof rank === "number" ? rank : null } };
}

export function decodeSsoProfile(item: unknown): Decoded<SettingRecord> {
	const found = identified(item, "SSO profile", "name");
	if ("bad" in found) return found;
	return { ok: setting("sso-profile", lastPart(found.id), word(found.raw.displayName) ?? lastPart(found.id), withoutSecrets(plainValues(found.raw))) };
}

/** An OpenID Connect profile could hold a client secret. */
function withoutSecrets(values: Json): Json {
	const rp = values.rpConfig;
	return typeof rp === "object" && rp !== null
		? { ...values, rpConfig: Object.fromEntries(Object.entries(rp).filter(([key]) => !/secret/i.test(key))) }
		: values;
}

function lastPart(name: string): string {
	return name.split("/").at(-1) ?? name;
}
