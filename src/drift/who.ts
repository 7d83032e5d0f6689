import type { Millis } from "../model/known.js";
import type { ActionTarget } from "../provider/action.js";
import type { ChangeEvent, ChangeLog } from "../provider/changes.js";
import type { StackSystem } from "../stack/stack.js";
import type { JournalEntry } from "../store/store.js";
import type { Since } from "./since.js";

/** Who changed one part of a drift: the event of the vendor's log that explains it, or why that is unknown. */
export type ChangedBy = Named | { unknown: string };

export interface Named {
	event: ChangeEvent;
	/** Set where the acting identity is Keelson's own: digest of the plan that the journal has for it, or null where it has none. */
	keelson?: { plan: string | null };
	/** A scan that began after the event still saw it as declared: the vendor's lists lag, or another event is not in the log yet. */
	early?: true;
	/** Why the log may hold a newer event that was not read. */
	incomplete?: string;
	/** Other events of that time that may have changed the same: which of them it was, the log does not say. */
	others: number;
}

/** One part, as the log is asked about it. */
export type Part = { what: "added"; member: string } | { what: "removed"; member: string } | { what: "changed"; path: string } | { what: "deleted" };

/** The log is asked for that much more than since when the part may differ, milliseconds: the latest event of any vendor. */
export const slack = 6 * 3600_000;

type Explained = Omit<Named, "keelson"> | { unknown: string };

/** The newest event that explains the part. One from before the scan that saw all as declared does so only where the vendor may lag as much, and says so. */
export function whoChanged(part: Part, since: Since, log: ChangeLog, now: Millis): Explained {
	const after = since.asDeclared?.started ?? Number.NEGATIVE_INFINITY;
	const known = log.events.filter((event) => event.at - log.skew >= after - log.lateness && concerns(event, part));
	const later = known.filter(({ at }) => at - log.skew >= after);
	const found = explained(part, later.length > 0 ? later : known, since, log, now);
	if ("unknown" in found) return found;
	const [gap] = log.reasons;
	return { ...found, ...(later.length === 0 && { early: true as const }), ...(gap && { incomplete: gap.detail }) };
}

function explained(part: Part, events: ChangeEvent[], since: Since, log: ChangeLog, now: Millis): Explained {
	const [newest] = events;
	if (!newest) return { unknown: nothing(since, log, now) };
	if (part.what === "deleted") return { event: newest, others: 0 };
	if (part.what !== "changed") {
		if (newest.what === part.what) return { event: newest, others: 0 };
		// What came last would have left it as declared: what did not is not in the log yet.
		return { unknown: `the newest event of the log, ${newest.type} of ${iso(newest.at)}, left it as declared; ${late(log)}` };
	}
	const told = events.find(({ properties }) => properties?.some((name) => within(name, part.path)));
	return told ? { event: told, others: 0 } : { event: newest, others: events.length - 1 };
}

function concerns(event: ChangeEvent, part: Part): boolean {
	if (part.what === "deleted") return event.what === "deleted";
	if (part.what === "changed") return event.what === "changed" || event.what === "created";
	return event.member === part.member && (event.what === "added" || event.what === "removed");
}

/** A log names a property by its last or first word, in whatever case. */
function within(name: string, path: string): boolean {
	const words = path.toLowerCase().split(".");
	return words.includes(name.toLowerCase()) || path.toLowerCase() === name.toLowerCase();
}

function nothing(since: Since, log: ChangeLog, now: Millis): string {
	if (log.reasons[0]) return log.reasons[0].detail;
	const wanted = since.asDeclared?.started ?? null;
	if (wanted === null || wanted < log.from) return `the log was read back to ${iso(log.from)}, and nothing in it explains this: it may be older`;
	if (now - wanted < log.lateness) return `nothing in the log explains this yet; ${late(log)}`;
	return `nothing in the log since ${iso(wanted)} explains this; the vendor may have changed it itself, or by a way that it does not log`;
}

function late({ lateness }: ChangeLog): string {
	const minutes = Math.round(lateness / 60_000);
	return `events may come up to ${minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`} late`;
}

const iso = (at: Millis) => new Date(at).toISOString();

/** An event and the journal's entry of the same change may be apart by that much, milliseconds: two clocks. */
const apart = 10 * 60_000;

/** Whether Keelson did it: the journal knows the request, or the actor is the identity that it acts as. `object`: id of the group or setting, or the role. */
export function keelsonsOwn(
	event: ChangeEvent,
	{ system, object }: { system: string; object: string },
	declared: StackSystem,
	journal: JournalEntry[],
): Named["keelson"] {
	const intents = journal.filter((entry) => entry.event === "intent" && entry.data.system === system);
	const ofRequest = journal.find((entry) => event.requests.includes(requestOf(entry)) && intents.some(sameAction(entry)));
	if (ofRequest) return { plan: ofRequest.plan };
	const { id, login } = event.actor;
	const names = new Set(plainTexts(declared.act));
	if (![id, login].some((name) => name !== undefined && names.has(name.toLowerCase()))) return undefined;
	const near = intents.findLast((entry) => Math.abs(entry.at - event.at) <= apart && targets(entry.data.target as ActionTarget, event, object));
	return { plan: near?.plan ?? null };
}

function sameAction(entry: JournalEntry) {
	return (other: JournalEntry) => other.plan === entry.plan && other.action === entry.action;
}

function requestOf({ event, data }: JournalEntry): string {
	const request = event === "performed" ? (data.request as { requestId?: unknown } | null | undefined) : undefined;
	return typeof request?.requestId === "string" ? request.requestId : "";
}

function targets(target: ActionTarget, { member }: ChangeEvent, object: string): boolean {
	if (member === undefined) return target.setting === object;
	return target.account === member && (target.group === object || target.role === object);
}

/** Texts of a block of the stack file that are no references to secrets: client ids, the address that is acted as. */
function plainTexts(value: unknown): string[] {
	if (typeof value === "string") return [value.toLowerCase()];
	if (typeof value !== "object" || value === null || "secret" in value) return [];
	return Object.values(value).flatMap(plainTexts);
}
