/** A list of configuration objects, or the one object, that becomes settings of one kind. */
export interface SettingKind {
	kind: string;
	path: string;
	scope: string;
	query?: Record<string, number>;
	/** The org has one such object; its name for people. */
	single?: string;
	/** Licensed or early: an org without it refuses the call, and then has no such object. */
	optional?: true;
}

/** What is read beside policies. Each is one page or few. */
export const settingKinds: SettingKind[] = [
	{ kind: "authenticator", path: "/api/v1/authenticators", scope: "okta.authenticators.read", optional: true },
	{ kind: "zone", path: "/api/v1/zones", scope: "okta.networkZones.read" },
	{ kind: "trusted-origin", path: "/api/v1/trustedOrigins", scope: "okta.trustedOrigins.read", query: { limit: 200 } },
	{ kind: "idp", path: "/api/v1/idps", scope: "okta.idps.read", query: { limit: 200 }, optional: true },
	{ kind: "event-hook", path: "/api/v1/eventHooks", scope: "okta.eventHooks.read" },
	{ kind: "log-stream", path: "/api/v1/logStreams", scope: "okta.logStreams.read", optional: true },
	{ kind: "behavior", path: "/api/v1/behaviors", scope: "okta.behaviors.read", optional: true },
	{ kind: "org", path: "/api/v1/org", scope: "okta.orgs.read", single: "Org settings" },
	{ kind: "support-access", path: "/api/v1/org/privacy/oktaSupport", scope: "okta.orgs.read", single: "Okta Support access" },
	{
		kind: "third-party-admin",
		path: "/api/v1/org/orgSettings/thirdPartyAdminSetting",
		scope: "okta.orgs.read",
		single: "Third-party administrators",
		optional: true,
	},
	{
		kind: "client-privileges",
		path: "/api/v1/org/settings/clientPrivilegesSetting",
		scope: "okta.orgs.read",
		single: "Role of new service apps",
		optional: true,
	},
	{ kind: "threat-insight", path: "/api/v1/threats/configuration", scope: "okta.threatInsights.read", single: "ThreatInsight", optional: true },
	{ kind: "lockout", path: "/attack-protection/api/v1/user-lockout-settings", scope: "okta.orgs.read", single: "Lockout", optional: true },
	{
		kind: "authenticator-order",
		path: "/attack-protection/api/v1/authenticator-settings",
		scope: "okta.orgs.read",
		single: "Authenticator order",
		optional: true,
	},
	{ kind: "admin-console", path: "/api/v1/first-party-app-settings/admin-console", scope: "okta.apps.read", single: "Admin Console session", optional: true },
];

/**
 * Policy types. The optional ones belong to Identity Engine or to a licence; a Classic org refuses their name.
 * USER_LIFECYCLE (automations, such as suspension for inactivity) is served without standing in Okta's list of types.
 */
export const policyTypes: { type: string; optional: boolean }[] = [
	{ type: "OKTA_SIGN_ON", optional: false },
	{ type: "PASSWORD", optional: false },
	{ type: "MFA_ENROLL", optional: false },
	{ type: "IDP_DISCOVERY", optional: false },
	{ type: "ACCESS_POLICY", optional: true },
	{ type: "PROFILE_ENROLLMENT", optional: true },
	{ type: "ENTITY_RISK", optional: true },
	{ type: "POST_AUTH_SESSION", optional: true },
	{ type: "USER_LIFECYCLE", optional: true },
];
