import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { CollectionName, Coverage, Scan } from "../../model/snapshot.js";
import type { RunningCollection } from "../running-scans.js";
import type { Database, Tx } from "./database.js";
import { endRows } from "./records-write.js";
import { assertRunning, inOrder, type RunningScan, type RunningScans, runningCollection } from "./running.js";
import { fromKey } from "./text.js";

type CoverageFacts = Omit<Coverage, "known" | "unseen">;

export function finishCollection(
	database: Database,
	running: RunningScans,
	scan: Scan,
	facts: CoverageFacts,
	how: { closed: boolean; incremental: boolean },
): Promise<Coverage> {
	return inOrder(running, scan, async () => {
		const state = await runningCollection(database, running, scan, facts.collection);
		const coverage = await database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			// A read by changes does not name what stayed the same: absence ends nothing, however its chain ended.
			const unmet = how.incremental ? [] : await unmetRows(tx, state);
			if (how.closed) await endRows(tx, scan.id, unmet);
			const whole = how.closed && !how.incremental && state.confirmedAt === null;
			if (!whole) await keepReads(tx, scan, state);
			const seenAt = state.confirmedAt ?? (how.incremental ? scan.started : (state.putAt ?? scan.started));
			const unseen = how.closed ? [] : await idsOf(tx, unmet);
			return storeCoverage(tx, scan.id, state.series, facts, unseen, { seenAt, whole });
		});
		state.finished = true;
		return coverage;
	});
}

/** Notes collections of a scan that will not be finished: nothing is closed, and what is not known to have been met is unseen. */
export async function interruptCollections(tx: Tx, scan: number, rows: { series: number; collection: CollectionName }[], state?: RunningScan): Promise<void> {
	for (const { series, collection } of rows) {
		const met = state?.collections.get(collection);
		const unseen = await (met ? unmetRows(tx, met).then((unmet) => idsOf(tx, unmet)) : idsBefore(tx, series, scan));
		const reasons = [{ cause: "interrupted" as const, detail: `the scan was interrupted before ${collection} were read to the end` }];
		await storeCoverage(tx, scan, series, { collection, state: "partial", reasons, eligible: null, requests: 0 }, unseen, { seenAt: null, whole: false });
	}
}

/** Coverage of finished collections, by scan. */
export async function loadCoverage(tx: Tx, scans: number[]): Promise<Map<number, Coverage[]>> {
	const found = new Map<number, Coverage[]>(scans.map((scan) => [scan, []]));
	const { rows } = await sql<{ scan: number; body: string; ids: string | null }>`
		SELECT scan, body, ids FROM coverage LEFT JOIN id_lists ON digest = unseen WHERE scan = ANY(${scans}::bigint[]) AND body IS NOT NULL ORDER BY scan, series`.execute(
		tx,
	);
	for (const row of rows) {
		const body: Omit<Coverage, "unseen"> = JSON.parse(row.body);
		const unseen: string[] = row.ids === null ? [] : JSON.parse(row.ids);
		found.get(row.scan)?.push({ ...body, unseen });
	}
	return found;
}

async function storeCoverage(
	tx: Tx,
	scan: number,
	series: number,
	facts: CoverageFacts,
	unseen: string[],
	mark: { seenAt: number | null; whole: boolean },
): Promise<Coverage> {
	const { count } = await tx
		.selectFrom("current_records")
		.where("series", "=", series)
		.select(({ fn }) => fn.countAll<number>().as("count"))
		.executeTakeFirstOrThrow();
	const body: Omit<Coverage, "unseen"> = { ...facts, known: count - unseen.length };
	const values = { body: JSON.stringify(body), unseen: await storeIds(tx, unseen), seen_at: mark.seenAt, whole: mark.whole };
	await tx
		.insertInto("coverage")
		.values({ series, scan, ...values })
		.onConflict((conflict) => conflict.columns(["series", "scan"]).doUpdateSet(values))
		.execute();
	return { ...body, unseen };
}

/** Rows of the collection that this scan neither put nor confirmed. */
async function unmetRows(tx: Tx, state: RunningCollection): Promise<number[]> {
	return (await rowsOf(tx, state.series)).filter((row) => !state.put.has(row) && !state.confirmed.has(row));
}

/** As one text: far cheaper than a result row for each of half a million numbers. */
async function rowsOf(tx: Tx, series: number): Promise<number[]> {
	const { rows } = await sql<{ rows: string | null }>`SELECT string_agg(row_id::text, ',') AS rows FROM current_records WHERE series = ${series}`.execute(tx);
	const list = rows[0]?.rows;
	return list ? list.split(",").map(Number) : [];
}

/**
 * A value that did not change has no new row to tell when the vendor last delivered it, and in a collection of which only some is read
 * the scan's own time does not tell either. Kept for the newest two finished scans.
 */
async function keepReads(tx: Tx, scan: Scan, state: RunningCollection): Promise<void> {
	if (state.putAt === null) return;
	const put = (await rowsOf(tx, state.series)).filter((row) => state.put.has(row));
	await sql`INSERT INTO record_reads (series, key, scan, at)
		SELECT series, key, ${scan.id}, ${state.putAt} FROM current_records WHERE row_id = ANY(${put}::bigint[]) AND from_scan < ${scan.id}`.execute(tx);
	await sql`DELETE FROM record_reads AS older WHERE series = ${state.series} AND EXISTS (SELECT 1 FROM record_reads AS newer WHERE newer.series = older.series
		AND newer.key = older.key AND newer.scan > older.scan
		AND newer.scan <= (SELECT max(id) FROM scans WHERE system = ${scan.system} AND finished IS NOT NULL AND NOT interrupted))`.execute(tx);
}

async function idsOf(tx: Tx, rows: number[]): Promise<string[]> {
	if (rows.length === 0) return [];
	return ids(await sql<Named>`SELECT key, long_id FROM current_records WHERE row_id = ANY(${rows}::bigint[]) ORDER BY key`.execute(tx));
}

/** Ids whose values the scan did not bring. */
async function idsBefore(tx: Tx, series: number, scan: number): Promise<string[]> {
	return ids(await sql<Named>`SELECT key, long_id FROM current_records WHERE series = ${series} AND from_scan < ${scan} ORDER BY key`.execute(tx));
}

interface Named {
	key: string;
	long_id: string | null;
}

function ids({ rows }: { rows: Named[] }): string[] {
	return rows.map(({ key, long_id }) => fromKey(key, long_id));
}

async function storeIds(tx: Tx, list: string[]): Promise<string | null> {
	if (list.length === 0) return null;
	const text = JSON.stringify(list);
	const digest = createHash("sha256").update(text).digest("hex");
	await tx
		.insertInto("id_lists")
		.values({ digest, ids: text })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	return digest;
}
