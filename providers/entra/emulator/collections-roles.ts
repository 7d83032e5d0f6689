import { directory, pim, reads } from "./access.js";
import type { Collection } from "./collections.js";
import { pimError } from "./errors.js";
import { betaRoleDefinition, kind, kinds, plain } from "./kinds.js";
import type { Expander, Listed } from "./list.js";
import { embedded } from "./mixed.js";
import { stamp } from "./moment.js";
import { filteredProperties, queryOf } from "./query.js";
import { rowOf, rowsOf } from "./rows.js";
import type { Raw, Schedule } from "./state.js";
import { type GraphCall, raw, type Tenant } from "./tenant.js";

const page = { usual: 100, most: 999, over: "clamp" } as const;
const bounds = ["principalId", "roleDefinitionId", "directoryScopeId", "appScopeId", "status", "memberType", "assignmentType", "id"];

/** Null for a principal that is gone. */
const principal: Expander = (tenant, call, entity, expand) => embedded(tenant, call, String(entity.principalId), expand.select);
const roleDefinition: Expander = (tenant, _call, entity) => rowOf(tenant, "roleDefinitions", String(entity.roleDefinitionId)) ?? null;
const directoryScope: Expander = () => null;

const definitions: Listed = {
	kind: kinds.roleDefinition,
	context: "roleManagement/directory/roleDefinitions",
	filters: ["id", "displayName", "isBuiltIn", "isEnabled", "templateId"],
	page,
	expands: { inheritsPermissionsFrom: () => [] },
};

const assignments: Listed = {
	kind: kinds.roleAssignment,
	context: "roleManagement/directory/roleAssignments",
	filters: ["id", "principalId", "roleDefinitionId", "directoryScopeId", "principalOrganizationId"],
	page,
	expands: { principal, roleDefinition, directoryScope },
};

const instanceNames = "id principalId roleDefinitionId directoryScopeId appScopeId startDateTime endDateTime memberType";
const scheduleNames =
	"id principalId roleDefinitionId directoryScopeId appScopeId createdUsing createdDateTime modifiedDateTime status memberType scheduleInfo";
const expands = { principal, roleDefinition, directoryScope };

function schedules(context: string, names: string): Listed {
	return { kind: kind(context, names), context: `roleManagement/directory/${context}`, filters: bounds, page, expands };
}

interface Bounds {
	id: string;
	principalId: unknown;
	roleDefinitionId: unknown;
	directoryScopeId: unknown;
	start: number | null;
	end: number | null;
	created: number;
	assignmentType: string;
}

/** Active holds: every assignment, with its bounds in time where it has some. */
function active(tenant: Tenant): Bounds[] {
	const { activeSchedules } = tenant.state;
	return rowsOf(tenant, "roleAssignments").map((row) => {
		const id = String(row.id);
		const schedule = activeSchedules.get(id);
		const { principalId, roleDefinitionId, directoryScopeId } = row;
		const type = schedule?.assignmentType ?? "Assigned";
		// An assignment made outside of PIM has no dates at all.
		return {
			id,
			principalId,
			roleDefinitionId,
			directoryScopeId,
			start: schedule?.start ?? null,
			end: schedule?.end ?? null,
			created: schedule?.start ?? 0,
			assignmentType: type,
		};
	});
}

function eligible(tenant: Tenant): Bounds[] {
	return rowsOf(tenant, "eligibilities").map((row) => {
		const { id, principalId, target, directoryScopeId, start, end } = row as unknown as Schedule;
		return { id, principalId, roleDefinitionId: target, directoryScopeId, start, end, created: start, assignmentType: "" };
	});
}

const time = (at: number | null): string | null => (at === null ? null : stamp(at));

function instance(one: Bounds, extra: Raw): Raw {
	const { id, principalId, roleDefinitionId, directoryScopeId } = one;
	const rest = { appScopeId: null, startDateTime: time(one.start), endDateTime: time(one.end), memberType: "Direct" };
	return { id, principalId, roleDefinitionId, directoryScopeId, ...rest, ...extra };
}

function schedule(one: Bounds, extra: Raw): Raw {
	const { id, principalId, roleDefinitionId, directoryScopeId } = one;
	const expiration = { type: one.end === null ? "noExpiration" : "afterDateTime", endDateTime: time(one.end), duration: null };
	const rest = { appScopeId: null, createdUsing: id, createdDateTime: time(one.created), modifiedDateTime: null, status: "Provisioned", memberType: "Direct" };
	return {
		id,
		principalId,
		roleDefinitionId,
		directoryScopeId,
		...rest,
		scheduleInfo: { startDateTime: time(one.start), recurrence: null, expiration },
		...extra,
	};
}

const requestKind = plain("unifiedRoleScheduleRequest");

function requests(context: string): Listed {
	return {
		kind: requestKind,
		context: `roleManagement/directory/${context}`,
		filters: [...bounds, "action", "targetScheduleId", "createdDateTime"],
		page,
		expands,
	};
}

const groupFilters = ["id", "groupId", "principalId", "accessId", "memberType", "assignmentType"];

function groupInstances(name: "assignment" | "eligibility"): Collection {
	const table = name === "assignment" ? "groupActive" : "groupEligible";
	const path = `/identityGovernance/privilegedAccess/group/${name}ScheduleInstances`;
	const rows = (tenant: Tenant, call: GraphCall): Raw[] => {
		const query = queryOf(call);
		const named = query.filter ? filteredProperties(query.filter) : [];
		if (!named.includes("groupId") && !named.includes("principalId"))
			throw pimError(400, "MissingParameters", "The required parameters GroupId or PrincipalId is missing.");
		return everyGroupInstance(tenant, table);
	};
	const list: Listed = {
		kind: plain(`privilegedAccessGroup${name === "assignment" ? "Assignment" : "Eligibility"}ScheduleInstance`),
		context: path.slice(1),
		filters: groupFilters,
		page,
		expands: { principal, group: (tenant, call, entity, expand) => embedded(tenant, call, String(entity.groupId), expand.select) },
	};
	return {
		path,
		list,
		needs: pim(name === "assignment" ? reads.groupActive : reads.groupEligible),
		rows,
		find: (tenant, id) => everyGroupInstance(tenant, table).find((row) => row.id === id),
	};
}

function everyGroupInstance(tenant: Tenant, table: "groupActive" | "groupEligible"): Raw[] {
	return rowsOf(tenant, table).map((row) => {
		const { id, principalId, target, start, end, accessId = "member", assignmentType = "Assigned" } = row as unknown as Schedule;
		const shared = { id, principalId, groupId: target, accessId, memberType: "direct", startDateTime: stamp(start), endDateTime: time(end) };
		return table === "groupEligible"
			? { ...shared, eligibilityScheduleId: id }
			: { ...shared, assignmentScheduleId: id, assignmentType: assignmentType.toLowerCase() };
	});
}

function policyAssignments(tenant: Tenant): Raw[] {
	return rowsOf(tenant, "rolePolicies").map((row) => {
		const { id, scopeId, scopeType, roleDefinitionId } = row;
		return raw({ id: `${id}_${roleDefinitionId}`, policyId: id, scopeId, scopeType, roleDefinitionId });
	});
}

const policyNames = "id displayName description isOrganizationDefault scopeId scopeType lastModifiedDateTime lastModifiedBy";
const rules: Expander = (_tenant, _call, entity) => entity.rules;
const policyOf: Expander = (tenant, _call, entity, expand) => {
	const row = rowOf(tenant, "rolePolicies", String(entity.policyId));
	if (!row) return null;
	const own = Object.fromEntries(policyNames.split(" ").map((name) => [name, row[name] ?? null]));
	return { ...own, ...Object.fromEntries(expand.nested.flatMap((name) => (name === "rules" || name === "effectiveRules" ? [[name, row.rules]] : []))) };
};

/** The vendor refuses both lists without a scope. */
function scoped(rows: (tenant: Tenant) => readonly Raw[]) {
	return (tenant: Tenant, call: GraphCall): readonly Raw[] => {
		const { filter } = queryOf(call);
		const named = filter ? filteredProperties(filter) : [];
		if (!named.includes("scopeId") || !named.includes("scopeType"))
			throw pimError(400, "MissingParameters", "The required parameters scopeId and scopeType are missing.");
		return rows(tenant);
	};
}

const root = "/roleManagement/directory";
const withType = (one: Bounds): Raw => ({ assignmentType: one.assignmentType });

export const roleCollections: readonly Collection[] = [
	{
		path: `${root}/roleDefinitions`,
		list: definitions,
		beta: { ...definitions, kind: betaRoleDefinition, filters: [...definitions.filters, "isPrivileged"] },
		needs: directory(reads.roles),
		table: "roleDefinitions",
	},
	{ path: `${root}/roleAssignments`, list: assignments, needs: directory(reads.roles), table: "roleAssignments" },
	{
		path: `${root}/roleAssignmentScheduleInstances`,
		list: schedules("roleAssignmentScheduleInstances", `${instanceNames} assignmentType roleAssignmentOriginId roleAssignmentScheduleId`),
		needs: pim(reads.active),
		rows: (tenant) => active(tenant).map((one) => instance(one, { ...withType(one), roleAssignmentOriginId: one.id, roleAssignmentScheduleId: one.id })),
	},
	{
		path: `${root}/roleAssignmentSchedules`,
		list: schedules("roleAssignmentSchedules", `${scheduleNames} assignmentType`),
		needs: pim(reads.active),
		rows: (tenant) => active(tenant).map((one) => schedule(one, withType(one))),
	},
	{
		path: `${root}/roleEligibilityScheduleInstances`,
		list: schedules("roleEligibilityScheduleInstances", `${instanceNames} roleEligibilityScheduleId`),
		needs: pim(reads.eligible),
		rows: (tenant) => eligible(tenant).map((one) => instance(one, { roleEligibilityScheduleId: one.id })),
	},
	{
		path: `${root}/roleEligibilitySchedules`,
		list: schedules("roleEligibilitySchedules", scheduleNames),
		needs: pim(reads.eligible),
		rows: (tenant) => eligible(tenant).map((one) => schedule(one, {})),
	},
	{ path: `${root}/roleAssignmentScheduleRequests`, list: requests("roleAssignmentScheduleRequests"), needs: pim(reads.active), table: "assignmentRequests" },
	{
		path: `${root}/roleEligibilityScheduleRequests`,
		list: requests("roleEligibilityScheduleRequests"),
		needs: pim(reads.eligible),
		table: "eligibilityRequests",
	},
	groupInstances("assignment"),
	groupInstances("eligibility"),
	{
		path: "/policies/roleManagementPolicies",
		list: {
			kind: kind("unifiedRoleManagementPolicy", policyNames),
			context: "policies/roleManagementPolicies",
			filters: ["id", "scopeId", "scopeType"],
			page,
			expands: { rules, effectiveRules: rules },
		},
		needs: pim(reads.rolePolicies),
		rows: scoped((tenant) => rowsOf(tenant, "rolePolicies")),
		find: (tenant, id) => rowOf(tenant, "rolePolicies", id),
	},
	{
		path: "/policies/roleManagementPolicyAssignments",
		list: {
			kind: plain("unifiedRoleManagementPolicyAssignment"),
			context: "policies/roleManagementPolicyAssignments",
			filters: ["id", "policyId", "roleDefinitionId", "scopeId", "scopeType"],
			page,
			expands: { policy: policyOf },
		},
		needs: pim(reads.rolePolicies),
		rows: scoped(policyAssignments),
		find: (tenant, id) => policyAssignments(tenant).find((row) => row.id === id),
	},
];
