import type { Finding } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { CollectionName, Coverage, ReadRecord, RequestRef, Scan, StoredRecord } from "../model/snapshot.js";
import type { Erased, EraseInput } from "./erase.js";

/**
 * Live state over time, findings, and the journal. SQLite fills it in a file; Postgres fills the same interface.
 * A scan's writes are invisible to readers until `finishScan`. Every method is atomic and durable when its promise resolves.
 */
export interface Store {
	/** Starts a scan. An earlier scan of this system that never finished is closed as interrupted first: what it read stays, as partial. */
	beginScan(input: { system: string; provider: string; started: Millis; stackDigest: string }): Promise<Scan>;
	/** Stores one page. A record equal to the stored one writes no row. The same id twice in one scan: the last one counts. */
	putRecords(scan: Scan, collection: CollectionName, records: ReadRecord[], request: RequestRef): Promise<void>;
	/** Says that the stored values of these ids hold now, without new values. */
	confirmRecords(scan: Scan, collection: CollectionName, ids: string[], at: Millis): Promise<void>;
	/** Ends the validity of these ids. */
	removeRecords(scan: Scan, collection: CollectionName, ids: string[]): Promise<void>;
	/**
	 * Ends a collection. `closed`: rows of the system that this scan neither put nor confirmed end here.
	 * Else they stay, and are named in the coverage's `unseen` (unless `incremental`). Fills `known` and `unseen` of the coverage it returns.
	 */
	finishCollection(scan: Scan, coverage: Omit<Coverage, "known" | "unseen">, how: { closed: boolean; incremental: boolean }): Promise<Coverage>;
	finishScan(scan: Scan, finished: Millis, requests: number): Promise<Scan>;

	/** Newest first. Only finished scans unless `unfinished`. */
	scans(filter: { system?: string; asOf?: Millis; limit?: number; unfinished?: boolean }): Promise<Scan[]>;
	/** Records true at that scan, in id order, in batches; with `prefix`, those whose id begins with it. `scan` may be the running one. */
	records(scan: Scan, collection: CollectionName, prefix?: string): AsyncIterable<StoredRecord[]>;
	record(scan: Scan, collection: CollectionName, id: string): Promise<StoredRecord | null>;
	countRecords(scan: Scan, collection: CollectionName): Promise<number>;
	/** Every version of one record, oldest first, with the times between which it was true. */
	history(system: string, collection: CollectionName, id: string): Promise<RecordVersion[]>;
	/** Every version of every record whose id has this text in it, oldest first within a record: whose a membership or an assignment was. */
	spans(system: string, collection: CollectionName, part: string): Promise<RecordSpan[]>;

	cursor(system: string, name: string): Promise<string | null>;
	/** Kept only if the scan finishes. */
	setCursor(scan: Scan, name: string, value: string): Promise<void>;

	/**
	 * Brings the stored findings of these systems to the given ones: new, open, fixed, reopened. Returns each with state, first-seen and last-seen filled in,
	 * the fixed ones of this call included. A finding whose subject became unknown is in `keep`: it stays as it was. `keep` is gone through at most once, and only when some stored finding was not met.
	 */
	saveFindings(at: Millis, systems: string[], findings: FindingDraft[], keep: Iterable<string>): Promise<Finding[]>;
	findings(filter: { systems?: string[]; states?: Finding["state"][] }): Promise<Finding[]>;

	/** One line of the trend: score and counts at a time. Same policy-set digest = comparable. */
	saveTrend(point: TrendPoint): Promise<void>;
	/** The newest `limit` points [all], oldest first. */
	trend(tenant: string, limit?: number): Promise<TrendPoint[]>;

	/** Appends to the hash-chained journal and returns the entry with its number and hash. Durable when it resolves. */
	appendJournal(entry: JournalDraft & { personal?: PersonalFacts }): Promise<JournalEntry>;
	/** Oldest first. Personal facts stand among the others, as long as their subject's key is there. */
	journal(filter: { tenant: string; plan?: string; since?: Millis }): Promise<JournalEntry[]>;
	/** Recomputes the chain; the first entry that does not fit, or null. */
	verifyJournal(tenant: string): Promise<{ entries: number; broken: number | null }>;

	/**
	 * Takes one subject out: what was true of it and is no more, its findings that are no longer open, its key in the journal, whose hashes all
	 * still fit. Of a subject that the newest scan does not have, its last values and all its findings too.
	 */
	erase(input: EraseInput): Promise<Erased>;
	/** Takes out what ended before a time. Returns how many rows; remembers the time under the cursor `pruned/<collection>`. */
	prune(input: PruneInput): Promise<number>;

	/** One writer a tenant. Null when somebody else holds it. A holder that lets `ttl` pass loses it. */
	acquireLease(tenant: string, holder: string, now: Millis, ttl: Millis): Promise<Lease | null>;
	renewLease(lease: Lease, now: Millis, ttl: Millis): Promise<Lease | null>;
	releaseLease(lease: Lease): Promise<void>;
	/** Who holds the lease now, or null; for people. Absent where the store can't tell. */
	currentLease?(tenant: string, now: Millis): Promise<Lease | null>;

	close(): Promise<void>;
}

export interface PruneInput {
	system: string;
	what: CollectionName | "findings";
	/** What ended, or was fixed, before this. */
	before: Millis;
}

export type FindingDraft = Omit<Finding, "state" | "firstSeen" | "lastSeen">;

export interface RecordVersion extends StoredRecord {
	from: Millis;
	/** Null = still true. */
	to: Millis | null;
}

/** A version without what is known of its freshness. */
export interface RecordSpan extends ReadRecord {
	/** When the request that first delivered it was answered. */
	from: Millis;
	/** End of the first scan that no longer had it; null = still true. */
	to: Millis | null;
}

export interface TrendPoint {
	tenant: string;
	at: Millis;
	posture: number | null;
	postureMax: number | null;
	coverage: number | null;
	/** Open findings by severity. */
	counts: Record<string, number>;
	/** Identities by band. */
	bands: Record<string, number>;
	policyDigest: string;
}

export interface JournalDraft {
	tenant: string;
	at: Millis;
	/** Digest of the plan, or of the desired state for settings and memberships. */
	plan: string;
	/** Action id within the plan, or null for run-level entries. */
	action: string | null;
	/** What happened, in order: see `src/apply`. */
	event: string;
	/** Facts, no secrets. */
	data: Record<string, unknown>;
}

/** Facts of a journal entry by which a person could be known: names, and sentences that may hold one. Ids are not among them. */
export interface PersonalFacts {
	/** Whose they are, `<system>/<immutable id>`: one key for each. */
	subject: string;
	data: Record<string, unknown>;
}

export interface JournalEntry extends JournalDraft {
	seq: number;
	previous: string;
	hash: string;
	/** Only of an entry with personal facts. Not readable: their subject was erased, and the entry's hash still fits. */
	personal?: { subject: string; readable: boolean };
}

export interface Lease {
	tenant: string;
	holder: string;
	/** Grows with every new holder: a fencing token. */
	token: number;
	expires: Millis;
}
