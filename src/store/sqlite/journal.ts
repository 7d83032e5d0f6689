import { decodeKnown, encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import { nextEntry, verifyChain } from "../journal-chain.js";
import type { JournalDraft, JournalEntry } from "../store.js";
import type { Database } from "./database.js";

type Row = Omit<JournalEntry, "data"> & { data: string };

export function appendJournal(database: Database, draft: JournalDraft): JournalEntry {
	// As it will be read back: `undefined` keys are gone.
	const data = encodeKnown(draft.data);
	return database.write(() => {
		const last: { seq: number; hash: string } | undefined = database
			.sql("SELECT seq, hash FROM journal WHERE tenant = ? ORDER BY seq DESC LIMIT 1")
			.get(draft.tenant);
		const entry = nextEntry({ ...draft, data: parseData(data) }, last ?? null);
		database
			.sql("INSERT INTO journal (tenant, seq, at, plan, action, event, data, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
			.run(entry.tenant, entry.seq, entry.at, entry.plan, entry.action, entry.event, data, entry.previous, entry.hash);
		return entry;
	});
}

export function readJournal(database: Database, filter: { tenant: string; plan?: string; since?: Millis }): JournalEntry[] {
	const rows: Row[] = database
		.sql(
			`SELECT tenant, seq, at, plan, action, event, data, previous, hash FROM journal
			WHERE tenant = :tenant AND (:plan IS NULL OR plan = :plan) AND (:since IS NULL OR at >= :since) ORDER BY seq`,
		)
		.all({ tenant: filter.tenant, plan: filter.plan ?? null, since: filter.since ?? null });
	return rows.map((row) => ({ ...row, data: parseData(row.data) }));
}

export function verifyJournal(database: Database, tenant: string): { entries: number; broken: number | null } {
	return verifyChain(readJournal(database, { tenant }));
}

/** Text that is no longer JSON was tampered with: kept as it is, so that its hash does not fit. */
function parseData(text: string): Record<string, unknown> {
	try {
		const data = decodeKnown(text);
		return typeof data === "object" && data !== null ? { ...data } : { damaged: text };
	} catch {
		return { damaged: text };
	}
}
