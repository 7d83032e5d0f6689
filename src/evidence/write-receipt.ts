import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import type { Approval } from "../apply/approval.js";
import type { ApplyReport } from "../apply/report.js";
import type { Millis } from "../model/known.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { journal, journaledReceipts } from "./journaled.js";
import { makeReceipt, receiptText } from "./receipt.js";

export interface ReceiptWriter {
	store: Store;
	stack: Pick<Stack, "name" | "digest" | "remediation">;
	policyDigest: string;
	appliedBy: string;
	now(): Millis;
	/** Looked up when there is something to give a receipt for. */
	approval(): Promise<Approval>;
}

/** Entries by which nobody's access changes. */
const aside = ["receipt", "notified"];

/**
 * Gives a run its receipt: journaled, then written to a file. It is about every entry since the last receipt, those of a run that was cut
 * off among them. A run that left nothing in the journal gets none. Runs while the tenant's lease is held.
 * @returns the file, or null
 * @throws what the store and the file system throw; what is in the journal then is no less a receipt: `keelson verify --restore` writes its file
 */
export async function writeReceipt(writer: ReceiptWriter, report: ApplyReport): Promise<string | null> {
	const { store, stack, policyDigest, appliedBy, now } = writer;
	const tenant = stack.name;
	const held = await store.journal({ tenant });
	const last = journaledReceipts(held).at(-1);
	const entries = held.filter(({ seq }) => seq > (last?.receipt.predicate.journal.to ?? 0));
	if (!entries.some(({ event }) => !aside.includes(event))) return null;
	const approval = await writer.approval();
	const receipt = makeReceipt({
		report: { ...report, tenant },
		approval,
		stackDigest: stack.digest,
		policyDigest,
		appliedBy,
		now: now(),
		entries,
		previous: last?.digest ?? null,
	});
	const { name } = await journal(store, { tenant, at: now(), receipt });
	return writeWhole(stack.remediation.receipts, name, receiptText(receipt));
}

/** All of the file or none of it, on the disk when it resolves. */
export async function writeWhole(folder: string, name: string, text: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	const file = join(folder, name);
	await writeFileAtomic(file, text);
	return file;
}
