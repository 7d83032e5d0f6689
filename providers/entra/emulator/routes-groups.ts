import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, reads, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, checkBody, referenceOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { groups } from "./collections-directory.js";
import { badRequest, denied, notFound } from "./errors.js";
import { kinds } from "./kinds.js";
import { answerOne, contextOf } from "./list.js";
import { stamp } from "./moment.js";
import { bin } from "./routes-deleted.js";
import { checkRank } from "./routes-users.js";
import { groupsOf, objectOf, rowOf, tableOf } from "./rows.js";
import { forget } from "./schedules.js";
import { newId } from "./server.js";
import type { Raw } from "./state.js";
import { changed, type GraphCall, may, patch, type Tenant, tableMap } from "./tenant.js";

const readOnly = ["id", "createdDateTime", "deletedDateTime", "onPremisesSyncEnabled", "securityIdentifier", "renewedDateTime", "isAssignableToRole"];
const words = { users: "user", groups: "group", devices: "device", servicePrincipals: "servicePrincipal", applications: "application" };

function theGroup(tenant: Tenant, call: GraphCall): Raw {
	const id = param(call, "id");
	const group = rowOf(tenant, "groups", id);
	if (!group) throw notFound(id);
	return group;
}

const isOffice = (group: Raw): boolean => (group.groupTypes as string[] | undefined)?.includes("Unified") ?? false;

/** Whether a group's members may be written at all, and by this caller. */
function checkMembership(call: GraphCall, group: Raw): void {
	if (group.onPremisesSyncEnabled === true)
		throw badRequest("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.");
	if (group.mailEnabled === true && !isOffice(group)) throw badRequest("Cannot Update a mail-enabled security groups and or distribution list.");
	if ((group.groupTypes as string[] | undefined)?.includes("DynamicMembership")) throw denied("Insufficient privileges to complete the operation.");
	if (group.isAssignableToRole === true && !may(call, "RoleManagement.ReadWrite.Directory")) throw denied();
}

function add(tenant: Tenant, call: GraphCall) {
	const group = theGroup(tenant, call);
	const id = String(group.id);
	const member = referenceOf(bodyOf(call));
	checkMembership(call, group);
	const found = objectOf(tenant, member);
	if (!found || found.table === "applications") throw notFound(member);
	const members = tenant.state.members.get(id) ?? [];
	if (members.includes(member)) throw badRequest("One or more added object references already exist for the following modified properties: 'members'.");
	tenant.world.put(tenant.state.members, id, [...members, member]);
	changed(tenant, "groups", id, { id: member, gone: false, type: words[found.table] });
	audit(tenant, call, {
		activity: "Add member to group",
		category: "GroupManagement",
		targets: [
			{ id: member, type: "User" },
			{ id, type: "Group", name: String(group.displayName) },
		],
	});
	return noContent();
}

function remove(tenant: Tenant, call: GraphCall) {
	const group = theGroup(tenant, call);
	const id = String(group.id);
	const member = param(call, "memberId").toLowerCase();
	checkMembership(call, group);
	const members = tenant.state.members.get(id) ?? [];
	if (!members.includes(member)) throw notFound(member);
	tenant.world.put(
		tenant.state.members,
		id,
		members.filter((one) => one !== member),
	);
	forget(tenant, id, member);
	const table = tableOf(tenant.state, member) ?? "users";
	changed(tenant, "groups", id, { id: member, gone: true, type: words[table] });
	audit(tenant, call, {
		activity: "Remove member from group",
		category: "GroupManagement",
		targets: [
			{ id: member, type: "User" },
			{ id, type: "Group", name: String(group.displayName) },
		],
	});
	return noContent();
}

/** Without `/$ref` the address is that of the member itself, and it is the member that is deleted (microsoftgraph/msgraph-sdk-dotnet#1106). */
function removeMemberItself(tenant: Tenant, call: GraphCall) {
	const group = theGroup(tenant, call);
	const member = param(call, "memberId").toLowerCase();
	if (!(tenant.state.members.get(String(group.id)) ?? []).includes(member)) throw notFound(member);
	const table = tableOf(tenant.state, member);
	if (!table) throw notFound(member);
	const needed = table === "users" ? writes.deleteUsers : table === "groups" ? writes.groups : writes.apps;
	if (!may(call, ...needed)) throw denied();
	if (table === "users") checkRank(tenant, call, member);
	bin(tenant, call, table, member);
	return noContent();
}

function create(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	checkBody(Object.fromEntries(Object.entries(body).filter(([name]) => !/^(members|owners)@odata\.bind$/.test(name))), kinds.group, [
		"id",
		"createdDateTime",
		"securityIdentifier",
	]);
	for (const name of ["displayName", "mailEnabled", "mailNickname", "securityEnabled"])
		if (body[name] === undefined) throw badRequest(`A value is required for property '${name}' of resource 'Group'.`);
	const id = newId(tenant, "group");
	const at = stamp(tenant.world.now());
	const bound = (name: string): string[] => ((body[`${name}@odata.bind`] ?? []) as string[]).map((address) => referenceOf({ "@odata.id": address }));
	const entity: Raw = { id, createdDateTime: at, renewedDateTime: at, ...Object.fromEntries(Object.entries(body).filter(([name]) => !name.includes("@"))) };
	tenant.world.put(tableMap(tenant, "groups"), id, entity);
	tenant.world.put(tenant.state.members, id, bound("members"));
	tenant.world.put(tenant.state.owners, id, bound("owners"));
	changed(tenant, "groups", id);
	audit(tenant, call, { activity: "Add group", category: "GroupManagement", targets: [{ id, type: "Group", name: String(body.displayName) }] });
	return { ...answerOne(tenant, call, groups, entity), status: 201 };
}

function memberGroups(tenant: Tenant, call: GraphCall, table: "users" | "groups" | "servicePrincipals", only: readonly string[] | null) {
	const id = param(call, "id").toLowerCase();
	if (!rowOf(tenant, table, id)) throw notFound(id);
	const security = call.body !== undefined && (call.body as Raw).securityEnabledOnly === true;
	const found = groupsOf(tenant, id, true).filter(
		(one) => (!security || tenant.state.groups.get(one)?.securityEnabled === true) && (only === null || only.includes(one)),
	);
	return ok({ "@odata.context": contextOf(call, "Collection(Edm.String)", null), value: found });
}

export function groupRoutes(tenant: Tenant): GraphRoute[] {
	const needs = directory(writes.groups);
	return [
		...both("POST", "/groups", needs, (call) => create(tenant, call)),
		...both("PATCH", "/groups/{id}", needs, (call) => {
			const group = theGroup(tenant, call);
			const id = String(group.id);
			const body = bodyOf(call);
			checkBody(body, kinds.group, readOnly);
			if (group.onPremisesSyncEnabled === true)
				throw badRequest(
					"Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.",
				);
			patch(tenant, "groups", id, body);
			audit(tenant, call, { activity: "Update group", category: "GroupManagement", targets: [{ id, type: "Group", name: String(group.displayName) }] });
			return noContent();
		}),
		...both("DELETE", "/groups/{id}", needs, (call) => {
			const group = theGroup(tenant, call);
			if (group.isAssignableToRole === true && !may(call, "RoleManagement.ReadWrite.Directory")) throw denied();
			bin(tenant, call, "groups", String(group.id));
			return noContent();
		}),
		...both("POST", "/groups/{id}/members/$ref", directory(writes.members), (call) => add(tenant, call)),
		...both("DELETE", "/groups/{id}/members/{memberId}/$ref", directory(writes.members), (call) => remove(tenant, call)),
		...both("DELETE", "/groups/{id}/members/{memberId}", directory([...writes.members, ...writes.deleteUsers]), (call) => removeMemberItself(tenant, call)),
		...(["users", "groups", "servicePrincipals"] as const).flatMap((table) => [
			...both("POST", `/${table}/{id}/getMemberGroups`, directory(reads.groups), (call) => memberGroups(tenant, call, table, null)),
			...both("POST", `/${table}/{id}/checkMemberGroups`, directory(reads.groups), (call) =>
				memberGroups(tenant, call, table, (bodyOf(call).groupIds ?? []) as string[]),
			),
		]),
	];
}
