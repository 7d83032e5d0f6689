import type { AccountLink } from "../../src/model/account.js";
import type { Known, Millis } from "../../src/model/known.js";
import type { AppAssignmentRecord, AppRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, known, linkedId, lookUp, stamp, texts, word } from "./schema.js";

/** An app with what other collections need of it. */
export interface DecodedApp {
	record: AppRecord;
	/** The vendor's app word: `saasure` is the Admin Console, `okta_enduser` the dashboard, `oidc_client` an app of the tenant's own. */
	vendorName: string;
	accessPolicy: string | null;
	/** An OAuth client that the tenant made and whose credentials can be listed. */
	ownClient: boolean;
	/** `client_secret_basic`, `private_key_jwt`, … */
	authMethod: string | null;
	/** The client may hold refresh tokens of users; unknown where its grant types are not told. */
	refreshTokens: Known<boolean>;
	updated: Known<Millis>;
}

/** `GET /api/v1/apps` item → app. `signOnMode` may be null. */
export function decodeApp(item: unknown): Decoded<DecodedApp> {
	const found = identified(item, "app");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const status = word(raw.status);
	if (status === undefined) return { bad: "an app has no status", id };
	const vendorName = word(raw.name) ?? "";
	const clientId = word(at(raw, "credentials", "oauthClient", "client_id")) ?? null;
	return {
		ok: {
			record: known<AppRecord>({
				id,
				name: word(raw.label) ?? (vendorName || id),
				type: word(raw.signOnMode) ?? "",
				active: status === "ACTIVE",
				nonHuman: at(raw, "settings", "oauthClient", "application_type") === "service",
				clientId,
				created: stamp(raw.created),
			}),
			vendorName,
			accessPolicy: linkedId(at(raw, "_links", "accessPolicy")),
			ownClient: clientId !== null && vendorName === "oidc_client",
			authMethod: word(at(raw, "credentials", "oauthClient", "token_endpoint_auth_method")) ?? null,
			refreshTokens: clientId === null ? false : mayRefresh(at(raw, "settings", "oauthClient", "grant_types")),
			updated: stamp(raw.lastUpdated),
		},
	};
}

function mayRefresh(grantTypes: unknown): Known<boolean> {
	return Array.isArray(grantTypes) ? texts(grantTypes)?.includes("refresh_token") : undefined;
}

/** Apps that are systems which Keelson reads itself: the vendor's app word, and the provider. */
const systems: Record<string, string> = { office365: "entra", google: "google-workspace" };

/**
 * `GET /api/v1/apps/{id}/users` item → direct assignment. Null for one that comes through a group, which the groups' list has: unless it tells which
 * account in another system is the user's.
 */
export function decodeAppUser(item: unknown, app: string, vendorName = ""): Decoded<AppAssignmentRecord | null> {
	const found = identified(item, "app user");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const link = linkOf(word(raw.externalId), vendorName);
	if (raw.scope === "GROUP" && link === null) return { ok: null };
	const source = raw.scope === "USER" ? "direct" : raw.scope === "GROUP" ? "rule" : "unknown";
	return { ok: { app, principalType: "account", principal: id, source, ...(link && { link }) } };
}

/**
 * `externalId` is the user's own id in the app (https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationUsers/). For
 * Microsoft 365 that is Entra's object id, a GUID, or the immutable id by which the user is synchronised.
 */
function linkOf(value: string | undefined, vendorName: string): AccountLink | null {
	const provider = lookUp(systems, vendorName);
	// An address is not immutable.
	if (provider === undefined || value === undefined || value.includes("@")) return null;
	const field = `externalId in ${vendorName}`;
	if (provider !== "entra") return { kind: "account", field, value, provider };
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
		? { kind: "account", field, value: value.toLowerCase(), provider }
		: { kind: "source-anchor", field, value };
}

/** `GET /api/v1/apps/{id}/groups` item → assignment. */
export function decodeAppGroup(item: unknown, app: string): Decoded<AppAssignmentRecord> {
	const found = identified(item, "app group");
	if ("bad" in found) return found;
	return { ok: { app, principalType: "group", principal: found.id, source: "direct" } };
}
