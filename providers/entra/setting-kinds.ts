/** A kind of configuration object as it is read. */
export interface SettingKind {
	kind: string;
	title: string;
	path: string;
	query?: Record<string, string | number>;
	/** The tenant has one such object, of this name. */
	single?: string;
	/** Key that names an object for people. */
	name?: string;
	/** The licence without which there is nothing of the kind. */
	licence?: string;
}

const v1 = "/v1.0";

export const settingKinds: SettingKind[] = [
	{ kind: "conditionalAccessPolicy", title: "Conditional Access policy", path: `${v1}/identity/conditionalAccess/policies`, licence: "Entra ID P1" },
	{ kind: "namedLocation", title: "Named location", path: `${v1}/identity/conditionalAccess/namedLocations`, licence: "Entra ID P1" },
	{ kind: "authenticationStrengthPolicy", title: "Authentication strength", path: `${v1}/policies/authenticationStrengthPolicies` },
	{
		kind: "identitySecurityDefaultsEnforcementPolicy",
		title: "Security defaults",
		path: `${v1}/policies/identitySecurityDefaultsEnforcementPolicy`,
		single: "Security defaults",
	},
	{ kind: "authorizationPolicy", title: "Authorization policy", path: `${v1}/policies/authorizationPolicy`, single: "Authorization policy" },
	{
		kind: "authenticationMethodsPolicy",
		title: "Authentication methods policy",
		path: `${v1}/policies/authenticationMethodsPolicy`,
		single: "Authentication methods policy",
	},
	{
		kind: "crossTenantAccessPolicy",
		title: "Cross-tenant access, default",
		path: `${v1}/policies/crossTenantAccessPolicy/default`,
		single: "Cross-tenant access, default",
	},
	{ kind: "adminConsentRequestPolicy", title: "Admin consent requests", path: `${v1}/policies/adminConsentRequestPolicy`, single: "Admin consent requests" },
	{ kind: "licence", title: "Licence", path: `${v1}/subscribedSkus`, name: "skuPartNumber" },
	{ kind: "organization", title: "Organization", path: `${v1}/organization` },
	{ kind: "secure-score", title: "Microsoft Secure Score", path: `${v1}/security/secureScores`, query: { $top: 1 } },
	{
		kind: "roleManagementPolicy",
		title: "Rules for activating a role",
		path: `${v1}/policies/roleManagementPolicyAssignments`,
		query: { $filter: "scopeId eq '/' and scopeType eq 'DirectoryRole'", $expand: "policy($expand=rules)" },
		name: "roleDefinitionId",
		licence: "Entra ID P2",
	},
];
