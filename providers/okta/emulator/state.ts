import type { Group, GroupRule, LogEvent, Policy, PolicyRule, User, UserFactor } from "@okta/okta-sdk-nodejs";

/** The vendor's published types with dates as they travel: ISO 8601 strings. */
export type Wire<T> = T extends Date ? string : T extends (infer U)[] ? Wire<U>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

/**
 * One Okta org, as the emulator serves it and as the generator makes it. Objects are in the vendor's own shape,
 * without `_links` (the server adds them with its own address). All collections are keyed by id.
 * Large tenants hold 1,000,000 users: keep objects small and share constants.
 */
export interface TenantState {
	/** Org subdomain and id. */
	org: Record<string, unknown> & { id: string; subdomain: string };
	users: Map<string, Wire<User>>;
	/** userId → enrolled factors. A missing key is an empty list. */
	factors: Map<string, Wire<UserFactor>[]>;
	groups: Map<string, Wire<Group>>;
	/** groupId → user ids, in membership order. The built-in Everyone group is computed. */
	members: Map<string, Set<string>>;
	groupRules: Map<string, Wire<GroupRule>>;
	/** Role assignments, standard and custom: `/users/{id}/roles`, `/groups/{id}/roles`, `/oauth2/v1/clients/{id}/roles`. */
	roles: RoleAssignment[];
	customRoles: Map<string, { id: string; label: string; description: string; permissions: string[]; created: string; lastUpdated: string }>;
	resourceSets: Map<string, { id: string; label: string; description: string; resources: string[]; created: string; lastUpdated: string }>;
	policies: Map<string, Wire<Policy>>;
	/** policyId → rules in priority order. */
	policyRules: Map<string, Wire<PolicyRule>[]>;
	/** Raw vendor objects of the rest, by id. */
	authenticators: Map<string, Record<string, unknown>>;
	zones: Map<string, Record<string, unknown>>;
	apps: Map<string, Record<string, unknown>>;
	/** appId → user assignments (`AppUser`) and group assignments. */
	appUsers: Map<string, Map<string, Record<string, unknown>>>;
	appGroups: Map<string, Map<string, Record<string, unknown>>>;
	/** appId → OAuth 2.0 scope grants. */
	appGrants: Map<string, Record<string, unknown>[]>;
	apiTokens: Map<string, Record<string, unknown>>;
	trustedOrigins: Map<string, Record<string, unknown>>;
	/** userId → OAuth grants and sessions that live. */
	userGrants: Map<string, Record<string, unknown>[]>;
	sessions: Map<string, { id: string; created: string }[]>;
	/** System log, ordered by the time of persistence. */
	log: Wire<LogEvent>[];
	/** Raw vendor objects by id; a missing collection is an empty one. */
	features?: Map<string, Record<string, unknown>>;
	eventHooks?: Map<string, Record<string, unknown>>;
	logStreams?: Map<string, Record<string, unknown>>;
	idps?: Map<string, Record<string, unknown>>;
	behaviors?: Map<string, Record<string, unknown>>;
	devices?: Map<string, Record<string, unknown>>;
	/** userId → ids of `devices`. */
	userDevices?: Map<string, string[]>;
	/** Key store of the identity providers' certificates, by kid. */
	idpKeys?: Map<string, Record<string, unknown>>;
	/** idpId → keys Okta signs with towards it, the active one first. */
	idpSigningKeys?: Map<string, Record<string, unknown>[]>;
	/** idpId → users linked to it, by user id. */
	idpUsers?: Map<string, Map<string, Record<string, unknown>>>;
	/** appId → OAuth client keys (JWK), where they differ from the app's own `jwks`; certificates apps are signed with. */
	appKeys?: Map<string, Record<string, unknown>[]>;
	appCertificates?: Map<string, Record<string, unknown>[]>;
	/** groupId → owners. */
	groupOwners?: Map<string, Record<string, unknown>[]>;
	/** User types and schemas that differ from the vendor's defaults, by id. */
	userTypes?: Map<string, Record<string, unknown>>;
	userSchemas?: Map<string, Record<string, unknown>>;
	/** Principal rate limits, API service integrations, service accounts of apps and of Okta, by id. */
	principalRates?: Map<string, Record<string, unknown>>;
	apiServices?: Map<string, Record<string, unknown>>;
	appAccounts?: Map<string, Record<string, unknown>>;
	oktaAccounts?: Map<string, Record<string, unknown>>;
	/** Identity sources: sourceId → sessions and users by external id. */
	sourceSessions?: Map<string, Record<string, unknown>[]>;
	sourceUsers?: Map<string, Map<string, Record<string, unknown>>>;
	/** userId → why the risk level was set; classification. */
	userRiskReasons?: Map<string, string>;
	userClasses?: Map<string, Record<string, unknown>>;
	/** appId → client secrets, hashed as the vendor shows them. */
	appSecrets?: Map<string, Record<string, unknown>[]>;
	/** userId → OAuth refresh tokens that live. */
	refreshTokens?: Map<string, Record<string, unknown>[]>;
	/** userId → `LOW`, `MEDIUM`, `HIGH`; a missing key is `NONE`. */
	userRisk?: Map<string, string>;
	/** Org options by name: `oktaSupport`, `threatInsight`, `thirdPartyAdmin`, `clientPrivileges`, …; the vendor's defaults where missing. */
	orgOptions?: Map<string, Record<string, unknown>>;
}

export interface RoleAssignment {
	id: string;
	principalType: "user" | "group" | "client";
	principalId: string;
	/** `SUPER_ADMIN` …, or `CUSTOM`. */
	type: string;
	label: string;
	status: "ACTIVE" | "INACTIVE";
	created: string;
	lastUpdated: string;
	/** Of a custom role. */
	role?: string;
	resourceSet?: string;
	/** Group targets of a standard role. */
	targetGroups?: string[];
	/** App targets of a standard role: a catalogue name, or `name/appId` for one app. */
	targetApps?: string[];
}
