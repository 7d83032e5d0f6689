import type { Millis } from "../../model/known.js";
import { type Erased, type EraseInput, inJson, pruned } from "../erase.js";
import type { PruneInput } from "../store.js";
import type { Database } from "./database.js";
import { findSeries } from "./running.js";

export function eraseSubject(database: Database, { tenant, system, id, texts, dryRun }: EraseInput): Erased {
	const named = texts.map(inJson);
	const holds = (column: string) => (named.length === 0 ? "0" : named.map((_, index) => `instr(lower(${column}), lower(:text${index})) > 0`).join(" OR "));
	const words = Object.fromEntries(named.map((text, index) => [`text${index}`, text]));
	const subject = `${system}/${id}`;
	const count = (from: string, values: object): number => {
		const row: { n: number } = database.sql(`SELECT count(*) AS n FROM ${from}`).get(values);
		return row.n;
	};
	const erased = database.write(() => {
		const own = "series IN (SELECT id FROM series WHERE system = :system) AND id = :id";
		const isCurrent = count(`current WHERE ${own} AND series IN (SELECT id FROM series WHERE collection IN ('accounts', 'workers'))`, { system, id }) > 0;
		const past = `ended WHERE (${own}) OR ${holds("body")}`;
		const gone = `current WHERE ${own}`;
		const about = "json_extract(body, '$.subject.key') = :subject";
		const findings = `findings WHERE (${isCurrent ? "state = 'fixed' AND " : ""}${about}) OR (state = 'fixed' AND (${holds("body")}))`;
		const keys = "subject_keys WHERE tenant = :tenant AND subject = :subject";
		const steps: [name: "versions" | "findings" | "keys", from: string, values: Record<string, string>][] = [
			["versions", past, { system, id, ...words }],
			...(isCurrent ? [] : [["versions", gone, { system, id }] satisfies [string, string, object] as ["versions", string, Record<string, string>]]),
			["findings", findings, { subject, ...words }],
			["keys", keys, { tenant, subject }],
		];
		const found: Erased = { versions: 0, findings: 0, keys: 0, isCurrent, left: { records: 0, findings: 0 } };
		for (const [name, from, values] of steps) {
			found[name] += count(from, values);
			if (!dryRun) database.sql(`DELETE FROM ${from}`).run(values);
		}
		if (!dryRun && !isCurrent) database.sql("DELETE FROM reads WHERE series IN (SELECT id FROM series WHERE system = ?) AND id = ?").run(system, id);
		const kept = isCurrent ? "" : "NOT (series IN (SELECT id FROM series WHERE system = :system) AND id = :id) AND ";
		found.left.records = count(`current WHERE ${kept}(${holds("body")})`, isCurrent ? words : { system, id, ...words });
		found.left.findings = count(
			`findings WHERE state <> 'fixed' AND ${isCurrent ? "" : `NOT coalesce(${about}, 0) AND `}(${holds("body")})`,
			isCurrent ? words : { subject, ...words },
		);
		return found;
	});
	// Deleted rows leave their bytes in free pages and in the write-ahead log.
	if (!dryRun) database.compact();
	return erased;
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
