import { type RawBuilder, sql } from "kysely";
import { type Erased, type EraseInput, type Naming, namingOf, pruned, subjectIn } from "../erase.js";
import type { PruneInput } from "../store.js";
import type { Database, Tx } from "./database.js";
import { toKey, toText } from "./text.js";

/** The server keeps the bytes of deleted rows until their pages are written anew, and in its log and backups as long as those are kept. */
export function eraseSubject(database: Database, { tenant, system, id, texts, dryRun }: EraseInput): Promise<Erased> {
	const naming = namingOf(texts);
	const subject = `${system}/${id}`;
	const own = sql<boolean>`(series IN (SELECT id FROM series WHERE system = ${system}) AND key = ${toKey(id)})`;
	const sieve = sieveOf(naming);
	return database.write(async (tx) => {
		const take = async (from: RawBuilder<unknown>): Promise<number> => {
			const n = await count(tx, from);
			if (!dryRun && n > 0) await sql`DELETE FROM ${from}`.execute(tx);
			return n;
		};
		const isCurrent =
			(await count(tx, sql`current_records WHERE ${own} AND series IN (SELECT id FROM series WHERE collection IN ('accounts', 'workers'))`)) > 0;
		const found: Erased = { versions: 0, findings: 0, keys: 0, isCurrent, left: { records: 0, findings: 0 } };
		for await (const { at, body, more } of bodies(tx, sql`ended_records`, sql`row_id`, sql`NOT ${own} AND ${sieve}`, sql`key`)) {
			const rest = naming.without(body);
			if (rest === null) continue;
			found.versions++;
			if (dryRun) continue;
			// Members from outside have their address for an id.
			if (naming.isIn(JSON.stringify(more))) await sql`DELETE FROM ended_records WHERE row_id = ${at}`.execute(tx);
			else await sql`UPDATE ended_records SET body = ${rest} WHERE row_id = ${at}`.execute(tx);
		}
		found.versions += await take(sql`ended_records WHERE ${own}`);
		if (!isCurrent) found.versions += await take(sql`current_records WHERE ${own}`);
		// Why a collection was not read whole may name whoever it was about.
		if (!dryRun)
			for await (const { at, body } of bodies(tx, sql`coverage`, sql`(series, scan)::text`, sql`body IS NOT NULL AND ${sieve}`)) {
				const rest = naming.without(body);
				if (rest !== null) await sql`UPDATE coverage SET body = ${rest} WHERE (series, scan)::text = ${at}`.execute(tx);
			}
		for await (const { at, body, more: state } of bodies(
			tx,
			sql`findings`,
			sql`id`,
			sql`(position(${JSON.stringify(subject)} in body) > 0 OR ${sieve})`,
			sql`state`,
		)) {
			const [fixed, named] = [state === "fixed", naming.isIn(body)];
			if (subjectIn(body) === subject ? fixed || !isCurrent : fixed && named) {
				found.findings++;
				if (!dryRun) await sql`DELETE FROM findings WHERE id = ${at}`.execute(tx);
			} else if (named) found.left.findings++;
		}
		found.keys = await take(sql`subject_keys WHERE tenant = ${toText(tenant)} AND subject = ${toText(subject)}`);
		if (!dryRun && !isCurrent) await sql`DELETE FROM record_reads WHERE ${own}`.execute(tx);
		for await (const { body } of bodies(tx, sql`current_records`, sql`row_id`, isCurrent ? sieve : sql`NOT ${own} AND ${sieve}`))
			if (naming.isIn(body)) found.left.records++;
		return found;
	});
}

/** Letters of ASCII are folded the same way everywhere, whatever the database's locale. */
function sieveOf({ sieves }: Naming): RawBuilder<boolean> {
	if (sieves === null) return sql<boolean>`true`;
	if (sieves.length === 0) return sql<boolean>`false`;
	return sql<boolean>`(${sql.join(
		sieves.map((piece) => sql`position(${piece} in lower(body COLLATE "C")) > 0`),
		sql` OR `,
	)})`;
}

interface Body {
	at: string | number;
	body: string;
	more: string;
}

const pageSize = 500;

/** Page by page, in the order of a key: a row may be changed or deleted while it is looked at. */
async function* bodies(
	tx: Tx,
	table: RawBuilder<unknown>,
	key: RawBuilder<unknown>,
	where: RawBuilder<unknown>,
	more: RawBuilder<unknown> = sql`''`,
): AsyncIterable<Body> {
	let last: string | number | null = null;
	for (;;) {
		const after: RawBuilder<unknown> = last === null ? sql`true` : sql`${key} > ${last}`;
		const { rows }: { rows: Body[] } =
			await sql<Body>`SELECT ${key} AS at, body, ${more} AS more FROM ${table} WHERE ${after} AND ${where} ORDER BY ${key} LIMIT ${pageSize}`.execute(tx);
		yield* rows;
		last = rows.at(-1)?.at ?? null;
		if (rows.length < pageSize) return;
	}
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
