import type { admin_directory_v1 } from "@googleapis/admin";
import type { cloudidentity_v1 } from "@googleapis/cloudidentity";
import type { World } from "../../../src/emulate/world.js";

export type UserBody = admin_directory_v1.Schema$User;
export type GroupBody = admin_directory_v1.Schema$Group;
export type RoleBody = admin_directory_v1.Schema$Role & { roleId: string };
export type AssignmentBody = admin_directory_v1.Schema$RoleAssignment & {
	roleAssignmentId: string;
	roleId: string;
	assignedTo: string;
	/** Newer than the published types. */
	expirationDetails?: { expireTime?: string };
};
export type OrgUnitBody = admin_directory_v1.Schema$OrgUnit & { orgUnitId: string; orgUnitPath: string };
export type DomainBody = admin_directory_v1.Schema$Domains & { domainName: string };
export type MobileBody = admin_directory_v1.Schema$MobileDevice & { resourceId: string };
export type ChromeBody = admin_directory_v1.Schema$ChromeOsDevice & { deviceId: string };
export type TokenBody = admin_directory_v1.Schema$Token & { clientId: string };
export type AspBody = admin_directory_v1.Schema$Asp & { codeId: number };
export type PolicyBody = cloudidentity_v1.Schema$Policy & { name: string };
export type SamlProfile = cloudidentity_v1.Schema$InboundSamlSsoProfile & { name: string };
export type OidcProfile = cloudidentity_v1.Schema$InboundOidcSsoProfile & { name: string };
export type SsoAssignment = cloudidentity_v1.Schema$InboundSsoAssignment & { name: string };
export type DeviceBody = cloudidentity_v1.Schema$GoogleAppsCloudidentityDevicesV1Device & { name: string };

/** A user as it is kept: what the vendor works out (kind, etag, admin flags, customer id) is added when it is shown. */
export interface Person {
	id: string;
	body: UserBody & { primaryEmail: string; orgUnitPath: string };
	/** Milliseconds since the epoch; null for never. */
	lastLogin: number | null;
	created: number;
	/** When it was deleted; null for one that is there. */
	deleted: number | null;
	securityKeys: number;
	passkeys: number;
	/** How many applications hold a grant. The grants themselves are made when they are asked for. */
	apps: number;
	/** How many app passwords. */
	appPasswords: number;
	/** Weak, or not checked since it was set. */
	password: "STRONG" | "WEAK" | "UNKNOWN";
	customSchemas?: Record<string, Record<string, unknown>>;
	/** The photo in web-safe Base64, for who has one. */
	photo?: string;
	/** Before this moment a user just inserted refuses writes. */
	ready: number;
	version: number;
	/** How it was before the last change: reports tell of days gone by. */
	before?: { until: number; person: Person };
}

export interface Membership {
	/** Id of the user or group; the customer's id for everybody; for addresses from outside, one of Google's or empty. */
	id: string;
	email?: string;
	type: "USER" | "GROUP" | "EXTERNAL" | "CUSTOMER";
	role: "OWNER" | "MANAGER" | "MEMBER";
	/** Missing for people from outside. */
	status?: string;
	delivery: string;
	created: number;
	/** When the membership ends; null for never. */
	expires: number | null;
}

export interface GroupRow {
	id: string;
	body: GroupBody & { email: string; name: string };
	members: Map<string, Membership>;
	/** Only what differs from the vendor's defaults. */
	settings: Record<string, string | number>;
	/** The query of a dynamic group; null for a usual one. */
	dynamic: string | null;
	security: boolean;
	created: number;
	version: number;
}

/** An event of the audit log. */
export interface Activity {
	application: string;
	at: number;
	qualifier: string;
	actor: { email?: string; profileId?: string; callerType?: string; key?: string };
	ipAddress?: string;
	events: { type: string; name: string; parameters?: Record<string, unknown>[] }[];
}

export interface Alert {
	alertId: string;
	created: number;
	type: string;
	source: string;
	severity: "HIGH" | "MEDIUM" | "LOW";
	status: "NOT_STARTED" | "IN_PROGRESS" | "CLOSED";
	data: Record<string, unknown>;
}

export interface License {
	productId: string;
	skuId: string;
	userId: string;
}

export interface State {
	customer: admin_directory_v1.Schema$Customer & { id: string; customerDomain: string };
	users: Map<string, Person>;
	groups: Map<string, GroupRow>;
	roles: Map<string, RoleBody>;
	assignments: Map<string, AssignmentBody>;
	orgUnits: Map<string, OrgUnitBody>;
	domains: Map<string, DomainBody>;
	domainAliases: Map<string, admin_directory_v1.Schema$DomainAlias>;
	mobiles: Map<string, MobileBody>;
	chromes: Map<string, ChromeBody>;
	devices: Map<string, DeviceBody & { user: string }>;
	schemas: Map<string, admin_directory_v1.Schema$Schema>;
	policies: Map<string, PolicyBody>;
	samlProfiles: Map<string, SamlProfile>;
	oidcProfiles: Map<string, OidcProfile>;
	ssoAssignments: Map<string, SsoAssignment>;
	licenses: Map<string, License>;
	alerts: Map<string, Alert>;
	transfers: Map<string, Record<string, unknown>>;
	/** Made when they are asked for, then kept: by user id. */
	tokens: Map<string, TokenBody[]>;
	asps: Map<string, AspBody[]>;
	codes: Map<string, string[]>;
	/** Events of writes, and those of the generator, in no order. */
	events: Map<string, Activity>;
	/** The administrator in whose name the service accounts act. */
	admin: string;
}

/** Behaviour that differs from tenant to tenant, or that the vendor shows now and then. */
export interface Choices {
	/** How a refusal of too many requests looks. */
	throttle: "userRateLimitExceeded" | "quotaExceeded" | "rateLimitExceeded";
	/** How the token endpoint refuses too many requests: in OAuth's shape by either status, or by a 403 with a page for people. */
	tokenThrottle: 429 | 403 | "page";
	/** Days that usage reports lag behind. */
	reportLagDays: number;
	/** The newest report says that some applications are missing. */
	partialReport: boolean;
	/** `includeDerivedMembership` leaves members out. */
	derivedLossy: boolean;
	/** `roles=MEMBER` gives owners and managers too. */
	looseRoles: boolean;
	/** Some users flip to "never signed in" from one list to the next. */
	flippingLogins: boolean;
	/** A search for `isEnrolledIn2Sv` goes by an index that is not quite right. */
	staleIndex: boolean;
	/** Some users come without the `suspended` and `archived` that are false. */
	missingFlags: boolean;
	/** Settings that nobody changed are missing among the policies. */
	absentDefaults: boolean;
	/** The type of a setting comes without its `settings/`. */
	bareTypes: boolean;
	/** Transitive searches need Enterprise Standard or Cloud Identity Premium. */
	edition: "enterprise" | "business";
	/** Free Archived User licences. */
	archiveSeats: number;
	/** The administrators have blocked the service account's client. */
	blocked: boolean;
	/** API access of the whole account is off. */
	apisOff: boolean;
	/** How long a user just inserted refuses writes, and a new member answers 404 [ms]. */
	settleMs: number;
}

export interface Tenant {
	world: World;
	state: State;
	choices: Choices;
	seed: string;
	/** Counts changes, for what is kept between requests. */
	version: number;
}
