import type { Millis } from "../../model/known.js";
import { type Erased, type EraseInput, type Naming, namingOf, pruned, subjectIn } from "../erase.js";
import type { PruneInput } from "../store.js";
import type { Database } from "./database.js";
import { findSeries } from "./running.js";

export function eraseSubject(database: Database, { tenant, system, id, texts, dryRun }: EraseInput): Erased {
	const naming = namingOf(texts);
	const sieve = naming.sieves === null ? "1" : naming.sieves.map((_, index) => `instr(lower(body), :piece${index}) > 0`).join(" OR ") || "0";
	const pieces = Object.fromEntries((naming.sieves ?? []).map((piece, index) => [`piece${index}`, piece]));
	const subject = `${system}/${id}`;
	const own = "(series IN (SELECT id FROM series WHERE system = :system) AND id = :id)";
	const count = (from: string, values: object): number => {
		const row: { n: number } = database.sql(`SELECT count(*) AS n FROM ${from}`).get(values);
		return row.n;
	};
	const take = (from: string, values: Record<string, string>): number => {
		const n = count(from, values);
		if (!dryRun && n > 0) database.sql(`DELETE FROM ${from}`).run(values);
		return n;
	};
	/** One by one: bodies of a large tenant's past fill hundreds of MB. */
	const rows = (table: "current" | "ended") =>
		database.sql(`SELECT row, id, body, ${own} AS own FROM ${table} WHERE ${sieve}`).iterate({ system, id, ...pieces }) as Iterable<{
			row: number;
			id: string;
			body: string;
			own: number;
		}>;
	const erased = database.write(() => {
		const isCurrent = count(`current WHERE ${own} AND series IN (SELECT id FROM series WHERE collection IN ('accounts', 'workers'))`, { system, id }) > 0;
		const found: Erased = { versions: 0, findings: 0, keys: 0, isCurrent, left: { records: 0, findings: 0 } };
		const others: [row: number, body: string | null][] = [];
		for (const { row, id: key, body, own: isOwn } of rows("ended")) {
			const rest = isOwn ? null : naming.without(body);
			// Members from outside have their address for an id.
			if (rest !== null) others.push([row, naming.isIn(JSON.stringify(key)) ? null : rest]);
		}
		if (!dryRun)
			for (const [row, body] of others)
				if (body === null) database.sql("DELETE FROM ended WHERE row = ?").run(row);
				else database.sql("UPDATE ended SET body = ? WHERE row = ?").run(body, row);
		found.versions = others.length + take(`ended WHERE ${own}`, { system, id }) + (isCurrent ? 0 : take(`current WHERE ${own}`, { system, id }));
		if (!dryRun) takeFromReasons(database, naming, sieve, pieces);
		const over: string[] = [];
		const about = `instr(body, :about) > 0`;
		const findings = database.sql(`SELECT id, state, body FROM findings WHERE ${about} OR ${sieve}`);
		for (const row of findings.iterate({ about: JSON.stringify(subject), ...pieces }) as Iterable<{ id: string; state: string; body: string }>) {
			const [fixed, named] = [row.state === "fixed", naming.isIn(row.body)];
			if (subjectIn(row.body) === subject ? fixed || !isCurrent : fixed && named) over.push(row.id);
			else if (named) found.left.findings++;
		}
		if (!dryRun) for (const one of over) database.sql("DELETE FROM findings WHERE id = ?").run(one);
		found.findings = over.length;
		found.keys = take("subject_keys WHERE tenant = :tenant AND subject = :subject", { tenant, subject });
		if (!dryRun && !isCurrent) database.sql("DELETE FROM reads WHERE series IN (SELECT id FROM series WHERE system = ?) AND id = ?").run(system, id);
		for (const { body, own: isOwn } of rows("current")) if ((isCurrent || !isOwn) && naming.isIn(body)) found.left.records++;
		return found;
	});
	// Deleted rows leave their bytes in free pages and in the write-ahead log.
	if (!dryRun) database.compact();
	return erased;
}

/** Why a collection was not read whole may name whoever it was about. */
function takeFromReasons(database: Database, naming: Naming, sieve: string, pieces: Record<string, string>): void {
	const found: { series: number; scan: number; body: string }[] = database
		.sql(`SELECT series, scan, body FROM coverage WHERE body IS NOT NULL AND (${sieve})`)
		.all(pieces);
	for (const { series, scan, body } of found) {
		const rest = naming.without(body);
		if (rest !== null) database.sql("UPDATE coverage SET body = ? WHERE series = ? AND scan = ?").run(rest, series, scan);
	}
}

export function prune(database: Database, { system, what, before }: PruneInput): number {
	return database.write(() => {
		if (what === "findings")
			return Number(database.sql("DELETE FROM findings WHERE system = ? AND state = 'fixed' AND last_seen < ?").run(system, before).changes);
		const series = findSeries(database, system, what);
		if (series === null) return 0;
		const { changes } = database
			.sql("DELETE FROM ended WHERE series = ? AND to_scan IN (SELECT id FROM scans WHERE system = ? AND coalesce(finished, started) < ?)")
			.run(series, system, before);
		remember(database, system, pruned(what), before);
		return Number(changes);
	});
}

/** What was taken out once is not there for an earlier time either, whatever is asked to be kept later. */
function remember(database: Database, system: string, name: string, before: Millis): void {
	const held: { value: string } | undefined = database.sql("SELECT value FROM cursors WHERE system = ? AND name = ?").get(system, name);
	if (Number(held?.value ?? 0) < before)
		database.sql("INSERT OR REPLACE INTO cursors (system, name, value) VALUES (?, ?, ?)").run(system, name, String(before));
}
