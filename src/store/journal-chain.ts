import { createHash } from "node:crypto";
import { decodeKnown, encodeKnown } from "../model/json.js";
import type { JournalDraft, JournalEntry } from "./store.js";

/** What the first entry of a tenant names as its predecessor. */
export const journalStart = "0".repeat(64);

/** sha-256, hex, over the canonical JSON of the entry and its predecessor's hash. */
export function hashEntry(entry: Omit<JournalEntry, "hash" | "personal">): string {
	const { tenant, seq, at, plan, action, event, data, previous } = entry;
	return createHash("sha256").update(encodeKnown({ tenant, seq, at, plan, action, event, data, previous })).digest("hex");
}

/** The entry that follows `last`, which is null for the tenant's first. */
export function nextEntry(draft: JournalDraft, last: { seq: number; hash: string } | null): JournalEntry {
	const { tenant, at, plan, action, event, data } = draft;
	const entry = { tenant, at, plan, action, event, data, seq: (last?.seq ?? 0) + 1, previous: last?.hash ?? journalStart };
	return { ...entry, hash: hashEntry(entry) };
}

/** `broken` is the number of the first entry that does not fit its predecessor or its own hash; a missing entry counts by its number. */
export function verifyChain(entries: JournalEntry[]): { entries: number; broken: number | null } {
	let last: { seq: number; hash: string } = { seq: 0, hash: journalStart };
	for (const entry of entries) {
		const fits = entry.seq === last.seq + 1 && entry.previous === last.hash && entry.hash === hashEntry(entry);
		if (!fits) return { entries: entries.length, broken: last.seq + 1 };
		last = entry;
	}
	return { entries: entries.length, broken: null };
}

/** An entry's facts from their stored text. Text that nobody stored so was tampered with: kept as it is, so that its hash does not fit. */
export function journalData(text: string): Record<string, unknown> {
	try {
		const data = decodeKnown(text);
		// Other text may mean the same: a changed byte is one all the same.
		return typeof data === "object" && data !== null && encodeKnown(data) === text ? { ...data } : { damaged: text };
	} catch {
		return { damaged: text };
	}
}
