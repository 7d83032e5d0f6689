import type { Call, Route } from "../../../src/emulate/call.js";
import type { World } from "../../../src/emulate/world.js";

export interface Identity {
	id: string;
	name: string;
	alias: string;
	email: string | null;
	status: "UNREGISTERED" | "REGISTERED" | "PENDING" | "WARNING" | "DISABLED" | "ACTIVE" | "DEACTIVATED" | "TERMINATED" | "ERROR" | "LOCKED";
	processingState: "OK" | "ERROR" | null;
	/** Id of the manager. */
	manager: string | null;
	isManager: boolean;
	created: number;
	modified: number;
	lastRefresh: number;
	correlated: boolean;
	protected: boolean;
	/** Technical name of a lifecycle state; null where the profile has none. */
	lifecycle: string | null;
	lifecycleByHand: boolean;
	/** Identity attributes beside those made from the fields above. */
	attributes: Record<string, unknown>;
	/** Elevated user levels in the tenant itself. */
	capabilities: string[];
	/** When the attributes were last synchronised, milliseconds; null for never. */
	syncedAt: number | null;
	lastLogin: number | null;
}

export interface Account {
	id: string;
	name: string;
	nativeIdentity: string;
	sourceId: string;
	identityId: string | null;
	disabled: boolean;
	locked: boolean;
	created: number;
	modified: number;
	uuid: string | null;
	description: string | null;
	attributes: Record<string, unknown>;
	/** Ids. */
	entitlements: string[];
	manuallyCorrelated: boolean;
	origin: "AGGREGATED" | "PROVISIONED" | null;
	machine: boolean;
}

export interface Source {
	id: string;
	name: string;
	description: string;
	owner: string;
	connector: string;
	connectorName: string;
	type: string;
	connectionType: string;
	authoritative: boolean;
	features: string[];
	healthy: boolean;
	created: number;
	modified: number;
	/** Usage of its accounts is collected. */
	usage: boolean;
}

export interface Entitlement {
	id: string;
	name: string;
	description: string | null;
	attribute: string;
	value: string;
	sourceId: string;
	level: "HIGH" | "MEDIUM" | "LOW" | "NONE";
	requestable: boolean;
	owner: string | null;
	/** Id of the entitlement that holds this one. */
	parent: string | null;
	created: number;
	modified: number;
}

export interface AccessProfile {
	id: string;
	name: string;
	description: string | null;
	owner: string;
	sourceId: string;
	entitlements: string[];
	enabled: boolean;
	requestable: boolean;
	created: number;
	modified: number;
}

export interface Role {
	id: string;
	name: string;
	description: string | null;
	owner: string | null;
	accessProfiles: string[];
	entitlements: string[];
	/** Membership by criteria on an identity attribute; null: by request only. */
	criteria: { attribute: string; operation: string; value: string } | null;
	enabled: boolean;
	requestable: boolean;
	created: number;
	modified: number;
}

export interface Assignment {
	id: string;
	roleId: string;
	identityId: string;
	/** Given by the role's criteria, not by request. */
	automatic: boolean;
	assigner: string | null;
	added: number;
	/** Not effective before, when given. */
	start: number | null;
	remove: number | null;
}

export interface LifecycleState {
	id: string;
	name: string;
	technicalName: string;
	enabled: boolean;
	identityState: "ACTIVE" | "INACTIVE_SHORT_TERM" | "INACTIVE_LONG_TERM" | null;
	priority: number;
}

export interface Campaign {
	id: string;
	name: string;
	description: string;
	type: "MANAGER" | "SOURCE_OWNER" | "SEARCH";
	status: "PENDING" | "STAGED" | "ACTIVE" | "COMPLETED";
	created: number;
	deadline: number | null;
}

export interface Certification {
	id: string;
	name: string;
	campaignId: string;
	reviewer: string;
	phase: "STAGED" | "ACTIVE" | "SIGNED";
	created: number;
	modified: number;
	due: number | null;
	signed: number | null;
	items: ReviewItem[];
	/** Why a remediation failed; null for none. */
	error: string | null;
}

export interface ReviewItem {
	id: string;
	identityId: string;
	entitlementId: string;
	accountId: string;
	decision: "APPROVE" | "REVOKE" | null;
	comments: string | null;
}

export interface Task {
	id: string;
	uniqueName: string;
	description: string;
	/** Vendor's task type, as filters name it. */
	kind: string;
	launcher: string;
	target: { id: string; type: "APPLICATION" | "IDENTITY"; name: string } | null;
	created: number;
	completed: number | null;
	status: "SUCCESS" | "WARNING" | "ERROR" | "TERMINATED" | "TEMPERROR" | null;
	message: string | null;
}

/** What a request for a change to an account became; its id is the one the request answered. */
export interface Activity {
	id: string;
	type: string;
	requester: string | null;
	target: string | null;
	operation: "ENABLE" | "DISABLE" | "UNLOCK" | "DELETE";
	nativeIdentity: string;
	sourceId: string;
	created: number;
	completed: number | null;
	error: string | null;
}

/** Everything a tenant knows. */
export interface State {
	name: string;
	profileId: string;
	identities: Map<string, Identity>;
	accounts: Map<string, Account>;
	sources: Map<string, Source>;
	entitlements: Map<string, Entitlement>;
	accessProfiles: Map<string, AccessProfile>;
	roles: Map<string, Role>;
	assignments: Map<string, Assignment>;
	lifecycleStates: Map<string, LifecycleState>;
	campaigns: Map<string, Campaign>;
	certifications: Map<string, Certification>;
	tasks: Map<string, Task>;
	activities: Map<string, Activity>;
}

export interface Tenant extends State {
	world: World;
}

/** A personal access token of a user. */
export interface Credential {
	clientId: string;
	clientSecret: string;
	/** Identity it belongs to. */
	identityId: string;
	/** `sp:scopes:all` holds every scope. */
	scopes: string[];
	/** User levels. */
	levels: string[];
	/** Scopes and levels taken away. */
	withheld: Set<string>;
}

export interface Caller {
	credential: Credential;
	token: string;
}

/** What an operation asks for: one of the scopes and one of the user levels. An empty list of scopes on a write means a token without limits. */
export interface Needs {
	scopes: string[];
	levels: string[];
	/** Refused without the vendor's header for experimental operations. */
	experimental: boolean;
	/** Needs no token. */
	open?: boolean;
}

export type SailRoute = Route<Needs, Caller>;
export type SailCall = Call<Caller>;
