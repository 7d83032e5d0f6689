import type { CollectionName, Scan } from "../../model/snapshot.js";
import { rowSet } from "../row-set.js";
import { type RunningCollection, refuseEnded, refuseFinished } from "../running-scans.js";
import type { Database, Tx } from "./database.js";

export type RunningScans = Map<number, RunningScan>;

export interface RunningScan {
	collections: Map<CollectionName, RunningCollection>;
	/** Ends when all that was asked for so far is done. */
	last: Promise<unknown>;
}

/** Calls for one scan take effect in the order in which they were made, whichever connection is free first: of an id put twice the last one counts. */
export function inOrder<T>(running: RunningScans, scan: Scan, work: () => Promise<T>): Promise<T> {
	const known = running.get(scan.id);
	if (!known) return work();
	const done = known.last.then(work);
	known.last = done.catch(() => {});
	return done;
}

/** What is remembered of a collection; its first mention is noted in a transaction of its own, so call this outside of one. */
export async function runningCollection(database: Database, running: RunningScans, scan: Scan, collection: CollectionName): Promise<RunningCollection> {
	const known = running.get(scan.id)?.collections.get(collection);
	refuseFinished(scan, collection, known);
	if (known) return known;
	const begun = await database.write(async (tx) => {
		await assertRunning(tx, running, scan);
		await tx
			.insertInto("series")
			.values({ system: scan.system, collection })
			.onConflict((conflict) => conflict.doNothing())
			.execute();
		const series = (await findSeries(tx, scan.system, collection)) ?? 0;
		await tx.insertInto("coverage").values({ series, scan: scan.id, whole: false }).execute();
		const first = await tx.selectFrom("current_records").select("row_id").where("series", "=", series).limit(1).executeTakeFirst();
		return { series, fresh: !first };
	});
	const state: RunningCollection = { ...begun, finished: false, put: rowSet(), confirmed: rowSet(), putAt: null, confirmedAt: null };
	running.get(scan.id)?.collections.set(collection, state);
	return state;
}

/** Keeps the scan as it is until the transaction ends: nobody closes it as interrupted meanwhile. */
export async function assertRunning(tx: Tx, running: RunningScans, scan: Scan): Promise<void> {
	const row = await tx.selectFrom("scans").select(["finished", "interrupted"]).where("id", "=", scan.id).forNoKeyUpdate().executeTakeFirst();
	refuseEnded(scan, row, running.has(scan.id));
}

/** The number of a collection of a system; null when nothing was ever stored of it. */
export async function findSeries(tx: Tx, system: string, collection: CollectionName): Promise<number | null> {
	const row = await tx.selectFrom("series").select("id").where("system", "=", system).where("collection", "=", collection).executeTakeFirst();
	return row?.id ?? null;
}
