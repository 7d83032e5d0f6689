import type { Known, Millis } from "../../src/model/known.js";
import type { AppAssignmentRecord, AppRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, known, linkedId, stamp, texts, word } from "./schema.js";

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

/** `GET /api/v1/apps/{id}/users` item → direct assignment; null for one that comes through a group, which the groups' list has. */
export function decodeAppUser(item: unknown, app: string): Decoded<AppAssignmentRecord | null> {
	const found = identified(item, "app user");
	if ("bad" in found) return found;
	if (found.raw.scope === "GROUP") return { ok: null };
	return { ok: { app, principalType: "account", principal: found.id, source: found.raw.scope === "USER" ? "direct" : "unknown" } };
}

/** `GET /api/v1/apps/{id}/groups` item → assignment. */
export function decodeAppGroup(item: unknown, app: string): Decoded<AppAssignmentRecord> {
	const found = identified(item, "app group");
	if ("bad" in found) return found;
	return { ok: { app, principalType: "group", principal: found.id, source: "direct" } };
}
