import type { Scan } from "../../model/snapshot.js";
import { type Freshness, freshnessOf } from "../freshness.js";
import type { Tx } from "./database.js";
import { toKey } from "./text.js";

/** `id` narrows the look-up to one record. */
export async function loadFreshness(tx: Tx, scan: Pick<Scan, "id">, series: number, id?: string): Promise<Freshness> {
	const whole = await tx
		.selectFrom("coverage")
		.select(["scan", "seen_at"])
		.where("series", "=", series)
		.where("scan", "<=", scan.id)
		.where("whole", "=", true)
		.orderBy("scan", "desc")
		.limit(1)
		.executeTakeFirst();
	const marks = await loadMarks(tx, scan, series);
	const reads = tx
		.selectFrom("record_reads")
		.select(["key", "scan", "at"])
		.where("series", "=", series)
		.where("scan", ">", whole?.scan ?? 0)
		.where("scan", "<=", scan.id);
	const rows = await (id === undefined ? reads.orderBy("key").orderBy("scan") : reads.where("key", "=", toKey(id)).orderBy("scan")).execute();
	const byKey = new Map(rows.map((row) => [row.key, row]));
	return freshnessOf(marks, { get: (one) => byKey.get(toKey(one)) }, whole?.seen_at ?? null);
}

/** Newest first, as far back as the first scan that met every record. */
async function loadMarks(tx: Tx, scan: Pick<Scan, "id">, series: number) {
	const marks = tx.selectFrom("coverage").where("series", "=", series).where("seen_at", "is not", null).where("scan", "<=", scan.id);
	const last = await marks
		.where("unseen", "is", null)
		.select(({ fn }) => fn.max("scan").as("scan"))
		.executeTakeFirst();
	const rows = await marks
		.leftJoin("id_lists", "digest", "unseen")
		.where("scan", ">=", last?.scan ?? 0)
		.select(["scan", "seen_at", "ids"])
		.orderBy("scan", "desc")
		.execute();
	return rows.map(({ scan: at, seen_at, ids }) => ({ scan: at, seen_at: seen_at ?? 0, unseen: ids === null ? null : new Set<string>(JSON.parse(ids)) }));
}
