import { type Call, flag, noContent, ok, type Reply, type Route, route } from "./call.js";
import * as lifecycle from "./lifecycle.js";
import { groupsOf } from "./members.js";
import { renderGroup, renderUser, userTag } from "./render.js";
import { logEvent, userTarget } from "./syslog.js";
import { drop } from "./tenant.js";
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

function clearSessions(call: Call): Reply {
	const { tenant } = call;
	const user = userAt(call, "userId");
	drop(tenant, tenant.state.sessions, user.id);
	if (flag(call, "oauthTokens", false) && tenant.state.refreshTokens) drop(tenant, tenant.state.refreshTokens, user.id);
	logEvent(tenant, call, "user.session.clear", "Clear user session", [userTarget(tenant, user.id)]);
	return noContent();
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

function noBlocks(call: Call): Reply {
	liveUserAt(call, "id");
	return ok([]);
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
];
