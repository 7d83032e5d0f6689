import type { Millis } from "../../model/known.js";
import { type CollectionName, collections, type Scan } from "../../model/snapshot.js";
import { interruptCollections, loadCoverage } from "./coverage.js";
import type { Database } from "./database.js";
import { assertRunning, type RunningScans } from "./running.js";

interface ScanRow {
	id: number;
	system: string;
	provider: string;
	started: Millis;
	finished: Millis | null;
	interrupted: number;
	requests: number;
}

export function beginScan(database: Database, running: RunningScans, input: { system: string; provider: string; started: Millis; stackDigest: string }): Scan {
	const { scan, abandoned } = database.write(() => {
		const open: { id: number }[] = database.sql("SELECT id FROM scans WHERE system = ? AND finished IS NULL").all(input.system);
		for (const { id } of open) interrupt(database, id, input.system, input.started);
		const { lastInsertRowid } = database
			.sql("INSERT INTO scans (system, provider, stack_digest, started) VALUES (?, ?, ?, ?)")
			.run(input.system, input.provider, input.stackDigest, input.started);
		return { scan: getScan(database, Number(lastInsertRowid)), abandoned: open };
	});
	for (const { id } of abandoned) running.delete(id);
	running.set(scan.id, new Map());
	return scan;
}

export function finishScan(database: Database, running: RunningScans, scan: Scan, finished: Millis, requests: number): Scan {
	const result = database.write(() => {
		assertRunning(database, running, scan);
		const open: { series: number; collection: CollectionName }[] = database
			.sql("SELECT series, collection FROM coverage JOIN series ON series.id = series WHERE scan = ? AND body IS NULL")
			.all(scan.id);
		interruptCollections(database, scan.id, open, running.get(scan.id));
		database.sql("INSERT OR REPLACE INTO cursors (system, name, value) SELECT ?, name, value FROM pending_cursors WHERE scan = ?").run(scan.system, scan.id);
		database.sql("DELETE FROM pending_cursors WHERE scan = ?").run(scan.id);
		database.sql("UPDATE scans SET finished = ?, requests = ? WHERE id = ?").run(finished, requests, scan.id);
		return getScan(database, scan.id);
	});
	running.delete(scan.id);
	return result;
}

export function listScans(database: Database, filter: { system?: string; asOf?: Millis; limit?: number; unfinished?: boolean }): Scan[] {
	return database.read(() => {
		const rows: ScanRow[] = database
			.sql(
				`SELECT * FROM scans WHERE (:system IS NULL OR system = :system) AND (:asOf IS NULL OR coalesce(finished, started) <= :asOf)
				AND (:unfinished OR (finished IS NOT NULL AND NOT interrupted)) ORDER BY id DESC LIMIT :limit`,
			)
			.all({ system: filter.system ?? null, asOf: filter.asOf ?? null, unfinished: filter.unfinished ? 1 : 0, limit: filter.limit ?? -1 });
		return rows.map((row) => toScan(database, row));
	});
}

export function getCursor(database: Database, system: string, name: string): string | null {
	const row: { value: string } | undefined = database.sql("SELECT value FROM cursors WHERE system = ? AND name = ?").get(system, name);
	return row?.value ?? null;
}

export function setCursor(database: Database, running: RunningScans, scan: Scan, name: string, value: string): void {
	database.write(() => {
		assertRunning(database, running, scan);
		database.sql("INSERT OR REPLACE INTO pending_cursors (scan, name, value) VALUES (?, ?, ?)").run(scan.id, name, value);
	});
}

/** Collections that the scan had not begun are noted too, where an earlier scan knows them: else they would look as if nobody had asked. */
function interrupt(database: Database, scan: number, system: string, at: Millis): void {
	const open: { series: number; collection: CollectionName }[] = database
		.sql(
			`SELECT id AS series, collection FROM series WHERE system = ?
			AND NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.series = series.id AND scan = ? AND body IS NOT NULL)`,
		)
		.all(system, scan);
	interruptCollections(database, scan, open);
	database.sql("DELETE FROM pending_cursors WHERE scan = ?").run(scan);
	database.sql("UPDATE scans SET finished = max(started, ?), interrupted = 1 WHERE id = ?").run(at, scan);
}

function getScan(database: Database, id: number): Scan {
	return toScan(database, database.sql("SELECT * FROM scans WHERE id = ?").get(id));
}

function toScan(database: Database, row: ScanRow): Scan {
	const coverage = loadCoverage(database, row.id).sort((a, b) => collections.indexOf(a.collection) - collections.indexOf(b.collection));
	const { id, system, provider, started, finished, requests } = row;
	return { id, system, provider, started, finished, interrupted: row.interrupted === 1, coverage, requests };
}
