import { type Call, ok, param, type Reply, type Route, route } from "./call.js";
import { notFound } from "./errors.js";
import { idOf } from "./gen-ids.js";
import { afterOf, embedded, limitOf, pageOf, pageOfList } from "./paging.js";
import { link } from "./render.js";
import { removeAssignment, seenRoles } from "./routes-roles.js";
import type { RoleAssignment, TenantState } from "./state.js";
import { sortedKeys, type Tenant } from "./tenant.js";

type CustomRole = TenantState["customRoles"] extends Map<string, infer R> ? R : never;
type ResourceSet = TenantState["resourceSets"] extends Map<string, infer S> ? S : never;

/** Items on a page of bindings, members, roles or resource sets; the vendor names the number for bindings only. */
const PAGE = 100;

/** A custom role as it is answered. */
export function renderCustomRole(tenant: Tenant, role: CustomRole): Record<string, unknown> {
	const { permissions: _, ...rest } = role;
	const path = `/api/v1/iam/roles/${role.id}`;
	return { ...rest, _links: { self: link(tenant, path), permissions: link(tenant, `${path}/permissions`) } };
}

/** A resource set as it is answered. */
export function renderSet(tenant: Tenant, set: ResourceSet): Record<string, unknown> {
	const { resources: _, ...rest } = set;
	const path = `/api/v1/iam/resource-sets/${set.id}`;
	return { ...rest, _links: { self: link(tenant, path), resources: link(tenant, `${path}/resources`), bindings: link(tenant, `${path}/bindings`) } };
}

function byIdOrLabel<T extends { id: string; label: string }>(map: Map<string, T>, wanted: string, type: string): T {
	const found = map.get(wanted) ?? [...map.values()].find((item) => item.label === wanted);
	if (!found) throw notFound(wanted, type);
	return found;
}

/** The custom role a path names, by id or label. @throws ApiError 404 E0000007 */
export const roleOf = (call: Call): CustomRole => byIdOrLabel(call.tenant.state.customRoles, param(call, "roleIdOrLabel"), "CustomRole");
/** The resource set a path names, by id or label. @throws ApiError 404 E0000007 */
export const setOf = (call: Call): ResourceSet => byIdOrLabel(call.tenant.state.resourceSets, param(call, "resourceSetIdOrLabel"), "ResourceSet");

/** Users with a role of their own. Roles held through a group do not count. */
function assignees(call: Call): Reply {
	const { tenant } = call;
	const ids = [
		...new Set(
			seenRoles(tenant)
				.filter((role) => role.principalType === "user")
				.map((role) => role.principalId),
		),
	].sort();
	const page = pageOf(ids, afterOf(call), limitOf(call, 100, 200), (id) => {
		const path = `/api/v1/users/${id}`;
		return { id, orn: `orn:okta:directory:${tenant.state.org.id}:users:${id}`, _links: { self: link(tenant, path), roles: link(tenant, `${path}/roles`) } };
	});
	return embedded(call, page, "value");
}

function listOf<T>(call: Call, map: Map<string, T>, name: string, render: (tenant: Tenant, item: T) => unknown): Reply {
	const page = pageOf(sortedKeys(map), afterOf(call), limitOf(call, PAGE, PAGE), (id) => {
		const item = map.get(id);
		return item === undefined ? undefined : render(call.tenant, item);
	});
	return embedded(call, page, name);
}

/** A permission of a custom role. */
export function renderPermission(tenant: Tenant, role: CustomRole, label: string): Record<string, unknown> {
	const path = `/api/v1/iam/roles/${role.id}`;
	const links = { role: link(tenant, path), self: link(tenant, `${path}/permissions/${label}`) };
	return { label, created: role.created, lastUpdated: role.lastUpdated, _links: links };
}

function permissions(call: Call): Reply {
	const role = roleOf(call);
	return ok({ permissions: role.permissions.map((label) => renderPermission(call.tenant, role, label)) });
}

/** Assignments of custom roles within one resource set. */
function assignmentsIn(tenant: Tenant, setId: string): RoleAssignment[] {
	return seenRoles(tenant).filter((role) => role.resourceSet === setId && role.role !== undefined);
}

function bindings(call: Call): Reply {
	const { tenant } = call;
	const set = setOf(call);
	const path = `/api/v1/iam/resource-sets/${set.id}`;
	const ids = [...new Set(assignmentsIn(tenant, set.id).map((role) => role.role ?? ""))].sort();
	const page = pageOf(ids, afterOf(call), limitOf(call, PAGE, PAGE), (id) => ({
		id,
		_links: { self: link(tenant, `/api/v1/iam/roles/${id}`), members: link(tenant, `${path}/bindings/${id}/members`) },
	}));
	return embedded(call, page, "roles", { self: link(tenant, `${path}/bindings`), "resource-set": link(tenant, path) });
}

/** Members of the binding a path names. @throws ApiError 404 when it has none */
export function membersOf(call: Call): { path: string; members: RoleAssignment[] } {
	const set = setOf(call);
	const wanted = param(call, "roleIdOrLabel");
	const custom = call.tenant.state.customRoles;
	const id = custom.has(wanted) ? wanted : ([...custom.values()].find((role) => role.label === wanted)?.id ?? wanted);
	const members = assignmentsIn(call.tenant, set.id).filter((role) => role.role === id);
	if (members.length === 0) throw notFound(wanted, "ResourceSetBinding");
	return { path: `/api/v1/iam/resource-sets/${set.id}/bindings/${id}`, members };
}

function binding(call: Call): Reply {
	const { path } = membersOf(call);
	const links = {
		self: link(call.tenant, path),
		members: link(call.tenant, `${path}/members`),
		"resource-set": link(call.tenant, path.replace(/\/bindings\/.*/, "")),
	};
	return ok({ id: path.split("/").at(-1), _links: links });
}

const MEMBER_PATHS = { user: "/api/v1/users", group: "/api/v1/groups", client: "/oauth2/v1/clients" } as const;

function renderMember(tenant: Tenant, role: RoleAssignment): Record<string, unknown> {
	return {
		id: role.id,
		created: role.created,
		lastUpdated: role.lastUpdated,
		_links: { self: link(tenant, `${MEMBER_PATHS[role.principalType]}/${role.principalId}`) },
	};
}

function members(call: Call): Reply {
	const { path, members: list } = membersOf(call);
	const page = pageOfList(list, afterOf(call), limitOf(call, PAGE, PAGE), (role) => role.id);
	const links = { self: link(call.tenant, `${path}/members`), binding: link(call.tenant, path) };
	return embedded(call, { ...page, items: page.items.map((role) => renderMember(call.tenant, role)) }, "members", links);
}

/** A member of a binding, by the id of its assignment. */
function memberAt(call: Call): RoleAssignment {
	const id = param(call, "memberId");
	const found = membersOf(call).members.find((role) => role.id === id);
	if (!found) throw notFound(id, "ResourceSetBindingMember");
	return found;
}

interface Resource {
	id: string;
	orn: string;
	created: string;
	lastUpdated: string;
}

/** Resources of a set; their ids follow from set and name, so they outlive changes to others. */
export function resourcesOf(set: ResourceSet): Resource[] {
	return set.resources.map((orn) => ({ id: idOf("ire", `${set.id}/${orn}`), orn, created: set.created, lastUpdated: set.lastUpdated }));
}

/** A resource of a set as it is answered. */
export function renderResource(tenant: Tenant, set: ResourceSet, resource: Resource): Record<string, unknown> {
	return { ...resource, _links: { resource: link(tenant, `/api/v1/iam/resource-sets/${set.id}/resources/${resource.id}`) } };
}

function resources(call: Call): Reply {
	const { tenant } = call;
	const set = setOf(call);
	const path = `/api/v1/iam/resource-sets/${set.id}`;
	const page = pageOfList(resourcesOf(set), afterOf(call), limitOf(call, 100, 100), (resource) => resource.id);
	const items = page.items.map((resource) => renderResource(tenant, set, resource));
	return embedded(call, { ...page, items }, "resources", { "resource-set": link(tenant, path) });
}

const sets = "/api/v1/iam/resource-sets";
const set = `${sets}/{resourceSetIdOrLabel}`;
const bound = `${set}/bindings/{roleIdOrLabel}`;

export const iamRoutes: Route[] = [
	route("GET", "/api/v1/iam/assignees/users", "roles", assignees),
	route("GET", "/api/v1/iam/roles", "roles", (call) => listOf(call, call.tenant.state.customRoles, "roles", renderCustomRole)),
	route("GET", "/api/v1/iam/roles/{roleIdOrLabel}", "roles", (call) => ok(renderCustomRole(call.tenant, roleOf(call)))),
	route("GET", "/api/v1/iam/roles/{roleIdOrLabel}/permissions", "roles", permissions),
	route("GET", sets, "roles", (call) => listOf(call, call.tenant.state.resourceSets, "resource-sets", renderSet)),
	route("GET", set, "roles", (call) => ok(renderSet(call.tenant, setOf(call)))),
	route("GET", `${set}/bindings`, "roles", bindings),
	route("GET", bound, "roles", binding),
	route("GET", `${bound}/members`, "roles", members),
	route("GET", `${bound}/members/{memberId}`, "roles", (call) => ok(renderMember(call.tenant, memberAt(call)))),
	route("DELETE", `${bound}/members/{memberId}`, "roles", (call) => removeAssignment(call, memberAt(call))),
	route("GET", `${set}/resources`, "roles", resources),
];
