import { type Selectable, sql } from "kysely";
import type { Millis } from "../../model/known.js";
import { type CollectionName, collections, type Scan } from "../../model/snapshot.js";
import { interruptCollections, loadCoverage } from "./coverage.js";
import { type Database, lock, type Tx } from "./database.js";
import { assertRunning, inOrder, type RunningScans } from "./running.js";
import type { Tables } from "./tables.js";
import { fromText, toKey, toText } from "./text.js";

export async function beginScan(
	database: Database,
	running: RunningScans,
	input: { system: string; provider: string; started: Millis; stackDigest: string },
): Promise<Scan> {
	const { system, provider, started, stackDigest } = input;
	const { scan, abandoned } = await database.write(async (tx) => {
		await lock(tx, database.place, `scan ${system}`);
		// A page that another process is just writing is waited for: it is part of what the interrupted scan read.
		const open = await tx.selectFrom("scans").select("id").where("system", "=", system).where("finished", "is", null).orderBy("id").forNoKeyUpdate().execute();
		for (const { id } of open) await interrupt(tx, id, system, started);
		const { id } = await tx
			.insertInto("scans")
			.values({ system, provider, stack_digest: stackDigest, started, interrupted: false, requests: 0 })
			.returning("id")
			.executeTakeFirstOrThrow();
		return { scan: await getScan(tx, id), abandoned: open };
	});
	for (const { id } of abandoned) running.delete(id);
	running.set(scan.id, { collections: new Map(), last: Promise.resolve() });
	return scan;
}

export function finishScan(database: Database, running: RunningScans, scan: Scan, finished: Millis, requests: number): Promise<Scan> {
	return inOrder(running, scan, async () => {
		const result = await database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			const { rows } = await sql<{ series: number; collection: CollectionName }>`SELECT series, collection FROM coverage JOIN series ON series.id = series
				WHERE scan = ${scan.id} AND body IS NULL ORDER BY series`.execute(tx);
			await interruptCollections(tx, scan.id, rows, running.get(scan.id));
			await sql`INSERT INTO cursors (system, name, value) SELECT ${scan.system}, name, value FROM pending_cursors WHERE scan = ${scan.id}
				ON CONFLICT (system, name) DO UPDATE SET value = excluded.value`.execute(tx);
			await tx.deleteFrom("pending_cursors").where("scan", "=", scan.id).execute();
			await tx.updateTable("scans").set({ finished, requests }).where("id", "=", scan.id).execute();
			return getScan(tx, scan.id);
		});
		running.delete(scan.id);
		return result;
	});
}

export function listScans(database: Database, filter: { system?: string; asOf?: Millis; limit?: number; unfinished?: boolean }): Promise<Scan[]> {
	return database.read(async (tx) => {
		let query = tx.selectFrom("scans").selectAll().orderBy("id", "desc");
		if (filter.system !== undefined) query = query.where("system", "=", filter.system);
		if (filter.asOf !== undefined) query = query.where(({ fn }) => fn.coalesce("finished", "started"), "<=", filter.asOf);
		if (!filter.unfinished) query = query.where("finished", "is not", null).where("interrupted", "=", false);
		if (filter.limit !== undefined) query = query.limit(filter.limit);
		return toScans(tx, await query.execute());
	});
}

export function getCursor(database: Database, system: string, name: string): Promise<string | null> {
	return database.read(async (tx) => {
		const row = await tx.selectFrom("cursors").select("value").where("system", "=", system).where("name", "=", toKey(name)).executeTakeFirst();
		return row ? fromText(row.value) : null;
	});
}

export function setCursor(database: Database, running: RunningScans, scan: Scan, name: string, value: string): Promise<void> {
	return inOrder(running, scan, () =>
		database.write(async (tx) => {
			await assertRunning(tx, running, scan);
			await tx
				.insertInto("pending_cursors")
				.values({ scan: scan.id, name: toKey(name), value: toText(value) })
				.onConflict((conflict) => conflict.columns(["scan", "name"]).doUpdateSet({ value: toText(value) }))
				.execute();
		}),
	);
}

/** Collections that the scan had not begun are noted too, where an earlier scan knows them: else they would look as if nobody had asked. */
async function interrupt(tx: Tx, scan: number, system: string, at: Millis): Promise<void> {
	const { rows } = await sql<{ series: number; collection: CollectionName }>`SELECT id AS series, collection FROM series WHERE system = ${system}
		AND NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.series = series.id AND scan = ${scan} AND body IS NOT NULL) ORDER BY id`.execute(tx);
	await interruptCollections(tx, scan, rows);
	await tx.deleteFrom("pending_cursors").where("scan", "=", scan).execute();
	await sql`UPDATE scans SET finished = greatest(started, ${at}::bigint), interrupted = true WHERE id = ${scan}`.execute(tx);
}

async function getScan(tx: Tx, id: number): Promise<Scan> {
	const row = await tx.selectFrom("scans").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	const [scan] = await toScans(tx, [row]);
	if (!scan) throw new Error(`scan ${id} is gone`);
	return scan;
}

async function toScans(tx: Tx, rows: Selectable<Tables["scans"]>[]): Promise<Scan[]> {
	const coverage = await loadCoverage(
		tx,
		rows.map(({ id }) => id),
	);
	return rows.map(({ id, system, provider, started, finished, interrupted, requests }) => {
		const own = (coverage.get(id) ?? []).sort((a, b) => collections.indexOf(a.collection) - collections.indexOf(b.collection));
		return { id, system, provider, started, finished, interrupted, coverage: own, requests };
	});
}
