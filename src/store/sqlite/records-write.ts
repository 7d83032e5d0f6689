import { encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import type { CollectionName, ReadRecord, RequestRef, Scan } from "../../model/snapshot.js";
import { earliest, type RunningCollection, refuseEmptyId } from "../running-scans.js";
import type { Database } from "./database.js";
import { assertRunning, type RunningScans, runningCollection } from "./running.js";

interface CurrentRow {
	id: string;
	row: number;
	from_scan: number;
	body: string;
}

interface EndedRow {
	row: number;
	from_scan: number;
	body: string;
	request: number;
}

export function putRecords(
	database: Database,
	running: RunningScans,
	scan: Scan,
	collection: CollectionName,
	records: ReadRecord[],
	request: RequestRef,
): void {
	const encoded = records.map((record) => ({ id: record.id, body: encodeBody(scan, collection, record) }));
	const state = runningCollection(database, running, scan, collection);
	const rows = database.write(() => {
		assertRunning(database, running, scan);
		const stored = state.fresh
			? []
			: findAll(
					database,
					state.series,
					records.map(({ id }) => id),
				);
		const page = { database, scan, state, stored: new Map(stored.map((row) => [row.id, row])), request: lazyRequest(database, request) };
		return encoded.map((record) => putOne(page, record.id, record.body));
	});
	for (const row of rows) state.put.add(row);
	state.putAt = earliest(state.putAt, request.at);
}

export function confirmRecords(database: Database, running: RunningScans, scan: Scan, collection: CollectionName, ids: string[], at: Millis): void {
	const state = runningCollection(database, running, scan, collection);
	const rows = database.read(() => {
		assertRunning(database, running, scan);
		return findAll(database, state.series, ids);
	});
	for (const { row } of rows) state.confirmed.add(row);
	state.confirmedAt = earliest(state.confirmedAt, at);
}

export function removeRecords(database: Database, running: RunningScans, scan: Scan, collection: CollectionName, ids: string[]): void {
	const state = runningCollection(database, running, scan, collection);
	database.write(() => {
		assertRunning(database, running, scan);
		for (const { row } of findAll(database, state.series, ids)) endRow(database, scan.id, row);
	});
}

/** Moves a row from what is true to what was. A value that this very scan brought was never true at the end of one: it leaves no trace. */
export function endRow(database: Database, scan: number, row: number): void {
	archive(database, scan, row);
	database.sql("DELETE FROM current WHERE row = ?").run(row);
}

function archive(database: Database, scan: number, row: number): void {
	database
		.sql(
			"INSERT INTO ended (series, id, from_scan, to_scan, body, request) SELECT series, id, from_scan, ?, body, request FROM current WHERE row = ? AND from_scan < ?",
		)
		.run(scan, row, scan);
}

interface Page {
	database: Database;
	scan: Scan;
	state: RunningCollection;
	/** Rows as they were before the page, each good for one look: a page may hold an id twice. */
	stored: Map<string, CurrentRow>;
	request(): number;
}

/** Returns the number of the record's row. */
function putOne(page: Page, id: string, body: string): number {
	const { database, scan, state } = page;
	if (state.fresh) {
		const inserted = insertCurrent(page, id, scan.id, body, page.request());
		if (inserted !== null) return inserted;
	}
	const current = page.stored.get(id) ?? findCurrent(database, state.series, id);
	page.stored.delete(id);
	if (current?.body === body) return current.row;
	// A record that was changed or removed earlier in this scan and is again what it was before: nothing has changed.
	const before = current && current.from_scan < scan.id ? undefined : findEnded(database, state.series, id, scan.id);
	if (before?.body === body) {
		database.sql("DELETE FROM ended WHERE row = ?").run(before.row);
		if (!current) return insertCurrent(page, id, before.from_scan, body, before.request) ?? 0;
		return replaceCurrent(database, current.row, before.from_scan, body, before.request);
	}
	if (!current) return insertCurrent(page, id, scan.id, body, page.request()) ?? 0;
	archive(database, scan.id, current.row);
	return replaceCurrent(database, current.row, scan.id, body, page.request());
}

/** Null when the record has a row already. */
function insertCurrent(page: Page, id: string, from: number, body: string, request: number): number | null {
	const { changes, lastInsertRowid } = page.database
		.sql("INSERT INTO current (series, id, from_scan, body, request) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
		.run(page.state.series, id, from, body, request);
	return changes === 0 ? null : Number(lastInsertRowid);
}

function replaceCurrent(database: Database, row: number, from: number, body: string, request: number): number {
	database.sql("UPDATE current SET from_scan = ?, body = ?, request = ? WHERE row = ?").run(from, body, request, row);
	return row;
}

function findCurrent(database: Database, series: number, id: string): CurrentRow | undefined {
	return database.sql("SELECT id, row, from_scan, body FROM current WHERE series = ? AND id = ?").get(series, id);
}

/** One statement for a page; ids without a row are left out. */
function findAll(database: Database, series: number, ids: string[]): CurrentRow[] {
	return database
		.sql("SELECT current.id, row, from_scan, body FROM json_each(?) AS wanted CROSS JOIN current ON series = ? AND current.id = wanted.value")
		.all(JSON.stringify(ids), series);
}

function findEnded(database: Database, series: number, id: string, to: number): EndedRow | undefined {
	return database.sql("SELECT row, from_scan, body, request FROM ended WHERE series = ? AND to_scan = ? AND id = ?").get(series, to, id);
}

/** The request gets a row only when a record needs it. */
function lazyRequest(database: Database, request: RequestRef): () => number {
	let row: number | null = null;
	return () => {
		row ??= Number(
			database.sql("INSERT INTO requests (call, request_id, at) VALUES (?, ?, ?)").run(request.call, request.requestId, request.at).lastInsertRowid,
		);
		return row;
	};
}

function encodeBody(scan: Scan, collection: CollectionName, record: ReadRecord): string {
	refuseEmptyId(scan, collection, record.id);
	return encodeKnown(record.body);
}
