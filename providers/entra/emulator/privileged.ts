import { linked, rowsOf, transitive } from "./rows.js";
import type { State } from "./state.js";
import type { Tenant } from "./tenant.js";

/** Roles whose holders only the two most powerful roles may touch. */
const shielded = new Set([
	"62e90394-69f5-4237-9190-012177145e10",
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13",
	"e8611ab8-c189-46e8-94e1-60213ab1f814",
	"fe930be7-5e62-47db-91af-98c3a49a38b1",
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
	"158c047a-c907-4556-b7ef-446551a6b5f7",
	"194ae4cb-b126-40b2-bd5b-6091b380977d",
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
	"29232cdf-9323-42fd-ade2-1d097af3e4de",
	"c4e39bd9-1100-46d3-8c65-fb160da0071f",
]);
export const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
export const privilegedAuthenticationAdministrator = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";

/** Principals of active assignments, members of groups included. `wanted`: only of these roles. */
function holders(tenant: Tenant, wanted?: (role: string) => boolean): Set<string> {
	const found = new Set<string>();
	for (const { principalId, roleDefinitionId } of rowsOf(tenant, "roleAssignments")) {
		if (wanted && !wanted(String(roleDefinitionId))) continue;
		const id = String(principalId);
		if (tenant.state.groups.has(id)) for (const member of transitive(tenant, id)) found.add(member);
		else found.add(id);
	}
	return found;
}

/** Everybody with any directory role now. */
export function adminsOf(tenant: Tenant): Set<string> {
	return holders(tenant);
}

/** Everybody who holds a role the vendor labels privileged, or could make it active. */
export function privilegedOf(tenant: Tenant): Set<string> {
	const { state } = tenant;
	const wanted = (role: string): boolean => state.roleDefinitions.get(role)?.isPrivileged === true;
	const found = holders(tenant, wanted);
	const roleGroups = new Set<string>();
	const add = (id: string): void => {
		if (!state.groups.has(id)) return void found.add(id);
		roleGroups.add(id);
		for (const member of transitive(tenant, id)) found.add(member);
	};
	for (const row of state.eligibilities.values()) if (wanted(row.target)) add(row.principalId);
	for (const row of state.roleAssignments.values())
		if (wanted(row.roleDefinitionId ?? "") && state.groups.has(row.principalId ?? "")) roleGroups.add(row.principalId ?? "");
	for (const row of state.groupEligible.values()) if (roleGroups.has(row.target) && row.accessId !== "owner") add(row.principalId);
	return found;
}

/** Whether sensitive actions on a user are kept for the most powerful roles. */
export function isShielded(tenant: Tenant, user: string): boolean {
	const { state } = tenant;
	if (holders(tenant, (role) => shielded.has(role)).has(user)) return true;
	return [...state.groups.values()].some(
		(group) => group.isAssignableToRole === true && (linked(tenant, "members", group.id).includes(user) || linked(tenant, "owners", group.id).includes(user)),
	);
}

/** Whether a caller's service principal has a role that may touch everybody. */
export function outranks(state: State, principal: string): boolean {
	for (const { principalId, roleDefinitionId } of state.roleAssignments.values())
		if (principalId === principal && (roleDefinitionId === globalAdministrator || roleDefinitionId === privilegedAuthenticationAdministrator)) return true;
	return false;
}
