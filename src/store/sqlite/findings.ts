import type { Finding } from "../../model/finding.js";
import { decodeKnown, encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import { StoreError } from "../errors.js";
import type { FindingDraft } from "../store.js";
import type { Database } from "./database.js";

/** `state` is `new` or `reopened` only in the save numbered `since`; later saves that still see the finding read it as `open` and write nothing. */
interface Row {
	id: string;
	system: string;
	state: Finding["state"];
	since: number;
	first_seen: Millis;
	/** Null: the newest save of its system saw it. */
	last_seen: Millis | null;
	body: string;
}

interface Save {
	save: number;
	at: Millis;
}

export function saveFindings(database: Database, at: Millis, systems: string[], drafts: FindingDraft[], keep: Iterable<string>): Finding[] {
	const byId = new Map(drafts.map((draft) => [draft.id, draft]));
	for (const { system } of byId.values())
		if (!systems.includes(system)) throw new StoreError(`findings of ${system} cannot be saved with those of ${systems.join(", ") || "no system"}`);
	return database.write(() => {
		const gone = new Map([...new Set(systems)].map((system) => [system, openIds(database, system).filter((id) => !byId.has(id))]));
		const kept = metBy(keep, [...gone.values()].flat());
		const result: Finding[] = [];
		for (const system of new Set(systems)) {
			const before = lastSave(database, system);
			const now = { save: (before?.save ?? 0) + 1, at };
			// Bodies are read one by one: a large tenant's fill hundreds of MB.
			const own = [...byId.values()].filter((draft) => draft.system === system);
			const rows = new Map<string, Pick<Finding, "state" | "firstSeen" | "lastSeen">>();
			// In the order of the table: ids are hashes, and each would be read from a page of its own.
			for (const draft of own.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
				const stored = rowOf(database, draft.id);
				const row = seen(stored, draft.id, { system, body: encodeKnown(draft) }, now);
				if (row !== stored) storeRow(database, row);
				rows.set(draft.id, times(row, now));
			}
			for (const draft of own) result.push({ ...draft, ...(rows.get(draft.id) as Pick<Finding, "state" | "firstSeen" | "lastSeen">) });
			for (const id of gone.get(system) ?? []) {
				const row = rowOf(database, id);
				if (!row) continue;
				const lastSeen = row.last_seen ?? before?.at ?? row.first_seen;
				if (kept.has(row.id)) {
					if (row.last_seen === null) storeRow(database, { ...row, state: stateAt(row, before ?? now), last_seen: lastSeen });
					continue;
				}
				const fixed: Row = { ...row, state: "fixed", since: now.save, last_seen: lastSeen };
				storeRow(database, fixed);
				result.push(toFinding(fixed, now));
			}
			database.sql("INSERT OR REPLACE INTO finding_saves (system, save, at) VALUES (?, ?, ?)").run(system, now.save, at);
		}
		return result;
	});
}

export function listFindings(database: Database, filter: { systems?: string[]; states?: Finding["state"][] }): Finding[] {
	return database.read(() => {
		const known: { system: string }[] = database.sql("SELECT system FROM finding_saves ORDER BY system").all();
		const systems = known.map(({ system }) => system).filter((system) => filter.systems?.includes(system) ?? true);
		return systems.flatMap((system) => {
			const save = lastSave(database, system);
			if (!save) return [];
			return rowsOf(database, system)
				.map((row) => toFinding(row, save))
				.filter(({ state }) => filter.states?.includes(state) ?? true);
		});
	});
}

function metBy(ids: Iterable<string>, wanted: readonly string[]): Set<string> {
	const met = new Set<string>();
	if (wanted.length === 0) return met;
	const asked = new Set(wanted);
	for (const id of ids) if (asked.has(id)) met.add(id);
	return met;
}

/** The same row where nothing changed. */
function seen(row: Row | undefined, id: string, draft: { system: string; body: string }, now: Save): Row {
	if (!row) return { id, ...draft, state: "new", since: now.save, first_seen: now.at, last_seen: null };
	if (row.system !== draft.system) throw new StoreError(`the finding ${id} belongs to ${row.system}, not to ${draft.system}`);
	if (row.state === "fixed") return { ...row, ...draft, state: "reopened", since: now.save, last_seen: null };
	return row.last_seen === null && row.body === draft.body ? row : { ...row, ...draft, last_seen: null };
}

function stateAt(row: Row, save: Save): Finding["state"] {
	const passing = row.last_seen === null && (row.state === "new" || row.state === "reopened") && row.since < save.save;
	return passing ? "open" : row.state;
}

function toFinding(row: Row, save: Save): Finding {
	return { ...(decodeKnown(row.body) as FindingDraft), ...times(row, save) };
}

function times(row: Row, save: Save): Pick<Finding, "state" | "firstSeen" | "lastSeen"> {
	return { state: stateAt(row, save), firstSeen: row.first_seen, lastSeen: row.last_seen ?? save.at };
}

function storeRow(database: Database, row: Row): void {
	database
		.sql("INSERT OR REPLACE INTO findings (id, system, state, since, first_seen, last_seen, body) VALUES (?, ?, ?, ?, ?, ?, ?)")
		.run(row.id, row.system, row.state, row.since, row.first_seen, row.last_seen, row.body);
}

function rowsOf(database: Database, system: string): Row[] {
	return database.sql("SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE system = ? ORDER BY id").all(system);
}

function rowOf(database: Database, id: string): Row | undefined {
	return database.sql("SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE id = ?").get(id);
}

function openIds(database: Database, system: string): string[] {
	const rows: { id: string }[] = database.sql("SELECT id FROM findings WHERE system = ? AND state <> 'fixed' ORDER BY id").all(system);
	return rows.map(({ id }) => id);
}

function lastSave(database: Database, system: string): Save | null {
	const row: Save | undefined = database.sql("SELECT save, at FROM finding_saves WHERE system = ?").get(system);
	return row ?? null;
}
