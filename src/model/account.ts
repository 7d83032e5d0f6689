import type { Known, KnownList, Millis } from "./known.js";
import type { WorkerHeld } from "./person.js";

/** What stands behind an account. `agent` is an AI or automation identity that acts on its own. */
export type AccountKind = "human" | "service" | "shared" | "agent" | "unknown";

/** Who decides an object's content. Only what is `direct` can be changed in the system itself. */
export type SourceOfAuthority = "direct" | "rule" | "dynamic" | "synced" | "app" | "built-in" | "unknown";

/** Strength of one enrolled authenticator, after NIST SP 800-63B: phishing-resistant, strong (one-time code, push), weak (SMS, voice, e-mail, question). */
export type AuthenticatorStrength = "phishing-resistant" | "strong" | "weak" | "unknown";

/** One enrolled, active MFA method. */
export interface Authenticator {
	id: string;
	/** The vendor's own type word, kept raw (Okta `factorType`, Graph `@odata.type`). */
	type: string;
	/** The vendor's own provider word, kept raw; null where the vendor has none. */
	provider?: string | null;
	strength: AuthenticatorStrength;
	/** Where the evidence comes from. */
	source: "local" | "idp-policy" | "federated";
	created?: Millis | null;
	/** Recovery-grade methods (security question, lone e-mail) are never a second factor. */
	recoveryOnly: boolean;
}

/** How the account proves who it is. */
export type CredentialProvider = "local" | "federated" | "social" | "directory" | "import" | "unknown";

/** How far a role reaches: `top` can take the tenant, `privileged` is on the vendor's published list, `limited` is an administrator's role below it; `unknown` is a role nobody here knows yet. */
export type RoleLevel = "top" | "privileged" | "limited" | "unknown";

/** One role held by an account, with the way it is held. */
export interface RoleHeld {
	/** Id of the vendor's assignment object: what a removal names. */
	assignmentId: string;
	/** The vendor's role word (`SUPER_ADMIN`), or the custom role's id. */
	role: string;
	label: string;
	level: RoleLevel;
	assignment: "active" | "eligible";
	via: "direct" | "group";
	/** Group ids from the account outward to the assignment; empty when direct. */
	path: string[];
	/** Id of the resource set or target that narrows a custom role; null when the whole tenant. */
	scope?: string | null;
	ends?: Millis | null;
	/** Given for a time or on request, by the vendor's own governance; null = the vendor does not tell of it (no such licence, or no such assignment). */
	governed?: boolean | null;
}

/** The vendor's own verdict on how likely an account is in wrong hands. */
export interface VendorRisk {
	level: "none" | "low" | "medium" | "high" | "unknown";
	/** Since when the level holds, or since earlier: a level older than the vendor's log has the log's beginning. */
	since?: Millis;
	/** The vendor's own reason, kept raw; null = none given. */
	source?: string | null;
}

/** One group an account is a member of. */
export interface GroupHeld {
	id: string;
	name: string;
	source: SourceOfAuthority;
	/** The account's own group inside that one, through which it is a member; absent: it is a member itself. */
	through?: string;
}

/** What an account carries of the same person or account elsewhere. Never a display name. */
export interface AccountLink {
	/** `account`: the id of an account in another vendor's system; `source-anchor`: the immutable id by which a directory is synchronised; `worker`: the number in the personnel system. */
	kind: "account" | "source-anchor" | "worker";
	/** The vendor's own field: what evidence names (`onPremisesImmutableId`). */
	field: string;
	value: string;
	/** Of `account`: the provider of that system (`okta`), where the vendor tells. */
	provider?: string;
}

/**
 * The account as a provider's `accounts` collection delivers it: the facts of one account object, and no joins.
 * Key over systems: `<system>/<id>`; never an e-mail, never a display name.
 */
export interface AccountRecord {
	id: string;
	login: Known<string>;
	email?: string | null;
	displayName?: string | null;
	/** The vendor's own status word, kept raw. */
	status: Known<string>;
	/** Can sign in now, or after a step the user takes alone (unlock, new password). */
	enabled: Known<boolean>;
	created?: Millis | null;
	activated?: Millis | null;
	statusChanged?: Millis | null;
	updated?: Millis | null;
	passwordChanged?: Millis | null;
	/** The newest sign-in signal; null = the vendor says never. */
	lastActivity?: Millis | null;
	/** Name of the signal that gave `lastActivity`, in the vendor's words. */
	activitySignal?: string | null;
	credentialProvider?: CredentialProvider;
	userType?: string | null;
	department?: string | null;
	title?: string | null;
	manager?: string | null;
	employeeId?: string | null;
	/** Other addresses that are this account's. */
	aliases?: KnownList<string>;
	/** The vendor vouches for `email` and `aliases`: it delivers their mail, or has asked who reads it. */
	emailVerified?: boolean;
	/** Invited from outside, by the vendor's own word. */
	guest?: boolean;
	links?: KnownList<AccountLink>;
	/** Scalar profile attributes of the system that have no field above (`employeeStatus`), for the stack file's rules on people. */
	profile?: Record<string, string | number | boolean | null>;
}

/** The account as policies see it: the record, joined with what other collections say of it and with the stack file's `people`. */
export interface Account extends AccountRecord {
	key: string;
	system: string;
	provider: string;
	kind: AccountKind;
	kindReason: string;
	external: Known<boolean>;
	breakGlass: boolean;
	/** True when the authoritative source says that the person has left; unknown without such a source. */
	leaver?: boolean;
	/** Key of the person it is linked to; missing where nothing is linked. */
	person?: string;
	/** It was looked for who stands behind it: the stack has several systems, or a personnel system. */
	linked?: boolean;
	/** The stack has a personnel system. */
	workersKnown?: boolean;
	/** The person as the personnel system has them; null = it has nobody like that; unknown where it was not read whole or evidence contradicts. */
	worker?: WorkerHeld | null;
	/** Last sign-ins of the same person's other accounts; partial where one may be missing. */
	activityElsewhere?: KnownList<Millis>;
	/** Evidence on who stands behind the account that contradicts other evidence. */
	linkConflicts?: KnownList<string>;
	authenticators?: KnownList<Authenticator>;
	risk?: VendorRisk;
	groups?: KnownList<GroupHeld>;
	roles?: KnownList<RoleHeld>;
	/** Holds a `top` or `privileged` role, directly, through a group or by eligibility. */
	privileged?: boolean;
	topPrivileged?: boolean;
	/** Labels of the privileged roles held. */
	privilegedRoles?: KnownList<string>;
}
