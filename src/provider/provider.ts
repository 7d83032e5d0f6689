import type { Account, Authenticator } from "../model/account.js";
import type { Millis } from "../model/known.js";
import type { SettingRecord } from "../model/objects.js";
import type { CollectionName, Coverage, CoverageReason, ReadRecord, RequestRef, StoredRecord } from "../model/snapshot.js";
import type { ActionSpec } from "./action.js";
import type { ChangeLog, ChangeQuery } from "./changes.js";
import type { DesiredMappings } from "./desired.js";
import type { GrantEnds, GrantPlace } from "./grants.js";
import type { PulumiPackage } from "./pulumi-package.js";
import type { SettingSpec, SignInSurroundings } from "./setting.js";

/** A vendor, as `providers/<id>/index.ts` exports it by the name `provider`. */
export interface Provider {
	/** The folder's name and the word after `provider:` in a stack file. */
	id: string;
	/** The vendor's product name for people. */
	title: string;
	/** JSON Schema (2020-12) of this system's `url`, `auth`, `act` and `options` in the stack file. Secret fields carry `secret: true`. */
	configSchema: Record<string, unknown>;
	/** Roles on the vendor's published privileged list are marked by the readers; this says where the list comes from. */
	privilegedSource: string;
	/** The vendor's words (`SignInFacet.appliesTo`) for its administrators' console, where sign-in rules of its own guard it: part of the lock-out proof. */
	adminApps?: string[];
	/** Status words of an account that signs in without a step before (no unlocking, no new password): only such accounts stand in the lock-out proof [any that is enabled]. */
	readyStatuses?: string[];
	/** The vendor tells no status of any account, so that an account without one is not one that was badly read. */
	statusless?: true;
	readers: Reader[];
	actions: ActionSpec[];
	settings: SettingSpec[];
	/** What stands between a person and a sign-in beside the sign-in rules; absent where the vendor has no such thing. */
	surroundings?(settings: SettingRecord[]): SignInSurroundings;
	/**
	 * Nothing that is read here decides who signs in where: then an administrator is never proven to get in, and only what is done to accounts
	 * that are known not to be administrators may be done at all.
	 */
	signInElsewhere?: true;
	/**
	 * How sign-in is decided where no list of rules is walked from the top. Asked for one administrator at a time, in place of the rules' order;
	 * throws nothing. Absent: the first rule that applies decides (`SettingRecord.signIn`).
	 */
	admission?(settings: SettingRecord[]): (account: Account, factors: Authenticator[]) => Admission;
	/** The requests of a full read of a tenant of that size, from the vendor's page sizes and limits; sends nothing. */
	estimate?(size: TenantSize): PlannedRequests[];
	/**
	 * Who changed one object, by the vendor's audit log. Never guesses: what the log does not say is missing, and why events may be missing is
	 * in `reasons`. Throws only for a defect or an abort. Absent: the vendor has no such log, or it is not read.
	 */
	changes?(connection: Connection, query: ChangeQuery): Promise<ChangeLog>;
	/**
	 * When grants of one group or role end by the vendor's own clock. Reads only. Throws for what can't be read. Absent: the vendor ends no grant by
	 * itself, and `add-group-member` and `add-role` take no `values.until`.
	 */
	grantEnds?(connection: Connection, place: GrantPlace): Promise<GrantEnds | null>;
	/** The vendor's own Pulumi package; absent where there is none. Providers that ship with Keelson export it from `pulumi.ts`. */
	pulumiPackage?: PulumiPackage;
	/** What resources of that package become, so that policies judge them before they exist. */
	desired?: DesiredMappings;
	connect(config: ConnectConfig): Promise<Connection>;
}

/** What lets an account in, each in words for people; or why it can't be said that anything does. */
export type Admission = { rules: string[] } | { why: string };

/** How large a tenant is, or is thought to be. */
export interface TenantSize {
	accounts: number;
	groups: number;
	/** Over all groups. */
	memberships: number;
	apps: number;
	administrators: number;
}

/** A part of a full read. */
export interface PlannedRequests {
	collection: CollectionName;
	/** `GET /v1.0/users`. */
	call: string;
	requests: number;
	/** The vendor's limiter that they count against, and what it lets through. */
	bucket: string;
	perSecond: number;
	/** Where the page size or limit comes from. */
	source: string;
}

/** What a stack file says of one system, secrets resolved for one of its two credentials only. */
export interface ConnectConfig {
	system: string;
	url: string;
	/** The resolved `auth` or `act` block. Never logged, never stored. */
	credential: Record<string, unknown>;
	options: Record<string, unknown>;
	/** Where relative paths in `options` start: the project's folder. */
	folder?: string;
	/** Which of the two credentials this is. A connection made with `auth` has no writes. */
	purpose: "read" | "act";
	now(): Millis;
	/** Progress for people, on stderr; no secrets. */
	log(message: string): void;
	signal?: AbortSignal;
	/** Asked right before every attempt that may change something: how long that may take at most, in milliseconds. Throws when nothing may be written any more. */
	mayWrite?(): Millis;
	/** Waits; the real clock's when absent. A caller with a clock of its own gives it together with `now`. */
	sleep?(ms: Millis, signal?: AbortSignal): Promise<void>;
}

/** A live session with a vendor. Providers extend it with their own client. */
export interface Connection {
	/** Requests sent so far, retries included. */
	requests(): number;
	/** Why nothing that was sent so far was ever answered, one sentence; null = something was, or nothing was sent. */
	unreached?(): string | null;
	/** Checks credential, scopes and clock without changing anything. */
	doctor(): Promise<DoctorReport>;
	/** Who this connection is to the vendor, as far as the vendor tells: nothing of its own is ever changed by Keelson. */
	self?(): Promise<{ accounts: string[]; credentials: string[]; clients: string[] }>;
	close(): Promise<void>;
}

export interface DoctorReport {
	ok: boolean;
	/** Nothing at all was answered: what else there is to check was not. */
	unreached?: true;
	checks: DoctorCheck[];
	/** Server clock minus ours, milliseconds, or null. */
	clockSkew: Millis | null;
	/** Scopes the credential holds, when the vendor tells. */
	scopes: string[] | null;
	/** What will be unknown with this credential: collection → reason. */
	unknowns: { collection: CollectionName; reason: CoverageReason }[];
	/** The credential can write although it is the reading one. */
	canWrite: boolean | null;
	/** Estimated requests and seconds for a full read of this tenant. */
	estimate: { requests: number; seconds: number; detail: string } | null;
}

export interface DoctorCheck {
	name: string;
	ok: boolean;
	detail: string;
	mend?: string;
}

/** Reads one collection of one system. */
export interface Reader<C extends Connection = Connection> {
	collection: CollectionName;
	/** Collections that must have been read before, in the same scan. */
	after: CollectionName[];
	scopes: string[];
	/** Pages in the vendor's order. Throws only what is a defect or an abort: an unreadable collection is yielded as a verdict. */
	read(connection: C, context: ReadContext): AsyncIterable<ReadPage>;
}

/** What a reader yields: records with the request they came from; the last item says how the chain ended. */
export interface ReadPage {
	records: ReadRecord[];
	request: RequestRef | null;
	/** Records that could not be decoded: counted, kept out, and enough to make the collection partial. */
	quarantined?: { id: string | null; why: string }[];
	/** Ids whose stored value was confirmed without being read again. */
	confirmed?: string[];
	/** Ids known to be gone although the chain is not closed (the vendor said so by id). */
	gone?: string[];
	/** Present on the last page only. */
	end?: ReadEnd;
}

export interface ReadEnd {
	/** The vendor said that the chain ended and nothing was lost on the way. */
	closed: boolean;
	reasons: CoverageReason[];
	/** For collections with a record per account: how many accounts could have one. */
	eligible?: number | null;
	/** Read by changes only: what was not named by the vendor is unchanged. */
	incremental?: boolean;
}

/** What a reader may look at: this scan's collections so far, the last scan, its own cursors. */
export interface ReadContext {
	system: string;
	scanStarted: Millis;
	/** Records of a collection read earlier in this scan. */
	current(collection: CollectionName): AsyncIterable<StoredRecord>;
	/** Coverage of a collection read earlier in this scan. */
	coverage(collection: CollectionName): Coverage | undefined;
	/** Records as the previous finished scan left them; empty on the first scan. */
	previous(collection: CollectionName): AsyncIterable<StoredRecord>;
	/** Rows that the previous finished scan had: the sanity floor. */
	previousCount(collection: CollectionName): Promise<number>;
	/** A resume token of this reader (a log cursor, a delta link), kept with the scan that set it. */
	cursor(name: string): Promise<string | null>;
	setCursor(name: string, value: string): Promise<void>;
	/** The user's limits: `authenticators.maxRequests` and the like. */
	budget: ReadBudget;
	/** Read everything again, whatever changed. */
	full: boolean;
	signal?: AbortSignal;
	progress(done: number, total: number | null): void;
}

export interface ReadBudget {
	/** Requests that per-account reads may cost in this scan; null = no limit. */
	perAccountRequests: number | null;
	/** Age at which a per-account record is read again although no event names it, milliseconds. */
	perAccountMaxAge: Millis;
	/** Before a write: these accounts and all administrators are read again, whatever the vendor's events say. */
	recheck?: ReadonlySet<string>;
}
