import { encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import { journalData, nextEntry, verifyChain } from "../journal-chain.js";
import { newKey, opened, withSealed } from "../sealed.js";
import type { JournalDraft, JournalEntry, PersonalFacts } from "../store.js";
import type { Database } from "./database.js";

type Row = Omit<JournalEntry, "data"> & { data: string };

export function appendJournal(database: Database, { personal, ...draft }: JournalDraft & { personal?: PersonalFacts }): JournalEntry {
	const { tenant } = draft;
	return database.write(() => {
		const key = personal && keyFor(database, tenant, personal.subject);
		// As it will be read back: `undefined` keys are gone.
		const data = encodeKnown(personal && key ? withSealed(draft.data, personal, key) : draft.data);
		const last: { seq: number; hash: string } | undefined = database
			.sql("SELECT seq, hash FROM journal WHERE tenant = ? ORDER BY seq DESC LIMIT 1")
			.get(tenant);
		const entry = nextEntry({ ...draft, data: journalData(data) }, last ?? null);
		database
			.sql("INSERT INTO journal (tenant, seq, at, plan, action, event, data, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
			.run(entry.tenant, entry.seq, entry.at, entry.plan, entry.action, entry.event, data, entry.previous, entry.hash);
		return opened(entry, () => key);
	});
}

export function readJournal(database: Database, filter: { tenant: string; plan?: string; since?: Millis }): JournalEntry[] {
	return database.read(() => {
		const keys: { subject: string; key: string }[] = database.sql("SELECT subject, key FROM subject_keys WHERE tenant = ?").all(filter.tenant);
		const bySubject = new Map(keys.map(({ subject, key }) => [subject, key]));
		return entriesOf(database, filter).map((entry) => opened(entry, (subject) => bySubject.get(subject)));
	});
}

export function verifyJournal(database: Database, tenant: string): { entries: number; broken: number | null } {
	return verifyChain(entriesOf(database, { tenant }));
}

/** As they are stored, which is what the chain is over. */
function entriesOf(database: Database, filter: { tenant: string; plan?: string; since?: Millis }): JournalEntry[] {
	const rows: Row[] = database
		.sql(
			`SELECT tenant, seq, at, plan, action, event, data, previous, hash FROM journal
			WHERE tenant = :tenant AND (:plan IS NULL OR plan = :plan) AND (:since IS NULL OR at >= :since) ORDER BY seq`,
		)
		.all({ tenant: filter.tenant, plan: filter.plan ?? null, since: filter.since ?? null });
	return rows.map((row) => ({ ...row, data: journalData(row.data) }));
}

/** The subject's key, made where there is none. */
function keyFor(database: Database, tenant: string, subject: string): string {
	database.sql("INSERT INTO subject_keys (tenant, subject, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING").run(tenant, subject, newKey());
	const row: { key: string } = database.sql("SELECT key FROM subject_keys WHERE tenant = ? AND subject = ?").get(tenant, subject);
	return row.key;
}
