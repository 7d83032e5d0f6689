import { conditionalAccess, policy, reads, report, risk } from "./access.js";
import { appCredentialActivities, servicePrincipalActivities } from "./activities.js";
import type { Collection } from "./collections.js";
import { kind, plain } from "./kinds.js";
import type { Listed } from "./list.js";
import { registrations } from "./registration.js";
import { rowsOf } from "./rows.js";
import { signInRows } from "./sign-ins.js";
import type { Tables } from "./state.js";

const small = { usual: 100, most: 999, over: "clamp" } as const;
const newestFirst = ["createdDateTime", "activityDateTime", "riskLastUpdatedDateTime"];

function list(type: string, context: string, filters: string, page: Listed["page"] = small): Listed {
	return { kind: plain(type), context, filters: filters.split(" "), orders: newestFirst, page };
}

const access = (table: keyof Tables, path: string, type: string): Collection => ({
	path: `/identity/conditionalAccess/${path}`,
	list: list(type, `identity/conditionalAccess/${path}`, "id displayName state createdDateTime modifiedDateTime"),
	needs: conditionalAccess(reads.access),
	table,
});

const risky = (table: keyof Tables, path: string, type: string, scopes: readonly string[], filters: string): Collection => ({
	path: `/identityProtection/${path}`,
	// The documented page of risky users is 500 at most.
	list: list(type, `identityProtection/${path}`, filters, { usual: 100, most: 500, over: "clamp" }),
	needs: risk(scopes),
	table,
});

const riskFilters = "id riskLevel riskState riskDetail isDeleted isProcessing riskLastUpdatedDateTime userDisplayName userPrincipalName displayName appId";
const detectionFilters =
	"id userId riskLevel riskState riskEventType activity activityDateTime detectedDateTime servicePrincipalId appId ipAddress userPrincipalName";
const logPage = { usual: 1000, most: 1000, over: "clamp" } as const;
const signInFilters =
	"id userId userPrincipalName userDisplayName appId appDisplayName createdDateTime status ipAddress clientAppUsed conditionalAccessStatus isInteractive servicePrincipalId";

export const securityCollections: readonly Collection[] = [
	access("conditionalAccess", "policies", "conditionalAccessPolicy"),
	access("namedLocations", "namedLocations", "namedLocation"),
	{
		path: "/policies/authenticationStrengthPolicies",
		list: list("authenticationStrengthPolicy", "policies/authenticationStrengthPolicies", "id displayName policyType"),
		needs: policy([...reads.policies, "Policy.Read.AuthenticationMethod"]),
		table: "strengths",
	},
	risky("riskyUsers", "riskyUsers", "riskyUser", reads.riskyUsers, riskFilters),
	risky("riskDetections", "riskDetections", "riskDetection", reads.riskEvents, detectionFilters),
	risky("riskyServicePrincipals", "riskyServicePrincipals", "riskyServicePrincipal", reads.riskyApps, riskFilters),
	risky("servicePrincipalRisk", "servicePrincipalRiskDetections", "servicePrincipalRiskDetection", reads.riskEvents, detectionFilters),
	{
		path: "/security/secureScores",
		list: list("secureScore", "security/secureScores", "id createdDateTime"),
		needs: { service: "risk", scopes: reads.security, cost: 1, bucket: "directory" },
		table: "secureScores",
	},
	{
		path: "/security/secureScoreControlProfiles",
		list: list("secureScoreControlProfile", "security/secureScoreControlProfiles", "id service controlCategory"),
		needs: { service: "risk", scopes: reads.security, cost: 1, bucket: "directory" },
		table: "scoreProfiles",
	},
	{
		path: "/auditLogs/directoryAudits",
		list: list(
			"directoryAudit",
			"auditLogs/directoryAudits",
			"id activityDateTime activityDisplayName category correlationId loggedByService initiatedBy targetResources result",
			logPage,
		),
		needs: { service: "audit", scopes: reads.audit, cost: 1, bucket: "reports" },
		rows: (tenant) => [...rowsOf(tenant, "audits")].reverse(),
	},
	{
		path: "/auditLogs/signIns",
		list: list("signIn", "auditLogs/signIns", signInFilters, logPage),
		beta: list("signIn", "auditLogs/signIns", `${signInFilters} signInEventTypes`, logPage),
		needs: report(reads.audit),
		rows: signInRows,
	},
	{
		path: "/reports/authenticationMethods/userRegistrationDetails",
		list: {
			kind: kind(
				"userRegistrationDetails",
				`id userPrincipalName userDisplayName userType isAdmin isSsprRegistered isSsprEnabled isSsprCapable isMfaRegistered isMfaCapable isPasswordlessCapable
				methodsRegistered[] isSystemPreferredAuthenticationMethodEnabled systemPreferredAuthenticationMethods[] userPreferredMethodForSecondaryAuthentication
				lastUpdatedDateTime`,
			),
			context: "reports/authenticationMethods/userRegistrationDetails",
			filters:
				`id userPrincipalName userDisplayName userType isAdmin isSsprRegistered isSsprEnabled isSsprCapable isMfaRegistered isMfaCapable isPasswordlessCapable
			methodsRegistered userPreferredMethodForSecondaryAuthentication`.split(/\s+/),
			orders: ["userPrincipalName"],
			page: small,
		},
		needs: report(reads.audit),
		rows: registrations,
	},
	{
		path: "/reports/servicePrincipalSignInActivities",
		list: list("servicePrincipalSignInActivity", "reports/servicePrincipalSignInActivities", "id appId"),
		needs: report(reads.audit),
		rows: servicePrincipalActivities,
		only: "beta",
	},
	{
		path: "/reports/appCredentialSignInActivities",
		list: list("appCredentialSignInActivity", "reports/appCredentialSignInActivities", "id appId keyId servicePrincipalObjectId"),
		needs: report(reads.audit),
		rows: appCredentialActivities,
		only: "beta",
	},
	{
		path: "/directory/recommendations",
		list: list("recommendation", "directory/recommendations", "id status priority recommendationType"),
		needs: { service: "policy", scopes: reads.recommendations, cost: 1, bucket: "directory" },
		table: "recommendations",
		only: "beta",
	},
	{
		path: "/identityGovernance/accessReviews/definitions",
		list: list("accessReviewScheduleDefinition", "identityGovernance/accessReviews/definitions", "id displayName status scope"),
		needs: { service: "policy", scopes: reads.reviews, cost: 1, bucket: "directory", licence: "p2" },
		table: "accessReviews",
	},
];
