import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JournalEntry, Store } from "../store/store.js";
import { brokenReceipts, isReceipt, type Journaled, journaledReceipts } from "./journaled.js";
import { type Receipt, receiptDigest, receiptText } from "./receipt.js";

/** Something that does not fit: where, and what. */
export interface Misfit {
	/** `journal`, or the file's name. */
	where: string;
	what: string;
}

export interface Verified {
	tenant: string;
	entries: number;
	/** Receipts that the journal holds. */
	receipts: Journaled[];
	/** Entries after the last receipt, as of a run that is going on or was cut off. */
	uncovered: number;
	misfits: Misfit[];
	/** Receipts of the journal without their file. */
	missing: Journaled[];
}

export interface VerifyInput {
	store: Store;
	tenant: string;
	/** Folder of the receipts. */
	folder: string;
	/** Only these files, and no look for missing ones. */
	files?: string[];
}

/**
 * Recomputes the journal's chain, and holds every receipt to it: its digest, its chain, the entries it is about.
 * @throws what the store throws, and the file system for files that were named
 */
export async function verifyEvidence({ store, tenant, folder, files }: VerifyInput): Promise<Verified> {
	const chain = await store.verifyJournal(tenant);
	const entries = await store.journal({ tenant });
	const receipts = journaledReceipts(entries);
	const misfits: Misfit[] = [];
	if (chain.broken !== null)
		misfits.push({ where: "journal", what: `entry ${chain.broken} does not fit: it, or one before it, was changed or taken out after it was written` });
	misfits.push(...brokenReceipts(entries).map((seq) => ({ where: "journal", what: `entry ${seq} should hold a receipt, and holds none that can be read` })));
	misfits.push(...chainOf(receipts, entries));
	const found = await filesOf(folder, files);
	const known = new Map(receipts.map((one) => [one.digest, one]));
	const seen = new Set<string>();
	for (const { file, bytes } of found) {
		const digest = receiptDigest(bytes);
		const other = receipts.some(({ name, digest: own }) => file.endsWith(name) && own !== digest);
		if (known.has(digest) && other) misfits.push({ where: file, what: "it was replaced: another receipt of the journal stands in it" });
		else if (known.has(digest)) seen.add(digest);
		else misfits.push({ where: file, what: strange(file, bytes, receipts, entries, tenant) });
	}
	const missing = files === undefined ? receipts.filter(({ digest }) => !seen.has(digest)) : [];
	const gone = missing.filter(({ name }) => !found.some(({ file }) => file.endsWith(name)));
	for (const { name, seq } of gone) misfits.push({ where: name, what: `entry ${seq} of the journal is about it, and there is no such file` });
	const last = receipts.at(-1)?.receipt.predicate.journal.to ?? 0;
	const uncovered = entries.filter(({ seq, event }) => seq > last && event !== "receipt" && event !== "notified").length;
	return { tenant, entries: chain.entries, receipts, uncovered, misfits, missing: gone };
}

/** What of the receipts in the journal does not follow from those before, and from the entries. */
function chainOf(receipts: readonly Journaled[], entries: readonly JournalEntry[]): Misfit[] {
	const hashes = new Map(entries.map(({ seq, hash }) => [seq, hash]));
	const misfits: Misfit[] = [];
	let before: Journaled | null = null;
	for (const one of receipts) {
		const { journal, previous } = one.receipt.predicate;
		const wrong = (what: string) => misfits.push({ where: "journal", what: `the receipt in entry ${one.seq} ${what}` });
		if (receiptDigest(receiptText(one.receipt)) !== one.digest) wrong("does not have the digest it is journaled with");
		if (previous !== (before?.digest ?? null)) wrong("does not name the receipt before it");
		if (journal.from !== (before?.receipt.predicate.journal.to ?? 0) + 1) wrong(`leaves out entries: it begins with entry ${journal.from}`);
		if (journal.to >= one.seq || hashes.get(journal.to) !== journal.hash) wrong(`is about other entries: entry ${journal.to} does not have its hash`);
		before = one;
	}
	return misfits;
}

/** Why a file is none of the journal's receipts. */
function strange(file: string, bytes: Uint8Array, receipts: readonly Journaled[], entries: readonly JournalEntry[], tenant: string): string {
	const receipt = parsed(bytes);
	if (receipt === null)
		return receipts.some(({ name }) => file.endsWith(name)) ? "it was changed after it was written: it is no receipt any more" : "it is no receipt";
	const { journal, tenant: other } = receipt.predicate;
	if (other !== tenant) return `it is a receipt of ${JSON.stringify(other)}, not of ${tenant}`;
	if (receipts.some(({ name }) => file.endsWith(name))) return "it was changed after it was written: the journal has another digest of it";
	const end = entries.find(({ seq }) => seq === journal.to);
	if (end?.hash !== journal.hash)
		return `the journal has no entry ${journal.to} with its hash: entries were taken out or written anew since, or it is of another store`;
	return "the journal does not have it";
}

function parsed(bytes: Uint8Array): Receipt | null {
	try {
		const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		return isReceipt(value) ? value : null;
	} catch {
		return null;
	}
}

async function filesOf(folder: string, files: string[] | undefined): Promise<{ file: string; bytes: Uint8Array }[]> {
	if (files) return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
	const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return [];
		throw error;
	});
	const receipts = names.filter((name) => name.endsWith(".json")).sort();
	return Promise.all(receipts.map(async (file) => ({ file, bytes: await readFile(join(folder, file)) })));
}
