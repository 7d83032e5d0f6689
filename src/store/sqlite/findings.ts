import type { Finding } from "../../model/finding.js";
import { encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import {
	draftsById,
	type FindingRow,
	type FindingSave,
	type FindingTimes,
	findingTimes,
	fixedRow,
	keptRow,
	metBy,
	seenRow,
	toFinding,
} from "../finding-states.js";
import type { FindingDraft } from "../store.js";
import type { Database } from "./database.js";

export function saveFindings(database: Database, at: Millis, systems: string[], drafts: FindingDraft[], keep: Iterable<string>): Finding[] {
	const byId = draftsById(drafts, systems);
	return database.write(() => {
		const gone = new Map([...new Set(systems)].map((system) => [system, openIds(database, system).filter((id) => !byId.has(id))]));
		const kept = metBy(keep, [...gone.values()].flat());
		const result: Finding[] = [];
		for (const system of new Set(systems)) {
			const before = lastSave(database, system);
			const now = { save: (before?.save ?? 0) + 1, at };
			// Bodies are read one by one: a large tenant's fill hundreds of MB.
			const own = [...byId.values()].filter((draft) => draft.system === system);
			const rows = new Map<string, FindingTimes>();
			// In the order of the table: ids are hashes, and each would be read from a page of its own.
			for (const draft of own.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
				const stored = rowOf(database, draft.id);
				const row = seenRow(stored, draft.id, { system, body: encodeKnown(draft) }, now);
				if (row !== stored) storeRow(database, row);
				rows.set(draft.id, findingTimes(row, now));
			}
			for (const draft of own) result.push({ ...draft, ...(rows.get(draft.id) as FindingTimes) });
			for (const id of gone.get(system) ?? []) {
				const row = rowOf(database, id);
				if (!row) continue;
				if (kept.has(row.id)) {
					const left = keptRow(row, before, now);
					if (left) storeRow(database, left);
					continue;
				}
				const fixed = fixedRow(row, before, now);
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

function storeRow(database: Database, row: FindingRow): void {
	database
		.sql("INSERT OR REPLACE INTO findings (id, system, state, since, first_seen, last_seen, body) VALUES (?, ?, ?, ?, ?, ?, ?)")
		.run(row.id, row.system, row.state, row.since, row.first_seen, row.last_seen, row.body);
}

function rowsOf(database: Database, system: string): FindingRow[] {
	return database.sql("SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE system = ? ORDER BY id").all(system);
}

function rowOf(database: Database, id: string): FindingRow | undefined {
	return database.sql("SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE id = ?").get(id);
}

function openIds(database: Database, system: string): string[] {
	const rows: { id: string }[] = database.sql("SELECT id FROM findings WHERE system = ? AND state <> 'fixed' ORDER BY id").all(system);
	return rows.map(({ id }) => id);
}

function lastSave(database: Database, system: string): FindingSave | null {
	const row: FindingSave | undefined = database.sql("SELECT save, at FROM finding_saves WHERE system = ?").get(system);
	return row ?? null;
}
