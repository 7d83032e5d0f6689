import { createHash } from "node:crypto";
import type { Group, User, UserFactor } from "@okta/okta-sdk-nodejs";
import { withoutNulls } from "./call.js";
import type { RoleAssignment, Wire } from "./state.js";
import type { Tenant } from "./tenant.js";

interface Link {
	href: string;
	method?: string;
	hints?: { allow: string[] };
}

export function link(tenant: Tenant, path: string, ...allow: string[]): Link {
	return allow.length === 0 ? { href: `${tenant.url}${path}` } : { href: `${tenant.url}${path}`, hints: { allow } };
}

/** Lifecycle operations the vendor links from a user in each status. */
const USER_LINKS: Record<string, readonly string[]> = {
	STAGED: ["activate", "deactivate"],
	PROVISIONED: ["reactivate", "resetPassword", "resetFactors", "deactivate"],
	ACTIVE: ["suspend", "resetPassword", "expirePassword", "resetFactors", "deactivate"],
	PASSWORD_EXPIRED: ["suspend", "resetPassword", "resetFactors", "deactivate"],
	LOCKED_OUT: ["unlock", "resetPassword", "resetFactors", "deactivate"],
	RECOVERY: ["suspend", "resetPassword", "resetFactors", "deactivate"],
	SUSPENDED: ["unsuspend", "deactivate"],
	DEPROVISIONED: ["activate"],
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A user as read by id, or with `full` false as a member of a list, where only the self link is given. */
export function renderUser(tenant: Tenant, user: Wire<User>, full = true): Record<string, unknown> {
	const path = `/api/v1/users/${user.id}`;
	const links: Record<string, Link> = {};
	if (full) for (const name of USER_LINKS[user.status ?? ""] ?? []) links[name] = { href: `${tenant.url}${path}/lifecycle/${snake(name)}`, method: "POST" };
	links.self = { href: `${tenant.url}${path}` };
	const { transitioningToStatus, ...rest } = user;
	const profile = rest.profile === undefined ? {} : { profile: stored(tenant, rest.profile) };
	return { ...rest, ...profile, ...(transitioningToStatus ? { transitioningToStatus } : {}), _links: links };
}

/** Entity tag of a user: changes whenever what is stored changes. */
export function userTag(user: Wire<User>): string {
	return `W/"${createHash("sha1").update(JSON.stringify(user)).digest("hex").slice(0, 24)}"`;
}

export function renderGroup(tenant: Tenant, group: Wire<Group>): Record<string, unknown> {
	const path = `/api/v1/groups/${group.id}`;
	const logo = ["medium", "large"].map((name) => ({ name, href: `${tenant.url}/img/logos/groups/okta-${name}.png`, type: "image/png" }));
	const source = (group as { source?: { id?: string } }).source?.id;
	const { source: _, ...rest } = group as Wire<Group> & { source?: unknown };
	return {
		...stored(tenant, rest),
		_links: {
			logo,
			users: link(tenant, `${path}/users`),
			apps: link(tenant, `${path}/apps`),
			...(source === undefined ? {} : { source: link(tenant, `/api/v1/apps/${source}`) }),
		},
	};
}

export function renderFactor(tenant: Tenant, userId: string, factor: Wire<UserFactor>): Record<string, unknown> {
	const path = `/api/v1/users/${userId}/factors/${factor.id}`;
	const links: Record<string, Link> = { self: link(tenant, path, "GET", "DELETE"), user: link(tenant, `/api/v1/users/${userId}`, "GET") };
	if (factor.status === "ACTIVE") links.verify = link(tenant, `${path}/verify`, "POST");
	if (factor.status === "PENDING_ACTIVATION") links.activate = link(tenant, `${path}/lifecycle/activate`, "POST");
	return { ...stored(tenant, factor), _links: links };
}

const PRINCIPAL_PATHS = { user: "/api/v1/users", group: "/api/v1/groups", client: "/oauth2/v1/clients" } as const;

/** A role assignment: standard, or custom with its role, resource set and their links. */
export function renderRole(tenant: Tenant, role: RoleAssignment): Record<string, unknown> {
	const base = {
		id: role.id,
		label: role.label,
		type: role.type,
		status: role.status,
		created: role.created,
		lastUpdated: role.lastUpdated,
		assignmentType: role.principalType.toUpperCase(),
	};
	const assignee = link(tenant, `${PRINCIPAL_PATHS[role.principalType]}/${role.principalId}`);
	if (role.role === undefined || role.resourceSet === undefined) return { ...base, _links: { assignee } };
	const set = `/api/v1/iam/resource-sets/${role.resourceSet}`;
	return {
		...base,
		role: role.role,
		"resource-set": role.resourceSet,
		_links: {
			assignee,
			"resource-set": link(tenant, set),
			role: link(tenant, `/api/v1/iam/roles/${role.role}`),
			permissions: link(tenant, `/api/v1/iam/roles/${role.role}/permissions`),
			member: link(tenant, `${set}/bindings/${role.role}/members/${role.id}`),
		},
	};
}

/** A stored object as it travels, with or without its nulls. */
export function stored<T>(tenant: Tenant, object: T): T {
	return tenant.knobs.nulls === "keep" ? object : withoutNulls(object);
}

/** A raw object with its own link, and links to its activation and deactivation where it has a status. */
export function renderRaw(tenant: Tenant, object: Record<string, unknown>, path: string, allow: string[], lifecycle = false): Record<string, unknown> {
	const links: Record<string, Link> = { self: link(tenant, path, ...allow) };
	if (lifecycle) {
		const move = object.status === "ACTIVE" ? "deactivate" : "activate";
		links[move] = link(tenant, `${path}/lifecycle/${move}`, "POST");
	}
	return { ...stored(tenant, object), _links: links };
}
