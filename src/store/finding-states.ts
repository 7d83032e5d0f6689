import type { Finding } from "../model/finding.js";
import { decodeKnown } from "../model/json.js";
import type { Millis } from "../model/known.js";
import { StoreError } from "./errors.js";
import type { FindingDraft } from "./store.js";

/** `state` is `new` or `reopened` only in the save numbered `since`; later saves that still see the finding read it as `open` and write nothing. */
export interface FindingRow {
	id: string;
	system: string;
	state: Finding["state"];
	since: number;
	first_seen: Millis;
	/** Null: the newest save of its system saw it. */
	last_seen: Millis | null;
	body: string;
}

/** Saves are numbered for each system. */
export interface FindingSave {
	save: number;
	at: Millis;
}

export type FindingTimes = Pick<Finding, "state" | "firstSeen" | "lastSeen">;

/** The row after a save that sees the finding: the same object where nothing has to be written. @throws StoreError when it is another system's. */
export function seenRow(row: FindingRow | undefined, id: string, draft: { system: string; body: string }, now: FindingSave): FindingRow {
	if (!row) return { id, ...draft, state: "new", since: now.save, first_seen: now.at, last_seen: null };
	if (row.system !== draft.system) throw new StoreError(`the finding ${id} belongs to ${row.system}, not to ${draft.system}`);
	if (row.state === "fixed") return { ...row, ...draft, state: "reopened", since: now.save, last_seen: null };
	return row.last_seen === null && row.body === draft.body ? row : { ...row, ...draft, last_seen: null };
}

/** The row of a finding whose subject became unknown: it stays as the save before left it. Null where nothing has to be written. */
export function keptRow(row: FindingRow, before: FindingSave | null, now: FindingSave): FindingRow | null {
	if (row.last_seen !== null) return null;
	return { ...row, state: stateAt(row, before ?? now), last_seen: before?.at ?? row.first_seen };
}

/** The row of a finding that the save no longer sees. */
export function fixedRow(row: FindingRow, before: FindingSave | null, now: FindingSave): FindingRow {
	return { ...row, state: "fixed", since: now.save, last_seen: row.last_seen ?? before?.at ?? row.first_seen };
}

export function toFinding(row: FindingRow, save: FindingSave): Finding {
	return { ...(decodeKnown(row.body) as FindingDraft), ...findingTimes(row, save) };
}

export function findingTimes(row: FindingRow, save: FindingSave): FindingTimes {
	return { state: stateAt(row, save), firstSeen: row.first_seen, lastSeen: row.last_seen ?? save.at };
}

/** Drafts by id, the last one of each. @throws StoreError for one of a system that is not among those saved. */
export function draftsById(drafts: FindingDraft[], systems: string[]): Map<string, FindingDraft> {
	const byId = new Map(drafts.map((draft) => [draft.id, draft]));
	for (const { system } of byId.values())
		if (!systems.includes(system)) throw new StoreError(`findings of ${system} cannot be saved with those of ${systems.join(", ") || "no system"}`);
	return byId;
}

/** Those of the wanted ids that are among `ids`, which are gone through only when something is wanted. */
export function metBy(ids: Iterable<string>, wanted: readonly string[]): Set<string> {
	const met = new Set<string>();
	if (wanted.length === 0) return met;
	const asked = new Set(wanted);
	for (const id of ids) if (asked.has(id)) met.add(id);
	return met;
}

function stateAt(row: FindingRow, save: FindingSave): Finding["state"] {
	const passing = row.last_seen === null && (row.state === "new" || row.state === "reopened") && row.since < save.save;
	return passing ? "open" : row.state;
}
