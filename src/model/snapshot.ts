import type { Authenticator } from "./account.js";
import type { Millis } from "./known.js";

/** The collections a provider may deliver, in the order in which they depend on each other. */
export const collections = [
	"workers",
	"accounts",
	"groups",
	"groupRules",
	"memberships",
	"roleAssignments",
	"settings",
	"apps",
	"appAssignments",
	"credentials",
	"risks",
	"devices",
	"authenticators",
	"activity",
] as const;
export type CollectionName = (typeof collections)[number];

/** Why a collection is not complete. */
export type CoverageCause =
	| "scope"
	| "role"
	| "licence"
	| "throttled"
	| "cut-off"
	| "budget"
	| "floor"
	| "quarantine"
	| "depends"
	| "unsupported"
	| "interrupted"
	| "error";

export interface CoverageReason {
	cause: CoverageCause;
	/** One sentence a person understands, naming the scope, licence or request. */
	detail: string;
	/** The OAuth scope or permission whose grant would mend it. */
	scope?: string;
	requestId?: string;
}

/**
 * How much of a collection was read. `complete` only after the vendor said that the page chain ended.
 * For collections with one record per account (`authenticators`), `eligible` is how many accounts could have one.
 */
export interface Coverage {
	collection: CollectionName;
	state: "complete" | "partial" | "unreadable";
	reasons: CoverageReason[];
	/** Records seen in this scan or still known to be true from an earlier one. */
	known: number;
	/** How many there should be, when it can be said; else null. */
	eligible: number | null;
	/** Ids in the store that a partial read did not meet: nothing is believed of them. */
	unseen: string[];
	requests: number;
}

/** One answered request: what evidence points at. */
export interface RequestRef {
	/** `GET /api/v1/users` with ids replaced by `{userId}`; no query values that could hold a secret. */
	call: string;
	/** The vendor's request id (`x-okta-request-id`), or null. */
	requestId: string | null;
	at: Millis;
}

/** A record as a reader yields it. `body` is one of the `…Record` interfaces (authenticators: `{ items }`). */
export interface ReadRecord {
	id: string;
	body: object;
}

/** A record as the store gives it back. */
export interface StoredRecord extends ReadRecord {
	/** The request that delivered this value first. */
	request: RequestRef;
	/** When this value was last seen to hold, for collections read seldom (`authenticators`); else the scan's time. */
	confirmedAt: Millis;
	/** When the vendor last delivered this value itself, changed or not: a confirmation without a read does not move it. */
	readAt?: Millis;
}

/** The body of an `authenticators` record; its id is the account's. */
export interface AuthenticatorsBody {
	items: Authenticator[];
}

/**
 * The body of an `activity` record; its id is the account's: the newest sign-in that the vendor's log tells of.
 * Later scans only move it forward. A log is kept for a time and may be read in part, so no record means nothing.
 */
export interface ActivityBody {
	at: Millis;
	/** The vendor's own word for the event (`user.authentication.sso`). */
	signal: string;
}

export interface Scan {
	id: number;
	system: string;
	provider: string;
	started: Millis;
	/** Null while running; an interrupted scan is closed as such by the next one. */
	finished: Millis | null;
	interrupted: boolean;
	coverage: Coverage[];
	requests: number;
}
