import { decodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import type { CollectionName, RequestRef, Scan, StoredRecord } from "../../model/snapshot.js";
import type { Freshness } from "../freshness.js";
import type { RecordSpan, RecordVersion } from "../store.js";
import type { Database } from "./database.js";
import { loadFreshness } from "./freshness.js";
import { findSeries } from "./running.js";

interface Row {
	id: string;
	body: string;
	request: number;
}

/** Small, so that few batches outlive a collection of young garbage. */
const batchSize = 1000;
/** Sorts after every id: the last code point there is. */
const beyond = "\u{10ffff}";
/** Up to this many later scans are merged by index; for older scans one index over the whole history is cheaper. */
const mergedScans = 4;

/** Each batch is read by its own statement, after the last id of the one before: no lock is held while the caller works on a batch. */
export async function* streamRecords(database: Database, scan: Scan, collection: CollectionName, prefix = ""): AsyncIterable<StoredRecord[]> {
	const series = findSeries(database, scan.system, collection);
	if (series === null) return;
	const freshness = database.read(() => loadFreshness(database, scan, series));
	let after = prefix;
	const until = prefix + beyond;
	for (;;) {
		const page = database.read(() => pageOfRecords(database, scan, series, after, until));
		const last = page.at(-1);
		if (!last) return;
		after = last.id;
		yield toRecords(database, page, freshness);
		if (page.length < batchSize) return;
	}
}

export function getRecord(database: Database, scan: Scan, collection: CollectionName, id: string): StoredRecord | null {
	return database.read(() => {
		const series = findSeries(database, scan.system, collection);
		if (series === null) return null;
		const rows: Row[] = database
			.sql(
				`SELECT id, body, request FROM current WHERE series = :series AND id = :id AND from_scan <= :scan
				UNION ALL SELECT id, body, request FROM ended WHERE series = :series AND id = :id AND from_scan <= :scan AND to_scan > :scan`,
			)
			.all({ series, id, scan: scan.id });
		return toRecords(database, rows.map(parsedRow), loadFreshness(database, scan, series, id))[0] ?? null;
	});
}

export function countRecords(database: Database, scan: Scan, collection: CollectionName): number {
	const row: { count: number } = database
		.sql(
			`SELECT (SELECT count(*) FROM current WHERE series = s.id AND from_scan <= :scan)
			+ (SELECT count(*) FROM ended WHERE series = s.id AND from_scan <= :scan AND to_scan > :scan) AS count
			FROM (SELECT (SELECT id FROM series WHERE system = :system AND collection = :collection) AS id) AS s`,
		)
		.get({ scan: scan.id, system: scan.system, collection });
	return row.count;
}

interface VersionRow extends Row {
	from_scan: number;
	to_scan: number | null;
	ended: Millis | null;
}

export function recordHistory(database: Database, system: string, collection: CollectionName, id: string): RecordVersion[] {
	return database.read(() => {
		const series = findSeries(database, system, collection);
		if (series === null) return [];
		// What the running scan has done so far is not told yet: its values are left out, and what it ended has not ended.
		const rows: VersionRow[] = database
			.sql(
				`SELECT v.id, v.body, v.request, v.from_scan, until.id AS to_scan, until.finished AS ended FROM (
					SELECT id, body, request, from_scan, NULL AS to_scan FROM current WHERE series = :series AND id = :id
					UNION ALL SELECT id, body, request, from_scan, to_scan FROM ended WHERE series = :series AND id = :id) AS v
				JOIN scans AS since ON since.id = v.from_scan AND since.finished IS NOT NULL
				LEFT JOIN scans AS until ON until.id = v.to_scan AND until.finished IS NOT NULL ORDER BY v.from_scan`,
			)
			.all({ series, id });
		return rows.map((row, index) => {
			const [record] = toRecords(database, [parsedRow(row)], freshnessBefore(database, system, series, row));
			if (!record) throw new Error(`${system}: ${collection} ${id} lost a version`);
			const next = rows[index + 1];
			const replaced = next && next.from_scan === row.to_scan ? requestRefs(database, [next]).get(next.request)?.at : undefined;
			const to = row.ended === null ? null : Math.max(record.request.at, replaced ?? row.ended);
			return { ...record, from: record.request.at, to };
		});
	});
}

export function recordSpans(database: Database, system: string, collection: CollectionName, part: string): RecordSpan[] {
	return database.read(() => {
		const series = findSeries(database, system, collection);
		if (series === null) return [];
		const rows: { id: string; body: string; since: Millis; until: Millis | null }[] = database
			.sql(
				`SELECT v.id, v.body, requests.at AS since, until.finished AS until FROM (
					SELECT id, body, request, from_scan, NULL AS to_scan FROM current WHERE series = :series AND instr(id, :part) > 0
					UNION ALL SELECT id, body, request, from_scan, to_scan FROM ended WHERE series = :series AND instr(id, :part) > 0) AS v
				JOIN requests ON requests.id = v.request
				JOIN scans AS began ON began.id = v.from_scan AND began.finished IS NOT NULL
				LEFT JOIN scans AS until ON until.id = v.to_scan AND until.finished IS NOT NULL ORDER BY v.id, v.from_scan`,
			)
			.all({ series, part });
		return rows.map(({ id, body, since, until }) => ({ id, body: decodeKnown(body) as object, from: since, to: until }));
	});
}

/** As of the last scan in which the version was true. */
function freshnessBefore(database: Database, system: string, series: number, row: VersionRow): Freshness {
	const { id }: { id: number } = database
		.sql("SELECT max(id) AS id FROM scans WHERE system = ? AND finished IS NOT NULL AND id < ?")
		.get(system, row.to_scan ?? Number.MAX_SAFE_INTEGER);
	return loadFreshness(database, { id }, series, row.id);
}

/** One page as three texts: asked for row by row it takes nearly twice the time. Null where there is no row. */
interface Page {
	/** JSON list. */
	ids: string;
	/** Texts joined with commas. */
	bodies: string | null;
	requests: string | null;
}

function pageOfRecords(database: Database, scan: Scan, series: number, after: string, until: string): Parsed[] {
	const later: { id: number }[] = database
		.sql("SELECT id FROM scans WHERE system = ? AND id > ? ORDER BY id LIMIT ?")
		.all(scan.system, scan.id, mergedScans + 1);
	const keys = { series, after, until, scan: scan.id, size: batchSize };
	const current = "SELECT id, body, request FROM current WHERE series = :series AND id > :after AND id < :until AND from_scan <= :scan";
	const ended = "SELECT id, body, request FROM ended WHERE series = :series AND id > :after AND id < :until AND from_scan <= :scan";
	const many = later.length > mergedScans;
	const merged = many ? [`${ended} AND to_scan > :scan`] : later.map((_, index) => `${ended} AND to_scan = :later${index}`);
	const rows = `${[current, ...merged].join(" UNION ALL ")} ORDER BY id LIMIT :size`;
	const values = { ...keys, ...(many ? {} : Object.fromEntries(later.map(({ id }, index) => [`later${index}`, id]))) };
	const page: Page = database
		.sql(`SELECT json_group_array(id) AS ids, group_concat(body, ',') AS bodies, group_concat(request, ',') AS requests FROM (${rows})`)
		.get(values);
	return parsedPage(page) ?? database.sql(rows).all(values).map(parsedRow);
}

interface Parsed {
	id: string;
	body: unknown;
	request: number;
}

function parsedRow({ id, body, request }: Row): Parsed {
	return { id, body: decodeKnown(body), request };
}

/** Null when the page has to be read row by row: it holds partial lists, or a body that is no JSON. */
function parsedPage({ ids, bodies, requests }: Page): Parsed[] | null {
	if (bodies === null) return [];
	if (bodies.includes("partial")) return null;
	const names: string[] = JSON.parse(ids);
	const refs: number[] = JSON.parse(`[${requests}]`);
	let parsed: unknown[];
	try {
		parsed = JSON.parse(`[${bodies}]`);
	} catch {
		return null;
	}
	if (parsed.length !== names.length) return null;
	return names.map((id, index) => ({ id, body: parsed[index], request: refs[index] ?? -1 }));
}

function toRecords(database: Database, rows: Parsed[], freshness: Freshness): StoredRecord[] {
	const requests = requestRefs(database, rows);
	return rows.map(({ id, body, request: ref }) => {
		const request = requests.get(ref);
		if (!request || typeof body !== "object" || body === null) throw new Error(`${database.file}: the record ${id} is damaged`);
		const { confirmedAt, readAt } = freshness(id, request.at);
		return { id, body, request, confirmedAt, readAt };
	});
}

/** One object for all the records of a page. */
function requestRefs(database: Database, rows: readonly { request: number }[]): Map<number, RequestRef> {
	const wanted = JSON.stringify([...new Set(rows.map(({ request }) => request))]);
	const found: { id: number; call: string; request_id: string | null; at: Millis }[] = database
		.sql("SELECT id, call, request_id, at FROM requests WHERE id IN (SELECT value FROM json_each(?))")
		.all(wanted);
	return new Map(found.map((row) => [row.id, { call: row.call, requestId: row.request_id, at: row.at }]));
}
