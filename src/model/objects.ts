import type { AccountKind, AccountLink, RoleLevel, SourceOfAuthority, VendorRisk } from "./account.js";
import type { Known, KnownList, Millis } from "./known.js";

/** Collection `groups`. */
export interface GroupRecord {
	id: string;
	name: string;
	/** The vendor's own type word (`OKTA_GROUP`, `APP_GROUP`, `BUILT_IN`). */
	type: string;
	source: SourceOfAuthority;
	description?: string | null;
	created?: Millis | null;
	membershipUpdated?: Millis | null;
	/** The vendor says that the group carries an administrator's role. */
	grantsRole?: boolean;
	/** Members as the vendor counts them. */
	reportedMembers?: number;
}

/** Collection `memberships`, direct ones; record id `<group>/<account>`. */
export interface MembershipRecord {
	group: string;
	/** Id of the member: an account, or a group where `memberType` says so. */
	account: string;
	/** `group`: its members are members too. Absent: an account. */
	memberType?: "group";
	/** Name of a member from outside, who has no account in this system. */
	login?: string;
	source: SourceOfAuthority;
}

/** Collection `groupRules`. A rule can put a removed member back. */
export interface GroupRuleRecord {
	id: string;
	name: string;
	active: boolean;
	/** Group ids the rule assigns. */
	groups: string[];
	expression?: string | null;
	excludedAccounts: string[];
}

/** Collection `roleAssignments`; one assignment object of the vendor. Record id `<principal>/<assignment>`: vendors reuse assignment ids over principals. */
export interface RoleAssignmentRecord {
	/** The vendor's id of the assignment: what a removal names, with the principal. */
	id: string;
	principalType: "account" | "group" | "client";
	principal: string;
	role: string;
	label: string;
	level: RoleLevel;
	assignment: "active" | "eligible";
	/** Id of the resource set that bounds a custom role, or null for the whole tenant. */
	scope?: string | null;
	ends?: Millis | null;
	/** How the assignment can be taken away: a standard role's assignment, or a member of a custom role's binding. */
	custom: boolean;
	/** Target groups or apps that narrow a standard role, when the vendor lists them. */
	targets?: string[];
	/** As in `RoleHeld`. */
	governed?: boolean | null;
}

/** Collection `settings`: one configuration object of a system (a policy, a rule, an org option). */
export interface SettingRecord {
	/** `<kind>/<vendor id>`; a rule's is `<kind>/<policy id>/<rule id>`. */
	id: string;
	/** The vendor's own words: `policy/OKTA_SIGN_ON`, `rule/OKTA_SIGN_ON`, `authenticator`, `zone`, `org`. */
	kind: string;
	name: string;
	/** Enforced now (the vendor's ACTIVE / enabled; report-only is false). */
	active: Known<boolean>;
	/** The vendor's own default object, which cannot be removed. */
	builtIn: boolean;
	priority?: number | null;
	/** The policy a rule belongs to. */
	parent?: string | null;
	/** How the object bounds a session; null where objects of this kind don't. */
	session?: SessionFacet | null;
	/** How the object decides a sign-in; null where objects of this kind don't. */
	signIn?: SignInFacet | null;
	/** The vendor's object as read, secrets left out. */
	values?: Record<string, unknown>;
	/** What the vendor itself says of the object; absent or null where it says nothing of objects of this kind. */
	verdict?: VendorVerdict | null;
}

/** A posture product's own judgement of one configuration of an app it watches. */
export interface VendorVerdict {
	/** Other than it should be; unknown where the vendor has not said. */
	failing?: boolean;
	severity?: "critical" | "high" | "medium" | "low" | "info" | null;
	current?: string | null;
	recommended?: string | null;
	/** The vendor's type word of the app (`office365`), and its id there. */
	appType: string;
	app: string;
	/** The provider whose system owns the setting (`entra`), where one of ours does. */
	owner?: string | null;
	/** Keys of tickets that are open for it. */
	tickets?: KnownList<string>;
	/** The vendor's ids of the controls it answers. */
	controls?: KnownList<string>;
	/** When the vendor last looked; null = never. */
	checked?: Millis | null;
	/** Where people mend it; null = not said. */
	console?: string | null;
}

/** Minutes; null = no limit. */
export interface SessionFacet {
	maxLifetimeMinutes?: number | null;
	maxIdleMinutes?: number | null;
	persistentCookie?: boolean | null;
}

export interface SignInFacet {
	/** The rule lets the user in. */
	allows?: boolean;
	/** The rule asks for a second factor, or for one that is a second factor by itself (a passkey). */
	mfaRequired?: boolean;
	phishingResistantRequired?: boolean;
	/** Types of authenticators (`Authenticator.type`), one of which surely meets what the rule asks for beyond that; absent = any will do. */
	accepts?: string[];
	/** Ids excluded from the rule or its policy. */
	excludedAccounts?: KnownList<string>;
	excludedGroups?: KnownList<string>;
	includedGroups?: KnownList<string>;
	/** The rule applies from some networks only. */
	networkBound?: boolean;
	/** The rule applies under further conditions that no field here tells (device, risk, behaviour, user type): it may not apply to a sign-in. */
	otherConditions?: boolean;
	/** Apps the rule's policy is for; null = the whole tenant. */
	appliesTo?: string | null;
}

/** Collection `credentials`: API token, app secret, certificate, key. Never the secret itself. */
export interface CredentialRecord {
	id: string;
	kind: "api-token" | "app-secret" | "app-key" | "certificate" | "oauth-grant" | "refresh-token" | "app-password" | "federated-credential";
	name: string;
	/** Account or app id of the owner; null = none. */
	owner?: string | null;
	/** Id of the app that uses it, where that is not the owner: what a user's grant or refresh token is for. */
	app?: string | null;
	created?: Millis | null;
	lastUsed?: Millis | null;
	expires?: Millis | null;
	/** Usable only from declared networks. */
	networkBound?: boolean;
	scopes?: KnownList<string>;
	active?: boolean;
}

/** Collection `devices`: a phone or computer that the vendor knows. */
export interface DeviceRecord {
	id: string;
	/** As people tell it from others: its own name, else model and system. */
	name: string;
	kind: "mobile" | "endpoint" | "unknown";
	model?: string | null;
	/** Operating system and its version, in the vendor's words. */
	os?: string | null;
	osVersion?: string | null;
	/** Ids of the accounts that use it. */
	owners?: KnownList<string>;
	ownership?: "company" | "personal" | null;
	/** Under the vendor's device management. */
	managed?: boolean;
	/** It meets the rules of the device management. */
	compliant?: boolean;
	/** Rooted, jailbroken or the like, by the vendor's own finding. */
	compromised?: boolean;
	encrypted?: boolean;
	/** Locked by a password, PIN or the like. */
	screenLock?: boolean;
	/** The vendor's own status word, kept raw. */
	status?: string | null;
	/** The vendor still lets it at what its owner may see: neither blocked, nor wiped, nor waiting for an approval. */
	enabled?: boolean;
	/** When it last came for its rules or signed in; null = never. */
	lastSync?: Millis | null;
}

/** Collection `apps`. */
export interface AppRecord {
	id: string;
	name: string;
	/** The vendor's sign-on or app type word. */
	type: string;
	active: boolean;
	/** OAuth service app or the like: an identity without a person. */
	nonHuman: boolean;
	clientId?: string | null;
	created?: Millis | null;
	/** Ids of the accounts and apps that own it. */
	owners?: KnownList<string>;
	/** Made by another tenant or vendor. */
	foreign?: boolean;
	/** How likely the vendor holds its credentials to be in wrong hands. */
	risk?: VendorRisk;
}

/** Collection `workers`: one person as the personnel system knows them. Pay, birth date and home address are never read. */
export interface WorkerRecord {
	/** Personnel number. */
	id: string;
	firstName?: string | null;
	lastName?: string | null;
	displayName?: string | null;
	/** Work mail. */
	email?: string | null;
	/** Personnel number of the manager. */
	manager?: string | null;
	department?: string | null;
	title?: string | null;
	/** `employee` or `contingent`, as the source tells. */
	type?: "employee" | "contingent" | "unknown";
	/** As it holds on the day of the read: an end date that has passed is `terminated` whatever the word. */
	status: Known<"active" | "leave" | "terminated" | "pre-hire">;
	/** First and last day at work. */
	started?: Millis | null;
	ended?: Millis | null;
	/** When a later read first saw another department, title or manager; missing: none did. */
	moved?: Millis;
}

/** Collection `appAssignments`; record id `<app>/<account or group>`. */
export interface AppAssignmentRecord {
	app: string;
	principalType: "account" | "group";
	principal: string;
	/** `rule`: through a group, whose own assignment stands beside it. */
	source: SourceOfAuthority;
	/** Which account in the app is the principal's own, where the app is a system that Keelson reads itself. */
	link?: AccountLink;
}

/** The group as policies see it. */
export interface Group extends GroupRecord {
	key: string;
	system: string;
	provider: string;
	memberCount?: number;
	roles?: KnownList<string>;
	privileged?: boolean;
}

/** The setting as policies see it. */
export interface Setting extends SettingRecord {
	key: string;
	system: string;
	provider: string;
}

/** The credential as policies see it, with what is known of its owner. */
export interface Credential extends CredentialRecord {
	key: string;
	system: string;
	provider: string;
	ownerLogin?: string | null;
	ownerEnabled?: boolean;
	ownerKind?: AccountKind;
	ownerPrivileged?: boolean;
	ownerTopPrivileged?: boolean;
}

/** The device as policies see it, with what is known of its owners. */
export interface Device extends DeviceRecord {
	key: string;
	system: string;
	provider: string;
	ownerLogins?: KnownList<string>;
	/** One of the owners can sign in. */
	ownerEnabled?: boolean;
	/** One of the owners is privileged. */
	ownerPrivileged?: boolean;
}

/** The app as policies see it. */
export interface App extends AppRecord {
	key: string;
	system: string;
	provider: string;
	roles?: KnownList<string>;
	topPrivileged?: boolean;
	scopes?: KnownList<string>;
}

/** One declared emergency account, as policies of `for: system` see it. */
export interface BreakGlassView {
	login: string;
	/** The pinned id was found and its login agrees; false only where every account was read. */
	found?: boolean;
	enabled?: boolean;
	topPrivileged?: boolean;
	credentialProvider?: string;
	phishingResistant?: boolean;
	lastActivity?: Millis | null;
}

/** One setting of a tenant, as policies of `for: system` see it: enough to ask whether there is one of a kind. */
export interface SettingView {
	kind: string;
	name: string;
	active: Known<boolean>;
}

/** The tenant itself as policies see it. */
export interface System {
	key: string;
	system: string;
	provider: string;
	name: string;
	/** Somebody or something holds a role of level top; false: roles were read whole, and the system knows no such role. */
	hasTopRole?: boolean;
	/** Enabled human accounts with a top role, break-glass not counted. */
	topAdmins?: KnownList<string>;
	breakGlass: BreakGlassView[];
	/** Every configuration object; partial where they were not read to the end. */
	settings?: KnownList<SettingView>;
	/** Time of the last scan in which every collection was complete; null = none yet. */
	lastFullRead?: Millis | null;
	/** Names of collections that the newest scan could not read whole. */
	incompleteCollections: string[];
}
