/**
 * The vendor's limiters, by what a call counts against. Microsoft says no remaining budget in headers, so that calls are spread over time here.
 * https://learn.microsoft.com/graph/throttling-limits
 */
export interface Bucket {
	name: string;
	/** Requests that may come at once. */
	burst: number;
	perSecond: number;
	source: string;
}

const page = "https://learn.microsoft.com/graph/throttling-limits";

/** Sign-in activity, registration details and other reports: 5 requests in 10 s for one app in one tenant. */
const reports: Bucket = { name: "reports", burst: 5, perSecond: 0.5, source: `${page}: identity and access reports, 5 requests per 10 seconds` };
/** Conditional Access and risk: 1 request a second for all apps of a tenant together, and no Retry-After. */
const risk: Bucket = {
	name: "conditional access and risk",
	burst: 1,
	perSecond: 1,
	source: `${page}: identity protection and conditional access, 1 request per second`,
};
/** 3,500 to 8,000 resource units in 10 s, by the tenant's size; a call costs 1 to 5 of them. The smallest tenant's, at 2 units a call. */
const directory: Bucket = {
	name: "directory",
	burst: 500,
	perSecond: 175,
	source: `${page}: identity and access, 3,500 resource units per 10 seconds in a small tenant`,
};

export const buckets = { directory, reports, risk };

/** The bucket of a call. `path` is the template; `reported` says that the query asks for sign-in activity, which the reports service delivers. */
export function bucketOf(path: string): Bucket {
	// Whether single users' methods count with the reports is not clear from the page, and is assumed.
	if (/^\/(v1\.0|beta)\/(reports|auditLogs)\/|\/authentication\//.test(path) || path.endsWith(signInMark)) return reports;
	if (/^\/(v1\.0|beta)\/(identityProtection|identity\/conditionalAccess)\//.test(path)) return risk;
	return directory;
}

/** Ends the path template of a call that selects sign-in activity: nothing of it is sent. */
export const signInMark = "#signInActivity";

const scopes: [RegExp, string][] = [
	[/#signInActivity$/, "AuditLog.Read.All"],
	[/^\/(v1\.0|beta)\/(reports|auditLogs)\//, "AuditLog.Read.All"],
	[/\/authentication\//, "UserAuthenticationMethod.Read.All"],
	[/^\/(v1\.0|beta)\/users|\/deletedItems\/microsoft\.graph\.user/, "User.Read.All"],
	[/\/deletedItems\/microsoft\.graph\.group/, "Group.Read.All"],
	[/\/deletedItems\/microsoft\.graph\.application/, "Application.Read.All"],
	[/\/privilegedAccess\/group\/assignment/, "PrivilegedAssignmentSchedule.Read.AzureADGroup"],
	[/\/privilegedAccess\/group\//, "PrivilegedEligibilitySchedule.Read.AzureADGroup"],
	[/\/groups/, "GroupMember.Read.All"],
	[/\/(applications|servicePrincipals)/, "Application.Read.All"],
	[/\/oauth2PermissionGrants/, "Application.Read.All"],
	[/\/roleManagementPolic/, "RoleManagement.Read.Directory"],
	[/\/directoryRoles/, "RoleManagement.Read.Directory"],
	[/\/devices/, "Device.Read.All"],
	[/\/roleManagement\//, "RoleManagement.Read.Directory"],
	[/\/(policies|conditionalAccess)/, "Policy.Read.All"],
	[/\/riskyServicePrincipals/, "IdentityRiskyServicePrincipal.Read.All"],
	[/\/riskyUsers/, "IdentityRiskyUser.Read.All"],
	[/\/riskDetections/, "IdentityRiskEvent.Read.All"],
	[/\/security\//, "SecurityEvents.Read.All"],
	[/\/(subscribedSkus|organization)/, "Organization.Read.All"],
	[/\/domains/, "Domain.Read.All"],
];

/** The permission a call needs, for messages where the vendor does not name it; undefined where we do not know. */
export function scopeOf(path: string): string | undefined {
	return scopes.find(([pattern]) => pattern.test(path))?.[1];
}

const licences: [RegExp, string][] = [
	[/#signInActivity$/, "Entra ID P1 or P2"],
	[/^\/(v1\.0|beta)\/(reports|auditLogs)\//, "Entra ID P1 or P2"],
	[/\/riskyServicePrincipals/, "Microsoft Entra Workload ID Premium"],
	[/\/identityProtection\//, "Entra ID P2"],
	[/\/conditionalAccess\//, "Entra ID P1 or P2"],
	[/\/(roleManagement|privilegedAccess|roleManagementPolicyAssignments)\b/, "Entra ID P2 or ID Governance"],
];

/** The licence without which the vendor refuses a call; undefined where we do not know. https://learn.microsoft.com/entra/fundamentals/licensing */
export function licenceOf(path: string): string | undefined {
	return licences.find(([pattern]) => pattern.test(path))?.[1];
}
