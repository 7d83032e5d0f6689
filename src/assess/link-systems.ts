import { addressed, certain, type LinkAccount, type LinkWorker } from "../link/candidates.js";
import { type Linked, type LinkedPerson, linkPersons } from "../link/link.js";
import type { Account, AccountLink, AccountRecord } from "../model/account.js";
import type { KnownList, Millis } from "../model/known.js";
import type { AppAssignmentRecord, WorkerRecord } from "../model/objects.js";
import type { WorkerHeld } from "../model/person.js";
import type { ActivityBody, Scan } from "../model/snapshot.js";
import { day } from "../model/time.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { manualLinks } from "./manual-links.js";
import { type Condition, peopleRules } from "./people.js";
import { openSnapshot, type Snapshot } from "./snapshot.js";

/** Last sign-in by account key: the account's own word, and the log's. */
type Activity = Map<string, { own: Millis | null | undefined; log?: Millis }>;

/** From here on a link is sure enough to call somebody a leaver by it. */
export const sureEnough = 0.9;

/** What was read so much earlier than the newest is no ground to call somebody a leaver, nor present: people come and go. */
const longAgo = 7 * day;

/** All systems of a stack, linked: what is said of every account, and the persons. */
export interface Links {
	/** Sets person, worker, workersKnown, leaver and linkConflicts in place. */
	apply(account: Account): void;
	linked: Linked;
	/** How sure an account's way to its worker is, with what was not read, or long ago; 0: there is none. */
	confidenceOf(account: string, person: LinkedPerson): number;
	worker(key: string): WorkerRecord | undefined;
	held(person: LinkedPerson, confidence: number): WorkerHeld | null | undefined;
	/** Some system's accounts were not read whole: a person may have more of them. */
	partial: boolean;
}

export interface LinkSystemsInput {
	stack: Stack;
	store: Store;
	scans: Scan[];
	compile(text: string): Condition;
}

/** Null: there is one system only, and no personnel source: nothing to link. */
export async function linkSystems({ stack, store, scans, compile }: LinkSystemsInput): Promise<Links | null> {
	const snapshots = scans.map((scan) => openSnapshot(store, scan));
	const personnel = snapshots.filter(({ scan }) => scan.coverage.some(({ collection }) => collection === "workers"));
	const tenants = snapshots.filter(({ scan }) => scan.coverage.some(({ collection }) => collection === "accounts"));
	// Of a system that was never read it is not known what it holds: accounts of the same persons, or the persons themselves.
	const unread = Object.keys(stack.systems).some((system) => !scans.some((scan) => scan.system === system));
	if (personnel.length === 0 && tenants.length < 2 && !unread) return null;
	const newest = Math.max(...scans.map(readAt));
	const old = new Set(scans.filter((scan) => newest - readAt(scan) > longAgo).map(({ system }) => system));
	const records = new Map<string, WorkerRecord>();
	const workers: LinkWorker[] = [];
	for (const snapshot of personnel) await readWorkers(snapshot, old.has(snapshot.scan.system), records, workers);
	const activity: Activity = new Map();
	const linked = await linkAccounts(tenants, { stack, compile, workers, activity });
	const whole = !unread && personnel.length > 0 && personnel.every((snapshot) => snapshot.complete("workers") && !old.has(snapshot.scan.system));
	const links: Links = {
		linked,
		partial: unread || !tenants.every((snapshot) => snapshot.complete("accounts")),
		worker: (key) => records.get(key),
		confidenceOf(key, person) {
			const found = linked.confidenceOf.get(key) ?? 0;
			if (found >= certain["account-id"]) return found;
			// By an address, the way may lead over an account that is another one's by now; and a row that is missing may be of whoever has the address.
			const overOld = person.accounts.some((other) => other !== key && old.has(systemOf(other)));
			return overOld || !whole ? Math.min(found, addressed.told) : found;
		},
		held(person, confidence) {
			if (person.worker === null) return whole ? null : undefined;
			return heldBy(person.worker, records, confidence);
		},
		apply(account) {
			if (personnel.length > 0) account.workersKnown = true;
			const person = linked.personOf.get(account.key);
			if (!person) return;
			account.person = person.worker ?? person.accounts[0] ?? account.key;
			const conflicts = linked.conflicts.get(account.key);
			account.linked = true;
			account.linkConflicts = conflicts ?? noConflicts;
			account.activityElsewhere = elsewhere(account.key, person, activity, links.partial);
			const confidence = links.confidenceOf(account.key, person);
			// Where evidence pulls two ways, nobody is said to stand behind the account, nor nobody.
			const worker =
				conflicts && confidence < sureEnough ? undefined : unreadable(account) && person.worker === null ? undefined : links.held(person, confidence);
			if (worker !== undefined) account.worker = worker;
			if (personnel.length > 0) account.leaver = leaver(account, worker, confidence);
		},
	};
	return links;
}

/** A function of its own, so that what only linking needs is not kept while the accounts are judged. */
async function linkAccounts(
	tenants: Snapshot[],
	{ stack, compile, workers, activity }: Pick<LinkSystemsInput, "stack" | "compile"> & { workers: LinkWorker[]; activity: Activity },
): Promise<Linked> {
	const accounts: LinkAccount[] = [];
	for (const snapshot of tenants) await readAccounts(snapshot, stack, compile, accounts, activity);
	return linkPersons({ accounts, workers, ...manualLinks(stack.people.links, accounts) });
}

/** What the stack file's rules say, or the personnel system by a sure link: either is enough to be a leaver, both are needed not to be one. */
function leaver({ leaver: byRule, kind }: Account, worker: WorkerHeld | null | undefined, confidence: number): boolean | undefined {
	if (byRule === true) return true;
	if (worker === undefined || worker === null || worker.status === undefined) return undefined;
	if (worker.status !== "terminated") return byRule ?? false;
	// What is no person's carries the number of whoever answers for it, and goes on without them.
	return kind === "human" && confidence >= sureEnough ? true : undefined;
}

/** Fields that might have named a worker could not be read. */
function unreadable({ employeeId, email, login }: Account): boolean {
	return employeeId === undefined || login === undefined || (email === undefined && !login.includes("@"));
}

function readAt({ finished, started }: Scan): Millis {
	return finished ?? started;
}

function systemOf(key: string): string {
	return key.slice(0, key.indexOf("/"));
}

async function readWorkers(snapshot: Snapshot, old: boolean, records: Map<string, WorkerRecord>, workers: LinkWorker[]): Promise<void> {
	const { system } = snapshot.scan;
	const unseen = snapshot.unseen("workers");
	for await (const batch of snapshot.records<WorkerRecord>("workers"))
		for (const { id, body } of batch) {
			const key = `${system}/${id}`;
			// Whom a broken-off feed does not name again may have left meanwhile, or not.
			const known: WorkerRecord = old || unseen.has(id) ? { ...body, status: undefined } : body;
			records.set(key, known);
			workers.push({ key, system, id, email: body.email ?? null, status: known.status, started: body.started ?? null, ended: body.ended ?? null });
		}
}

async function readAccounts(
	snapshot: Snapshot,
	stack: Stack,
	compile: (text: string) => Condition,
	accounts: LinkAccount[],
	activity: Activity,
): Promise<void> {
	const { system, provider } = snapshot.scan;
	const rules = peopleRules(stack, system, compile);
	const now = snapshot.scan.finished ?? snapshot.scan.started;
	const unseen = snapshot.unseen("accounts");
	const log = new Map<string, Millis>();
	for await (const batch of snapshot.records<ActivityBody>("activity")) for (const { id, body } of batch) log.set(id, body.at);
	const elsewhere = new Map<string, AccountLink[]>();
	for await (const batch of snapshot.records<AppAssignmentRecord>("appAssignments"))
		for (const { body } of batch)
			if (body.link && body.principalType === "account") elsewhere.set(body.principal, [...(elsewhere.get(body.principal) ?? []), body.link]);
	for await (const batch of snapshot.records<AccountRecord>("accounts"))
		for (const { id, body } of batch) {
			if (unseen.has(id)) continue;
			// The body was just parsed and is nobody else's.
			const account: Account = Object.assign(
				body as Account,
				{
					id,
					key: `${system}/${id}`,
					system,
					provider,
					kind: "unknown",
					kindReason: "",
					external: undefined,
					breakGlass: false,
				} as const,
			);
			rules.apply(account, now);
			const inLog = log.get(id);
			activity.set(account.key, { own: account.lastActivity, ...(inLog !== undefined && { log: inLog }) });
			const { key, login, email, aliases, emailVerified, employeeId, created, enabled, statusChanged } = account;
			const impersonal = account.kind !== "human";
			const assigned = elsewhere.get(id);
			const links = assigned ? [...(account.links ?? []), ...assigned] : account.links;
			accounts.push({ key, system, provider, id, login, enabled, impersonal, email, aliases, emailVerified, employeeId, links, created, statusChanged });
		}
}

function heldBy(key: string, records: Map<string, WorkerRecord>, confidence: number): WorkerHeld | undefined {
	const record = records.get(key);
	if (!record) return undefined;
	const { id, status, type, department, title, started, ended, moved, manager } = record;
	const above = manager ? records.get(`${key.slice(0, key.lastIndexOf("/"))}/${manager}`) : undefined;
	const managerLeft = manager === null ? false : above?.status === undefined ? undefined : above.status === "terminated";
	// For every account: field by field is much quicker than spreading what is known.
	const held: WorkerHeld = { id, status, confidence };
	if (type !== undefined) held.type = type;
	if (department !== undefined) held.department = department;
	if (title !== undefined) held.title = title;
	if (started !== undefined) held.started = started;
	if (ended !== undefined) held.ended = ended;
	if (moved !== undefined) held.moved = moved;
	if (manager !== undefined) held.manager = manager;
	if (managerLeft !== undefined) held.managerLeft = managerLeft;
	return held;
}

function elsewhere(own: string, { accounts }: LinkedPerson, activity: Activity, partial: boolean): KnownList<Millis> {
	if (accounts.length === 1 && accounts[0] === own && !partial) return nowhereElse;
	const others = accounts.filter((key) => key !== own).map((key) => activity.get(key));
	// Where the account itself does not say, the log's time is "then or later".
	const times: KnownList<Millis> = others.flatMap((one) => [one?.own, one?.log].filter((at) => typeof at === "number"));
	if (partial || others.some((one) => one?.own === undefined)) times.partial = true;
	return times;
}

/** Shared by all whose person has one account. */
export const nowhereElse: KnownList<Millis> = Object.freeze([]) as never[];

/** Shared by all of whom nothing contradicts. */
const noConflicts: KnownList<string> = Object.freeze([]) as never[];
