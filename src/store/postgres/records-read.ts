import { type RawBuilder, sql } from "kysely";
import { decodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import type { CollectionName, RequestRef, Scan, StoredRecord } from "../../model/snapshot.js";
import type { Freshness } from "../freshness.js";
import type { RecordSpan, RecordVersion } from "../store.js";
import type { Database, Tx } from "./database.js";
import { loadFreshness } from "./freshness.js";
import { findSeries } from "./running.js";
import { fromKey, fromText, keyPrefix, toKey, toText } from "./text.js";

interface Row {
	key: string;
	long_id: string | null;
	body: string;
	request: number;
	call: string;
	request_id: string | null;
	at: Millis;
}

/** Small, so that few batches outlive a collection of young garbage. */
const batchSize = 1000;
/** Sorts after every id: the last code point there is. */
const beyond = "\u{10ffff}";
/** Up to this many later scans are merged by index; for older scans one index over the whole history is cheaper. */
const mergedScans = 4;

/** Each batch is read by its own statement, after the last id of the one before: nothing is held while the caller works on a batch. */
export async function* streamRecords(database: Database, scan: Scan, collection: CollectionName, prefix = ""): AsyncIterable<StoredRecord[]> {
	const start = await database.read(async (tx) => {
		const series = await findSeries(tx, scan.system, collection);
		return series === null ? null : { series, freshness: await loadFreshness(tx, scan, series) };
	});
	if (start === null) return;
	const from = keyPrefix(prefix);
	const until = from + beyond;
	const requests = new Map<number, RequestRef>();
	for (let after = from; ; ) {
		const rows = await database.read((tx) => pageOfRecords(tx, scan, start.series, after, until));
		const last = rows.at(-1);
		if (!last) return;
		after = last.key;
		const batch = rows.map((row) => toRecord(database, row, start.freshness, requests)).filter(({ id }) => id.startsWith(prefix));
		requests.clear();
		if (batch.length > 0) yield batch;
		if (rows.length < batchSize) return;
	}
}

export function getRecord(database: Database, scan: Scan, collection: CollectionName, id: string): Promise<StoredRecord | null> {
	return database.read(async (tx) => {
		const series = await findSeries(tx, scan.system, collection);
		if (series === null) return null;
		const one = sql`series = ${series} AND key = ${toKey(id)} AND from_scan <= ${scan.id}`;
		const { rows } = await sql<Row>`SELECT v.key, v.long_id, v.body, v.request, r.call, r.request_id, r.at FROM (
			SELECT key, long_id, body, request FROM current_records WHERE ${one}
			UNION ALL SELECT key, long_id, body, request FROM ended_records WHERE ${one} AND to_scan > ${scan.id}) AS v JOIN requests AS r ON r.id = v.request`.execute(
			tx,
		);
		const row = rows[0];
		return row ? toRecord(database, row, await loadFreshness(tx, scan, series, id)) : null;
	});
}

export function countRecords(database: Database, scan: Scan, collection: CollectionName): Promise<number> {
	return database.read(async (tx) => {
		const series = await findSeries(tx, scan.system, collection);
		if (series === null) return 0;
		const { rows } = await sql<{ count: number }>`SELECT (SELECT count(*) FROM current_records WHERE series = ${series} AND from_scan <= ${scan.id})
			+ (SELECT count(*) FROM ended_records WHERE series = ${series} AND from_scan <= ${scan.id} AND to_scan > ${scan.id}) AS count`.execute(tx);
		return rows[0]?.count ?? 0;
	});
}

interface VersionRow extends Row {
	from_scan: number;
	to_scan: number | null;
	ended: Millis | null;
}

export function recordHistory(database: Database, system: string, collection: CollectionName, id: string): Promise<RecordVersion[]> {
	return database.read(async (tx) => {
		const series = await findSeries(tx, system, collection);
		if (series === null) return [];
		const one = sql`series = ${series} AND key = ${toKey(id)}`;
		// What the running scan has done so far is not told yet: its values are left out, and what it ended has not ended.
		const { rows } = await sql<VersionRow>`
			SELECT v.key, v.long_id, v.body, v.request, r.call, r.request_id, r.at, v.from_scan, until.id AS to_scan, until.finished AS ended FROM (
				SELECT key, long_id, body, request, from_scan, NULL::bigint AS to_scan FROM current_records WHERE ${one}
				UNION ALL SELECT key, long_id, body, request, from_scan, to_scan FROM ended_records WHERE ${one}) AS v
			JOIN requests AS r ON r.id = v.request
			JOIN scans AS since ON since.id = v.from_scan AND since.finished IS NOT NULL
			LEFT JOIN scans AS until ON until.id = v.to_scan AND until.finished IS NOT NULL ORDER BY v.from_scan`.execute(tx);
		const versions: RecordVersion[] = [];
		for (const [index, row] of rows.entries()) {
			const record = toRecord(database, row, await freshnessBefore(tx, system, series, row));
			const next = rows[index + 1];
			const replaced = next && next.from_scan === row.to_scan ? next.at : undefined;
			const to = row.ended === null ? null : Math.max(record.request.at, replaced ?? row.ended);
			versions.push({ ...record, from: record.request.at, to });
		}
		return versions;
	});
}

export function recordSpans(database: Database, system: string, collection: CollectionName, part: string): Promise<RecordSpan[]> {
	return database.read(async (tx) => {
		const series = await findSeries(tx, system, collection);
		if (series === null) return [];
		const those = sql`series = ${series} AND position(${toText(part)} in coalesce(long_id, key)) > 0`;
		const { rows } = await sql<{ key: string; long_id: string | null; body: string; since: Millis; until: Millis | null }>`
			SELECT v.key, v.long_id, v.body, requests.at AS since, until.finished AS until FROM (
				SELECT key, long_id, body, request, from_scan, NULL::bigint AS to_scan FROM current_records WHERE ${those}
				UNION ALL SELECT key, long_id, body, request, from_scan, to_scan FROM ended_records WHERE ${those}) AS v
			JOIN requests ON requests.id = v.request
			JOIN scans AS began ON began.id = v.from_scan AND began.finished IS NOT NULL
			LEFT JOIN scans AS until ON until.id = v.to_scan AND until.finished IS NOT NULL ORDER BY v.key, v.from_scan`.execute(tx);
		return rows.map(({ key, long_id, body, since, until }) => ({ id: fromKey(key, long_id), body: decodeKnown(body) as object, from: since, to: until }));
	});
}

/** As of the last scan in which the version was true. */
async function freshnessBefore(tx: Tx, system: string, series: number, row: VersionRow): Promise<Freshness> {
	let scans = tx.selectFrom("scans").where("system", "=", system).where("finished", "is not", null);
	if (row.to_scan !== null) scans = scans.where("id", "<", row.to_scan);
	const { id } = await scans.select(({ fn }) => fn.max("id").as("id")).executeTakeFirstOrThrow();
	return loadFreshness(tx, { id }, series, fromKey(row.key, row.long_id));
}

/** One statement, and so one state of the database, for what holds and what no longer does: a scan that goes on meanwhile moves rows from one to the other. */
async function pageOfRecords(tx: Tx, scan: Scan, series: number, after: string, until: string): Promise<Row[]> {
	const later = await tx
		.selectFrom("scans")
		.select("id")
		.where("system", "=", scan.system)
		.where("id", ">", scan.id)
		.orderBy("id")
		.limit(mergedScans + 1)
		.execute();
	const page = (table: "current_records" | "ended_records", more = sql``): RawBuilder<unknown> =>
		sql`(SELECT key, long_id, body, request FROM ${sql.table(table)} WHERE series = ${series} AND key > ${after} AND key < ${until}
			AND from_scan <= ${scan.id} ${more} ORDER BY key LIMIT ${batchSize})`;
	const ended =
		later.length > mergedScans
			? [page("ended_records", sql`AND to_scan > ${scan.id}`)]
			: later.map(({ id }) => page("ended_records", sql`AND to_scan = ${id}`));
	const { rows } = await sql<Row>`SELECT v.key, v.long_id, v.body, v.request, r.call, r.request_id, r.at
		FROM (SELECT * FROM (${sql.join([page("current_records"), ...ended], sql` UNION ALL `)}) AS parts ORDER BY key LIMIT ${batchSize}) AS v JOIN requests AS r ON r.id = v.request ORDER BY v.key`.execute(
		tx,
	);
	return rows;
}

/** With `requests`, one object for all the records that one request brought. */
function toRecord(database: Database, row: Row, freshness: Freshness, requests?: Map<number, RequestRef>): StoredRecord {
	const id = fromKey(row.key, row.long_id);
	let body: unknown;
	try {
		body = decodeKnown(row.body);
	} catch {
		// Told below.
	}
	if (typeof body !== "object" || body === null) throw new Error(`${database.place.label}: the record ${id} is damaged`);
	let request = requests?.get(row.request);
	request ??= { call: fromText(row.call), requestId: row.request_id === null ? null : fromText(row.request_id), at: row.at };
	requests?.set(row.request, request);
	return { id, body, request, ...freshness(id, request.at) };
}
