import { sql } from "kysely";
import { encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import type { CollectionName, ReadRecord, RequestRef, Scan } from "../../model/snapshot.js";
import { earliest, refuseEmptyId } from "../running-scans.js";
import type { Database, Tx } from "./database.js";
import { assertRunning, inOrder, type RunningScans, runningCollection } from "./running.js";
import { longId, toKey, toText } from "./text.js";

interface Encoded {
	key: string;
	long: string | null;
	body: string;
}

export async function putRecords(
	database: Database,
	running: RunningScans,
	scan: Scan,
	collection: CollectionName,
	records: ReadRecord[],
	request: RequestRef,
): Promise<void> {
	// Of an id that stands twice in the page the last one counts, at once.
	const encoded = new Map<string, Encoded>();
	for (const { id, body } of records) {
		refuseEmptyId(scan, collection, id);
		const key = toKey(id);
		encoded.set(key, { key, long: longId(id, key), body: encodeKnown(body) });
	}
	await inOrder(running, scan, async () => {
		const state = await runningCollection(database, running, scan, collection);
		const rows = await database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			const page = { tx, scan: scan.id, series: state.series, request: lazyRequest(tx, request) };
			return putPage(page, [...encoded.values()], state.fresh);
		});
		for (const row of rows) state.put.add(row);
		state.putAt = earliest(state.putAt, request.at);
	});
}

export function confirmRecords(database: Database, running: RunningScans, scan: Scan, collection: CollectionName, ids: string[], at: Millis): Promise<void> {
	return inOrder(running, scan, async () => {
		const state = await runningCollection(database, running, scan, collection);
		const rows = await database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			return rowsOf(tx, state.series, ids);
		});
		for (const row of rows) state.confirmed.add(row);
		state.confirmedAt = earliest(state.confirmedAt, at);
	});
}

export function removeRecords(database: Database, running: RunningScans, scan: Scan, collection: CollectionName, ids: string[]): Promise<void> {
	return inOrder(running, scan, async () => {
		const state = await runningCollection(database, running, scan, collection);
		await database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			await endRows(tx, scan.id, await rowsOf(tx, state.series, ids));
		});
	});
}

/** Moves rows from what is true to what was. A value that this very scan brought was never true at the end of one: it leaves no trace. */
export async function endRows(tx: Tx, scan: number, rows: number[]): Promise<void> {
	if (rows.length === 0) return;
	await archive(tx, scan, rows);
	await sql`DELETE FROM current_records WHERE row_id = ANY(${rows}::bigint[])`.execute(tx);
}

async function archive(tx: Tx, scan: number, rows: number[]): Promise<void> {
	if (rows.length === 0) return;
	await sql`INSERT INTO ended_records (series, key, long_id, from_scan, to_scan, body, request)
		SELECT series, key, long_id, from_scan, ${scan}, body, request FROM current_records WHERE row_id = ANY(${rows}::bigint[]) AND from_scan < ${scan}`.execute(
		tx,
	);
}

interface Page {
	tx: Tx;
	scan: number;
	series: number;
	request(): Promise<number>;
}

/** Returns the numbers of the records' rows. */
async function putPage(page: Page, records: Encoded[], fresh: boolean): Promise<number[]> {
	const met: number[] = [];
	let rest = records;
	if (fresh && rest.length > 0) {
		const inserted = new Map((await insertNew(page, rest)).map(({ key, row_id }) => [key, row_id]));
		met.push(...inserted.values());
		rest = rest.filter(({ key }) => !inserted.has(key));
	}
	if (rest.length === 0) return met;
	const changed: Encoded[] = [];
	const replaced: number[] = [];
	const restored: number[] = [];
	for (const { n, row_id, from_scan, same, before, before_same } of await compare(page, rest)) {
		const record = rest[n - 1];
		if (!record) continue;
		if (row_id !== null && same) met.push(row_id);
		// A record that was changed or removed earlier in this scan and is again what it was before: nothing has changed.
		else if (before !== null && before_same) restored.push(before);
		else {
			changed.push(record);
			if (row_id !== null && from_scan !== null && from_scan < page.scan) replaced.push(row_id);
		}
	}
	await archive(page.tx, page.scan, replaced);
	met.push(...(await restore(page, restored)), ...(await upsert(page, changed)));
	return met;
}

interface Compared {
	/** Place in the page, from 1. */
	n: number;
	row_id: number | null;
	from_scan: number | null;
	same: boolean | null;
	/** Row of the value that this scan has ended. */
	before: number | null;
	before_same: boolean | null;
}

async function compare({ tx, scan, series }: Page, records: Encoded[]): Promise<Compared[]> {
	const { rows } = await sql<Compared>`
		SELECT wanted.n, held.row_id, held.from_scan, held.body = wanted.body AS same, gone.row_id AS before, gone.body = wanted.body AS before_same
		FROM unnest(${records.map(({ key }) => key)}::text[], ${records.map(({ body }) => body)}::text[]) WITH ORDINALITY AS wanted (key, body, n)
		LEFT JOIN current_records AS held ON held.series = ${series} AND held.key = wanted.key
		LEFT JOIN ended_records AS gone ON gone.series = ${series} AND gone.to_scan = ${scan} AND gone.key = wanted.key`.execute(tx);
	return rows;
}

/** Those that have no row yet. */
async function insertNew(page: Page, records: Encoded[]): Promise<{ key: string; row_id: number }[]> {
	const { rows } = await sql<{ key: string; row_id: number }>`${await insertion(page, records)} ON CONFLICT DO NOTHING RETURNING key, row_id`.execute(page.tx);
	return rows;
}

async function upsert(page: Page, records: Encoded[]): Promise<number[]> {
	if (records.length === 0) return [];
	return rowIds(page.tx, sql`${await insertion(page, records)} ${replacing} RETURNING row_id`);
}

const replacing = sql`ON CONFLICT (series, key) DO UPDATE SET from_scan = excluded.from_scan, body = excluded.body, request = excluded.request`;

async function insertion({ scan, series, request }: Page, records: Encoded[]) {
	const columns = [records.map(({ key }) => key), records.map(({ long }) => long), records.map(({ body }) => body)];
	return sql`INSERT INTO current_records (series, key, long_id, from_scan, body, request)
		SELECT ${series}, key, long_id, ${scan}, body, ${await request()} FROM unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) AS page (key, long_id, body)`;
}

async function restore({ tx }: Page, ended: number[]): Promise<number[]> {
	if (ended.length === 0) return [];
	return rowIds(
		tx,
		sql`WITH gone AS (DELETE FROM ended_records WHERE row_id = ANY(${ended}::bigint[]) RETURNING series, key, long_id, from_scan, body, request)
			INSERT INTO current_records (series, key, long_id, from_scan, body, request) SELECT series, key, long_id, from_scan, body, request FROM gone
			${replacing} RETURNING row_id`,
	);
}

async function rowIds(tx: Tx, statement: ReturnType<typeof sql>): Promise<number[]> {
	const { rows } = await sql<{ row_id: number }>`${statement}`.execute(tx);
	return rows.map(({ row_id }) => row_id);
}

/** Ids without a row are left out. */
async function rowsOf(tx: Tx, series: number, ids: string[]): Promise<number[]> {
	if (ids.length === 0) return [];
	return rowIds(tx, sql`SELECT row_id FROM current_records WHERE series = ${series} AND key = ANY(${[...new Set(ids.map(toKey))]}::text[])`);
}

/** The request gets a row only when a record needs it. */
function lazyRequest(tx: Tx, request: RequestRef): () => Promise<number> {
	let row: number | null = null;
	return async () => {
		if (row !== null) return row;
		const values = { call: toText(request.call), request_id: request.requestId === null ? null : toText(request.requestId), at: request.at };
		row = (await tx.insertInto("requests").values(values).returning("id").executeTakeFirstOrThrow()).id;
		return row;
	};
}
