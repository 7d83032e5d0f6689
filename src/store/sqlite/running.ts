import type { Millis } from "../../model/known.js";
import type { CollectionName, Scan } from "../../model/snapshot.js";
import { rowSet } from "../row-set.js";
import { type RunningCollection, refuseEnded, refuseFinished } from "../running-scans.js";
import type { Database } from "./database.js";

export type RunningScans = Map<number, Map<CollectionName, RunningCollection>>;

/** What is remembered of a collection; its first mention is noted in a transaction of its own, so call this outside of one. */
export function runningCollection(database: Database, running: RunningScans, scan: Scan, collection: CollectionName): RunningCollection {
	const known = running.get(scan.id)?.get(collection);
	refuseFinished(scan, collection, known);
	if (known) return known;
	const begun = database.write(() => {
		assertRunning(database, running, scan);
		const series = seriesOf(database, scan.system, collection);
		database.sql("INSERT INTO coverage (series, scan) VALUES (?, ?)").run(series, scan.id);
		const first = database.sql("SELECT 1 FROM current WHERE series = ? LIMIT 1").get(series);
		return { series, fresh: !first, finished: false, put: rowSet(), confirmed: rowSet(), putAt: null, confirmedAt: null };
	});
	running.get(scan.id)?.set(collection, begun);
	return begun;
}

/** @throws StoreError when the scan has ended, or was begun by another process, whose list of rows met we don't have. */
export function assertRunning(database: Database, running: RunningScans, scan: Scan): void {
	const row: { finished: Millis | null; interrupted: number } | undefined = database.sql("SELECT finished, interrupted FROM scans WHERE id = ?").get(scan.id);
	refuseEnded(scan, row, running.has(scan.id));
}

function seriesOf(database: Database, system: string, collection: CollectionName): number {
	database.sql("INSERT OR IGNORE INTO series (system, collection) VALUES (?, ?)").run(system, collection);
	return findSeries(database, system, collection) ?? 0;
}

/** The number of a collection of a system; null when nothing was ever stored of it. */
export function findSeries(database: Database, system: string, collection: CollectionName): number | null {
	const row: { id: number } | undefined = database.sql("SELECT id FROM series WHERE system = ? AND collection = ?").get(system, collection);
	return row?.id ?? null;
}
