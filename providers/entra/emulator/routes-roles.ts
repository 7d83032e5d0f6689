import { noContent, ok, param } from "../../../src/emulate/call.js";
import { directory, pim, writes } from "./access.js";
import { audit } from "./audit.js";
import { bodyOf, textOf } from "./body.js";
import { both, type GraphRoute } from "./collections.js";
import { directoryRoles } from "./collections-directory.js";
import { badRequest, notFound, pimError, refusal } from "./errors.js";
import { contextOf } from "./list.js";
import { stamp } from "./moment.js";
import { objectOf, rowOf } from "./rows.js";
import { boundsOf, delay, type ScheduleInfo } from "./schedules.js";
import { newId } from "./server.js";
import type { Raw, Schedule } from "./state.js";
import { type GraphCall, type Tenant, tableMap } from "./tenant.js";

function note(tenant: Tenant, call: GraphCall, activity: string, principal: string, role: string, service = "Core Directory"): void {
	const name = String(tenant.state.roleDefinitions.get(role)?.displayName ?? "");
	audit(tenant, call, {
		activity,
		category: "RoleManagement",
		targets: [
			{ id: principal, type: "User" },
			{ id: role, type: "Role", name },
		],
		properties: roleProperties(role, name, /^remove/i.test(activity)),
		service,
	});
}

/** The vendor names the role among the properties of who gets or loses it. */
function roleProperties(role: string, name: string, gone: boolean) {
	const values = { "Role.ObjectID": role, "Role.DisplayName": name, "Role.TemplateId": role };
	return Object.entries(values).map(([key, value]) => ({ name: key, ...(gone ? { from: value } : { to: value }) }));
}

function assign(tenant: Tenant, call: GraphCall) {
	const body = bodyOf(call);
	const [principalId = "", roleDefinitionId = ""] = ["principalId", "roleDefinitionId"].map((name) => textOf(body, name).toLowerCase());
	const directoryScopeId = textOf(body, "directoryScopeId");
	const principal = objectOf(tenant, principalId);
	if (!rowOf(tenant, "roleDefinitions", roleDefinitionId) || !principal) throw notFound(principal ? roleDefinitionId : principalId);
	if (principal.table === "groups" && principal.entity.isAssignableToRole !== true)
		throw badRequest("The principal cannot be assigned a role: the group is not assignable to roles.");
	const rows = tableMap(tenant, "roleAssignments");
	const same = (row: Raw): boolean => row.principalId === principalId && row.roleDefinitionId === roleDefinitionId && row.directoryScopeId === directoryScopeId;
	if ([...rows.values()].some(same)) throw badRequest("A conflicting object with one or more of the specified property values is present in the directory.");
	const id = `${Buffer.from(newId(tenant, "role").replaceAll("-", ""), "hex").toString("base64url")}-1`;
	const made = { id, principalId, roleDefinitionId, directoryScopeId };
	tenant.world.put(rows, id.toLowerCase(), made);
	note(tenant, call, "Add member to role", principalId, roleDefinitionId);
	return { status: 201, body: { "@odata.context": contextOf(call, "roleManagement/directory/roleAssignments", null, true), ...made } };
}

function unassign(tenant: Tenant, call: GraphCall) {
	const id = param(call, "id");
	const row = tableMap(tenant, "roleAssignments").get(id.toLowerCase());
	if (!row) throw notFound(id);
	dropAssignment(tenant, row);
	note(tenant, call, "Remove member from role", String(row.principalId), String(row.roleDefinitionId));
	return noContent();
}

function dropAssignment(tenant: Tenant, row: Raw): void {
	tenant.world.drop(tableMap(tenant, "roleAssignments"), String(row.id).toLowerCase());
	tenant.world.drop(tenant.state.activeSchedules, String(row.id));
}

interface Wanted {
	principalId: string;
	roleDefinitionId: string;
	directoryScopeId: string;
}

function existing(tenant: Tenant, eligible: boolean, wanted: Wanted): Raw | undefined {
	const { principalId, roleDefinitionId, directoryScopeId } = wanted;
	const rows = [...tableMap(tenant, eligible ? "eligibilities" : "roleAssignments").values()];
	return rows.find(
		(row) => row.principalId === principalId && (row.target ?? row.roleDefinitionId) === roleDefinitionId && row.directoryScopeId === directoryScopeId,
	);
}

/** A request to PIM: accepted at once, carried out a little later. */
function request(tenant: Tenant, call: GraphCall, eligible: boolean) {
	const body = bodyOf(call);
	const action = String(body.action);
	if (!["adminAssign", "adminRemove", "adminUpdate", "adminExtend"].includes(action))
		throw pimError(400, "InvalidRequestAction", `The action '${action}' is not supported for this caller.`);
	const wanted: Wanted = {
		principalId: textOf(body, "principalId").toLowerCase(),
		roleDefinitionId: textOf(body, "roleDefinitionId").toLowerCase(),
		directoryScopeId: String(body.directoryScopeId ?? "/"),
	};
	if (!tenant.state.roleDefinitions.has(wanted.roleDefinitionId)) throw pimError(400, "RoleNotFound", "The role is not found.");
	if (!objectOf(tenant, wanted.principalId)) throw pimError(404, "SubjectNotFound", "The subject is not found.");
	const found = existing(tenant, eligible, wanted);
	if (action !== "adminAssign" && !found) throw refusal(400, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.");
	if (action === "adminAssign" && found) throw refusal(400, "RoleAssignmentExists", "The Role assignment already exists.");
	const now = tenant.world.now();
	const target = found ? String(found.id) : newId(tenant, "schedule");
	const schedule = (body.scheduleInfo ?? null) as ScheduleInfo | null;
	const id = newId(tenant, "request");
	const made = {
		...{
			id,
			status: action === "adminRemove" ? "Revoked" : "Provisioned",
			createdDateTime: stamp(now),
			completedDateTime: stamp(now),
			approvalId: null,
			customData: null,
			action,
		},
		...{ ...wanted, appScopeId: null, isValidationOnly: body.isValidationOnly === true, targetScheduleId: action === "adminRemove" ? null : target },
		...{
			justification: body.justification ?? null,
			scheduleInfo: schedule,
			createdBy: { application: { displayName: null, id: call.caller?.client.appId ?? null }, device: null, user: null },
		},
		ticketInfo: { ticketNumber: null, ticketSystem: null },
	};
	if (made.isValidationOnly)
		return { status: 201, body: { "@odata.context": contextOf(call, `roleManagement/directory/${word(eligible)}`, null, true), ...made } };
	tenant.world.put(tableMap(tenant, eligible ? "eligibilityRequests" : "assignmentRequests"), id, made);
	tenant.world.later(delay, () => (action === "adminRemove" ? take(tenant, eligible, wanted) : give(tenant, eligible, wanted, target, schedule)));
	const activity = `${action === "adminRemove" ? "Remove" : "Add"} ${eligible ? "eligible member" : "member"} ${action === "adminRemove" ? "from" : "to"} role in PIM completed (permanent)`;
	note(tenant, call, activity, wanted.principalId, wanted.roleDefinitionId, "PIM");
	return { status: 201, body: { "@odata.context": contextOf(call, `roleManagement/directory/${word(eligible)}`, null, true), ...made } };
}

const word = (eligible: boolean): string => (eligible ? "roleEligibilityScheduleRequests" : "roleAssignmentScheduleRequests");

function take(tenant: Tenant, eligible: boolean, wanted: Wanted): void {
	const row = existing(tenant, eligible, wanted);
	if (!row) return;
	if (eligible) tenant.world.drop(tenant.state.eligibilities, String(row.id));
	else dropAssignment(tenant, row);
}

function give(tenant: Tenant, eligible: boolean, wanted: Wanted, id: string, info: ScheduleInfo | null): void {
	const { principalId, roleDefinitionId, directoryScopeId } = wanted;
	const schedule: Schedule = {
		id,
		principalId,
		target: roleDefinitionId,
		directoryScopeId,
		...boundsOf(tenant, info),
	};
	if (eligible) tenant.world.put(tenant.state.eligibilities, id, schedule);
	else {
		tenant.world.put(tableMap(tenant, "roleAssignments"), id.toLowerCase(), { id, principalId, roleDefinitionId, directoryScopeId });
		tenant.world.put(tenant.state.activeSchedules, id, schedule);
	}
}

export function roleRoutes(tenant: Tenant): GraphRoute[] {
	const root = "/roleManagement/directory";
	return [
		...both("POST", `${root}/roleAssignments`, directory(writes.roles), (call) => assign(tenant, call)),
		...both("DELETE", `${root}/roleAssignments/{id}`, directory(writes.roles), (call) => unassign(tenant, call)),
		...both("POST", `${root}/roleAssignmentScheduleRequests`, pim(writes.active), (call) => request(tenant, call, false)),
		...both("POST", `${root}/roleEligibilityScheduleRequests`, pim(writes.eligible), (call) => request(tenant, call, true)),
		...both("DELETE", "/directoryRoles/{id}/members/{memberId}/$ref", directory(writes.roles), (call) => {
			const role = directoryRoles(tenant).find((one) => one.id === param(call, "id").toLowerCase());
			if (!role) throw notFound(param(call, "id"));
			const wanted = { principalId: param(call, "memberId").toLowerCase(), roleDefinitionId: String(role.roleTemplateId), directoryScopeId: "/" };
			const row = existing(tenant, false, wanted);
			if (!row) throw notFound(wanted.principalId);
			dropAssignment(tenant, row);
			note(tenant, call, "Remove member from role", wanted.principalId, wanted.roleDefinitionId);
			return noContent();
		}),
		...both("PATCH", `${root}/roleDefinitions/{id}`, directory(writes.roles), (call) => {
			const row = rowOf(tenant, "roleDefinitions", param(call, "id"));
			if (!row) throw notFound(param(call, "id"));
			if (row.isBuiltIn === true) throw badRequest("Built-in role definitions cannot be changed.");
			tenant.world.put(tableMap(tenant, "roleDefinitions"), String(row.id), { ...row, ...bodyOf(call) });
			return noContent();
		}),
		...both("DELETE", `${root}/roleDefinitions/{id}`, directory(writes.roles), (call) => {
			const row = rowOf(tenant, "roleDefinitions", param(call, "id"));
			if (!row) throw notFound(param(call, "id"));
			if (row.isBuiltIn === true) throw badRequest("Built-in role definitions cannot be deleted.");
			tenant.world.drop(tableMap(tenant, "roleDefinitions"), String(row.id));
			return noContent();
		}),
		...both("POST", "/directoryRoles", directory(writes.roles), (call) => {
			const id = textOf(bodyOf(call), "roleTemplateId");
			const row = rowOf(tenant, "roleDefinitions", id);
			if (!row) throw notFound(id);
			return ok({
				"@odata.context": contextOf(call, "directoryRoles", null, true),
				id: row.id,
				deletedDateTime: null,
				description: row.description,
				displayName: row.displayName,
				roleTemplateId: row.id,
			});
		}),
	];
}
