import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, referenceOf } from "./body.js";
import { both, count, type GraphRoute } from "./collections.js";
import { applications, appRoleAssignments, directoryRoleId, directoryRoles, grants, groups, servicePrincipals, users } from "./collections-directory.js";
import { badQuery, badRequest, notFound, unsupported } from "./errors.js";
import { answerList, answerOne, contextOf, type Listed } from "./list.js";
import { directoryObjects, embedded, objects, typeOfRow } from "./mixed.js";
import { queryOf } from "./query.js";
import { groupsOf, linked, objectOf, rowOf, rowsOf, transitive, userOf } from "./rows.js";
import type { DirectoryTable, Raw } from "./state.js";
import { changed, type GraphCall, type Tenant, version } from "./tenant.js";

function existing(tenant: Tenant, call: GraphCall, table: DirectoryTable): Raw {
	const id = param(call, "id");
	const found = table === "users" ? userOf(tenant, id) : rowOf(tenant, table, id);
	if (!found) throw notFound(id);
	return found;
}

/** Lists of directory objects; with a type at the end of the address, those of the type only. */
function linkList(tenant: Tenant, path: string, scopes: readonly string[], cost: number, ids: (call: GraphCall) => readonly Raw[]): GraphRoute[] {
	const cast = (call: GraphCall): Raw[] => {
		const type = param(call, "cast").toLowerCase();
		if (!type.startsWith("microsoft.graph.")) throw badQuery(`Resource not found for the segment '${param(call, "cast")}'.`);
		const query = queryOf(call);
		if (!query.eventual || !(query.count || call.path.toLowerCase().endsWith("$count")))
			throw unsupported(
				"The specified cast is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header.",
			);
		return ids(call).filter((row) => typeOfRow(row).toLowerCase() === type);
	};
	const needs = directory(scopes, cost);
	return [
		...both("GET", path, needs, (call) => answerList(tenant, call, directoryObjects, () => ids(call))),
		...both("GET", `${path}/$count`, needs, (call) => count(call, directoryObjects, () => ids(call))),
		...both("GET", `${path}/$ref`, needs, (call) =>
			ok({
				"@odata.context": contextOf(call, "Collection($ref)", null),
				value: ids(call).map((row) => ({ "@odata.id": `${call.base}/v2/${tenant.state.tenantId}/directoryObjects/${row.id}` })),
			}),
		),
		...both("GET", `${path}/{cast}`, needs, (call) => answerList(tenant, call, directoryObjects, () => cast(call))),
		...both("GET", `${path}/{cast}/$count`, needs, (call) => count(call, directoryObjects, () => cast(call))),
	];
}

/** In v1.0 service principals are left out of a group's members (microsoftgraph/microsoft-graph-docs-contrib#3410); beta, `$expand` and delta have them. */
function groupMembers(tenant: Tenant, call: GraphCall, all: boolean): Raw[] {
	const id = String(existing(tenant, call, "groups").id);
	const rows = objects(tenant, all ? transitive(tenant, id) : linked(tenant, "members", id));
	return version(call) === "beta" ? rows : rows.filter((row) => typeOfRow(row) !== "microsoft.graph.servicePrincipal");
}

function memberOf(tenant: Tenant, call: GraphCall, table: DirectoryTable, all: boolean): Raw[] {
	const id = String(existing(tenant, call, table).id);
	const found = groupsOf(tenant, id, all);
	const holders = all ? [id, ...found] : [id];
	const held = new Set(
		rowsOf(tenant, "roleAssignments")
			.filter((row) => holders.includes(String(row.principalId)))
			.map((row) => directoryRoleId(tenant, String(row.roleDefinitionId))),
	);
	return [
		...objects(tenant, found),
		...directoryRoles(tenant)
			.filter((role) => held.has(role.id))
			.map((role): Raw => ({ ...role })),
	];
}

function roleMembers(tenant: Tenant, call: GraphCall): Raw[] {
	const id = param(call, "id").toLowerCase();
	const template = /roletemplateid='?([0-9a-f-]{36})/.exec(id)?.[1];
	const role = directoryRoles(tenant).find((one) => one.id === id || one.roleTemplateId === template);
	if (!role) throw notFound(id);
	return objects(
		tenant,
		rowsOf(tenant, "roleAssignments")
			.filter((row) => row.roleDefinitionId === role.roleTemplateId && row.directoryScopeId === "/")
			.map((row) => String(row.principalId)),
	);
}

function addOwner(tenant: Tenant, call: GraphCall, table: DirectoryTable) {
	const id = String(existing(tenant, call, table).id);
	const owner = referenceOf(bodyOf(call));
	const found = objectOf(tenant, owner);
	if (!found) throw notFound(owner);
	const owners = tenant.state.owners.get(id) ?? [];
	if (owners.includes(owner)) throw badRequest("One or more added object references already exist for the following modified properties: 'owners'.");
	tenant.world.put(tenant.state.owners, id, [...owners, owner]);
	changed(tenant, table, id);
	audit(tenant, call, {
		activity: table === "groups" ? "Add owner to group" : "Add owner to application",
		category: table === "groups" ? "GroupManagement" : "ApplicationManagement",
		targets: [
			{ id: owner, type: "User" },
			{ id, type: "Group" },
		],
	});
	return noContent();
}

function removeOwner(tenant: Tenant, call: GraphCall, table: DirectoryTable) {
	const id = String(existing(tenant, call, table).id);
	const owner = param(call, "ownerId").toLowerCase();
	const owners = tenant.state.owners.get(id) ?? [];
	if (!owners.includes(owner)) throw notFound(owner);
	const human = owners.filter((one) => tenant.state.users.has(one));
	if (table === "groups" && human.length === 1 && human[0] === owner)
		throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
	tenant.world.put(
		tenant.state.owners,
		id,
		owners.filter((one) => one !== owner),
	);
	changed(tenant, table, id);
	audit(tenant, call, {
		activity: table === "groups" ? "Remove owner from group" : "Remove owner from application",
		category: table === "groups" ? "GroupManagement" : "ApplicationManagement",
		targets: [
			{ id: owner, type: "User" },
			{ id, type: "Group" },
		],
	});
	return noContent();
}

const lists: readonly (readonly [string, Listed, DirectoryTable, readonly string[]])[] = [
	["applications", applications, "applications", reads.apps],
	["servicePrincipals", servicePrincipals, "servicePrincipals", reads.apps],
	["users", users, "users", reads.users],
	["groups", groups, "groups", reads.groups],
];

/** `applications(appId='…')`, `users('…')`: a key in brackets. */
function byKey(tenant: Tenant, call: GraphCall) {
	const match = /^(\w+)\((?:(appId)=)?'([^']*)'\)$/i.exec(param(call, "entity"));
	const found = lists.find(([name]) => name.toLowerCase() === match?.[1]?.toLowerCase());
	if (!match || !found) throw badQuery(`Resource not found for the segment '${param(call, "entity")}'.`);
	const [, list, table, scopes] = found;
	if (!scopes.some((scope) => call.caller?.scopes.has(scope))) throw notFound("");
	const key = match[3] ?? "";
	const row = match[2]
		? rowsOf(tenant, table).find((one) => one.appId === key.toLowerCase())
		: table === "users"
			? userOf(tenant, key)
			: rowOf(tenant, table, key);
	if (!row) throw notFound(key);
	return answerOne(tenant, call, list, row);
}

export function linkRoutes(tenant: Tenant): GraphRoute[] {
	const owners = (table: "groups" | "applications" | "servicePrincipals", scopes: readonly string[], write: readonly string[]) => [
		...linkList(tenant, `/${table}/{id}/owners`, scopes, 2, (call) => objects(tenant, linked(tenant, "owners", String(existing(tenant, call, table).id)))),
		...both("POST", `/${table}/{id}/owners/$ref`, directory(write), (call) => addOwner(tenant, call, table)),
		...both("DELETE", `/${table}/{id}/owners/{ownerId}/$ref`, directory(write), (call) => removeOwner(tenant, call, table)),
	];
	const memberships = (["users", "groups", "servicePrincipals", "devices"] as const).flatMap((table) => {
		const scopes = table === "users" ? reads.users : table === "groups" ? reads.groups : table === "devices" ? reads.devices : reads.apps;
		return [
			...linkList(tenant, `/${table}/{id}/memberOf`, scopes, 2, (call) => memberOf(tenant, call, table, false)),
			...linkList(tenant, `/${table}/{id}/transitiveMemberOf`, scopes, 3, (call) => memberOf(tenant, call, table, true)),
		];
	});
	const assigned = (end: "principalId" | "resourceId") => (call: GraphCall) => {
		const id = String(existing(tenant, call, "servicePrincipals").id);
		return answerList(
			tenant,
			call,
			{ ...appRoleAssignments, context: `servicePrincipals('${id}')/appRole${end === "principalId" ? "Assignments" : "AssignedTo"}` },
			() => rowsOf(tenant, "appRoleAssignments").filter((row) => row[end] === id),
		);
	};
	return [
		...linkList(tenant, "/groups/{id}/members", reads.groups, 3, (call) => groupMembers(tenant, call, false)),
		...linkList(tenant, "/groups/{id}/transitiveMembers", reads.groups, 5, (call) => groupMembers(tenant, call, true)),
		...linkList(tenant, "/directoryRoles/{id}/members", reads.roles, 2, (call) => roleMembers(tenant, call)),
		...linkList(tenant, "/users/{id}/ownedObjects", reads.users, 2, (call) => {
			const id = String(existing(tenant, call, "users").id);
			return objects(
				tenant,
				[...tenant.state.owners].filter(([one, all]) => all.includes(id) && !tenant.state.devices.has(one)).map(([one]) => one),
			);
		}),
		...linkList(tenant, "/devices/{id}/registeredOwners", reads.devices, 2, (call) =>
			objects(tenant, linked(tenant, "owners", String(existing(tenant, call, "devices").id))),
		),
		...owners("groups", reads.groups, writes.groups),
		...owners("applications", reads.apps, writes.apps),
		...owners("servicePrincipals", reads.apps, writes.apps),
		...memberships,
		...both("GET", "/servicePrincipals/{id}/appRoleAssignments", directory(reads.apps, 2), assigned("principalId")),
		...both("GET", "/servicePrincipals/{id}/appRoleAssignedTo", directory(reads.apps, 2), assigned("resourceId")),
		...both("GET", "/servicePrincipals/{id}/oauth2PermissionGrants", directory(reads.apps, 2), (call) => {
			const id = String(existing(tenant, call, "servicePrincipals").id);
			return answerList(tenant, call, grants, () => rowsOf(tenant, "oauth2PermissionGrants").filter((row) => row.clientId === id));
		}),
		...both("GET", "/users/{id}/oauth2PermissionGrants", directory(reads.users, 2), (call) => {
			const id = String(existing(tenant, call, "users").id);
			return answerList(tenant, call, grants, () => rowsOf(tenant, "oauth2PermissionGrants").filter((row) => row.principalId === id));
		}),
		...both("GET", "/{entity}", directory([]), (call) => byKey(tenant, call)),
		...both("GET", "/directoryObjects/{id}", directory([]), (call) => {
			const found = embedded(tenant, call, param(call, "id").toLowerCase(), null);
			if (!found) throw notFound(param(call, "id"));
			return ok({ "@odata.context": contextOf(call, "directoryObjects", null, true), ...found });
		}),
		...both("POST", "/directoryObjects/getByIds", directory(["Directory.Read.All", ...reads.users, ...reads.groups, ...reads.apps], 3), (call) => {
			const { ids, types } = bodyOf(call);
			if (!Array.isArray(ids) || ids.length > 1000) throw badRequest("Invalid number of ids: between 1 and 1000 are allowed.");
			const rows = objects(
				tenant,
				ids.map((id) => String(id).toLowerCase()),
			).filter((row) => !Array.isArray(types) || types.length === 0 || types.some((type) => `microsoft.graph.${type}` === typeOfRow(row)));
			return answerList(tenant, call, directoryObjects, () => rows);
		}),
	];
}
