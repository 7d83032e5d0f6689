import type { Millis } from "../model/known.js";
import type { MembershipRecord, RoleAssignmentRecord } from "../model/objects.js";
import { type CollectionName, collections, type Scan } from "../model/snapshot.js";
import { pruned } from "../store/erase.js";
import type { JournalEntry, RecordSpan, RecordVersion, Store } from "../store/store.js";
import { type Change, changesOf } from "./changes.js";

/** One object of one system. */
export interface HistoryTarget {
	system: string;
	collection: CollectionName;
	id: string;
}

/** What a scan saw for the first time. Times are those of the request that saw it: it happened after the scan before. */
export type HistoryEvent = Seen & {
	at: Millis;
	/** Set where the scan before had not read all of this: it may have been so for long. */
	unsure?: true;
};

type Seen =
	| { what: "first-seen" | "gone" | "back" }
	| { what: "changed"; changes: Change[] }
	| { what: "joined" | "left"; group: string; account: string }
	| { what: "role-given" | "role-taken"; role: string; label: string; principal: string; scope?: string; eligible?: true }
	| { what: "keelson"; action: string; outcome: string; plan: string };

interface Input {
	store: Store;
	/** The tenant's, whole. */
	journal: readonly JournalEntry[];
}

/**
 * Everything that the stored scans and the journal tell of one object, newest first. What the first scan found is `first-seen` of the object alone;
 * what stands at the end of what is still kept did not begin there, and is not told as having begun.
 */
export async function historyOf({ system, collection, id }: HistoryTarget, { store, journal }: Input): Promise<HistoryEvent[]> {
	const past = await pastOf(store, system, erasures(journal).get(`${system}/${id}`));
	const events = ofVersions(await store.history(system, collection, id), "first-seen", past, collection);
	if (collection === "accounts") {
		const factors = ofVersions(await store.history(system, "authenticators", id), null, past, "authenticators");
		events.push(...factors, ...(await members(past, id, "account")), ...(await roles(past, `${id}/`, ({ principal }) => principal === id)));
	}
	if (collection === "groups") events.push(...(await members(past, id, "group")), ...(await roles(past, `${id}/`, ({ principal }) => principal === id)));
	events.push(...ownChanges(journal, system, id));
	return events.sort((a, b) => b.at - a.at);
}

/** Who was given a role and who lost it, newest first. */
export async function roleHistory(system: string, role: string, { store, journal }: Input): Promise<HistoryEvent[]> {
	const events = [...(await roles(await pastOf(store, system), "", (held) => held.role === role)), ...ownChanges(journal, system, role)];
	return events.sort((a, b) => b.at - a.at);
}

interface Past {
	store: Store;
	system: string;
	/** Oldest first. */
	scans: Scan[];
	/** What was no longer true before this time is not kept. */
	kept: ReadonlyMap<CollectionName, Millis>;
	/** When the object's own past was erased; 0: it was not. */
	erased: Millis;
}

async function pastOf(store: Store, system: string, erased: Millis = 0): Promise<Past> {
	const scans = (await store.scans({ system })).reverse();
	const kept = new Map<CollectionName, Millis>();
	for (const name of collections) kept.set(name, Number(await store.cursor(system, pruned(name))));
	return { store, system, scans, kept, erased };
}

/** When the past of a subject, `<system>/<id>`, was last erased. */
export function erasures(journal: readonly JournalEntry[]): Map<string, Millis> {
	return new Map(journal.flatMap(({ event, at, data }) => (event === "erased" && typeof data.subject === "string" ? [[data.subject, at] as const] : [])));
}

/** `first`: what the first version is called; null: it is not told. */
function ofVersions(versions: RecordVersion[], first: "first-seen" | null, past: Past, collection: CollectionName): HistoryEvent[] {
	const whole = (at: Millis) => doubt(past, collection, at);
	return versions.flatMap((version, index): HistoryEvent[] => {
		const before = versions[index - 1];
		const { from: at, to } = version;
		const gone: HistoryEvent[] = to !== null && versions[index + 1]?.from !== to ? [{ at: to, what: "gone", ...whole(to) }] : [];
		if (!before) return [...(first && at >= past.erased && isKept(past, collection, at) ? [{ at, what: first, ...whole(at) }] : []), ...gone];
		if (before.to !== at) return [{ at, what: "back", ...whole(at) }, ...gone];
		return [{ at, what: "changed", changes: changesOf(before.body, version.body), ...whole(at) }, ...gone];
	});
}

/** Whether a value that was there until then would still be kept. */
function isKept({ kept }: Past, collection: CollectionName, at: Millis): boolean {
	return at >= (kept.get(collection) ?? 0);
}

async function members(past: Past, id: string, side: "account" | "group"): Promise<HistoryEvent[]> {
	const spans = await past.store.spans(past.system, "memberships", side === "group" ? `${id}/` : `/${id}`);
	return comings(past, "memberships", spans).flatMap(({ at, came, body, ...rest }) => {
		const { group, account } = body as MembershipRecord;
		return (side === "group" ? group : account) === id ? [{ at, what: came ? ("joined" as const) : ("left" as const), group, account, ...rest }] : [];
	});
}

async function roles(past: Past, part: string, is: (held: RoleAssignmentRecord) => boolean): Promise<HistoryEvent[]> {
	const spans = await past.store.spans(past.system, "roleAssignments", part);
	return comings(past, "roleAssignments", spans).flatMap(({ at, came, body, ...rest }) => {
		const held = body as RoleAssignmentRecord;
		const { role, label, principal, scope, assignment } = held;
		const what = came ? ("role-given" as const) : ("role-taken" as const);
		return is(held)
			? [{ at, what, role, label, principal, ...(scope ? { scope } : {}), ...(assignment === "eligible" && { eligible: true as const }), ...rest }]
			: [];
	});
}

/** When records came and went; a new value of one that stays is neither. What was there in the first scan did not come. */
function comings(past: Past, collection: CollectionName, spans: RecordSpan[]): { at: Millis; came: boolean; body: object; unsure?: true }[] {
	return spans.flatMap(({ id, body, from, to }, index) => {
		const [before, next] = [spans[index - 1], spans[index + 1]];
		const stayed = before?.id === id && before.to !== null && before.to >= from;
		const stays = next?.id === id && to !== null && to >= next.from;
		const known = before?.id === id || isKept(past, collection, from);
		const came = !stayed && known && scanBefore(past, from) ? [{ at: from, came: true, body, ...doubt(past, collection, from) }] : [];
		return to === null || stays ? came : [...came, { at: to, came: false, body, ...doubt(past, collection, to) }];
	});
}

function doubt(past: Past, collection: CollectionName, at: Millis): { unsure?: true } {
	const before = scanBefore(past, at);
	return before && before.coverage.find((one) => one.collection === collection)?.state !== "complete" ? { unsure: true } : {};
}

/** The newest scan that had finished when another one saw something. */
function scanBefore({ scans }: Past, at: Millis): Scan | undefined {
	return scans.findLast(({ finished }) => finished !== null && finished < at);
}

export type OwnChange = Extract<HistoryEvent, { what: "keelson" }>;

/** What Keelson began to do to an object, by its journal, and what became of it; oldest first. */
export function ownChanges(journal: readonly JournalEntry[], system: string, id: string): OwnChange[] {
	const found: OwnChange[] = [];
	const open = new Map<string, OwnChange>();
	for (const { at, plan, action, event, data } of journal) {
		if (action === null) continue;
		const key = `${plan}/${action}`;
		// Of a second try the first one's end is not the end.
		const begun = open.get(key);
		if (event !== "intent") {
			if (begun) begun.outcome = event;
			continue;
		}
		const target = (data.target ?? {}) as Record<string, unknown>;
		if (data.system !== system || !Object.values(target).includes(id)) continue;
		const one: OwnChange = { at, what: "keelson", action: String(data.kind), outcome: "intent", plan };
		open.set(key, one);
		found.push(one);
	}
	return found;
}
