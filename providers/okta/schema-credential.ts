import type { CredentialRecord } from "../../src/model/objects.js";
import { at, type Decoded, date, identified, known, object, stamp, texts, word } from "./schema.js";

/**
 * `GET /api/v1/api-tokens` item. A token has all rights of its owner and dies after 30 unused days;
 * `lastUpdated` moves with use, as the expiry slides. The list holds no secret.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApiToken/
 */
export function decodeApiToken(item: unknown): Decoded<CredentialRecord> {
	const found = identified(item, "API token");
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "api-token",
			name: word(raw.name) ?? id,
			owner: word(raw.userId),
			created: stamp(raw.created),
			lastUsed: stamp(raw.lastUpdated),
			expires: "expiresAt" in raw ? date(raw.expiresAt) : undefined,
			networkBound: networkBound(raw.network),
			active: true,
		}),
	};
}

/** Bound only where zones are named: "every zone" and "all but these" leave the token usable from almost anywhere. */
function networkBound(network: unknown): boolean | undefined {
	const connection = word(at(network, "connection"));
	if (connection === "ANYWHERE") return false;
	const [include, exclude] = [texts(at(network, "include")), texts(at(network, "exclude"))];
	if (connection !== "ZONE" || !include || !exclude) return undefined;
	if (include.length > 0) return !include.some((zone) => zone === "ALL_ZONES" || zone === "");
	return at(network, "include") === undefined && exclude.length === 0 ? undefined : false;
}

/** `GET /api/v1/apps/{id}/credentials/secrets` item. The answer holds the secret itself: only named fields are taken. */
export function decodeAppSecret(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord> {
	return appCredential(item, app, "app-secret", "client secret");
}

/** Keys in a `GET /api/v1/apps/{id}/credentials/jwks` answer: a list by Okta's schema, a key set by its example; null for neither. */
export function keysOf(body: unknown): unknown[] | null {
	if (Array.isArray(body)) return body;
	const keys = at(body, "jwks", "keys");
	return Array.isArray(keys) ? keys : null;
}

/** One public key of an app. */
export function decodeAppKey(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord> {
	const raw = object(item);
	return appCredential(raw ? { ...raw, id: raw.id ?? raw.kid } : item, app, "app-key", "client key");
}

function appCredential(item: unknown, app: { id: string; name: string }, kind: CredentialRecord["kind"], what: string): Decoded<CredentialRecord> {
	const found = identified(item, what);
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<CredentialRecord>({
			id,
			kind,
			name: `${app.name}: ${what}`,
			owner: app.id,
			created: stamp(raw.created),
			// Neither an end nor a last use is told: an unlimited life is known, the use is not.
			expires: null,
			active: activeOf(raw.status),
		}),
	};
}

/**
 * `GET /api/v1/apps/{id}/grants` item: one scope that an administrator gave the app, which then has it, or that a user did, who can take it back.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationGrants/
 */
export function decodeGrant(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord> {
	const found = identified(item, "grant");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const scope = word(raw.scopeId);
	const user = raw.source === "END_USER" ? word(raw.userId) : undefined;
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "oauth-grant",
			name: `${app.name}: ${scope ?? "grant"}`,
			owner: raw.source === "END_USER" ? user : app.id,
			...(raw.source === "END_USER" && { app: app.id }),
			created: stamp(raw.created),
			expires: null,
			scopes: scope === undefined ? undefined : [scope],
			active: activeOf(raw.status),
		}),
	};
}

/**
 * `GET /api/v1/apps/{id}/tokens` item: a refresh token by which the app acts as a user. The list holds no token itself.
 * When it was last used is not told: `lastUpdated` is not said to move with use.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationTokens/
 */
export function decodeRefreshToken(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord> {
	const found = identified(item, "refresh token");
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "refresh-token",
			name: `${app.name}: refresh token`,
			owner: word(raw.userId),
			app: app.id,
			created: stamp(raw.created),
			expires: "expiresAt" in raw ? date(raw.expiresAt) : undefined,
			scopes: Array.isArray(raw.scopes) ? texts(raw.scopes) : undefined,
			active: activeOf(raw.status),
		}),
	};
}

function activeOf(status: unknown): boolean | undefined {
	const told = word(status);
	return told === undefined ? undefined : told === "ACTIVE";
}
