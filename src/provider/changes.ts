import type { Millis } from "../model/known.js";
import type { CoverageReason, RequestRef } from "../model/snapshot.js";

/** What is asked of a vendor's audit log: who changed one object. */
export interface ChangeQuery {
	kind: "setting" | "group" | "role";
	/** As in the stack file: a setting's record id, a group's id, a role's word. */
	id: string;
	/** The object's name for people, where it is known: some logs name objects by it alone. */
	name: string | null;
	/** Of an order: the vendor's ids of what it ranks, each of which may have been moved, made or deleted. */
	about?: string[];
	/** Whose coming and going is asked for, with their logins where they are known; empty: only the object itself. */
	members: { id: string; login: string | null }[];
	/** Earlier events are of no interest. */
	since: Millis;
	/** Now, on our clock. */
	until: Millis;
	signal?: AbortSignal;
}

/** One event of a vendor's audit log about the object. Missing: the log does not say. */
export interface ChangeEvent {
	/** The vendor's id of the event. */
	id: string;
	/** The vendor's own word (`group.user_membership.add`). */
	type: string;
	/** By the vendor's clock. */
	at: Millis;
	what: "added" | "removed" | "changed" | "created" | "deleted";
	/** Of a member's coming or going. */
	member?: string;
	/** Names of the properties that the event changed, as far as the vendor lists them. */
	properties?: string[];
	actor: ChangeActor;
	ip?: string;
	/** As the vendor has it: a name or an ISO 3166 code. */
	country?: string;
	/** User agent, app or console. */
	client?: string;
	/** The vendor's ids of the request that made the change. */
	requests: string[];
	/** The request that read the event. */
	request: RequestRef;
}

export interface ChangeActor {
	type: "account" | "app" | "system" | "unknown";
	id?: string;
	login?: string;
	name?: string;
}

/** Newest first. */
export interface ChangeLog {
	events: ChangeEvent[];
	/** The log was read from here on; later than asked for where it is not kept for so long. */
	from: Millis;
	/** The vendor's clock minus ours, milliseconds; 0 where it is not known. */
	skew: Millis;
	/** How long events may take to come into the log, milliseconds. */
	lateness: Millis;
	/** Why events may be missing; empty: the vendor gave all that it has of that time. */
	reasons: CoverageReason[];
}
