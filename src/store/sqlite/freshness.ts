import type { Millis } from "../../model/known.js";
import type { Scan } from "../../model/snapshot.js";
import { type Freshness, freshnessOf } from "../freshness.js";
import type { Database } from "./database.js";

interface Mark {
	scan: number;
	seen_at: Millis;
	unseen: string | null;
}

/** `id` narrows the look-up to one record. */
export function loadFreshness(database: Database, scan: Pick<Scan, "id">, series: number, id?: string): Freshness {
	const whole: { scan: number; seen_at: Millis } | undefined = database
		.sql("SELECT scan, seen_at FROM coverage WHERE series = ? AND scan <= ? AND whole ORDER BY scan DESC LIMIT 1")
		.get(series, scan.id);
	const marks = loadMarks(database, scan, series).map((mark) => ({ ...mark, unseen: idSet(database, mark.unseen) }));
	const reads = loadReads(database, scan, series, whole?.scan ?? 0, id);
	return freshnessOf(marks, reads, whole?.seen_at ?? null);
}

/** Newest first, as far back as the first scan that met every record. */
function loadMarks(database: Database, scan: Pick<Scan, "id">, series: number): Mark[] {
	return database
		.sql(
			`SELECT scan, seen_at, unseen FROM coverage WHERE series = :series AND seen_at IS NOT NULL AND scan <= :scan AND scan >= coalesce(
			(SELECT max(scan) FROM coverage WHERE series = :series AND seen_at IS NOT NULL AND scan <= :scan AND unseen IS NULL), 0) ORDER BY scan DESC`,
		)
		.all({ series, scan: scan.id });
}

function loadReads(
	database: Database,
	scan: Pick<Scan, "id">,
	series: number,
	after: number,
	id: string | undefined,
): Map<string, { scan: number; at: Millis }> {
	const rows: { id: string; scan: number; at: Millis }[] =
		id === undefined
			? database.sql("SELECT id, scan, at FROM reads WHERE series = ? AND scan > ? AND scan <= ? ORDER BY id, scan").all(series, after, scan.id)
			: database.sql("SELECT id, scan, at FROM reads WHERE series = ? AND scan > ? AND scan <= ? AND id = ? ORDER BY scan").all(series, after, scan.id, id);
	return new Map(rows.map((row) => [row.id, row]));
}

function idSet(database: Database, digest: string | null): Set<string> | null {
	if (digest === null) return null;
	const row: { ids: string } | undefined = database.sql("SELECT ids FROM id_lists WHERE digest = ?").get(digest);
	const list: string[] = row ? JSON.parse(row.ids) : [];
	return new Set(list);
}
