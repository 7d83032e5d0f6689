import type { JournalEntry, Store } from "../store/store.js";
import { type Receipt, receiptDigest, receiptName, receiptText } from "./receipt.js";

/** Under this name the journal holds the receipts. */
export const journalName = "receipts";

/** A receipt as the journal has it. */
export interface Journaled {
	/** Number of the entry that holds it. */
	seq: number;
	/** sha-256 of the file. */
	digest: string;
	name: string;
	receipt: Receipt;
}

/** Oldest first. An entry that is no receipt's any more is left out; `brokenReceipts` has it. */
export function journaledReceipts(entries: readonly JournalEntry[]): Journaled[] {
	return entries.flatMap((entry) => {
		const { seq, data } = entry;
		return isJournaled(entry) && typeof data.digest === "string" && isReceipt(data.receipt)
			? [{ seq, digest: data.digest, name: receiptName(data.receipt), receipt: data.receipt }]
			: [];
	});
}

/** Numbers of the entries that should hold a receipt, and hold none that can be read. */
export function brokenReceipts(entries: readonly JournalEntry[]): number[] {
	const whole = new Set(journaledReceipts(entries).map(({ seq }) => seq));
	return entries.filter((entry) => isJournaled(entry) && !whole.has(entry.seq)).map(({ seq }) => seq);
}

function isJournaled({ plan, event }: JournalEntry): boolean {
	return plan === journalName && event === "receipt";
}

export async function journal(store: Store, input: { tenant: string; at: number; receipt: Receipt }): Promise<Journaled> {
	const { tenant, at, receipt } = input;
	const digest = receiptDigest(receiptText(receipt));
	const { seq } = await store.appendJournal({ tenant, at, plan: journalName, action: null, event: "receipt", data: { digest, receipt } });
	return { seq, digest, name: receiptName(receipt), receipt };
}

/** Whether a value has the parts of a receipt that are used here. */
export function isReceipt(value: unknown): value is Receipt {
	const { subject, predicate } = (value ?? {}) as Partial<Receipt>;
	const { at, tenant, journal, previous } = predicate ?? ({} as Partial<Receipt["predicate"]>);
	return (
		Array.isArray(subject) &&
		// Both are parts of a file's name.
		isLike(/^[\w-]+$/, subject[0]?.digest?.sha256) &&
		isLike(/^[\dTZ:.-]+$/, at) &&
		typeof tenant === "string" &&
		typeof journal?.from === "number" &&
		typeof journal.to === "number" &&
		typeof journal.hash === "string" &&
		(previous === null || typeof previous === "string")
	);
}

function isLike(pattern: RegExp, value: unknown): boolean {
	return typeof value === "string" && pattern.test(value);
}
