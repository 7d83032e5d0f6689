import { bodyOf, type Call, created, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { renderGroup, renderRole } from "./render.js";
import type { RoleAssignment } from "./state.js";
import { groupTarget, logEvent, target, userTarget } from "./syslog.js";
import { asOf, iso, newId, setRoles, type Tenant } from "./tenant.js";
import { liveUserAt } from "./users-find.js";

/** Labels of the standard roles, as the vendor's Admin Console shows them. */
const STANDARD: Record<string, string> = {
	SUPER_ADMIN: "Super Administrator",
	ORG_ADMIN: "Organization Administrator",
	APP_ADMIN: "Application Administrator",
	USER_ADMIN: "Group Administrator",
	HELP_DESK_ADMIN: "Help Desk Administrator",
	READ_ONLY_ADMIN: "Read Only Administrator",
	REPORT_ADMIN: "Report Administrator",
	API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
	GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
	WORKFLOWS_ADMIN: "Workflows Administrator",
	ACCESS_CERTIFICATIONS_ADMIN: "Access Certifications Administrator",
	ACCESS_REQUESTS_ADMIN: "Access Requests Administrator",
};

type Principal = Pick<RoleAssignment, "principalType" | "principalId">;

/** Role assignments as they are seen with the roles lag. */
export function seenRoles(tenant: Tenant): RoleAssignment[] {
	return asOf(tenant, "roles", tenant.state.roles, tenant.knobs.rolesLagMs);
}

/** Whose roles a path is about: a user, a group or a client. @throws ApiError 404 E0000007 */
export function principalOf(call: Call): Principal {
	// A path to a user's role may name a target group as well: the first part says whose role it is.
	const { groupId = "", clientId = "" } = call.params;
	if (call.template.startsWith("/api/v1/groups/")) {
		if (!call.tenant.state.groups.has(groupId)) throw notFound(groupId, "UserGroup");
		return { principalType: "group", principalId: groupId };
	}
	if (call.template.startsWith("/oauth2/v1/clients/")) {
		const known =
			call.tenant.state.apps.has(clientId) || call.caller.clientId === clientId || call.tenant.state.roles.some((role) => role.principalId === clientId);
		if (!known) throw notFound(clientId, "PublicClientApp");
		return { principalType: "client", principalId: clientId };
	}
	return { principalType: "user", principalId: liveUserAt(call, "userId").id };
}

/** Whether two role holders are the same. */
export const samePrincipal = (a: Principal, b: Principal): boolean => a.principalType === b.principalType && a.principalId === b.principalId;

/** Roles of one principal. Those a user holds through groups are not among them. */
function listRoles(call: Call): Reply {
	const { tenant } = call;
	const principal = principalOf(call);
	const expand = call.query.get("expand") === "targets/groups";
	const items = seenRoles(tenant)
		.filter((role) => samePrincipal(role, principal))
		.map((role) => {
			const body = renderRole(tenant, role);
			return expand && role.type !== "CUSTOM" ? { ...body, _embedded: { targets: { groups: targetGroupsOf(tenant, role) } } } : body;
		});
	return { status: 200, list: { items } };
}

/** Groups a role is narrowed to. */
export function targetGroupsOf(tenant: Tenant, role: RoleAssignment): Record<string, unknown>[] {
	return (role.targetGroups ?? []).flatMap((id) => {
		const group = tenant.state.groups.get(id);
		return group ? [renderGroup(tenant, group)] : [];
	});
}

/** The assignment a path names. @throws ApiError 404 E0000007 */
export function roleAt(call: Call): RoleAssignment {
	const principal = principalOf(call);
	const id = param(call, "roleAssignmentId");
	const role = seenRoles(call.tenant).find((r) => r.id === id && samePrincipal(r, principal));
	if (!role) throw notFound(id, "RoleAssignment");
	return role;
}

/** A role holder as the target of a log event. */
export function principalTarget(tenant: Tenant, { principalType, principalId }: Principal) {
	if (principalType === "user") return userTarget(tenant, principalId);
	return principalType === "group" ? groupTarget(tenant, principalId) : target(principalId, "PublicClientApp", tenant.state.apps.get(principalId)?.label);
}

const EVENTS = {
	user: ["user.account.privilege.grant", "user.account.privilege.revoke"],
	group: ["group.privilege.grant", "group.privilege.revoke"],
	client: ["app.oauth2.client.privilege.grant", "app.oauth2.client.privilege.revoke"],
} as const;

function assign(call: Call): Reply {
	const { tenant } = call;
	const principal = principalOf(call);
	const body = bodyOf(call);
	const type = String(body.type ?? "");
	const now = iso(tenant.now());
	const base = { ...principal, type, status: "ACTIVE" as const, created: now, lastUpdated: now };
	let role: RoleAssignment;
	if (type === "CUSTOM") {
		const custom = tenant.state.customRoles.get(String(body.role));
		const set = tenant.state.resourceSets.get(String(body["resource-set"]));
		if (!custom) throw notFound(String(body.role), "CustomRole");
		if (!set) throw notFound(String(body["resource-set"]), "ResourceSet");
		role = { ...base, id: newId("irb"), label: custom.label, role: custom.id, resourceSet: set.id };
	} else {
		const label = STANDARD[type];
		if (label === undefined) throw invalid("type", "The role type is not valid");
		role = { ...base, id: newId("ra1"), label };
	}
	const twice = tenant.state.roles.some((r) => samePrincipal(r, role) && r.type === role.type && r.role === role.role && r.resourceSet === role.resourceSet);
	if (twice) throw apiError("E0000090");
	setRoles(tenant, [...tenant.state.roles, role]);
	logEvent(tenant, call, EVENTS[role.principalType][0], "Grant privilege", [principalTarget(tenant, role), target(role.id, "ROLE", role.label)]);
	const rendered = renderRole(tenant, role);
	return role.principalType === "client" ? ok(rendered) : created(rendered);
}

/** Takes an assignment away and says so in the log. */
export function removeAssignment(call: Call, role: RoleAssignment): Reply {
	const { tenant } = call;
	setRoles(
		tenant,
		tenant.state.roles.filter((r) => r.id !== role.id),
	);
	const [, revoked] = EVENTS[role.principalType];
	logEvent(tenant, call, revoked, "Revoke privilege", [principalTarget(tenant, role), target(role.id, "ROLE", role.label)]);
	return noContent();
}

function unassign(call: Call): Reply {
	const principal = principalOf(call);
	const id = param(call, "roleAssignmentId");
	const role = call.tenant.state.roles.find((r) => r.id === id && samePrincipal(r, principal));
	if (!role) throw notFound(id, "RoleAssignment");
	return removeAssignment(call, role);
}

function forPrincipal(base: string): Route[] {
	const one = `${base}/{roleAssignmentId}`;
	return [
		route("GET", base, "roles", listRoles),
		route("POST", base, "roles", assign),
		route("GET", one, "roles", (call) => ok(renderRole(call.tenant, roleAt(call)))),
		route("DELETE", one, "roles", unassign),
	];
}

export const roleRoutes: Route[] = [
	...forPrincipal("/api/v1/users/{userId}/roles"),
	...forPrincipal("/api/v1/groups/{groupId}/roles"),
	...forPrincipal("/oauth2/v1/clients/{clientId}/roles"),
];
