import type { Caller } from "./call.js";
import { isEveryone } from "./members.js";
import type { TenantState } from "./state.js";

/** What each standard role may read and write, by resource; `*` is everything. Read-only resources carry no `!`. */
const ROLE_RIGHTS: Record<string, readonly string[]> = {
	SUPER_ADMIN: ["*", "*!"],
	ORG_ADMIN: [
		"*",
		...["users", "groups", "apps", "policies", "authenticators", "networkZones", "trustedOrigins", "eventHooks", "features", "threatInsights", "idps"].map(
			(r) => `${r}!`,
		),
		...["devices", "logStreams", "behaviors", "orgs", "userRisk"].map((r) => `${r}!`),
	],
	READ_ONLY_ADMIN: ["*", "-apiTokens"],
	APP_ADMIN: ["users", "groups", "apps", "apps!", "appGrants", "appGrants!", "policies", "logs", "orgs"],
	USER_ADMIN: ["users", "users!", "groups", "groups!", "logs"],
	HELP_DESK_ADMIN: ["users", "groups", "users.help!"],
	GROUP_MEMBERSHIP_ADMIN: ["users", "groups", "groups.members!"],
	REPORT_ADMIN: ["users", "groups", "apps", "logs"],
	API_ACCESS_MANAGEMENT_ADMIN: ["users", "groups", "apps", "apiTokens", "logs"],
	MOBILE_ADMIN: ["users", "groups", "devices", "devices!"],
};

/** What a permission of a custom role opens. */
const PERMISSION_RIGHTS: Record<string, readonly string[]> = {
	"okta.users.read": ["users"],
	"okta.users.manage": ["users", "users!"],
	"okta.users.create": ["users", "users!"],
	"okta.users.lifecycle.manage": ["users", "users!"],
	"okta.users.credentials.manage": ["users", "users.help!"],
	"okta.users.userprofile.manage": ["users", "users!"],
	"okta.users.groupMembership.manage": ["users", "groups.members!"],
	"okta.groups.read": ["groups"],
	"okta.groups.manage": ["groups", "groups!"],
	"okta.groups.members.manage": ["groups", "groups.members!"],
	"okta.apps.read": ["apps"],
	"okta.apps.manage": ["apps", "apps!"],
	"okta.apps.assignment.manage": ["apps", "apps!"],
	"okta.policies.read": ["policies"],
	"okta.policies.manage": ["policies", "policies!"],
	"okta.iam.read": ["roles"],
};

const HELP_DESK = /\/lifecycle\/(reset_password|reset_factors|unlock|expire_password|expire_password_with_temp_password)$|\/sessions$|\/factors\/[^/]+$/;
const MEMBERSHIP = /^\/api\/v1\/groups\/\{groupId\}\/users\/\{userId\}$/;

/** Every right the caller's roles and permissions add up to. */
function grantsOf(caller: Caller): Set<string> {
	const grants = new Set<string>();
	for (const role of caller.roles) for (const right of ROLE_RIGHTS[role] ?? []) grants.add(right);
	for (const permission of caller.permissions) for (const right of PERMISSION_RIGHTS[permission] ?? []) grants.add(right);
	return grants;
}

/** Whether the caller's admin roles allow an operation of that resource. Resource sets are not narrowed down. */
export function roleAllows(caller: Caller, resource: string, method: string, template: string): boolean {
	const grants = grantsOf(caller);
	if (method === "GET") {
		if (grants.has(resource)) return true;
		const denied = grants.has(`-${resource}`) && !caller.roles.has("SUPER_ADMIN") && !caller.roles.has("ORG_ADMIN");
		return grants.has("*") && !denied;
	}
	if (grants.has("*!") || grants.has(`${resource}!`)) return true;
	if (MEMBERSHIP.test(template)) return grants.has("groups.members!");
	return resource === "users" && HELP_DESK.test(template) && grants.has("users.help!");
}

/** Whether the access token's scopes allow an operation; `manage` covers `read`. SSWS callers have no scopes to miss. */
export function scopeAllows(caller: Caller, resource: string, method: string): boolean {
	if (caller.scopes === undefined) return true;
	return caller.scopes.has(`okta.${resource}.manage`) || (method === "GET" && caller.scopes.has(`okta.${resource}.read`));
}

/** The scope whose absence a refusal names. */
export function scopeName(resource: string, method: string): string {
	return `okta.${resource}.${method === "GET" ? "read" : "manage"}`;
}

/** Role types and custom permissions of one principal, through groups as well. */
export function rightsOf(state: TenantState, kind: "user" | "client", id: string): { roles: Set<string>; permissions: Set<string> } {
	const roles = new Set<string>();
	const permissions = new Set<string>();
	for (const assignment of state.roles) {
		if (assignment.status !== "ACTIVE") continue;
		const direct = assignment.principalType === kind && assignment.principalId === id;
		const group = assignment.principalType === "group" && kind === "user" ? assignment.principalId : undefined;
		const through = group !== undefined && (state.members.get(group)?.has(id) || isEveryone(state.groups.get(group)));
		if (!direct && !through) continue;
		roles.add(assignment.type);
		const custom = assignment.role === undefined ? undefined : state.customRoles.get(assignment.role);
		for (const permission of custom?.permissions ?? []) permissions.add(permission);
	}
	return { roles, permissions };
}
