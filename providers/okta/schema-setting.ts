import type { SessionFacet, SettingRecord } from "../../src/model/objects.js";
import { count, type Decoded, identified, type Json, known, object, word } from "./schema.js";

/** Names of text fields that hold, or may hold, a secret in the objects read here: Duo, RADIUS, hooks, log streams. */
const secretName = /^(?:.*secret.*|.*token|password|passphrase|private_?key|api_?key|authorization)$/i;

/** Hypermedia, kept out: addresses of this tenant that say nothing of its configuration. */
const noise = new Set(["_links", "_embedded"]);

/** The vendor's object without links and without secrets, for storing and comparing. */
export function withoutSecrets(raw: Json): Json {
	const kept: Json = {};
	for (const [key, value] of Object.entries(raw)) {
		if (noise.has(key) || key === "__proto__" || (typeof value === "string" && secretName.test(key))) continue;
		kept[key] = clean(value, key);
	}
	return kept;
}

function clean(value: unknown, key: string): unknown {
	if (Array.isArray(value)) return value.map((item) => clean(item, key));
	if (typeof value === "string") return plainAddress(value, key);
	const inner = object(value);
	if (!inner) return value;
	// A hook's own header and its authentication scheme: the value beside the name is the secret.
	const { value: hidden, ...rest } = inner;
	return withoutSecrets((key === "headers" || key === "authScheme") && hidden !== undefined ? rest : inner);
}

/** Names of text fields that hold an address, with its scheme or without. */
const addressName = /ur[il]s?$|href$|endpoint$|location$/i;

const address = /^(\s*[a-z][a-z0-9+.-]*:\/\/)([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?$/is;
const bareAddress = /^()([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;

/**
 * An address without what may be a secret in it: a user's name and password, the query's values (a function's key, a hook's signature), a fragment.
 * The same address gives the same text, and that text itself.
 */
export function plainAddress(text: string, key = ""): string {
	const [, scheme, authority, path, query, fragment] = address.exec(text) ?? (addressName.test(key) ? bareAddress.exec(text) : null) ?? [];
	if (authority === undefined) return text;
	const host = authority.includes("@") ? `***${authority.slice(authority.lastIndexOf("@"))}` : authority;
	const asked = query === undefined || query === "?" ? (query ?? "") : `?${query.slice(1).split("&").map(plainPair).join("&")}`;
	return `${scheme}${host}${path}${asked}${fragment === undefined || fragment === "#" ? "" : "#***"}`;
}

function plainPair(pair: string): string {
	const end = pair.indexOf("=");
	if (end >= 0) return `${pair.slice(0, end)}=${end === pair.length - 1 ? "" : "***"}`;
	return pair === "" ? "" : "***";
}

/** A list's item of one kind (`authenticator`, `zone`, …) → setting. An object without a status is in force. */
export function decodeSetting(item: unknown, kind: string): Decoded<SettingRecord> {
	const found = identified(item, kind);
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = raw.status === undefined || raw.status === null ? "ACTIVE" : word(raw.status);
	return {
		ok: known<SettingRecord>({
			id: `${kind}/${id}`,
			kind,
			name: word(raw.name) ?? word(raw.key) ?? id,
			active: status === undefined ? undefined : status === "ACTIVE",
			builtIn: raw.system === true,
			priority: null,
			parent: null,
			session: null,
			signIn: null,
			values: withoutSecrets(raw),
		}),
	};
}

/** A configuration object of which the org has one, with no id of its own → setting `<kind>/org`. */
export function decodeOrgSetting(body: unknown, kind: string, name: string): Decoded<SettingRecord> {
	const raw = object(body);
	if (!raw) return { bad: `${kind} is not an object`, id: null };
	const session = adminSession(raw);
	return {
		ok: {
			id: `${kind}/org`,
			kind,
			name,
			active: true,
			builtIn: true,
			priority: null,
			parent: null,
			session: session ?? null,
			signIn: null,
			values: withoutSecrets(raw),
		},
	};
}

/** The Admin Console's own session bounds, in minutes. */
function adminSession(raw: Json): SessionFacet | undefined {
	if (!("sessionMaxLifetimeMinutes" in raw) && !("sessionIdleTimeoutMinutes" in raw)) return undefined;
	return known<SessionFacet>({
		maxLifetimeMinutes: count(raw.sessionMaxLifetimeMinutes),
		maxIdleMinutes: count(raw.sessionIdleTimeoutMinutes),
		persistentCookie: false,
	});
}
