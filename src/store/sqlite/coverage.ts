import { createHash } from "node:crypto";
import type { CollectionName, Coverage, Scan } from "../../model/snapshot.js";
import type { RunningCollection } from "../running-scans.js";
import type { Database } from "./database.js";
import { endRow } from "./records-write.js";
import { assertRunning, type RunningScans, runningCollection } from "./running.js";

type CoverageFacts = Omit<Coverage, "known" | "unseen">;

export function finishCollection(
	database: Database,
	running: RunningScans,
	scan: Scan,
	facts: CoverageFacts,
	how: { closed: boolean; incremental: boolean },
): Coverage {
	const state = runningCollection(database, running, scan, facts.collection);
	const coverage = database.write(() => {
		assertRunning(database, running, scan);
		// A read by changes does not name what stayed the same: absence ends nothing, however its chain ended.
		const unmet = how.incremental ? [] : unmetRows(database, state);
		if (how.closed) for (const row of unmet) endRow(database, scan.id, row);
		const whole = how.closed && !how.incremental && state.confirmedAt === null;
		if (!whole) keepReads(database, scan, state);
		const seenAt = state.confirmedAt ?? (how.incremental ? scan.started : (state.putAt ?? scan.started));
		const unseen = how.closed ? [] : idsOf(database, state.series, unmet);
		return storeCoverage(database, scan.id, state.series, facts, unseen, { seenAt, whole });
	});
	state.finished = true;
	return coverage;
}

/** Notes collections of a scan that will not be finished: nothing is closed, and what is not known to have been met is unseen. */
export function interruptCollections(
	database: Database,
	scan: number,
	rows: { series: number; collection: CollectionName }[],
	state?: Map<CollectionName, RunningCollection>,
): void {
	for (const { series, collection } of rows) {
		const met = state?.get(collection);
		const unseen = met
			? idsOf(database, series, unmetRows(database, met))
			: ids(database.sql("SELECT id FROM current WHERE series = ? AND from_scan < ? ORDER BY id").all(series, scan));
		const reasons = [{ cause: "interrupted" as const, detail: `the scan was interrupted before ${collection} were read to the end` }];
		storeCoverage(database, scan, series, { collection, state: "partial", reasons, eligible: null, requests: 0 }, unseen, { seenAt: null, whole: false });
	}
}

/** Coverage of a scan's finished collections. */
export function loadCoverage(database: Database, scan: number): Coverage[] {
	const rows: { body: string; ids: string | null }[] = database
		.sql("SELECT body, ids FROM coverage LEFT JOIN id_lists ON digest = unseen WHERE scan = ? AND body IS NOT NULL ORDER BY series")
		.all(scan);
	return rows.map((row) => {
		const body: Omit<Coverage, "unseen"> = JSON.parse(row.body);
		const unseen: string[] = row.ids === null ? [] : JSON.parse(row.ids);
		return { ...body, unseen };
	});
}

function storeCoverage(
	database: Database,
	scan: number,
	series: number,
	facts: CoverageFacts,
	unseen: string[],
	mark: { seenAt: number | null; whole: boolean },
): Coverage {
	const { count }: { count: number } = database.sql("SELECT count(*) AS count FROM current WHERE series = ?").get(series);
	const body: Omit<Coverage, "unseen"> = { ...facts, known: count - unseen.length };
	database
		.sql("INSERT OR REPLACE INTO coverage (series, scan, body, unseen, seen_at, whole) VALUES (?, ?, ?, ?, ?, ?)")
		.run(series, scan, JSON.stringify(body), storeIds(database, unseen), mark.seenAt, mark.whole ? 1 : 0);
	return { ...body, unseen };
}

/** Rows of the collection that this scan neither put nor confirmed. */
function unmetRows(database: Database, state: RunningCollection): number[] {
	return rowsOf(database, state.series).filter((row) => !state.put.has(row) && !state.confirmed.has(row));
}

/** As one JSON text: ten times cheaper than a result row for each of half a million numbers. */
function rowsOf(database: Database, series: number): number[] {
	const { rows }: { rows: string } = database.sql("SELECT json_group_array(row) AS rows FROM current WHERE series = ?").get(series);
	return JSON.parse(rows);
}

/**
 * A value that did not change has no new row to tell when the vendor last delivered it, and in a collection of which only some is read
 * the scan's own time does not tell either. Kept for the newest two finished scans.
 */
function keepReads(database: Database, scan: Scan, state: RunningCollection): void {
	if (state.putAt === null) return;
	const keep = database.sql("INSERT INTO reads (series, id, scan, at) SELECT series, id, ?, ? FROM current WHERE row = ? AND from_scan < ?");
	for (const row of rowsOf(database, state.series)) if (state.put.has(row)) keep.run(scan.id, state.putAt, row, scan.id);
	database
		.sql(
			`DELETE FROM reads WHERE series = :series AND EXISTS (SELECT 1 FROM reads AS newer WHERE newer.series = reads.series AND newer.id = reads.id
			AND newer.scan > reads.scan AND newer.scan <= (SELECT max(id) FROM scans WHERE system = :system AND finished IS NOT NULL AND interrupted = 0))`,
		)
		.run({ series: state.series, system: scan.system });
}

function idsOf(database: Database, series: number, rows: number[]): string[] {
	if (rows.length === 0) return [];
	return ids(database.sql("SELECT id FROM current WHERE series = ? AND row IN (SELECT value FROM json_each(?)) ORDER BY id").all(series, JSON.stringify(rows)));
}

function ids(rows: { id: string }[]): string[] {
	return rows.map(({ id }) => id);
}

function storeIds(database: Database, list: string[]): string | null {
	if (list.length === 0) return null;
	const text = JSON.stringify(list);
	const digest = createHash("sha256").update(text).digest("hex");
	database.sql("INSERT OR IGNORE INTO id_lists (digest, ids) VALUES (?, ?)").run(digest, text);
	return digest;
}
