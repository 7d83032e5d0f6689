import type { Needs } from "./tenant.js";

/** Permissions of the application kind that suffice for reading, each one by itself. */
export const reads = {
	users: ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	groups: ["GroupMember.Read.All", "Group.Read.All", "GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	/** The vendor names no narrower one: GroupMember.Read.All is for groups that are there. */
	deletedGroups: ["Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	devices: ["Device.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	apps: ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	roles: ["RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory", "Directory.Read.All"],
	policies: ["Policy.Read.All"],
	access: ["Policy.Read.All", "Policy.Read.ConditionalAccess", "Policy.ReadWrite.ConditionalAccess"],
	organization: ["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	licences: ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	domains: ["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All"],
	audit: ["AuditLog.Read.All"],
	methods: ["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"],
	riskyUsers: ["IdentityRiskyUser.Read.All", "IdentityRiskyUser.ReadWrite.All"],
	riskEvents: ["IdentityRiskEvent.Read.All", "IdentityRiskEvent.ReadWrite.All"],
	riskyApps: ["IdentityRiskyServicePrincipal.Read.All", "IdentityRiskyServicePrincipal.ReadWrite.All"],
	security: ["SecurityEvents.Read.All", "SecurityEvents.ReadWrite.All"],
	reviews: ["AccessReview.Read.All", "AccessReview.ReadWrite.All"],
	recommendations: ["DirectoryRecommendations.Read.All", "DirectoryRecommendations.ReadWrite.All"],
	grants: ["DelegatedPermissionGrant.ReadWrite.All", "Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
	eligible: ["RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"],
	active: ["RoleAssignmentSchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"],
	groupEligible: ["PrivilegedEligibilitySchedule.Read.AzureADGroup", "PrivilegedAccess.Read.AzureADGroup", "PrivilegedAccess.ReadWrite.AzureADGroup"],
	groupActive: [
		"PrivilegedAssignmentSchedule.Read.AzureADGroup",
		"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
		"PrivilegedAccess.Read.AzureADGroup",
		"PrivilegedAccess.ReadWrite.AzureADGroup",
	],
	rolePolicies: ["RoleManagementPolicy.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All", "RoleManagement.ReadWrite.Directory"],
} satisfies Record<string, readonly string[]>;

/** The same for changing. */
export const writes = {
	/** Which of these a change of a user needs depends on the properties. */
	users: ["User.ReadWrite.All", "User.EnableDisableAccount.All", "User-PasswordProfile.ReadWrite.All", "Directory.ReadWrite.All"],
	deleteUsers: ["User.DeleteRestore.All", "User.ReadWrite.All"],
	sessions: ["User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
	groups: ["Group.ReadWrite.All", "Directory.ReadWrite.All"],
	members: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"],
	apps: ["Application.ReadWrite.All", "Directory.ReadWrite.All"],
	roles: ["RoleManagement.ReadWrite.Directory"],
	active: ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
	eligible: ["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
	groupActive: ["PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup", "PrivilegedAccess.ReadWrite.AzureADGroup"],
	access: ["Policy.ReadWrite.ConditionalAccess"],
	authorization: ["Policy.ReadWrite.Authorization"],
	methodsPolicy: ["Policy.ReadWrite.AuthenticationMethod"],
	securityDefaults: ["Policy.ReadWrite.SecurityDefaults"],
	consentRequests: ["Policy.ReadWrite.ConsentRequest"],
	crossTenant: ["Policy.ReadWrite.CrossTenantAccess"],
	methods: ["UserAuthenticationMethod.ReadWrite.All"],
	requirements: ["Policy.ReadWrite.AuthenticationMethod", "UserAuthenticationMethod.ReadWrite.All"],
	grants: ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
	appRoles: ["AppRoleAssignment.ReadWrite.All"],
	riskyUsers: ["IdentityRiskyUser.ReadWrite.All"],
	domains: ["Domain.ReadWrite.All"],
	reviews: ["AccessReview.ReadWrite.All"],
} satisfies Record<string, readonly string[]>;

/** A read or write of the directory, with its price in resource units. */
export function directory(scopes: readonly string[], cost = 1): Needs {
	return { service: "directory", scopes, cost, bucket: "directory" };
}

export function policy(scopes: readonly string[]): Needs {
	return { service: "policy", scopes, cost: 1, bucket: "directory" };
}

/** Conditional Access and named locations: one request a second for all applications of a tenant. */
export function conditionalAccess(scopes: readonly string[]): Needs {
	return { service: "policy", scopes, cost: 1, bucket: "risk", licence: "p1" };
}

export function pim(scopes: readonly string[]): Needs {
	return { service: "pim", scopes, cost: 1, bucket: "directory", licence: "p2" };
}

export function risk(scopes: readonly string[]): Needs {
	return { service: "risk", scopes, cost: 1, bucket: "risk", licence: "p2" };
}

export function report(scopes: readonly string[]): Needs {
	return { service: "audit", scopes, cost: 1, bucket: "reports", licence: "p1" };
}

export function methods(scopes: readonly string[]): Needs {
	return { service: "methods", scopes, cost: 1, bucket: "reports" };
}
