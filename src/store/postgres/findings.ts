import { sql } from "kysely";
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
import { type Database, lock, type Tx } from "./database.js";
import { toKey } from "./text.js";

/** Rows that are asked for and written at once: a large tenant's fill hundreds of MB. */
const chunkSize = 500;

export function saveFindings(database: Database, at: Millis, systems: string[], drafts: FindingDraft[], keep: Iterable<string>): Promise<Finding[]> {
	const byId = draftsById(drafts, systems);
	const keys = new Set([...byId.keys()].map(toKey));
	let kept: Set<string> | null = null;
	return database.write(async (tx) => {
		const each = [...new Set(systems)];
		// In one order, so that two processes don't wait for each other.
		for (const system of each.toSorted()) await lock(tx, database.place, `findings ${system}`);
		const gone = new Map<string, string[]>();
		for (const system of each)
			gone.set(
				system,
				(await openIds(tx, system)).filter((id) => !keys.has(id)),
			);
		// Gone through once, also when the transaction has to be made again.
		kept ??= metBy(keysOf(keep), [...gone.values()].flat());
		const result: Finding[] = [];
		for (const system of each) {
			const before = await lastSave(tx, system);
			const now = { save: (before?.save ?? 0) + 1, at };
			const own = [...byId.values()].filter((draft) => draft.system === system);
			const times = await saveSeen(tx, system, own, now);
			for (const draft of own) result.push({ ...draft, ...(times.get(draft.id) as FindingTimes) });
			result.push(...(await saveGone(tx, gone.get(system) ?? [], kept, before, now)));
			await tx
				.insertInto("finding_saves")
				.values({ system, ...now })
				.onConflict((conflict) => conflict.column("system").doUpdateSet(now))
				.execute();
		}
		return result;
	});
}

export function listFindings(database: Database, filter: { systems?: string[]; states?: Finding["state"][] }): Promise<Finding[]> {
	return database.read(async (tx) => {
		const saves = await tx.selectFrom("finding_saves").selectAll().orderBy("system").execute();
		const result: Finding[] = [];
		for (const { system, save, at } of saves) {
			if (filter.systems && !filter.systems.includes(system)) continue;
			for (let after = ""; ; ) {
				const rows = await tx.selectFrom("findings").selectAll().where("system", "=", system).where("id", ">", after).orderBy("id").limit(chunkSize).execute();
				for (const row of rows) {
					const finding = toFinding(row, { save, at });
					if (filter.states?.includes(finding.state) ?? true) result.push(finding);
				}
				after = rows.at(-1)?.id ?? "";
				if (rows.length < chunkSize) break;
			}
		}
		return result;
	});
}

async function saveSeen(tx: Tx, system: string, own: FindingDraft[], now: FindingSave): Promise<Map<string, FindingTimes>> {
	const times = new Map<string, FindingTimes>();
	for (let from = 0; from < own.length; from += chunkSize) {
		const chunk = own.slice(from, from + chunkSize);
		const stored = await rowsOf(
			tx,
			chunk.map(({ id }) => toKey(id)),
		);
		const changed: FindingRow[] = [];
		for (const draft of chunk) {
			const key = toKey(draft.id);
			const row = seenRow(stored.get(key), key, { system, body: encodeKnown(draft) }, now);
			if (row !== stored.get(key)) changed.push(row);
			times.set(draft.id, findingTimes(row, now));
		}
		await storeRows(tx, changed);
	}
	return times;
}

/** Gives those that are fixed. */
async function saveGone(tx: Tx, ids: string[], kept: ReadonlySet<string>, before: FindingSave | null, now: FindingSave): Promise<Finding[]> {
	const fixed: Finding[] = [];
	for (let from = 0; from < ids.length; from += chunkSize) {
		const changed: FindingRow[] = [];
		const rows = await rowsOf(tx, ids.slice(from, from + chunkSize));
		for (const row of [...rows.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
			const left = kept.has(row.id) ? keptRow(row, before, now) : fixedRow(row, before, now);
			if (left) changed.push(left);
			if (left && !kept.has(row.id)) fixed.push(toFinding(left, now));
		}
		await storeRows(tx, changed);
	}
	return fixed;
}

function* keysOf(ids: Iterable<string>): Iterable<string> {
	for (const id of ids) yield toKey(id);
}

async function rowsOf(tx: Tx, ids: string[]): Promise<Map<string, FindingRow>> {
	const { rows } = await sql<FindingRow>`SELECT id, system, state, since, first_seen, last_seen, body FROM findings WHERE id = ANY(${ids}::text[])`.execute(tx);
	return new Map(rows.map((row) => [row.id, row]));
}

async function storeRows(tx: Tx, rows: FindingRow[]): Promise<void> {
	if (rows.length === 0) return;
	const column = (name: keyof FindingRow) => rows.map((row) => row[name]);
	await sql`INSERT INTO findings (id, system, state, since, first_seen, last_seen, body)
		SELECT * FROM unnest(${column("id")}::text[], ${column("system")}::text[], ${column("state")}::text[], ${column("since")}::bigint[],
			${column("first_seen")}::bigint[], ${column("last_seen")}::bigint[], ${column("body")}::text[])
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, since = excluded.since, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
			body = excluded.body`.execute(tx);
}

async function openIds(tx: Tx, system: string): Promise<string[]> {
	const rows = await tx.selectFrom("findings").select("id").where("system", "=", system).where("state", "<>", "fixed").orderBy("id").execute();
	return rows.map(({ id }) => id);
}

async function lastSave(tx: Tx, system: string): Promise<FindingSave | null> {
	return (await tx.selectFrom("finding_saves").select(["save", "at"]).where("system", "=", system).executeTakeFirst()) ?? null;
}
