import type {
	Application,
	AuthenticationMethod,
	ConditionalAccessPolicy,
	Device,
	DirectoryAudit,
	Domain,
	FederatedIdentityCredential,
	Group,
	NamedLocation,
	OAuth2PermissionGrant,
	Organization,
	RiskDetection,
	RiskyServicePrincipal,
	RiskyUser,
	ServicePrincipal,
	SubscribedSku,
	UnifiedRoleAssignment,
	UnifiedRoleDefinition,
	User,
} from "@microsoft/microsoft-graph-types";
import { hash, mix } from "../../../src/emulate/random.js";

/** A vendor object as stored: properties at their default are left out, `render` fills them in. */
export type Raw = Record<string, unknown>;
export type Stored<T> = T & { id: string };

/** How somebody proves who they are: stands for the list of methods, which is made when it is first asked for. */
export type Factor = "none" | "weak" | "strong" | "phishing-resistant";

export interface Method extends Stored<AuthenticationMethod> {
	"@odata.type": string;
	[more: string]: unknown;
}

/** An eligible or time-bound hold of a role, or of a group's membership. */
export interface Schedule {
	id: string;
	principalId: string;
	/** Role definition, or group. */
	target: string;
	directoryScopeId: string;
	/** Milliseconds since the epoch; null for ever. */
	start: number;
	end: number | null;
	/** Of active ones: by an administrator, or by somebody who was eligible. */
	assignmentType?: "Assigned" | "Activated";
	accessId?: "member" | "owner";
}

/** Everything that is kept by id. */
export interface Tables {
	users: Map<string, Stored<User>>;
	groups: Map<string, Stored<Group>>;
	devices: Map<string, Stored<Device>>;
	applications: Map<string, Stored<Application>>;
	servicePrincipals: Map<string, Stored<ServicePrincipal>>;
	roleDefinitions: Map<string, Stored<UnifiedRoleDefinition> & { isPrivileged?: boolean }>;
	roleAssignments: Map<string, Stored<UnifiedRoleAssignment>>;
	/** Bounds in time of some of the role assignments, by the same id. */
	activeSchedules: Map<string, Schedule>;
	eligibilities: Map<string, Schedule>;
	groupActive: Map<string, Schedule>;
	groupEligible: Map<string, Schedule>;
	assignmentRequests: Map<string, Raw>;
	eligibilityRequests: Map<string, Raw>;
	oauth2PermissionGrants: Map<string, Stored<OAuth2PermissionGrant>>;
	appRoleAssignments: Map<string, Raw>;
	conditionalAccess: Map<string, Stored<ConditionalAccessPolicy>>;
	namedLocations: Map<string, Stored<NamedLocation> & Raw>;
	strengths: Map<string, Raw>;
	rolePolicies: Map<string, Raw>;
	domains: Map<string, Stored<Domain>>;
	organization: Map<string, Stored<Organization>>;
	skus: Map<string, Stored<SubscribedSku>>;
	riskyUsers: Map<string, Stored<RiskyUser>>;
	riskDetections: Map<string, Stored<RiskDetection>>;
	riskyServicePrincipals: Map<string, Stored<RiskyServicePrincipal>>;
	servicePrincipalRisk: Map<string, Raw>;
	secureScores: Map<string, Raw>;
	scoreProfiles: Map<string, Raw>;
	recommendations: Map<string, Raw>;
	accessReviews: Map<string, Raw>;
	audits: Map<string, Stored<DirectoryAudit>>;
	signIns: Map<string, Raw>;
}

export type DirectoryTable = "users" | "groups" | "devices" | "applications" | "servicePrincipals";

/** An application that may ask for tokens. */
export interface Client {
	appId: string;
	/** Its service principal. */
	principal: string;
	/** Permissions of the application kind, by the vendor's names. */
	scopes: Set<string>;
}

/** One change of a directory object, for the delta queries. */
export interface Change {
	at: number;
	table: DirectoryTable;
	id: string;
	/** Members that came or went; absent: the object itself changed. */
	member?: { id: string; gone: boolean; type: string };
}

export interface State extends Tables {
	tenantId: string;
	/** Any text that tells one tenant's invented values from another's. */
	seed: string;
	/** Managers by user. */
	managers: Map<string, string>;
	/** Direct members by group, and owners by group, application or service principal. */
	members: Map<string, readonly string[]>;
	owners: Map<string, readonly string[]>;
	factors: Map<string, Factor>;
	/** Method lists that a write has changed. */
	methods: Map<string, readonly Method[]>;
	perUserMfa: Map<string, string>;
	federated: Map<string, readonly Stored<FederatedIdentityCredential>[]>;
	federations: Map<string, readonly Raw[]>;
	/** Objects of which there is one, by path. */
	singles: Map<string, Raw>;
	deleted: Map<string, { table: DirectoryTable; entity: Raw; members?: readonly string[] }>;
	operations: Map<string, Raw>;
	/** Last use of service principals, and of their credentials, milliseconds since the epoch. */
	used: Map<string, number>;
	changes: Change[];
}

/** A tenant with nothing in it. */
export function emptyState(tenantId: string, seed: string): State {
	const map = <T>(): Map<string, T> => new Map();
	const directory = { users: map<never>(), groups: map<never>(), devices: map<never>(), applications: map<never>(), servicePrincipals: map<never>() };
	const roles = { roleDefinitions: map<never>(), roleAssignments: map<never>(), activeSchedules: map<never>(), eligibilities: map<never>() };
	const pim = { groupActive: map<never>(), groupEligible: map<never>(), assignmentRequests: map<never>(), eligibilityRequests: map<never>() };
	const access = { oauth2PermissionGrants: map<never>(), appRoleAssignments: map<never>(), conditionalAccess: map<never>(), namedLocations: map<never>() };
	const org = { strengths: map<never>(), rolePolicies: map<never>(), domains: map<never>(), organization: map<never>(), skus: map<never>() };
	const risk = { riskyUsers: map<never>(), riskDetections: map<never>(), riskyServicePrincipals: map<never>(), servicePrincipalRisk: map<never>() };
	const reports = { secureScores: map<never>(), scoreProfiles: map<never>(), recommendations: map<never>(), accessReviews: map<never>() };
	const links = { managers: map<never>(), members: map<never>(), owners: map<never>(), factors: map<never>(), methods: map<never>() };
	const rest = { perUserMfa: map<never>(), federated: map<never>(), federations: map<never>(), singles: map<never>(), deleted: map<never>() };
	const logs = { audits: map<never>(), signIns: map<never>(), operations: map<never>(), used: map<never>(), changes: [] };
	return { tenantId, seed, ...directory, ...roles, ...pim, ...access, ...org, ...risk, ...reports, ...links, ...rest, ...logs };
}

const hex = (value: number): string => (value + 0x1_0000_0000).toString(16).slice(1);

/** A GUID that follows from a text: the same on every machine and in every run. */
export function guid(...parts: (string | number)[]): string {
	const text = parts.length === 1 ? String(parts[0]) : parts.join("/");
	// Two walks over the text give 64 bits, enough for millions of ids; the rest is made of them.
	const [one, two] = [hash(text, 1), hash(text, 0x9e3779b1)];
	const [middle, rest] = [hex(mix(one ^ 0x5bd1e995)), hex(mix(two ^ 0x27d4eb2f))];
	return `${hex(one)}-${middle.slice(0, 4)}-4${middle.slice(5)}-a${rest.slice(1, 4)}-${rest.slice(4)}${hex(two)}`;
}
