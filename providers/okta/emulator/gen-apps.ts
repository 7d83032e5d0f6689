import { idOf, prefixes } from "./gen-ids.js";
import { iso } from "./gen-random.js";
import type { TenantState } from "./state.js";

interface AppInput {
	id: string;
	label: string;
	/** The vendor's catalogue name; default by sign-on mode. */
	name?: string;
	created: number;
	active?: boolean;
	/** Access policy that admits to the app. Kept as the vendor's own link, relative to the org's address. */
	accessPolicy?: string;
}

/** An OpenID Connect app people sign in to; `applicationType` web, browser or native. */
export function addOidcApp(state: TenantState, of: AppInput & { applicationType?: "web" | "browser" | "native"; redirect?: string }): void {
	const applicationType = of.applicationType ?? "web";
	state.apps.set(of.id, {
		...appBase(state, of, of.name ?? "oidc_client", "OPENID_CONNECT"),
		credentials: oauthCredentials(of.id, applicationType === "web" ? "client_secret_basic" : "none"),
		settings: {
			...appSettings,
			oauthClient: {
				redirect_uris: [of.redirect ?? "https://app.example/callback"],
				response_types: ["code"],
				grant_types: ["authorization_code"],
				application_type: applicationType,
				consent_method: "REQUIRED",
				issuer_mode: "DYNAMIC",
				dpop_bound_access_tokens: false,
			},
		},
	});
}

/** A service app (machine to machine) with its scope grants. `keys` are public JWKs. */
export function addServiceApp(
	state: TenantState,
	of: AppInput & { scopes: string[]; grantedBy: string; dpop?: boolean; keys?: Record<string, unknown>[] },
): void {
	state.apps.set(of.id, {
		...appBase(state, of, "oidc_client", "OPENID_CONNECT"),
		credentials: oauthCredentials(of.id, "private_key_jwt"),
		settings: {
			...appSettings,
			oauthClient: {
				response_types: ["token"],
				grant_types: ["client_credentials"],
				application_type: "service",
				consent_method: "REQUIRED",
				issuer_mode: "DYNAMIC",
				dpop_bound_access_tokens: of.dpop ?? true,
				jwks: { keys: of.keys ?? [] },
			},
		},
	});
	state.appGrants.set(
		of.id,
		of.scopes.map((scope) => ({
			id: idOf(prefixes.grant, `${of.id}/${scope}`),
			status: "ACTIVE",
			created: iso(of.created),
			createdBy: { id: of.grantedBy, type: "User" },
			lastUpdated: iso(of.created),
			issuer: `https://${state.org.subdomain}.okta.com`,
			clientId: of.id,
			scopeId: scope,
			source: "ADMIN",
		})),
	);
}

/** A SAML app. */
export function addSamlApp(state: TenantState, of: AppInput & { audience?: string }): void {
	state.apps.set(of.id, {
		...appBase(state, of, of.name ?? "template_saml_2_0", "SAML_2_0"),
		credentials: { userNameTemplate: userName, signing: {} },
		settings: { ...appSettings, signOn: { audience: of.audience ?? "https://sp.example", responseSigned: true, assertionSigned: true } },
	});
}

/** An app without single sign-on of its own: a bookmark, or a directory integration. */
export function addPlainApp(state: TenantState, of: AppInput & { signOnMode?: string; features?: string[] }): void {
	state.apps.set(of.id, {
		...appBase(state, of, of.name ?? "bookmark", of.signOnMode ?? "BOOKMARK"),
		features: of.features ?? [],
		credentials: { userNameTemplate: userName, signing: {} },
		settings: { ...appSettings, app: { requestIntegration: false } },
	});
}

/** Assigns a user to an app, directly or as one of a group's. */
export function assignUser(state: TenantState, appId: string, of: { userId: string; login: string; at: number; group?: string; status?: string }): void {
	const users = state.appUsers.get(appId) ?? new Map<string, Record<string, unknown>>();
	state.appUsers.set(appId, users);
	const at = iso(of.at);
	users.set(of.userId, {
		id: of.userId,
		externalId: null,
		created: at,
		lastUpdated: at,
		scope: of.group ? "GROUP" : "USER",
		status: of.status ?? "ACTIVE",
		statusChanged: at,
		passwordChanged: null,
		syncState: "DISABLED",
		credentials: { userName: of.login },
		profile: {},
	});
}

/** Assigns a group to an app. With `expand` its members become app users at once, as in the vendor's org. */
export function assignGroup(state: TenantState, appId: string, of: { groupId: string; at: number; expand?: boolean }): void {
	const groups = state.appGroups.get(appId) ?? new Map<string, Record<string, unknown>>();
	state.appGroups.set(appId, groups);
	groups.set(of.groupId, { id: of.groupId, lastUpdated: iso(of.at), priority: groups.size, profile: {} });
	if (!of.expand) return;
	for (const userId of state.members.get(of.groupId) ?? []) {
		const user = state.users.get(userId);
		if (user && user.status !== "DEPROVISIONED" && !state.appUsers.get(appId)?.has(userId))
			assignUser(state, appId, { userId, login: user.profile?.login ?? "", at: of.at, group: of.groupId });
	}
}

const userName = Object.freeze({ template: "${source.login}", type: "BUILT_IN" });
const appSettings = Object.freeze({
	app: {},
	notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
	implicitAssignment: false,
	notes: { admin: null, enduser: null },
});

function oauthCredentials(id: string, method: string): Record<string, unknown> {
	return {
		userNameTemplate: userName,
		oauthClient: { autoKeyRotation: true, client_id: id, token_endpoint_auth_method: method, pkce_required: method === "none" },
	};
}

function appBase(state: TenantState, of: AppInput, name: string, signOnMode: string): Record<string, unknown> {
	return {
		id: of.id,
		orn: `orn:okta:idp:${state.org.id}:apps:${name}:${of.id}`,
		name,
		label: of.label,
		status: of.active === false ? "INACTIVE" : "ACTIVE",
		created: iso(of.created),
		lastUpdated: iso(of.created),
		accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
		visibility: { autoLaunch: false, autoSubmitToolbar: false, hide: { iOS: false, web: false }, appLinks: {} },
		features: [],
		signOnMode,
		...(of.accessPolicy ? { _links: { accessPolicy: { href: `/api/v1/policies/${of.accessPolicy}` } } } : {}),
	};
}
