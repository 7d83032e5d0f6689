import type { CredentialRecord } from "../../src/model/objects.js";
import { at, type Decoded, date, identified, known, object, stamp, word } from "./schema.js";

/**
 * `GET /api/v1/api-tokens` item. A token has all rights of its owner and dies after 30 unused days;
 * `lastUpdated` moves with use, as the expiry slides. The list holds no secret.
 * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApiToken/
 */
export function decodeApiToken(item: unknown): Decoded<CredentialRecord> {
	const found = identified(item, "API token");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const connection = word(at(raw, "network", "connection"));
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "api-token",
			name: word(raw.name) ?? id,
			owner: word(raw.userId),
			created: stamp(raw.created),
			lastUsed: stamp(raw.lastUpdated),
			expires: "expiresAt" in raw ? date(raw.expiresAt) : undefined,
			networkBound: connection === "ANYWHERE" ? false : connection === "ZONE" ? true : undefined,
			active: true,
		}),
	};
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
	const status = word(raw.status);
	return {
		ok: known<CredentialRecord>({
			id,
			kind,
			name: `${app.name}: ${what}`,
			owner: app.id,
			created: stamp(raw.created),
			// Neither an end nor a last use is told: an unlimited life is known, the use is not.
			expires: null,
			active: status === undefined ? undefined : status === "ACTIVE",
		}),
	};
}

/** `GET /api/v1/apps/{id}/grants` item: one scope that an administrator or a user gave the app. */
export function decodeGrant(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord> {
	const found = identified(item, "grant");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const scope = word(raw.scopeId);
	const status = word(raw.status);
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "oauth-grant",
			name: `${app.name}: ${scope ?? "grant"}`,
			owner: app.id,
			created: stamp(raw.created),
			expires: null,
			scopes: scope === undefined ? undefined : [scope],
			active: status === undefined ? undefined : status === "ACTIVE",
		}),
	};
}
