import { encodeKnown } from "../../model/json.js";
import type { Millis } from "../../model/known.js";
import { journalData, nextEntry, verifyChain } from "../journal-chain.js";
import { newKey, opened, withSealed } from "../sealed.js";
import type { JournalDraft, JournalEntry, PersonalFacts } from "../store.js";
import { type Database, lock, type Tx } from "./database.js";
import { fromText, toText } from "./text.js";

export async function appendJournal(database: Database, { personal, ...draft }: JournalDraft & { personal?: PersonalFacts }): Promise<JournalEntry> {
	const tenant = toText(draft.tenant);
	return database.write(async (tx) => {
		// Whoever appends waits here for the one before: the last entry is only then the one that this follows. Were the lock lost, the key of the table would refuse a second entry of one number.
		await lock(tx, database.place, `journal ${draft.tenant}`);
		const key = personal && (await keyFor(tx, tenant, toText(personal.subject)));
		// As it will be read back: `undefined` keys are gone.
		const data = encodeKnown(personal && key ? withSealed(draft.data, personal, key) : draft.data);
		const last = await tx.selectFrom("journal").select(["seq", "hash"]).where("tenant", "=", tenant).orderBy("seq", "desc").limit(1).executeTakeFirst();
		const entry = nextEntry({ ...draft, data: journalData(data) }, last ?? null);
		const { seq, at, previous, hash } = entry;
		const action = entry.action === null ? null : toText(entry.action);
		await tx
			.insertInto("journal")
			.values({ tenant, seq, at, plan: toText(entry.plan), action, event: toText(entry.event), data, previous, hash })
			.execute();
		return opened(entry, () => key);
	});
}

export function readJournal(database: Database, filter: { tenant: string; plan?: string; since?: Millis }): Promise<JournalEntry[]> {
	return database.read(async (tx) => {
		const keys = await tx.selectFrom("subject_keys").select(["subject", "key"]).where("tenant", "=", toText(filter.tenant)).execute();
		const bySubject = new Map(keys.map(({ subject, key }) => [fromText(subject), key]));
		return (await entriesOf(tx, filter)).map((entry) => opened(entry, (subject) => bySubject.get(subject)));
	});
}

export async function verifyJournal(database: Database, tenant: string): Promise<{ entries: number; broken: number | null }> {
	return verifyChain(await database.read((tx) => entriesOf(tx, { tenant })));
}

/** As they are stored, which is what the chain is over. */
async function entriesOf(tx: Tx, filter: { tenant: string; plan?: string; since?: Millis }): Promise<JournalEntry[]> {
	let query = tx.selectFrom("journal").selectAll().where("tenant", "=", toText(filter.tenant)).orderBy("seq");
	if (filter.plan !== undefined) query = query.where("plan", "=", toText(filter.plan));
	if (filter.since !== undefined) query = query.where("at", ">=", filter.since);
	const rows = await query.execute();
	return rows.map((row) => ({
		...row,
		tenant: filter.tenant,
		plan: fromText(row.plan),
		action: row.action === null ? null : fromText(row.action),
		event: fromText(row.event),
		data: journalData(row.data),
	}));
}

/** The subject's key, made where there is none. */
async function keyFor(tx: Tx, tenant: string, subject: string): Promise<string> {
	await tx
		.insertInto("subject_keys")
		.values({ tenant, subject, key: newKey() })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	const row = await tx.selectFrom("subject_keys").select("key").where("tenant", "=", tenant).where("subject", "=", subject).executeTakeFirstOrThrow();
	return row.key;
}
