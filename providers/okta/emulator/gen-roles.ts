import { idOf, prefixes } from "./gen-ids.js";
import { iso } from "./gen-random.js";
import type { RoleAssignment, TenantState } from "./state.js";

/** The vendor's standard administrator roles with the labels its console shows. */
export const standardRoles = {
	SUPER_ADMIN: "Super Administrator",
	ORG_ADMIN: "Organization Administrator",
	APP_ADMIN: "Application Administrator",
	USER_ADMIN: "Group Administrator",
	HELP_DESK_ADMIN: "Help Desk Administrator",
	READ_ONLY_ADMIN: "Read-only Administrator",
	REPORT_ADMIN: "Report Administrator",
	API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
	GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
	WORKFLOWS_ADMIN: "Workflows Administrator",
} as const;

export type StandardRole = keyof typeof standardRoles;

interface Principal {
	principalType: RoleAssignment["principalType"];
	principalId: string;
	/** Milliseconds. */
	at: number;
}

/** Assigns a standard role; `targetGroups` narrows it. */
export function assignRole(state: TenantState, of: Principal & { type: StandardRole; targetGroups?: string[] }): RoleAssignment {
	const assignment: RoleAssignment = {
		id: idOf(of.principalType === "group" ? prefixes.groupRole : prefixes.userRole, `${of.principalId}/${of.type}`),
		principalType: of.principalType,
		principalId: of.principalId,
		type: of.type,
		label: standardRoles[of.type],
		status: "ACTIVE",
		created: iso(of.at),
		lastUpdated: iso(of.at),
		...(of.targetGroups ? { targetGroups: of.targetGroups } : {}),
	};
	state.roles.push(assignment);
	return assignment;
}

/** Binds a custom role on a resource set to a principal; both must exist. */
export function bindRole(state: TenantState, of: Principal & { role: string; resourceSet: string }): RoleAssignment {
	const assignment: RoleAssignment = {
		id: idOf(prefixes.boundRole, `${of.principalId}/${of.role}/${of.resourceSet}`),
		principalType: of.principalType,
		principalId: of.principalId,
		type: "CUSTOM",
		label: state.customRoles.get(of.role)?.label ?? "",
		status: "ACTIVE",
		created: iso(of.at),
		lastUpdated: iso(of.at),
		role: of.role,
		resourceSet: of.resourceSet,
	};
	state.roles.push(assignment);
	return assignment;
}

/** A custom role: a set of the vendor's permissions. */
export function addCustomRole(state: TenantState, of: { id: string; label: string; description: string; permissions: string[]; at: number }): void {
	const at = iso(of.at);
	state.customRoles.set(of.id, { id: of.id, label: of.label, description: of.description, permissions: of.permissions, created: at, lastUpdated: at });
}

/** A resource set over groups and their members, named by the vendor's resource names (ORN). */
export function addResourceSet(state: TenantState, of: { id: string; label: string; description: string; groups: string[]; at: number }): void {
	const at = iso(of.at);
	const resources = of.groups.flatMap((group) => {
		const orn = `orn:okta:directory:${state.org.id}:groups:${group}`;
		return [orn, `${orn}:contained_resources`];
	});
	state.resourceSets.set(of.id, { id: of.id, label: of.label, description: of.description, resources, created: at, lastUpdated: at });
}
