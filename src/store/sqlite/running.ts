import type { Millis } from "../../model/known.js";
import type { CollectionName, Scan } from "../../model/snapshot.js";
import { StoreError } from "../errors.js";
import type { Database } from "./database.js";
import { type RowSet, rowSet } from "./row-set.js";

/** What this process remembers of a scan it runs: which rows it met. Never stored; a scan whose process died is closed as interrupted. */
export type RunningScans = Map<number, Map<CollectionName, RunningCollection>>;

export interface RunningCollection {
	series: number;
	/** Nothing was stored when the collection began: a new row needs no look at an old one. */
	fresh: boolean;
	finished: boolean;
	put: RowSet;
	confirmed: RowSet;
	/** The earliest times, so that nothing is said to be fresher than it is. Null = no such call yet. */
	putAt: Millis | null;
	confirmedAt: Millis | null;
}

/** What is remembered of a collection; its first mention is noted in a transaction of its own, so call this outside of one. */
export function runningCollection(database: Database, running: RunningScans, scan: Scan, collection: CollectionName): RunningCollection {
	const known = running.get(scan.id)?.get(collection);
	if (known?.finished) throw new StoreError(`scan ${scan.id} of ${scan.system}: ${collection} are already finished`);
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
	if (!row) throw new StoreError(`scan ${scan.id} of ${scan.system} is not in this store`);
	if (row.interrupted) throw new StoreError(`scan ${scan.id} of ${scan.system} was closed as interrupted: another scan of ${scan.system} has begun since`);
	if (row.finished !== null) throw new StoreError(`scan ${scan.id} of ${scan.system} is already finished`);
	if (!running.has(scan.id)) throw new StoreError(`scan ${scan.id} of ${scan.system} was begun by another process, and only that one can go on with it`);
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
