import { type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { notFound } from "./errors.js";
import type { Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { link, stored } from "./render.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { put, type Tenant } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

const idOf = (object: Raw): string => String(object.id ?? "");

/** The scope of a grant or token as `expand=scope` embeds it. */
function scopeOf(tenant: Tenant, id: string): Raw {
	return { id, name: id, displayName: id, description: id, _links: { scope: { href: `${tenant.url}/oauth2/v1/scopes/${id}`, title: id } } };
}

function appLinks(tenant: Tenant, clientId: string): Record<string, unknown> {
	const title = String(tenant.state.apps.get(clientId)?.label ?? clientId);
	return { app: { ...link(tenant, `/api/v1/apps/${clientId}`), title }, client: { ...link(tenant, `/oauth2/v1/clients/${clientId}`), title } };
}

function renderGrant(call: Call, userId: string, grant: Raw): Raw {
	const { tenant } = call;
	const links = {
		...appLinks(tenant, String(grant.clientId)),
		self: link(tenant, `/api/v1/users/${userId}/grants/${idOf(grant)}`, "GET", "DELETE"),
		user: link(tenant, `/api/v1/users/${userId}`),
	};
	const scope = call.query.get("expand") === "scope" ? { _embedded: { scope: scopeOf(tenant, String(grant.scopeId)) } } : {};
	return { ...stored(tenant, grant), userId, issuer: tenant.url, ...scope, _links: links };
}

/** Grants of a user, of one client where the path names one. */
function grantsAt(call: Call): { userId: string; grants: Raw[]; mine: Raw[] } {
	const user = liveUserAt(call, "userId");
	const grants = call.tenant.state.userGrants.get(user.id) ?? [];
	const { clientId } = call.params;
	if (clientId !== undefined) clientAt(call, user.id, clientId);
	return { userId: user.id, grants, mine: clientId === undefined ? grants : grants.filter((grant) => grant.clientId === clientId) };
}

/** @throws ApiError 404 when the org has no such client and the user nothing of it */
function clientAt(call: Call, userId: string, clientId: string): void {
	const { apps, userGrants, refreshTokens } = call.tenant.state;
	const held = [...(userGrants.get(userId) ?? []), ...(refreshTokens?.get(userId) ?? [])];
	if (!apps.has(clientId) && !held.some((one) => one.clientId === clientId)) throw notFound(clientId, "OAuth2Client");
}

function listGrants(call: Call): Reply {
	const { userId, mine } = grantsAt(call);
	const scopeId = call.query.get("scopeId");
	const shown = mine.filter((grant) => scopeId === null || grant.scopeId === scopeId);
	return linked(call, pageOfList(shown, afterOf(call), limitOf(call, 20, 200), idOf), (grant) => renderGrant(call, userId, grant));
}

function getGrant(call: Call): Reply {
	const { userId, mine } = grantsAt(call);
	const id = param(call, "grantId");
	const grant = mine.find((one) => idOf(one) === id);
	if (!grant) throw notFound(id, "OAuth2ScopeConsentGrant");
	return ok(renderGrant(call, userId, grant));
}

/** DELETE of one grant, of a client's, or of all. */
function revokeGrants(call: Call): Reply {
	const { tenant } = call;
	const { userId, grants, mine } = grantsAt(call);
	const { grantId, clientId } = call.params;
	const gone = grantId === undefined ? mine : mine.filter((grant) => idOf(grant) === grantId);
	if (grantId !== undefined && gone.length === 0) throw notFound(grantId, "OAuth2ScopeConsentGrant");
	put(
		tenant,
		tenant.state.userGrants,
		userId,
		grants.filter((grant) => !gone.includes(grant)),
	);
	const which = grantId !== undefined ? "" : clientId === undefined ? ".user" : ".user.client";
	const clients = [...new Set(gone.map((grant) => String(grant.clientId)))];
	const targets = clients.map((id) => target(id, "PublicClientApp", tenant.state.apps.get(id)?.label));
	logEvent(tenant, call, `app.oauth2.as.consent.revoke${which}`, "Consent revoked", [userTarget(tenant, userId), ...targets]);
	return noContent();
}

/** Clients that hold a grant or a refresh token of the user. */
function listClients(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const held = [...(tenant.state.userGrants.get(user.id) ?? []), ...(tenant.state.refreshTokens?.get(user.id) ?? [])];
	const items = [...new Set(held.map((one) => String(one.clientId)))].map((id) => {
		const path = `/api/v1/users/${user.id}/clients/${id}`;
		const client = { client_id: id, client_name: String(tenant.state.apps.get(id)?.label ?? id), client_uri: null, logo_uri: null };
		return stored(tenant, { ...client, _links: { grants: link(tenant, `${path}/grants`), tokens: link(tenant, `${path}/tokens`) } });
	});
	return { status: 200, list: { items } };
}

function tokensAt(call: Call): { userId: string; clientId: string; all: Raw[]; mine: Raw[] } {
	const user = liveUserAt(call, "userId");
	const clientId = param(call, "clientId");
	clientAt(call, user.id, clientId);
	const all = call.tenant.state.refreshTokens?.get(user.id) ?? [];
	return { userId: user.id, clientId, all, mine: all.filter((token) => token.clientId === clientId) };
}

function renderToken(call: Call, userId: string, clientId: string, token: Raw): Raw {
	const { tenant } = call;
	const path = `/api/v1/users/${userId}/clients/${clientId}/tokens/${idOf(token)}`;
	const links = {
		...appLinks(tenant, clientId),
		self: link(tenant, path, "GET", "DELETE"),
		revoke: link(tenant, path, "DELETE"),
		user: link(tenant, `/api/v1/users/${userId}`),
	};
	const scopes = Array.isArray(token.scopes) ? token.scopes.map((scope) => scopeOf(tenant, String(scope))) : [];
	const embedded = call.query.get("expand") === "scope" ? { _embedded: { scopes } } : {};
	return { ...stored(tenant, token), userId, issuer: tenant.url, ...embedded, _links: links };
}

function listTokens(call: Call): Reply {
	const { userId, clientId, mine } = tokensAt(call);
	return linked(call, pageOfList(mine, afterOf(call), limitOf(call, 20, 200), idOf), (token) => renderToken(call, userId, clientId, token));
}

function getToken(call: Call): Reply {
	const { userId, clientId, mine } = tokensAt(call);
	const id = param(call, "tokenId");
	const token = mine.find((one) => idOf(one) === id);
	if (!token) throw notFound(id, "OAuth2RefreshToken");
	return ok(renderToken(call, userId, clientId, token));
}

/** Takes refresh tokens of one user away. */
export function dropTokens(call: Call, userId: string, gone: readonly Raw[]): void {
	const { tenant } = call;
	const all = tenant.state.refreshTokens;
	if (!all || gone.length === 0) return;
	put(
		tenant,
		all,
		userId,
		(all.get(userId) ?? []).filter((token) => !gone.includes(token)),
	);
	for (const token of gone) {
		const client = target(String(token.clientId), "PublicClientApp", tenant.state.apps.get(String(token.clientId))?.label);
		logEvent(tenant, call, "app.oauth2.token.revoke", "OIDC token revocation request", [
			userTarget(tenant, userId),
			client,
			target(idOf(token), "refresh_token", idOf(token)),
		]);
	}
}

function revokeTokens(call: Call): Reply {
	const { userId, mine } = tokensAt(call);
	const { tokenId } = call.params;
	const gone = tokenId === undefined ? mine : mine.filter((token) => idOf(token) === tokenId);
	if (tokenId !== undefined && gone.length === 0) throw notFound(tokenId, "OAuth2RefreshToken");
	dropTokens(call, userId, gone);
	return noContent();
}

const own = "/api/v1/users/{userId}";
const client = `${own}/clients/{clientId}`;

export const userOauthRoutes: Route[] = [
	route("GET", `${own}/grants`, "users", listGrants),
	route("DELETE", `${own}/grants`, "users", revokeGrants),
	route("GET", `${own}/grants/{grantId}`, "users", getGrant),
	route("DELETE", `${own}/grants/{grantId}`, "users", revokeGrants),
	route("GET", `${own}/clients`, "users", listClients),
	route("GET", `${client}/grants`, "users", listGrants),
	route("DELETE", `${client}/grants`, "users", revokeGrants),
	route("GET", `${client}/tokens`, "users", listTokens),
	route("DELETE", `${client}/tokens`, "users", revokeTokens),
	route("GET", `${client}/tokens/{tokenId}`, "users", getToken),
	route("DELETE", `${client}/tokens/{tokenId}`, "users", revokeTokens),
];
