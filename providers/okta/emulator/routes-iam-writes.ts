import { bodyOf, type Call, noContent, ok, param, type Reply, type Route, route } from "./call.js";
import { apiError, invalid, notFound } from "./errors.js";
import { demandText, type Raw } from "./kinds.js";
import { link } from "./render.js";
import { membersOf, renderCustomRole, renderPermission, renderResource, renderSet, resourcesOf, roleOf, setOf } from "./routes-iam.js";
import { removeAssignment } from "./routes-roles.js";
import type { RoleAssignment, TenantState } from "./state.js";
import { logEvent, target } from "./syslog.js";
import { drop, iso, newId, put, setRoles } from "./tenant.js";

type CustomRole = TenantState["customRoles"] extends Map<string, infer R> ? R : never;
type ResourceSet = TenantState["resourceSets"] extends Map<string, infer S> ? S : never;

const PERMISSION = /^okta\.[A-Za-z]+(\.[A-Za-z]+)+$/;

function texts(body: Raw, name: string): string[] {
	const list = body[name];
	if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== "string")) throw invalid(name, "A list of texts is required");
	return list.map(String);
}

function freshLabel(map: Map<string, { id: string; label: string }>, body: Raw, ownId?: string): string {
	const label = demandText(body, "label");
	for (const item of map.values()) if (item.label === label && item.id !== ownId) throw invalid("label", "An object with this label already exists.");
	return label;
}

function saveRole(call: Call, role: CustomRole, event: string): void {
	put(call.tenant, call.tenant.state.customRoles, role.id, role);
	logEvent(call.tenant, call, event, "Custom admin role", [target(role.id, "ROLE", role.label)]);
}

function createRole(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	const label = freshLabel(tenant.state.customRoles, body);
	const description = demandText(body, "description", 1000);
	const permissions = texts(body, "permissions");
	for (const name of permissions) if (!PERMISSION.test(name)) throw invalid("permissions", `No permission is called ${name}`);
	const now = iso(tenant.now());
	const role = { id: newId("cr0"), label, description, permissions: [...new Set(permissions)], created: now, lastUpdated: now };
	saveRole(call, role, "iam.role.create");
	return ok(renderCustomRole(tenant, role));
}

function replaceRole(call: Call): Reply {
	const { tenant } = call;
	const role = roleOf(call);
	const body = bodyOf(call);
	const label = freshLabel(tenant.state.customRoles, body, role.id);
	const next = { ...role, label, description: demandText(body, "description", 1000), lastUpdated: iso(tenant.now()) };
	saveRole(call, next, "iam.role.update");
	return ok(renderCustomRole(tenant, next));
}

/** A role that is assigned stays. */
function deleteRole(call: Call): Reply {
	const { tenant } = call;
	const role = roleOf(call);
	if (tenant.state.roles.some((one) => one.role === role.id)) throw apiError("E0000001", "role", ["role: The role is assigned and can't be deleted."]);
	drop(tenant, tenant.state.customRoles, role.id);
	logEvent(tenant, call, "iam.role.delete", "Custom admin role", [target(role.id, "ROLE", role.label)]);
	return noContent();
}

function permissionAt(call: Call): { role: CustomRole; name: string } {
	const role = roleOf(call);
	const name = param(call, "permissionType");
	if (!role.permissions.includes(name)) throw notFound(name, "Permission");
	return { role, name };
}

function addPermission(call: Call): Reply {
	const role = roleOf(call);
	const name = param(call, "permissionType");
	if (!PERMISSION.test(name)) throw notFound(name, "Permission");
	if (!role.permissions.includes(name)) {
		saveRole(call, { ...role, permissions: [...role.permissions, name], lastUpdated: iso(call.tenant.now()) }, "iam.role.permissions.add");
	}
	return noContent();
}

function removePermission(call: Call): Reply {
	const { role, name } = permissionAt(call);
	const permissions = role.permissions.filter((one) => one !== name);
	saveRole(call, { ...role, permissions, lastUpdated: iso(call.tenant.now()) }, "iam.role.permissions.delete");
	return noContent();
}

function saveSet(call: Call, set: ResourceSet, event: string): void {
	put(call.tenant, call.tenant.state.resourceSets, set.id, set);
	logEvent(call.tenant, call, event, "Resource set", [target(set.id, "ResourceSet", set.label)]);
}

/** A resource as an ORN or an address; both name something. */
function checkResource(name: string): void {
	if (!/^orn:[a-z0-9]+(:[^:\s]+){2,}$/i.test(name) && !/^https?:\/\/\S+$/.test(name)) throw invalid("resources", `Not a resource: ${name}`);
}

function createSet(call: Call): Reply {
	const { tenant } = call;
	const body = bodyOf(call);
	const label = freshLabel(tenant.state.resourceSets, body);
	const description = demandText(body, "description", 1000);
	const resources = texts(body, "resources");
	for (const name of resources) checkResource(name);
	const now = iso(tenant.now());
	const set = { id: newId("iam"), label, description, resources, created: now, lastUpdated: now };
	saveSet(call, set, "iam.resourceset.create");
	return ok(renderSet(tenant, set));
}

function replaceSet(call: Call): Reply {
	const { tenant } = call;
	const set = setOf(call);
	const body = bodyOf(call);
	const label = freshLabel(tenant.state.resourceSets, body, set.id);
	const description = typeof body.description === "string" ? body.description : set.description;
	const next = { ...set, label, description, lastUpdated: iso(tenant.now()) };
	saveSet(call, next, "iam.resourceset.update");
	return ok(renderSet(tenant, next));
}

/** A set takes the assignments in it along. */
function deleteSet(call: Call): Reply {
	const { tenant } = call;
	const set = setOf(call);
	for (const role of tenant.state.roles.filter((one) => one.resourceSet === set.id)) removeAssignment(call, role);
	drop(tenant, tenant.state.resourceSets, set.id);
	logEvent(tenant, call, "iam.resourceset.delete", "Resource set", [target(set.id, "ResourceSet", set.label)]);
	return noContent();
}

function addResources(call: Call): Reply {
	const { tenant } = call;
	const set = setOf(call);
	const body = bodyOf(call);
	const added = call.method === "POST" ? [demandText(body, "resourceOrnOrUrl", 1000)] : texts(body, "additions");
	for (const name of added) checkResource(name);
	const resources = [...new Set([...set.resources, ...added])];
	const next = { ...set, resources, lastUpdated: iso(tenant.now()) };
	saveSet(call, next, "iam.resourceset.resources.add");
	if (call.method === "PATCH") return ok(renderSet(tenant, next));
	const made = resourcesOf(next).find((resource) => resource.orn === added[0]);
	return ok(made ? renderResource(tenant, next, made) : {});
}

function resourceAt(call: Call) {
	const set = setOf(call);
	const id = param(call, "resourceId");
	const resource = resourcesOf(set).find((one) => one.id === id);
	if (!resource) throw notFound(id, "ResourceSetResource");
	return { set, resource };
}

function removeResource(call: Call): Reply {
	const { set, resource } = resourceAt(call);
	const resources = set.resources.filter((orn) => orn !== resource.orn);
	saveSet(call, { ...set, resources, lastUpdated: iso(call.tenant.now()) }, "iam.resourceset.resources.delete");
	return noContent();
}

const PATHS = { users: "user", groups: "group", clients: "client" } as const;

/** Who an address stands for: `…/users/{id}`, `…/groups/{id}`, `…/clients/{id}`. */
function memberOf(call: Call, address: string): Pick<RoleAssignment, "principalType" | "principalId"> {
	const [, kind = "", id = ""] = /\/(users|groups|clients)\/([^/?#]+)$/.exec(address) ?? [];
	const { users, groups, apps } = call.tenant.state;
	const known = kind === "users" ? users.has(id) : kind === "groups" ? groups.has(id) : kind === "clients" && apps.has(id);
	if (!known) throw invalid("members", `Not a member: ${address}`);
	return { principalType: PATHS[kind as keyof typeof PATHS], principalId: id };
}

/** Assigns a custom role within a resource set to those not holding it there yet. */
function bind(call: Call, set: ResourceSet, role: CustomRole, addresses: readonly string[]): Reply {
	const { tenant } = call;
	const now = iso(tenant.now());
	const held = (one: Pick<RoleAssignment, "principalType" | "principalId">): boolean =>
		tenant.state.roles.some(
			(r) => r.role === role.id && r.resourceSet === set.id && r.principalType === one.principalType && r.principalId === one.principalId,
		);
	const fresh = addresses.map((address) => memberOf(call, address)).filter((member) => !held(member));
	const base = { type: "CUSTOM", label: role.label, status: "ACTIVE" as const, created: now, lastUpdated: now, role: role.id, resourceSet: set.id };
	setRoles(tenant, [...tenant.state.roles, ...fresh.map((member) => ({ ...base, ...member, id: newId("irb") }))]);
	logEvent(tenant, call, "iam.resourceset.bindings.add", "Bind custom role", [target(set.id, "ResourceSet", set.label), target(role.id, "ROLE", role.label)]);
	const path = `/api/v1/iam/resource-sets/${set.id}`;
	const links = { self: link(tenant, `${path}/bindings/${role.id}`), bindings: link(tenant, `${path}/bindings`), "resource-set": link(tenant, path) };
	return ok({ _links: links });
}

function createBinding(call: Call): Reply {
	const set = setOf(call);
	const body = bodyOf(call);
	const wanted = demandText(body, "role");
	const custom = call.tenant.state.customRoles;
	const role = custom.get(wanted) ?? [...custom.values()].find((one) => one.label === wanted);
	if (!role) throw notFound(wanted, "CustomRole");
	return bind(call, set, role, texts(body, "members"));
}

function deleteBinding(call: Call): Reply {
	const { tenant } = call;
	const { members } = membersOf(call);
	for (const member of members) removeAssignment(call, member);
	const set = setOf(call);
	logEvent(tenant, call, "iam.resourceset.bindings.delete", "Unbind custom role", [target(set.id, "ResourceSet", set.label)]);
	return noContent();
}

const roles = "/api/v1/iam/roles";
const role = `${roles}/{roleIdOrLabel}`;
const permission = `${role}/permissions/{permissionType}`;
const sets = "/api/v1/iam/resource-sets";
const set = `${sets}/{resourceSetIdOrLabel}`;
const bound = `${set}/bindings/{roleIdOrLabel}`;
const resource = `${set}/resources/{resourceId}`;

export const iamWriteRoutes: Route[] = [
	route("POST", roles, "roles", createRole),
	route("PUT", role, "roles", replaceRole),
	route("DELETE", role, "roles", deleteRole),
	route("GET", permission, "roles", (call) => ok(renderPermission(call.tenant, permissionAt(call).role, permissionAt(call).name))),
	route("POST", permission, "roles", addPermission),
	route("DELETE", permission, "roles", removePermission),
	route("POST", sets, "roles", createSet),
	route("PUT", set, "roles", replaceSet),
	route("DELETE", set, "roles", deleteSet),
	route("POST", `${set}/resources`, "roles", addResources),
	route("PATCH", `${set}/resources`, "roles", addResources),
	route("GET", resource, "roles", (call) => ok(renderResource(call.tenant, resourceAt(call).set, resourceAt(call).resource))),
	route("DELETE", resource, "roles", removeResource),
	route("POST", `${set}/bindings`, "roles", createBinding),
	route("DELETE", bound, "roles", deleteBinding),
	route("PATCH", `${bound}/members`, "roles", (call) => bind(call, setOf(call), roleOf(call), texts(bodyOf(call), "additions"))),
];
