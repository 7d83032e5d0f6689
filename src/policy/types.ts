import type { Account, AccountLink, Authenticator, GroupHeld, RoleHeld, VendorRisk } from "../model/account.js";
import type { SubjectKind } from "../model/finding.js";
import type { Managed, ManagedDifference, ManagedGrant } from "../model/managed.js";
import type {
	App,
	BreakGlassView,
	Credential,
	Device,
	Group,
	SessionFacet,
	Setting,
	SettingView,
	SignInFacet,
	System,
	VendorVerdict,
} from "../model/objects.js";
import type { LinkEvidence, Person, PersonAccount, WayIn, WorkerHeld } from "../model/person.js";
import type { CelKind, CelType, FieldSource, FieldSpec, FieldTable } from "./cel-type.js";

/** The subjects a policy can be written for. */
export type PolicySubject = SubjectKind;

type Plain<T> = Exclude<T, null | undefined>;
type KindOf<T> = [Plain<T>] extends [boolean]
	? "bool"
	: [Plain<T>] extends [string]
		? "string"
		: [Plain<T>] extends [number]
			? "int" | "double" | "timestamp"
			: [Plain<T>] extends [readonly unknown[]]
				? "list"
				: "object" | "dyn";

/** Holds a table to its interface: the same keys, the same kinds, null allowed in the same places. */
type FieldsOf<T> = { readonly [K in keyof T]-?: FieldSpec<KindOf<T[K]>, null extends T[K] ? true : false> };

function f<K extends CelKind>(kind: K, description: string, source: FieldSource, values?: readonly string[]): FieldSpec<K, false> {
	return { type: { kind, nullable: false, ...(values ? { values } : {}) }, description, source };
}

function orNull<K extends CelKind>(spec: FieldSpec<K>): FieldSpec<K, true> {
	return { ...spec, type: { ...spec.type, nullable: true } };
}

function list(element: CelType, description: string, source: FieldSource): FieldSpec<"list", false> {
	return { type: { kind: "list", nullable: false, element }, description, source };
}

function object(name: string, fields: FieldTable): CelType<"object", false> {
	return { kind: "object", nullable: false, name, fields };
}

function orNullObject(name: string, fields: FieldTable): CelType<"object", true> {
	return { kind: "object", nullable: true, name, fields };
}

const sources = ["direct", "rule", "dynamic", "synced", "app", "built-in", "unknown"];
const accountKinds = ["human", "service", "shared", "agent", "unknown"];
const string: CelType<"string", false> = { kind: "string", nullable: false };

const authenticatorFields = {
	id: f("string", "the vendor's id of the enrolment", "authenticators"),
	type: f("string", "the vendor's own type word", "authenticators"),
	provider: orNull(f("string", "the vendor's own provider word; null where there is none", "authenticators")),
	strength: f("string", "after NIST SP 800-63B", "authenticators", ["phishing-resistant", "strong", "weak", "unknown"]),
	source: f("string", "where the evidence comes from", "authenticators", ["local", "idp-policy", "federated"]),
	created: orNull(f("timestamp", "when it was enrolled", "authenticators")),
	recoveryOnly: f("bool", "good for recovery only, never a second factor", "authenticators"),
} as const satisfies FieldsOf<Authenticator>;

const groupHeldFields = {
	id: f("string", "the group's immutable id", "memberships"),
	name: f("string", "the group's name", "groups"),
	source: f("string", "who decides the membership", "memberships", sources),
	through: f("string", "the account's own group inside that one, through which it is a member; absent: it is a member itself", "memberships"),
} as const satisfies FieldsOf<GroupHeld>;

const accountLinkFields = {
	kind: f("string", "what the value identifies", "accounts", ["account", "source-anchor", "worker"]),
	field: f("string", "the vendor's own field", "accounts"),
	value: f("string", "the id", "accounts"),
	provider: f("string", "the provider of the other system, where it is told", "accounts"),
} as const satisfies FieldsOf<AccountLink>;

const roleFields = {
	assignmentId: f("string", "id of the vendor's assignment object", "roleAssignments"),
	role: f("string", "the vendor's role word, or the custom role's id", "roleAssignments"),
	label: f("string", "the role's name", "roleAssignments"),
	level: f("string", "how far the role reaches", "roleAssignments", ["top", "privileged", "limited", "unknown"]),
	assignment: f("string", "held now, or can be activated", "roleAssignments", ["active", "eligible"]),
	via: f("string", "how the role is held", "roleAssignments", ["direct", "group"]),
	path: list(string, "group ids from the account to the assignment; empty when direct", "roleAssignments"),
	scope: orNull(f("string", "id of the resource set that narrows the role; null = the whole tenant", "roleAssignments")),
	ends: orNull(f("timestamp", "end of the assignment; null = none", "roleAssignments")),
	governed: orNull(f("bool", "given for a time or on request by the vendor's governance; null = the vendor does not tell of it", "roleAssignments")),
} as const satisfies FieldsOf<RoleHeld>;

const riskFields = {
	level: f("string", "the vendor's word, in small letters", "risks", ["none", "low", "medium", "high", "unknown"]),
	since: f("timestamp", "since when the level holds, or since earlier", "risks"),
	source: orNull(f("string", "the vendor's reason; null = none given", "risks")),
} as const satisfies FieldsOf<VendorRisk>;

const workerFields = {
	id: f("string", "personnel number", "workers"),
	status: f("string", "as it holds on the day of the read", "workers", ["active", "leave", "terminated", "pre-hire"]),
	type: f("string", "kind of employment", "workers", ["employee", "contingent", "unknown"]),
	department: orNull(f("string", "department; null = none", "workers")),
	title: orNull(f("string", "job title; null = none", "workers")),
	started: orNull(f("timestamp", "first day at work; null = not said", "workers")),
	ended: orNull(f("timestamp", "end of the last day at work; null = none", "workers")),
	moved: f("timestamp", "when a later read first saw another department, title or manager", "workers"),
	manager: orNull(f("string", "personnel number of the manager; null = none", "workers")),
	managerLeft: f("bool", "the manager has left", "workers"),
	confidence: f("double", "how sure it is that this is the right worker, 0 to 1", "derived"),
} as const satisfies FieldsOf<WorkerHeld>;

const accountFields = {
	key: f("string", "<system>/<id>", "accounts"),
	id: f("string", "the vendor's immutable id", "accounts"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	login: f("string", "what the user types to sign in", "accounts"),
	email: orNull(f("string", "mail address; null = none", "accounts")),
	displayName: orNull(f("string", "name shown to people; null = none", "accounts")),
	status: f("string", "the vendor's own status word", "accounts"),
	enabled: f("bool", "can sign in now, or after a step the user takes alone", "accounts"),
	created: orNull(f("timestamp", "when the account was made", "accounts")),
	activated: orNull(f("timestamp", "when it was activated; null = never", "accounts")),
	statusChanged: orNull(f("timestamp", "last change of status", "accounts")),
	updated: orNull(f("timestamp", "last change of the object", "accounts")),
	passwordChanged: orNull(f("timestamp", "last change of the password; null = no password", "accounts")),
	lastActivity: orNull(f("timestamp", "newest sign-in signal; null = never", "accounts")),
	activitySignal: orNull(f("string", "the vendor's name of that signal", "accounts")),
	credentialProvider: f("string", "how the account proves who it is", "accounts", ["local", "federated", "social", "directory", "import", "unknown"]),
	userType: orNull(f("string", "the vendor's user type; null = none", "accounts")),
	department: orNull(f("string", "department; null = none", "accounts")),
	title: orNull(f("string", "job title; null = none", "accounts")),
	manager: orNull(f("string", "manager; null = none", "accounts")),
	employeeId: orNull(f("string", "number in the personnel system; null = none", "accounts")),
	aliases: list(string, "other addresses of the account", "accounts"),
	emailVerified: f("bool", "the vendor vouches for the addresses", "accounts"),
	guest: f("bool", "invited from outside, by the vendor's own word", "accounts"),
	links: list(object("account link", accountLinkFields), "ids of the same person or account elsewhere", "accounts"),
	profile: {
		type: { kind: "dyn", nullable: false },
		description: "scalar profile attributes of the system that have no field of their own; a missing key is absent",
		source: "accounts",
	},
	kind: f("string", "what stands behind the account", "derived", accountKinds),
	kindReason: f("string", "why it is held to be of that kind", "derived"),
	external: f("bool", "guest or partner", "accounts"),
	breakGlass: f("bool", "declared emergency account", "stack"),
	leaver: f("bool", "the authoritative source says that the person has left", "derived"),
	person: f("string", "key of the person the account is linked to", "derived"),
	linked: f("bool", "it was looked for who stands behind the account: there are several systems, or a personnel system", "stack"),
	workersKnown: f("bool", "the stack has a personnel system", "stack"),
	worker: {
		type: orNullObject("worker", workerFields),
		description: "the account's worker; null = the personnel system knows nobody like that",
		source: "workers",
	},
	activityElsewhere: list({ kind: "timestamp", nullable: false }, "last sign-ins of the same person's other accounts", "derived"),
	linkConflicts: list(string, "evidence on who stands behind the account that contradicts other evidence", "derived"),
	authenticators: list(object("authenticator", authenticatorFields), "enrolled, active MFA methods", "authenticators"),
	risk: { type: object("vendor's risk", riskFields), description: "how likely the vendor holds the account to be in wrong hands", source: "risks" },
	groups: list(object("group held", groupHeldFields), "groups the account is a member of", "memberships"),
	roles: list(object("role", roleFields), "administrator roles held, directly, through groups or by eligibility", "roleAssignments"),
	privileged: f("bool", "holds a role of level top or privileged", "roleAssignments"),
	topPrivileged: f("bool", "holds a role of level top", "roleAssignments"),
	privilegedRoles: list(string, "labels of the privileged roles held", "roleAssignments"),
} as const satisfies FieldsOf<Account>;

const groupFields = {
	key: f("string", "<system>/<id>", "groups"),
	id: f("string", "the vendor's immutable id", "groups"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	name: f("string", "the group's name", "groups"),
	type: f("string", "the vendor's own type word", "groups"),
	source: f("string", "who decides the group's members", "groups", sources),
	description: orNull(f("string", "description; null = none", "groups")),
	created: orNull(f("timestamp", "when the group was made", "groups")),
	membershipUpdated: orNull(f("timestamp", "last change of members", "groups")),
	grantsRole: f("bool", "the vendor says that the group carries an administrator's role", "groups"),
	reportedMembers: f("int", "members as the vendor counts them", "groups"),
	memberCount: f("int", "how many accounts are members", "memberships"),
	roles: list(string, "labels of the roles the group grants", "roleAssignments"),
	privileged: f("bool", "grants a role of level top or privileged", "roleAssignments"),
} as const satisfies FieldsOf<Group>;

const sessionFields = {
	maxLifetimeMinutes: orNull(f("int", "longest session, minutes; null = no limit", "settings")),
	maxIdleMinutes: orNull(f("int", "longest idle time, minutes; null = no limit", "settings")),
	persistentCookie: orNull(f("bool", "the session outlives the browser", "settings")),
} as const satisfies FieldsOf<SessionFacet>;

const signInFields = {
	allows: f("bool", "the rule lets the user in", "settings"),
	mfaRequired: f("bool", "the rule asks for a second factor", "settings"),
	phishingResistantRequired: f("bool", "the rule asks for a phishing-resistant factor", "settings"),
	excludedAccounts: list(string, "account ids excluded from the rule or its policy", "settings"),
	excludedGroups: list(string, "group ids excluded from the rule or its policy", "settings"),
	includedGroups: list(string, "group ids the rule or its policy is for", "settings"),
	networkBound: f("bool", "applies from some networks only", "settings"),
	otherConditions: f("bool", "applies under further conditions that no field here tells: it may not apply to a sign-in", "settings"),
	appliesTo: orNull(f("string", "apps the policy is for; null = the whole tenant", "settings")),
} as const satisfies FieldsOf<Omit<SignInFacet, "accepts">>;

const verdictFields = {
	failing: f("bool", "other than it should be", "settings"),
	severity: orNull(f("string", "the vendor's severity; null = none given", "settings", ["critical", "high", "medium", "low", "info"])),
	current: orNull(f("string", "the value as it is", "settings")),
	recommended: orNull(f("string", "the value as the vendor would have it", "settings")),
	appType: f("string", "the vendor's type word of the app", "settings"),
	app: f("string", "the vendor's id of the app", "settings"),
	owner: orNull(f("string", "the provider whose system owns the setting; null = none of ours", "settings")),
	tickets: list(string, "keys of open tickets", "settings"),
	controls: list(string, "the vendor's ids of the controls it answers", "settings"),
	checked: orNull(f("timestamp", "when the vendor last looked; null = never", "settings")),
	console: orNull(f("string", "where people mend it; null = not said", "settings")),
} as const satisfies FieldsOf<VendorVerdict>;

const settingFields = {
	key: f("string", "<system>/<id>", "settings"),
	id: f("string", "<kind>/<vendor id>", "settings"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	kind: f("string", "the vendor's own words: policy/OKTA_SIGN_ON, authenticator, org", "settings"),
	name: f("string", "the object's name", "settings"),
	active: f("bool", "enforced now; report-only is false", "settings"),
	builtIn: f("bool", "the vendor's own default object", "settings"),
	priority: orNull(f("int", "rank among its siblings, 1 first", "settings")),
	parent: orNull(f("string", "the policy a rule belongs to", "settings")),
	session: {
		type: orNullObject("session", sessionFields),
		description: "how the object bounds a session; null where objects of this kind do not",
		source: "settings",
	},
	signIn: {
		type: orNullObject("signIn", signInFields),
		description: "how the object decides a sign-in; null where objects of this kind do not",
		source: "settings",
	},
	values: { type: { kind: "dyn", nullable: false }, description: "the vendor's object as read; a missing key is absent", source: "settings" },
	verdict: {
		type: orNullObject("verdict", verdictFields),
		description: "what a posture product says of the object; null where it says nothing",
		source: "settings",
	},
} as const satisfies FieldsOf<Setting>;

const credentialFields = {
	key: f("string", "<system>/<id>", "credentials"),
	id: f("string", "the vendor's immutable id", "credentials"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	kind: f("string", "what it is", "credentials", [
		"api-token",
		"app-secret",
		"app-key",
		"certificate",
		"oauth-grant",
		"refresh-token",
		"app-password",
		"federated-credential",
	]),
	name: f("string", "its name", "credentials"),
	owner: orNull(f("string", "account or app id of the owner; null = none", "credentials")),
	app: orNull(f("string", "id of the app that uses it, where that is not the owner", "credentials")),
	created: orNull(f("timestamp", "when it was made", "credentials")),
	lastUsed: orNull(f("timestamp", "newest use; null = never", "credentials")),
	expires: orNull(f("timestamp", "end of validity; null = never", "credentials")),
	networkBound: f("bool", "usable only from declared networks", "credentials"),
	scopes: list(string, "scopes granted", "credentials"),
	active: f("bool", "can be used now", "credentials"),
	ownerLogin: orNull(f("string", "the owner's login; null = no owner", "accounts")),
	ownerEnabled: f("bool", "the owner can sign in", "accounts"),
	ownerKind: f("string", "what stands behind the owner", "derived", accountKinds),
	ownerPrivileged: f("bool", "the owner is privileged", "roleAssignments"),
	ownerTopPrivileged: f("bool", "the owner holds a top role", "roleAssignments"),
} as const satisfies FieldsOf<Credential>;

const deviceFields = {
	key: f("string", "<system>/<id>", "devices"),
	id: f("string", "the vendor's immutable id", "devices"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	name: f("string", "its name, else its model", "devices"),
	kind: f("string", "phone or tablet, or computer", "devices", ["mobile", "endpoint", "unknown"]),
	model: orNull(f("string", "the maker's model; null = not told", "devices")),
	os: orNull(f("string", "operating system, in the vendor's words", "devices")),
	osVersion: orNull(f("string", "version of the operating system", "devices")),
	owners: list(string, "ids of the accounts that use it", "devices"),
	ownership: orNull(f("string", "whose it is; null = nobody's in particular", "devices", ["company", "personal"])),
	managed: f("bool", "under the vendor's device management", "devices"),
	compliant: f("bool", "meets the rules of the device management", "devices"),
	compromised: f("bool", "rooted, jailbroken or the like, by the vendor's own finding", "devices"),
	encrypted: f("bool", "its storage is encrypted", "devices"),
	screenLock: f("bool", "locked by a password, PIN or the like", "devices"),
	status: orNull(f("string", "the vendor's own status word", "devices")),
	enabled: f("bool", "still let at what its owner may see", "devices"),
	lastSync: orNull(f("timestamp", "when it last came for its rules; null = never", "devices")),
	ownerLogins: list(string, "logins of the owners", "accounts"),
	ownerEnabled: f("bool", "one of the owners can sign in", "accounts"),
	ownerPrivileged: f("bool", "one of the owners is privileged", "roleAssignments"),
} as const satisfies FieldsOf<Device>;

const appFields = {
	key: f("string", "<system>/<id>", "apps"),
	id: f("string", "the vendor's immutable id", "apps"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	name: f("string", "the app's name", "apps"),
	type: f("string", "the vendor's sign-on or app type word", "apps"),
	active: f("bool", "can be used now", "apps"),
	nonHuman: f("bool", "an identity without a person", "apps"),
	clientId: orNull(f("string", "OAuth client id; null = none", "apps")),
	created: orNull(f("timestamp", "when it was made", "apps")),
	owners: list(string, "ids of the accounts and apps that own it", "apps"),
	foreign: f("bool", "made by another tenant or vendor", "apps"),
	risk: { type: object("vendor's risk", riskFields), description: "how likely the vendor holds its credentials to be in wrong hands", source: "apps" },
	roles: list(string, "labels of the roles the app holds", "roleAssignments"),
	topPrivileged: f("bool", "holds a role of level top", "roleAssignments"),
	scopes: list(string, "scopes granted", "apps"),
} as const satisfies FieldsOf<App>;

const breakGlassFields = {
	login: f("string", "login in the stack file", "stack"),
	found: f("bool", "the pinned id was found and its login agrees", "accounts"),
	enabled: f("bool", "can sign in", "accounts"),
	topPrivileged: f("bool", "holds a top role", "roleAssignments"),
	credentialProvider: f("string", "how it proves who it is", "accounts"),
	phishingResistant: f("bool", "has a phishing-resistant authenticator", "authenticators"),
	lastActivity: orNull(f("timestamp", "newest sign-in; null = never", "accounts")),
} as const satisfies FieldsOf<BreakGlassView>;

const settingViewFields = {
	kind: f("string", "the vendor's own words: log-stream, zone, policy/PASSWORD", "settings"),
	name: f("string", "the object's name", "settings"),
	active: f("bool", "enforced now", "settings"),
} as const satisfies FieldsOf<SettingView>;

const systemFields = {
	key: f("string", "<system>", "stack"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	name: f("string", "the system's name", "stack"),
	hasTopRole: f("bool", "somebody or something holds a role of level top; false where the system knows no such role", "roleAssignments"),
	topAdmins: list(string, "enabled human accounts with a top role, break-glass not counted", "roleAssignments"),
	breakGlass: list(object("emergency account", breakGlassFields), "declared emergency accounts", "stack"),
	settings: list(object("setting of the system", settingViewFields), "configuration objects", "settings"),
	lastFullRead: orNull(f("timestamp", "last scan in which every collection was complete; null = none yet", "derived")),
	incompleteCollections: list(string, "collections the newest scan could not read whole", "derived"),
} as const satisfies FieldsOf<System>;

const differenceFields = {
	path: f("string", "what differs: actions.signon.access, members[<id>], name, exists", "derived"),
	desired: orNull(f("string", "as declared; null = nothing is", "stack")),
	live: orNull(f("string", "as it was read; null = nothing is there", "derived")),
} as const satisfies FieldsOf<ManagedDifference>;

const grantFields = {
	login: f("string", "the member's login", "stack"),
	until: f("timestamp", "when the access ends, as declared", "stack"),
	held: f("bool", "the access is there", "derived"),
} as const satisfies FieldsOf<ManagedGrant>;

const managedFields = {
	key: f("string", "<system>/<object>, as in the stack file", "stack"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	kind: f("string", "what is declared", "stack", ["setting", "group", "role"]),
	object: f("string", "group/<id>, role/<role>, <setting id>", "stack"),
	name: f("string", "the live object's name, else the declared one", "derived"),
	mode: f("string", "what the stack file claims of it", "stack", ["authoritative", "additive", "observe"]),
	differs: f("bool", "the live object is not as declared", "derived"),
	differences: list(object("difference", differenceFields), "what differs, members by login", "derived"),
	summary: f("string", "the first differences in words", "derived"),
	grants: list(object("access with an end", grantFields), "members whom the stack file lets in until a time", "stack"),
	signIn: f("bool", "it decides who can sign in, and how", "derived"),
	privileged: f("bool", "a role of level top or privileged, or a group that carries one", "derived"),
	reach: f("string", "signIn and privileged in one word", "derived", ["sign-in", "administrators", "other", "unknown"]),
} as const satisfies FieldsOf<Managed>;

const personAccountFields = {
	key: f("string", "<system>/<id>", "accounts"),
	system: f("string", "the system's name in the stack file", "stack"),
	provider: f("string", "the system's provider", "stack"),
	login: f("string", "what the user types to sign in", "accounts"),
	enabled: f("bool", "can sign in now, or after a step the user takes alone", "accounts"),
	direct: f("bool", "signs in at this system itself, and not only through another identity provider", "accounts"),
	privileged: f("bool", "holds a role of level top or privileged there", "roleAssignments"),
	lastActivity: orNull(f("timestamp", "newest sign-in signal there; null = never", "accounts")),
} as const satisfies FieldsOf<PersonAccount>;

const wayFields = {
	account: f("string", "key of the account", "accounts"),
	system: f("string", "the system's name in the stack file", "stack"),
	login: f("string", "what the user types to sign in", "accounts"),
	strength: f("string", "of the strongest factor enrolled there; password = nothing beyond it", "authenticators", [
		"password",
		"weak",
		"strong",
		"phishing-resistant",
		"unknown",
	]),
	path: f("string", "the way in words", "derived"),
} as const satisfies FieldsOf<WayIn>;

const evidenceFields = {
	from: f("string", "key of the one record", "derived"),
	to: f("string", "key of the other", "derived"),
	kind: f("string", "what the two have in common", "derived", ["manual", "worker-number", "source-anchor", "account-id", "address"]),
	detail: f("string", "in words, with the vendors' fields", "derived"),
	confidence: f("double", "how sure it is, 0 to 1", "derived"),
} as const satisfies FieldsOf<LinkEvidence>;

const personFields = {
	key: f("string", "<system of workers>/<number>, else the first account's key", "derived"),
	system: f("string", "people", "derived"),
	name: f("string", "the person's name, else a login", "derived"),
	worker: { type: orNullObject("worker", workerFields), description: "what the personnel system says; null = it knows nobody like that", source: "workers" },
	leaver: f("bool", "the personnel system says that the person has left", "workers"),
	accounts: list(object("account of a person", personAccountFields), "accounts linked to the person", "derived"),
	systems: list(string, "systems with an account that is not known to be disabled", "derived"),
	confidence: f("double", "the least of the links' confidences, 0 to 1", "derived"),
	evidence: list(object("link", evidenceFields), "why the accounts belong together", "derived"),
	lastActivity: orNull(f("timestamp", "newest sign-in anywhere; null = never; unknown while any account's is", "derived")),
	lastSeen: orNull(f("timestamp", "newest sign-in that is known of, whatever is unknown elsewhere; null = none is", "derived")),
	activitySignal: orNull(f("string", "<system>: the vendor's name of that signal", "derived")),
	privileged: f("bool", "holds a role of level top or privileged anywhere", "derived"),
	topPrivileged: f("bool", "holds a role of level top anywhere", "derived"),
	privilegedRoles: list(string, "<system>: <role> of the privileged roles held anywhere", "derived"),
	topPrivilegedIn: list(string, "systems in which a top role is held", "derived"),
	ways: list(object("way in", wayFields), "enabled accounts at which one can sign in directly", "derived"),
	weakest: { type: orNullObject("way in", wayFields), description: "the weakest of the ways in; null = there is none", source: "derived" },
	strongest: f("string", "the strongest factor anywhere", "derived", ["password", "weak", "strong", "phishing-resistant", "unknown"]),
	breakGlass: f("bool", "one of the accounts is a declared emergency account", "stack"),
} as const satisfies FieldsOf<Person>;

/** Every field a policy can use, by subject kind: type, meaning, and the collection it comes from. */
export const catalogue = {
	account: object("account", accountFields),
	group: object("group", groupFields),
	app: object("app", appFields),
	setting: object("setting", settingFields),
	credential: object("credential", credentialFields),
	device: object("device", deviceFields),
	system: object("system", systemFields),
	managed: object("declared object", managedFields),
	person: object("person", personFields),
} as const satisfies Record<PolicySubject, CelType<"object", false>>;

export const policySubjects = [
	"account",
	"group",
	"app",
	"setting",
	"credential",
	"device",
	"system",
	"managed",
	"person",
] as const satisfies readonly PolicySubject[];
