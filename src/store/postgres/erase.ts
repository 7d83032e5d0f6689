import { type RawBuilder, sql } from "kysely";
import { type Erased, type EraseInput, inJson, pruned } from "../erase.js";
import type { PruneInput } from "../store.js";
import type { Database, Tx } from "./database.js";
import { toKey, toText } from "./text.js";

/** The server keeps the bytes of deleted rows until their pages are written anew, and in its log and backups as long as those are kept. */
export function eraseSubject(database: Database, { tenant, system, id, texts, dryRun }: EraseInput): Promise<Erased> {
	const named = texts.map(inJson);
	const holds =
		named.length === 0
			? sql<boolean>`false`
			: sql<boolean>`(${sql.join(
					named.map((text) => sql`position(lower(${text}) in lower(body)) > 0`),
					sql` OR `,
				)})`;
	const subject = `${system}/${id}`;
	const own = sql<boolean>`(series IN (SELECT id FROM series WHERE system = ${system}) AND key = ${toKey(id)})`;
	const about = sql<boolean>`((body::json #>> '{subject,key}') = ${subject})`;
	return database.write(async (tx) => {
		const isCurrent =
			(await count(tx, sql`current_records WHERE ${own} AND series IN (SELECT id FROM series WHERE collection IN ('accounts', 'workers'))`)) > 0;
		const fixed = isCurrent ? sql`state = 'fixed' AND ` : sql``;
		const found: Erased = { versions: 0, findings: 0, keys: 0, isCurrent, left: { records: 0, findings: 0 } };
		const steps: ["versions" | "findings" | "keys", RawBuilder<unknown>][] = [
			["versions", sql`ended_records WHERE ${own} OR ${holds}`],
			...(isCurrent ? [] : ([["versions", sql`current_records WHERE ${own}`]] as ["versions", RawBuilder<unknown>][])),
			["findings", sql`findings WHERE (${fixed}${about}) OR (state = 'fixed' AND ${holds})`],
			["keys", sql`subject_keys WHERE tenant = ${toText(tenant)} AND subject = ${toText(subject)}`],
		];
		for (const [name, from] of steps) {
			found[name] += await count(tx, from);
			if (!dryRun) await sql`DELETE FROM ${from}`.execute(tx);
		}
		if (!dryRun && !isCurrent) await sql`DELETE FROM record_reads WHERE ${own}`.execute(tx);
		found.left.records = await count(tx, isCurrent ? sql`current_records WHERE ${holds}` : sql`current_records WHERE NOT ${own} AND ${holds}`);
		found.left.findings = await count(
			tx,
			isCurrent ? sql`findings WHERE state <> 'fixed' AND ${holds}` : sql`findings WHERE state <> 'fixed' AND NOT coalesce(${about}, false) AND ${holds}`,
		);
		return found;
	});
}

async function count(tx: Tx, from: RawBuilder<unknown>): Promise<number> {
	const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM ${from}`.execute(tx);
	return Number(rows[0]?.n ?? 0);
}

export function prune(database: Database, { system, what, before }: PruneInput): Promise<number> {
	return database.write(async (tx) => {
		if (what === "findings") {
			const done = await sql`DELETE FROM findings WHERE system = ${system} AND state = 'fixed' AND last_seen < ${before}`.execute(tx);
			return Number(done.numAffectedRows ?? 0);
		}
		const past = sql`SELECT id FROM scans WHERE system = ${system} AND coalesce(finished, started) < ${before}`;
		const series = sql`SELECT id FROM series WHERE system = ${system} AND collection = ${what}`;
		const done = await sql`DELETE FROM ended_records WHERE series IN (${series}) AND to_scan IN (${past})`.execute(tx);
		// What was taken out once is not there for an earlier time either, whatever is asked to be kept later.
		await tx
			.insertInto("cursors")
			.values({ system, name: pruned(what), value: String(before) })
			.onConflict((conflict) => conflict.columns(["system", "name"]).doUpdateSet({ value: sql`greatest(cursors.value::bigint, excluded.value::bigint)::text` }))
			.execute();
		return Number(done.numAffectedRows ?? 0);
	});
}
