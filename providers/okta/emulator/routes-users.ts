import { bodyOf, type Call, flag, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import * as lifecycle from "./lifecycle.js";
import { groupsOf } from "./members.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { link, renderFactor, renderGroup, renderUser, stored, userTag } from "./render.js";
import { logEvent, target, userTarget } from "./syslog.js";
import { asOf, drop, put } from "./tenant.js";
import { liveUserAt, seenUserAt, userAt } from "./users-find.js";
import { listUsers, omitParts } from "./users-list.js";
import { createUser, replaceUser, updateUser } from "./users-write.js";

function getUser(call: Call): Reply {
	const user = seenUserAt(call, "id");
	const body = omitParts(call, renderUser(call.tenant, user));
	return ok(call.query.get("expand") === "blocks" ? { ...body, _embedded: { blocks: [] } } : body, { ETag: userTag(user) });
}

function listGroups(call: Call): Reply {
	const user = liveUserAt(call, "id");
	const { tenant } = call;
	const items = groupsOf(tenant, user.id).flatMap((id) => {
		const group = tenant.state.groups.get(id);
		return group ? [renderGroup(tenant, group)] : [];
	});
	return { status: 200, list: { items } };
}

function listFactors(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const { state, knobs } = call.tenant;
	const factors = asOf(call.tenant, `factors:${user.id}`, state.factors.get(user.id) ?? [], knobs.statusLagMs);
	return { status: 200, list: { items: factors.map((factor) => renderFactor(call.tenant, user.id, factor)) } };
}

function getFactor(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const id = param(call, "factorId");
	const factor = call.tenant.state.factors.get(user.id)?.find((f) => f.id === id);
	if (!factor) throw notFound(id, "UserFactor");
	return ok(renderFactor(call.tenant, user.id, factor));
}

/** Removing push or FastPass removes the whole of Okta Verify. */
function deleteFactor(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "userId");
	if (user.status === "DEPROVISIONED") throw notFound(user.id, "User");
	const id = param(call, "factorId");
	const factors = tenant.state.factors.get(user.id) ?? [];
	const gone = factors.find((f) => f.id === id);
	if (!gone) throw notFound(id, "UserFactor");
	const verify = ["push", "signed_nonce"];
	const whole = verify.includes(String(gone.factorType)) && gone.provider === "OKTA";
	const isVerify = (type: unknown): boolean => [...verify, "token:software:totp"].includes(String(type));
	const left = factors.filter((f) => f.id !== id && !(whole && f.provider === "OKTA" && isVerify(f.factorType)));
	put(tenant, tenant.state.factors, user.id, left, `factors:${user.id}`);
	logEvent(tenant, call, "user.mfa.factor.deactivate", "Reset factor for user", [
		userTarget(tenant, user.id),
		target(id, "AuthenticatorEnrollment", gone.factorType),
	]);
	return noContent();
}

function clearSessions(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "userId");
	drop(tenant, tenant.state.sessions, user.id);
	if (flag(call, "oauthTokens", false) && tenant.state.refreshTokens) drop(tenant, tenant.state.refreshTokens, user.id);
	logEvent(tenant, call, "user.session.clear", "Clear user session", [userTarget(tenant, user.id)]);
	return noContent();
}

const idOf = (object: Record<string, unknown>): string => String(object.id ?? "");

function renderGrant(call: Call, userId: string, grant: Record<string, unknown>): Record<string, unknown> {
	const { tenant } = call;
	const scope = call.query.get("expand") === "scope" ? { _embedded: { scope: { id: grant.scopeId } } } : {};
	const links = {
		self: link(tenant, `/api/v1/users/${userId}/grants/${idOf(grant)}`, "GET", "DELETE"),
		app: link(tenant, `/api/v1/apps/${String(grant.clientId)}`),
		user: link(tenant, `/api/v1/users/${userId}`),
		client: link(tenant, `/oauth2/v1/clients/${String(grant.clientId)}`),
	};
	return { issuer: tenant.url, userId, ...stored(tenant, grant), ...scope, _links: links };
}

function listGrants(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const scopeId = call.query.get("scopeId");
	const clientId = call.params.clientId;
	const grants = (call.tenant.state.userGrants.get(user.id) ?? []).filter(
		(grant) => (scopeId === null || grant.scopeId === scopeId) && (clientId === undefined || grant.clientId === clientId),
	);
	return linked(call, pageOfList(grants, afterOf(call), limitOf(call, 20, 200), idOf), (grant) => renderGrant(call, user.id, grant));
}

function getGrant(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const id = param(call, "grantId");
	const grant = call.tenant.state.userGrants.get(user.id)?.find((g) => g.id === id);
	if (!grant) throw notFound(id, "OAuth2ScopeConsentGrant");
	return ok(renderGrant(call, user.id, grant));
}

function revokeGrants(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const { grantId, clientId } = call.params;
	const grants = tenant.state.userGrants.get(user.id) ?? [];
	const goes = (grant: Record<string, unknown>): boolean =>
		grantId !== undefined ? grant.id === grantId : clientId === undefined || grant.clientId === clientId;
	if (grantId !== undefined && !grants.some(goes)) throw notFound(grantId, "OAuth2ScopeConsentGrant");
	put(
		tenant,
		tenant.state.userGrants,
		user.id,
		grants.filter((grant) => !goes(grant)),
	);
	const event = grantId === undefined ? "app.oauth2.as.consent.revoke.user" : "app.oauth2.as.consent.revoke";
	logEvent(tenant, call, event, "Revoke consent of a user", [userTarget(tenant, user.id)]);
	return noContent();
}

function listClients(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const ids = new Set((tenant.state.userGrants.get(user.id) ?? []).map((grant) => String(grant.clientId)));
	const items = [...ids].map((id) => {
		const path = `/api/v1/users/${user.id}/clients/${id}`;
		const links = { grants: link(tenant, `${path}/grants`), tokens: link(tenant, `${path}/tokens`) };
		return { client_id: id, client_name: String(tenant.state.apps.get(id)?.label ?? id), _links: links };
	});
	return { status: 200, list: { items } };
}

function tokens(call: Call): Reply {
	const user = liveUserAt(call, "userId");
	const own = call.tenant.state.refreshTokens?.get(user.id) ?? [];
	const path = `/api/v1/users/${user.id}/clients/${param(call, "clientId")}/tokens`;
	const kept = own.filter((token) => token.clientId === call.params.clientId);
	return linked(call, pageOfList(kept, afterOf(call), limitOf(call, 20, 200), idOf), (token) => ({
		...token,
		_links: { self: link(call.tenant, `${path}/${idOf(token)}`) },
	}));
}

function listAppLinks(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "id");
	const items = [...tenant.state.apps].flatMap(([appId, app], index) => {
		const direct = tenant.state.appUsers.get(appId)?.get(user.id);
		const groups = [...(tenant.state.appGroups.get(appId)?.keys() ?? [])];
		if (!direct && !groups.some((groupId) => tenant.state.members.get(groupId)?.has(user.id))) return [];
		const label = String(app.label ?? "");
		const assignment = { appAssignmentId: String(direct?.id ?? user.id), appInstanceId: appId, appName: String(app.name ?? ""), credentialsSetup: false };
		const shown = { label, linkUrl: `${tenant.url}/home/${String(app.name)}/${appId}`, logoUrl: `${tenant.url}/img/logos/${appId}.png` };
		return [{ id: appId, ...shown, ...assignment, hidden: false, sortOrder: index }];
	});
	return { status: 200, list: { items } };
}

function getRisk(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const links = { self: link(tenant, `/api/v1/users/${user.id}/risk`, "GET", "PUT"), user: link(tenant, `/api/v1/users/${user.id}`, "GET") };
	const riskLevel = tenant.state.userRisk?.get(user.id) ?? "NONE";
	return ok({ riskLevel, ...(riskLevel === "NONE" ? {} : { reason: "Risk level changed by a detected entity risk" }), _links: links });
}

function putRisk(call: Call): Reply {
	const { tenant } = call;
	const user = liveUserAt(call, "userId");
	const riskLevel = bodyOf(call).riskLevel;
	if (riskLevel !== "LOW" && riskLevel !== "MEDIUM" && riskLevel !== "HIGH") throw invalid("riskLevel", "Must be LOW, MEDIUM or HIGH");
	tenant.state.userRisk ??= new Map();
	put(tenant, tenant.state.userRisk, user.id, riskLevel);
	logEvent(tenant, call, "user.risk.change", "User risk level changed", [userTarget(tenant, user.id)]);
	return getRisk(call);
}

function noBlocks(call: Call): Reply {
	liveUserAt(call, "id");
	return ok([]);
}

function unsupported(): Reply {
	throw apiError("E0000060");
}

const user = "/api/v1/users/{id}";
const own = "/api/v1/users/{userId}";

export const userRoutes: Route[] = [
	route("GET", "/api/v1/users", "users", listUsers),
	route("POST", "/api/v1/users", "users", createUser),
	route("GET", user, "users", getUser),
	route("POST", user, "users", updateUser),
	route("PUT", user, "users", replaceUser),
	route("DELETE", user, "users", lifecycle.deleteUser),
	route("GET", `${user}/groups`, "users", listGroups),
	route("GET", `${user}/appLinks`, "users", listAppLinks),
	route("GET", `${user}/blocks`, "users", noBlocks),
	route("POST", `${user}/lifecycle/activate`, "users", lifecycle.activate),
	route("POST", `${user}/lifecycle/reactivate`, "users", lifecycle.reactivate),
	route("POST", `${user}/lifecycle/deactivate`, "users", lifecycle.deactivate),
	route("POST", `${user}/lifecycle/suspend`, "users", lifecycle.suspend),
	route("POST", `${user}/lifecycle/unsuspend`, "users", lifecycle.unsuspend),
	route("POST", `${user}/lifecycle/unlock`, "users", lifecycle.unlock),
	route("POST", `${user}/lifecycle/expire_password`, "users", lifecycle.expirePassword),
	route("POST", `${user}/lifecycle/expire_password_with_temp_password`, "users", lifecycle.expirePasswordWithTemp),
	route("POST", `${user}/lifecycle/reset_password`, "users", lifecycle.resetPassword),
	route("POST", `${user}/lifecycle/reset_factors`, "users", lifecycle.resetFactors),
	route("DELETE", `${own}/sessions`, "users", clearSessions),
	route("GET", `${own}/factors`, "users", listFactors),
	route("POST", `${own}/factors`, "users", unsupported),
	route("GET", `${own}/factors/{factorId}`, "users", getFactor),
	route("DELETE", `${own}/factors/{factorId}`, "users", deleteFactor),
	route("GET", `${own}/grants`, "users", listGrants),
	route("DELETE", `${own}/grants`, "users", revokeGrants),
	route("GET", `${own}/grants/{grantId}`, "users", getGrant),
	route("DELETE", `${own}/grants/{grantId}`, "users", revokeGrants),
	route("GET", `${own}/clients`, "users", listClients),
	route("GET", `${own}/clients/{clientId}/grants`, "users", listGrants),
	route("DELETE", `${own}/clients/{clientId}/grants`, "users", revokeGrants),
	route("GET", `${own}/clients/{clientId}/tokens`, "users", tokens),
	route("GET", `${own}/risk`, "userRisk", getRisk),
	route("PUT", `${own}/risk`, "userRisk", putRisk),
];
