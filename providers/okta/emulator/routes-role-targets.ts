import { type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, notFound } from "./errors.js";
import { demandLicence } from "./licence.js";
import { afterOf, limitOf, linked, pageOfList } from "./paging.js";
import { link } from "./render.js";
import { principalOf, principalTarget, roleAt, samePrincipal, seenRoles, targetGroupsOf } from "./routes-roles.js";
import type { RoleAssignment } from "./state.js";
import { logEvent, target } from "./syslog.js";
import { iso, setRoles, type Tenant } from "./tenant.js";

/** Roles whose reach groups narrow, and the one apps narrow. */
const GROUP_ROLES = ["USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"];
const APP_ROLES = ["APP_ADMIN"];

type Field = "targetGroups" | "targetApps";

function change(call: Call, role: RoleAssignment, field: Field, list: readonly string[] | undefined): void {
	const { tenant } = call;
	const { [field]: _, ...rest } = role;
	const next: RoleAssignment = { ...rest, lastUpdated: iso(tenant.now()), ...(list === undefined ? {} : { [field]: [...list] }) };
	setRoles(
		tenant,
		tenant.state.roles.map((one) => (one.id === role.id ? next : one)),
	);
	const event =
		role.principalType === "user"
			? "user.account.privilege.grant"
			: role.principalType === "group"
				? "group.privilege.grant"
				: "app.oauth2.client.privilege.grant";
	logEvent(tenant, call, event, "Change the targets of a privilege", [principalTarget(tenant, role), target(role.id, "ROLE", role.label)]);
}

function add(call: Call, field: Field, name: string, drops: (kept: string) => boolean = () => false): Reply {
	const role = roleAt(call);
	const allowed = field === "targetGroups" ? GROUP_ROLES : APP_ROLES;
	if (!allowed.includes(role.type)) throw apiError("E0000001", "roleAssignmentId", [`roleAssignmentId: The role ${role.type} has no such targets.`]);
	const before = role[field] ?? [];
	if (!before.includes(name)) change(call, role, field, [...before.filter((kept) => !drops(kept)), name]);
	return noContent();
}

/** The last target stays: without it the role would reach everything. */
function remove(call: Call, field: Field, name: string): Reply {
	const role = roleAt(call);
	const before = role[field] ?? [];
	if (!before.includes(name)) throw notFound(name, "RoleTarget");
	if (before.length === 1) throw apiError("E0000001", "target", ["target: The last target of a role assignment can't be removed."]);
	change(
		call,
		role,
		field,
		before.filter((kept) => kept !== name),
	);
	return noContent();
}

function listGroups(call: Call): Reply {
	const items = targetGroupsOf(call.tenant, roleAt(call));
	return linked(
		call,
		pageOfList(items, afterOf(call), limitOf(call, 20, 200), (group) => String(group.id)),
		(group) => group,
	);
}

/** Parameter names differ between the three kinds of assignee. */
function targetGroup(call: Call): string {
	const id = param(call, call.params.targetGroupId === undefined ? "groupId" : "targetGroupId");
	if (!call.tenant.state.groups.has(id)) throw notFound(id, "UserGroup");
	return id;
}

/** A catalogue app, or with `/` one app of that name, as the vendor's catalogue shows it. */
function catalogApp(tenant: Tenant, name: string): Record<string, unknown> {
	const [key = "", appId] = name.split("/");
	const app = appId === undefined ? [...tenant.state.apps.values()].find((one) => one.name === key) : tenant.state.apps.get(appId);
	const path = appId === undefined ? `/api/v1/catalog/apps/${key}` : `/api/v1/apps/${appId}`;
	const shown = { name: key, displayName: String(app?.label ?? key), status: "ACTIVE", category: "SSO", features: app?.features ?? [] };
	const mode = app?.signOnMode === undefined ? [] : [app.signOnMode];
	return { ...(appId === undefined ? {} : { id: appId }), ...shown, signOnModes: mode, _links: { self: link(tenant, path) } };
}

function listApps(call: Call): Reply {
	const names = roleAt(call).targetApps ?? [];
	return linked(
		call,
		pageOfList(names, afterOf(call), limitOf(call, 20, 200), (name) => name),
		(name) => catalogApp(call.tenant, name),
	);
}

function appName(call: Call): string {
	const { appName: name = "", appId } = call.params;
	const known = [...call.tenant.state.apps].some(([id, app]) => app.name === name && (appId === undefined || id === appId));
	if (!known) throw notFound(appId ?? name, appId === undefined ? "App" : "AppInstance");
	return appId === undefined ? name : `${name}/${appId}`;
}

/** A whole catalogue app takes the place of its single instances. */
function addApp(call: Call): Reply {
	const name = appName(call);
	return add(call, "targetApps", name, (kept) => kept.startsWith(`${name}/`));
}

/** PUT …/targets/catalog/apps: the role reaches all apps again. */
function allApps(call: Call): Reply {
	const role = roleAt(call);
	if (!APP_ROLES.includes(role.type)) throw apiError("E0000001", "roleAssignmentId", [`roleAssignmentId: The role ${role.type} has no such targets.`]);
	change(call, role, "targetApps", undefined);
	return ok({});
}

/** GET …/roles/{id}/targets: where a user's role holds, by the role's type or id. */
function listTargets(call: Call): Reply {
	const { tenant } = call;
	const principal = principalOf(call);
	const wanted = param(call, "roleIdOrEncodedRoleId");
	const roles = seenRoles(tenant).filter((role) => samePrincipal(role, principal) && (role.id === wanted || role.type === wanted || role.role === wanted));
	const org = tenant.state.org.id;
	const items = roles.flatMap((role) => [
		...(role.targetGroups ?? []).map((id) => ({
			assignmentType: "USER",
			orn: `orn:okta:directory:${org}:groups:${id}`,
			_links: { self: link(tenant, `/api/v1/groups/${id}`) },
		})),
		...(role.targetApps ?? []).map((name) => {
			const [key, appId] = name.split("/");
			const self = appId === undefined ? link(tenant, `/api/v1/apps?filter=${encodeURIComponent(`name eq "${key}"`)}`) : link(tenant, `/api/v1/apps/${appId}`);
			return { assignmentType: "USER", orn: `orn:okta:idp:${org}:apps:${name.replace("/", ":")}`, _links: { self } };
		}),
	]);
	return linked(
		call,
		pageOfList(items, afterOf(call), limitOf(call, 20, 200), (item) => item.orn),
		(item) => item,
	);
}

/** Where a user's role comes from by governance: assignments made by hand only, here. */
function governance(call: Call): Reply {
	demandLicence(call, "identity-governance");
	const role = roleAt(call);
	const path = `/api/v1/users/${role.principalId}/roles/${role.id}/governance`;
	return ok({ grants: [], _links: { self: link(call.tenant, path), assignee: link(call.tenant, `/api/v1/users/${role.principalId}`) } });
}

const users = "/api/v1/users/{userId}/roles";

export const roleTargetRoutes: Route[] = [
	...[
		[users, "groupId"],
		["/api/v1/groups/{groupId}/roles", "targetGroupId"],
		["/oauth2/v1/clients/{clientId}/roles", "groupId"],
	].flatMap(([base, group]) => {
		const targets = `${base}/{roleAssignmentId}/targets`;
		const apps = `${targets}/catalog/apps`;
		const one = `${targets}/groups/{${group}}`;
		return [
			route("GET", `${targets}/groups`, "roles", listGroups),
			route("PUT", one, "roles", (call) => add(call, "targetGroups", targetGroup(call))),
			route("DELETE", one, "roles", (call) => remove(call, "targetGroups", targetGroup(call))),
			route("GET", apps, "roles", listApps),
			...["{appName}", "{appName}/{appId}"].flatMap((tail) => [
				route("PUT", `${apps}/${tail}`, "roles", addApp),
				route("DELETE", `${apps}/${tail}`, "roles", (call) => remove(call, "targetApps", appName(call))),
			]),
		];
	}),
	route("PUT", `${users}/{roleAssignmentId}/targets/catalog/apps`, "roles", allApps),
	route("GET", `${users}/{roleIdOrEncodedRoleId}/targets`, "roles", listTargets),
	route("GET", `${users}/{roleAssignmentId}/governance`, "roles", governance),
];
