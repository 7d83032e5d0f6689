import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { both, type GraphRoute } from "./collections.js";
import { applications, groups, servicePrincipals, users } from "./collections-directory.js";
import { denied, notFound } from "./errors.js";
import { kinds, render } from "./kinds.js";
import { answerList, contextOf, type Listed } from "./list.js";
import { stamp } from "./moment.js";
import type { DirectoryTable, Raw } from "./state.js";
import { changed, type GraphCall, may, type Tenant, tableMap } from "./tenant.js";

const names: Record<DirectoryTable, { list: Listed; kind: (typeof kinds)["user"]; word: string; scopes: readonly string[] }> = {
	users: { list: users, kind: kinds.user, word: "user", scopes: reads.users },
	groups: { list: groups, kind: kinds.group as (typeof kinds)["user"], word: "group", scopes: reads.deletedGroups },
	applications: { list: applications, kind: kinds.application as (typeof kinds)["user"], word: "application", scopes: reads.apps },
	servicePrincipals: { list: servicePrincipals, kind: kinds.servicePrincipal as (typeof kinds)["user"], word: "servicePrincipal", scopes: reads.apps },
	devices: { list: users, kind: kinds.device as (typeof kinds)["user"], word: "device", scopes: reads.devices },
};

/** Deletes a directory object: most can be brought back for 30 days, security groups and devices cannot. */
export function bin(tenant: Tenant, call: GraphCall, table: DirectoryTable, id: string): void {
	const { state, world } = tenant;
	const entity = tableMap(tenant, table).get(id) ?? {};
	const back = table !== "devices" && !(table === "groups" && !(entity.groupTypes as string[] | undefined)?.includes("Unified"));
	const members = state.members.get(id);
	world.drop(tableMap(tenant, table), id);
	changed(tenant, table, id);
	if (back) world.put(state.deleted, id, { table, entity: { ...entity, deletedDateTime: stamp(world.now()) }, ...(members && { members }) });
	for (const [group, all] of [...state.members]) {
		if (!all.includes(id)) continue;
		world.put(
			state.members,
			group,
			all.filter((one) => one !== id),
		);
		changed(tenant, "groups", group, { id, gone: true, type: names[table].word });
	}
	world.drop(state.members, id);
	world.drop(state.managers, id);
	if (table === "users") world.drop(state.riskyUsers, id);
	const category = table === "users" ? "UserManagement" : table === "groups" ? "GroupManagement" : "ApplicationManagement";
	const type = table === "users" ? "User" : table === "groups" ? "Group" : "Application";
	audit(tenant, call, {
		activity: `Delete ${names[table].word === "servicePrincipal" ? "service principal" : names[table].word}`,
		category,
		targets: [{ id, type, name: String(entity.displayName ?? "") }],
	});
}

function binned(tenant: Tenant, call: GraphCall) {
	const id = param(call, "id").toLowerCase();
	const found = tenant.world.seen(tenant.state.deleted, id);
	if (!found) throw notFound(id);
	return { id, ...found };
}

function restore(tenant: Tenant, call: GraphCall) {
	const { state, world } = tenant;
	const { id, table, entity, members } = binned(tenant, call);
	const { deletedDateTime: _, ...rest } = entity;
	world.put(tableMap(tenant, table), id, rest);
	world.drop(state.deleted, id);
	if (members) world.put(state.members, id, members);
	changed(tenant, table, id);
	audit(tenant, call, {
		activity: `Restore ${names[table].word}`,
		category: table === "users" ? "UserManagement" : "GroupManagement",
		targets: [{ id, type: table === "users" ? "User" : "Group" }],
	});
	return ok({
		"@odata.context": contextOf(call, "directoryObjects", null, true),
		"@odata.type": `#${names[table].kind.type}`,
		...render(names[table].kind, rest, null),
	});
}

function listOf(tenant: Tenant, call: GraphCall) {
	const word = param(call, "type").toLowerCase();
	const found = Object.entries(names).find(([, one]) => `microsoft.graph.${one.word}`.toLowerCase() === word);
	if (!found) {
		const { table, entity } = binned(tenant, { ...call, params: { id: word } });
		return ok({
			"@odata.context": contextOf(call, "directoryObjects", null, true),
			"@odata.type": `#${names[table].kind.type}`,
			...render(names[table].kind, entity, null),
		});
	}
	const [table, { list, scopes }] = found;
	if (!may(call, ...scopes)) throw denied();
	const rows = (): Raw[] => tenant.world.allSeen(tenant.state.deleted).flatMap(([id, one]) => (one.table === table ? [{ ...one.entity, id }] : []));
	const deletedKind = { ...list.kind, basic: list.kind.basic === null ? null : [...list.kind.basic, "deletedDateTime"] };
	return answerList(tenant, call, { ...list, kind: deletedKind, filters: [...list.filters, "deletedDateTime"] }, rows);
}

export function deletedRoutes(tenant: Tenant): GraphRoute[] {
	const scopes = [...reads.users, ...reads.groups, ...reads.apps];
	const write = [...writes.deleteUsers, ...writes.groups, ...writes.apps];
	return [
		...both("GET", "/directory/deletedItems/{type}", directory(scopes), (call) => listOf(tenant, call)),
		...both("POST", "/directory/deletedItems/{id}/restore", directory(write), (call) => restore(tenant, call)),
		...both("DELETE", "/directory/deletedItems/{id}", directory(write), (call) => {
			const { id, table } = binned(tenant, call);
			tenant.world.drop(tenant.state.deleted, id);
			changed(tenant, table, id);
			audit(tenant, call, { activity: `Hard Delete ${names[table].word}`, category: "UserManagement", targets: [{ id, type: "User" }] });
			return noContent();
		}),
	];
}
