import type { Millis } from "../model/known.js";

/** When the values of a collection, as of one scan, were last seen to hold and last delivered by the vendor. */
export type Freshness = (id: string, deliveredFirst: Millis) => { confirmedAt: Millis; readAt: Millis };

/** What a finished collection of a scan says of every record of it but those it did not meet. */
export interface FreshnessMark {
	scan: number;
	seen_at: Millis;
	/** Null: it met all. */
	unseen: ReadonlySet<string> | null;
}

/**
 * Unchanged records get no row of their own in a scan, so their times are derived: each collection of a scan has one time and a list of exceptions
 * (the ids it did not meet), and a record's time is that of the newest scan which met it.
 * `marks` newest first; `reads` gives what is known of one id; `whole` is when a scan last delivered every record.
 */
export function freshnessOf(
	marks: readonly FreshnessMark[],
	reads: { get(id: string): { scan: number; at: Millis } | undefined },
	whole: Millis | null,
): Freshness {
	return (id, deliveredFirst) => {
		const read = reads.get(id);
		const readAt = Math.max(deliveredFirst, read?.at ?? 0, whole ?? 0);
		const mark = marks.find(({ unseen }) => !unseen?.has(id));
		if (!mark) return { confirmedAt: readAt, readAt };
		return { confirmedAt: Math.max(readAt, read?.scan === mark.scan ? 0 : mark.seen_at), readAt };
	};
}
