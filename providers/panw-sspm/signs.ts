import type { Millis } from "../../src/model/known.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import type { ReadPage } from "../../src/provider/provider.js";

/** The newest sign of each account that it is used, over all logs and earlier scans. */
export interface Signs {
	newest: Map<string, Millis>;
	/** Accounts whose sign is an earlier scan's. */
	kept: Set<string>;
}

/**
 * What a page of a log says that is newer than what is known, which it moves forward. An account that is met again without anything newer is confirmed.
 */
export function signsOf(signs: Signs, met: Iterable<{ account: string; at: Millis; signal: string }>): Pick<ReadPage, "records" | "confirmed"> {
	const records = new Map<string, ActivityBody>();
	const confirmed = new Set<string>();
	for (const { account, at, signal } of met) {
		const known = signs.newest.get(account);
		if (known === undefined || at > known) {
			signs.newest.set(account, at);
			signs.kept.delete(account);
			confirmed.delete(account);
			records.set(account, { at, signal });
		} else if (signs.kept.has(account)) confirmed.add(account);
	}
	return { records: [...records].map(([id, body]) => ({ id, body })), confirmed: [...confirmed] };
}
