import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandText, type Raw } from "./kinds.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { link } from "./render.js";
import { appAt } from "./routes-apps.js";
import { dropTokens } from "./routes-user-oauth.js";
import { logEvent, target } from "./syslog.js";
import { iso, newId, put } from "./tenant.js";

type App = Raw & { id: string };

const textOf = (value: unknown): string => String(value ?? "");

function renderGrant(call: Call, app: App, grant: Raw): Raw {
	const { tenant } = call;
	const links = {
		app: { ...link(tenant, `/api/v1/apps/${app.id}`), title: textOf(app.label) },
		self: link(tenant, `/api/v1/apps/${app.id}/grants/${textOf(grant.id)}`, "GET", "DELETE"),
		client: { ...link(tenant, `/oauth2/v1/clients/${app.id}`), title: textOf(app.label) },
	};
	const scope = call.query.get("expand") === "scope" ? { _embedded: { scope: { id: grant.scopeId } } } : {};
	return { clientId: app.id, ...grant, issuer: tenant.url, ...scope, _links: links };
}

function listGrants(call: Call): Reply {
	const app = appAt(call);
	const items = (call.tenant.state.appGrants.get(app.id) ?? []).map((grant) => renderGrant(call, app, grant));
	return { status: 200, list: { items } };
}

function grantAt(call: Call): { app: App; grant: Raw } {
	const app = appAt(call);
	const id = param(call, "grantId");
	const grant = call.tenant.state.appGrants.get(app.id)?.find((one) => one.id === id);
	if (!grant) throw notFound(id, "OAuth2ScopeConsentGrant");
	return { app, grant };
}

function revokeGrant(call: Call): Reply {
	const { tenant } = call;
	const { app, grant } = grantAt(call);
	const left = (tenant.state.appGrants.get(app.id) ?? []).filter((one) => one !== grant);
	put(tenant, tenant.state.appGrants, app.id, left);
	logEvent(tenant, call, "app.oauth2.admin.consent.revoke", "Revoke consent of an app", [target(app.id, "AppInstance", app.label)]);
	return noContent();
}

/** POST …/grants: consent to one of Okta's own scopes, issued by the org itself. A scope is granted once. */
function addGrant(call: Call): Reply {
	const { tenant } = call;
	const app = appAt(call);
	const body = bodyOf(call);
	const scopeId = demandText(body, "scopeId");
	const issuer = demandText(body, "issuer").replace(/\/$/, "");
	if (!/^okta\.[A-Za-z.]+\.(read|manage|register)$/.test(scopeId)) throw invalid("scopeId", `'scopeId' is invalid: ${scopeId}`);
	// Custom authorization servers have a path; the org's own has none, under whatever name this server is reached.
	if (!/^https?:\/\/[^/]+$/.test(issuer)) throw invalid("issuer", "'issuer' is not the org's authorization server.");
	const grants = tenant.state.appGrants.get(app.id) ?? [];
	if (grants.some((one) => one.scopeId === scopeId)) throw apiError("E0000001", "scopeId", ["scopeId: Scope consent grant already exists for this client."]);
	const now = iso(tenant.now());
	const by = call.caller.userId ?? call.caller.clientId ?? "okta.system";
	const createdBy = { id: by, type: call.caller.clientId === undefined ? "User" : "PublicClientApp" };
	const grant = { id: newId("oag"), status: "ACTIVE", created: now, createdBy, lastUpdated: now, issuer, clientId: app.id, scopeId, source: "ADMIN" };
	put(tenant, tenant.state.appGrants, app.id, [...grants, grant]);
	logEvent(tenant, call, "app.oauth2.admin.consent.grant", "Grant consent to an app", [target(app.id, "AppInstance", app.label)]);
	return { status: 201, body: renderGrant(call, app, grant) };
}

const tokensOf = (call: Call, app: App): Raw[] => [...(call.tenant.state.refreshTokens?.values() ?? [])].flat().filter((token) => token.clientId === app.id);

function renderToken(call: Call, app: App, token: Raw): Raw {
	const { tenant } = call;
	const path = `/api/v1/apps/${app.id}/tokens/${textOf(token.id)}`;
	const scopes = Array.isArray(token.scopes) ? token.scopes.map((id) => ({ id: String(id) })) : [];
	const links = {
		app: { ...link(tenant, `/api/v1/apps/${app.id}`), title: textOf(app.label) },
		self: link(tenant, path, "GET", "DELETE"),
		revoke: link(tenant, path, "DELETE"),
		client: { ...link(tenant, `/oauth2/v1/clients/${app.id}`), title: textOf(app.label) },
		user: link(tenant, `/api/v1/users/${textOf(token.userId)}`),
	};
	return { ...token, issuer: tenant.url, ...(call.query.get("expand") === "scope" ? { _embedded: { scopes } } : {}), _links: links };
}

function listTokens(call: Call): Reply {
	const app = appAt(call);
	const page = pageOfList(tokensOf(call, app), afterOf(call), limitOf(call, 20, 200), (token) => textOf(token.id));
	return linked(call, page, (token) => renderToken(call, app, token));
}

function tokenAt(call: Call): { app: App; token: Raw } {
	const app = appAt(call);
	const id = param(call, "tokenId");
	const token = tokensOf(call, app).find((one) => one.id === id);
	if (!token) throw notFound(id, "OAuth2RefreshToken");
	return { app, token };
}

function revokeTokens(call: Call): Reply {
	const app = appAt(call);
	const gone = call.params.tokenId === undefined ? tokensOf(call, app) : [tokenAt(call).token];
	for (const userId of new Set(gone.map((token) => textOf(token.userId))))
		dropTokens(
			call,
			userId,
			gone.filter((token) => token.userId === userId),
		);
	return noContent();
}

const app = "/api/v1/apps/{appId}";

export const appGrantRoutes: Route[] = [
	route("GET", `${app}/grants`, "appGrants", listGrants),
	route("POST", `${app}/grants`, "appGrants", addGrant),
	route("GET", `${app}/grants/{grantId}`, "appGrants", (call) => ok(renderGrant(call, grantAt(call).app, grantAt(call).grant))),
	route("DELETE", `${app}/grants/{grantId}`, "appGrants", revokeGrant),
	route("GET", `${app}/tokens`, "apps", listTokens),
	route("DELETE", `${app}/tokens`, "apps", revokeTokens),
	route("GET", `${app}/tokens/{tokenId}`, "apps", (call) => ok(renderToken(call, tokenAt(call).app, tokenAt(call).token))),
	route("DELETE", `${app}/tokens/{tokenId}`, "apps", revokeTokens),
];
