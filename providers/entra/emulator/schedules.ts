import { ok } from "../../../src/emulate/call.js";
import { pim, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, textOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { pimError, refusal } from "./errors.js";
import { contextOf } from "./list.js";
import { stamp } from "./moment.js";
import { objectOf, rowOf } from "./rows.js";
import { newId } from "./server.js";
import type { Schedule } from "./state.js";
import { changed, type GraphCall, type Tenant, tableMap } from "./tenant.js";

/** Milliseconds until a request to PIM has taken effect. */
export const delay = 5000;

/** What a request to PIM says of beginning and end. */
export interface ScheduleInfo {
	startDateTime?: string;
	expiration?: { type?: string; endDateTime?: string | null };
}

export function boundsOf(tenant: Tenant, info: ScheduleInfo | null): { start: number; end: number | null } {
	const end = Date.parse(info?.expiration?.endDateTime ?? "");
	const start = Date.parse(info?.startDateTime ?? "");
	return { start: Number.isNaN(start) ? tenant.world.now() : start, end: Number.isNaN(end) ? null : end };
}

/** Takes away what has reached its end: roles, eligible roles, memberships. */
export function endSchedules(tenant: Tenant): void {
	const { state, world } = tenant;
	const over = (table: Map<string, Schedule>) => [...table.entries()].filter(([, { end }]) => end !== null && end <= world.now());
	for (const [id] of over(state.activeSchedules)) {
		world.drop(state.activeSchedules, id);
		world.drop(tableMap(tenant, "roleAssignments"), id.toLowerCase());
	}
	for (const [id] of over(state.eligibilities)) world.drop(state.eligibilities, id);
	for (const [id] of over(state.groupEligible)) world.drop(state.groupEligible, id);
	for (const [id, { target, principalId, accessId }] of over(state.groupActive)) {
		world.drop(state.groupActive, id);
		if (accessId !== "owner") leave(tenant, target, principalId);
	}
}

function leave(tenant: Tenant, group: string, principal: string): void {
	const members = tenant.state.members.get(group) ?? [];
	if (!members.includes(principal)) return;
	tenant.world.put(
		tenant.state.members,
		group,
		members.filter((one) => one !== principal),
	);
	changed(tenant, "groups", group, { id: principal, gone: true, type: "user" });
}

function join(tenant: Tenant, group: string, principal: string): void {
	const members = tenant.state.members.get(group) ?? [];
	if (members.includes(principal)) return;
	tenant.world.put(tenant.state.members, group, [...members, principal]);
	changed(tenant, "groups", group, { id: principal, gone: false, type: "user" });
}

/** The schedule goes with a membership that is taken away outside of PIM. */
export function forget(tenant: Tenant, group: string, principal: string): void {
	for (const [id, one] of tenant.state.groupActive)
		if (one.target === group && one.principalId === principal && one.accessId !== "owner") tenant.world.drop(tenant.state.groupActive, id);
}

/** A request about an active membership of a group: accepted at once, carried out a little later. */
function request(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	const action = String(body.action);
	if (!["adminAssign", "adminUpdate", "adminExtend", "adminRemove"].includes(action))
		throw pimError(400, "InvalidRequestAction", `The action '${action}' is not supported for this caller.`);
	const [groupId, principalId] = [textOf(body, "groupId").toLowerCase(), textOf(body, "principalId").toLowerCase()];
	if (body.accessId !== "member") throw pimError(400, "InvalidAccessId", "The access id is not supported here.");
	const group = rowOf(tenant, "groups", groupId);
	if (!group) throw pimError(404, "ResourceNotFound", "The resource is not found.");
	if (group.onPremisesSyncEnabled === true || (group.groupTypes as string[] | undefined)?.includes("DynamicMembership"))
		throw pimError(400, "ResourceTypeNotSupported", "The resource type is not supported.");
	if (!objectOf(tenant, principalId)) throw pimError(404, "SubjectNotFound", "The subject is not found.");
	const rows = tenant.state.groupActive;
	const found = [...rows.values()].find((one) => one.target === groupId && one.principalId === principalId && one.accessId !== "owner");
	const member = found !== undefined || (tenant.state.members.get(groupId) ?? []).includes(principalId);
	if (action === "adminAssign" && member) throw refusal(400, "RoleAssignmentExists", "The Role assignment already exists.");
	if (action !== "adminAssign" && !member) throw refusal(400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.");
	const info = (body.scheduleInfo ?? null) as ScheduleInfo | null;
	const id = found?.id ?? `${groupId}_member_${newId(tenant, "schedule")}`;
	tenant.world.later(delay, () => {
		if (action === "adminRemove") {
			leave(tenant, groupId, principalId);
			forget(tenant, groupId, principalId);
			return;
		}
		const bounds = boundsOf(tenant, info);
		tenant.world.put(rows, id, { id, principalId, target: groupId, directoryScopeId: "", ...bounds, accessId: "member", assignmentType: "Assigned" });
		join(tenant, groupId, principalId);
		endSchedules(tenant);
	});
	audit(tenant, call, {
		activity: `${action === "adminRemove" ? "Remove" : "Add"} member ${action === "adminRemove" ? "from" : "to"} group in PIM completed (timebound)`,
		category: "GroupManagement",
		targets: [
			{ id: principalId, type: "User" },
			{ id: groupId, type: "Group", name: String(group.displayName) },
		],
		service: "PIM",
	});
	const at = stamp(tenant.world.now());
	const made = { id: newId(tenant, "request"), status: action === "adminRemove" ? "Revoked" : "Provisioned", createdDateTime: at, completedDateTime: at };
	return {
		...ok({
			"@odata.context": contextOf(call, "identityGovernance/privilegedAccess/group/assignmentScheduleRequests", null, true),
			...made,
			...{ action, groupId, principalId, accessId: "member", targetScheduleId: id, justification: body.justification ?? null, scheduleInfo: info },
		}),
		status: 201,
	};
}

export function scheduleRoutes(tenant: Tenant): GraphRoute[] {
	return [...both("POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", pim(writes.groupActive), (call) => request(tenant, call))];
}
