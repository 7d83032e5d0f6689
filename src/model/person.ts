import type { AuthenticatorStrength } from "./account.js";
import type { Known, KnownList, Millis } from "./known.js";
import type { WorkerRecord } from "./objects.js";

/** What the personnel system says of whoever stands behind an account. */
export interface WorkerHeld {
	/** Personnel number. */
	id: string;
	status: Known<NonNullable<WorkerRecord["status"]>>;
	type?: WorkerRecord["type"];
	department?: string | null;
	title?: string | null;
	started?: Millis | null;
	ended?: Millis | null;
	moved?: Millis;
	/** Personnel number of the manager, and whether that one has left. */
	manager?: string | null;
	managerLeft?: boolean;
	/** How sure it is that this is the account's own worker, 0–1. */
	confidence: number;
}

/** Why two records are held to be of one person. */
export interface LinkEvidence {
	/** Keys of the two: `<system>/<id>`. */
	from: string;
	to: string;
	kind: "manual" | "worker-number" | "source-anchor" | "account-id" | "address";
	/** In words, with the vendors' field names: `employeeNumber 10423 is worker 10423 of hr`. */
	detail: string;
	/** 0–1. */
	confidence: number;
}

/** One account of a person. */
export interface PersonAccount {
	key: string;
	system: string;
	provider: string;
	login: string;
	enabled: Known<boolean>;
	/** Signs in at this system itself, and not only through another identity provider. */
	direct: Known<boolean>;
	privileged: Known<boolean>;
	lastActivity?: Millis | null;
}

/** A way in: an enabled account at which one can sign in directly, by the strongest factor that is enrolled there. */
export interface WayIn {
	account: string;
	system: string;
	login: string;
	/** `password`: nothing beyond it. */
	strength: "password" | AuthenticatorStrength;
	/** In words. */
	path: string;
}

/** One human over all systems, as policies see them. */
export interface Person {
	/** `<system of workers>/<number>`, else the key of the first account. */
	key: string;
	system: string;
	name: string;
	/** Null: the personnel system knows nobody like that; unknown without one that was read whole. */
	worker?: WorkerHeld | null;
	leaver?: boolean;
	accounts: KnownList<PersonAccount>;
	/** Names of the systems with an account that is not known to be disabled. */
	systems: KnownList<string>;
	/** The least of the links' confidences; 1 for a single account. */
	confidence: number;
	evidence: LinkEvidence[];
	/** Newest of all accounts; null = never, in none. Unknown while any account's is. */
	lastActivity?: Millis | null;
	/** Newest that is known of, whatever else may be; null = none is. */
	lastSeen: Millis | null;
	/** `<system>: <the vendor's signal>`. */
	activitySignal?: string | null;
	privileged?: boolean;
	topPrivileged?: boolean;
	/** `<system>: <role>` of the privileged roles held anywhere. */
	privilegedRoles: KnownList<string>;
	/** Systems in which a top role is held. */
	topPrivilegedIn: KnownList<string>;
	ways: KnownList<WayIn>;
	/** The weakest of the ways in; null = there is none. */
	weakest?: WayIn | null;
	/** The strongest factor anywhere, `password` where there is none. */
	strongest?: WayIn["strength"];
	breakGlass: boolean;
}
