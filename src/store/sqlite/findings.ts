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

export function saveFindings(database: Database, at: Millis, systems: string[], drafts: FindingDraft[], keep: string[]): Finding[] {
	const bodies = new Map(drafts.map((draft) => [draft.id, { system: draft.system, body: encodeKnown(draft) }]));
	for (const { system } of bodies.values())
		if (!systems.includes(system)) throw new StoreError(`findings of ${system} cannot be saved with those of ${systems.join(", ") || "no system"}`);
	const kept = new Set(keep);
	return database.write(() => {
		const result: Finding[] = [];
		for (const system of new Set(systems)) {
			const before = lastSave(database, system);
			const now = { save: (before?.save ?? 0) + 1, at };
			const stored = rowsOf(database, system);
			for (const [id, draft] of bodies) {
				if (draft.system !== system) continue;
				const row = seen(stored.get(id), id, draft, now);
				if (row !== stored.get(id)) storeRow(database, row);
				result.push(toFinding(row, now));
			}
			for (const row of stored.values()) {
				if (bodies.has(row.id) || row.state === "fixed") continue;
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
			return [...rowsOf(database, system).values()].map((row) => toFinding(row, save)).filter(({ state }) => filter.states?.includes(state) ?? true);
		});
	});
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
	const draft = decodeKnown(row.body) as FindingDraft;
	return { ...draft, state: stateAt(row, save), firstSeen: row.first_seen, lastSeen: row.last_seen ?? save.at };
}

function storeRow(database: Database, row: Row): void {
	database
		.sql("INSERT OR REPLACE INTO findings (id, system, state, since, first_seen, last_seen, body) VALUES (?, ?, ?, ?, ?, ?, ?)")
		.run(row.id, row.system, row.state, row.since, row.first_seen, row.last_seen, row.body);
}

function rowsOf(database: Database, system: string): Map<string, Row> {
	const rows: Row[] = database.sql("SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE system = ? ORDER BY id").all(system);
	return new Map(rows.map((row) => [row.id, row]));
}

function lastSave(database: Database, system: string): Save | null {
	const row: Save | undefined = database.sql("SELECT save, at FROM finding_saves WHERE system = ?").get(system);
	return row ?? null;
}
