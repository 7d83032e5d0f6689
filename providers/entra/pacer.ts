import type { Millis } from "../../src/model/known.js";
import type { Bucket } from "./buckets.js";

export interface Pacer {
	/**
	 * Waits for the turn of a call, or of `count` of them that are sent together. What it gives is called when the answer is there: the vendor counts
	 * a call when it arrives, which may be any time until then. Rejects with the signal's reason when it is aborted.
	 */
	turn(bucket: Bucket, signal?: AbortSignal, count?: number): Promise<() => void>;
}

/** A clock's grain: a window is taken for this much longer than it is. */
const slack = 1.02;

/** Spreads calls over time: never more than a bucket's burst in any stretch of its window. The vendor tells nothing before it refuses. */
export function createPacer(now: () => Millis, sleep: (ms: Millis, signal?: AbortSignal) => Promise<unknown>): Pacer {
	const counted = new Map<string, { at: Millis }[]>();
	return {
		async turn({ name, burst, perSecond }, signal, count = 1) {
			signal?.throwIfAborted();
			const calls = counted.get(name) ?? [];
			// The call that has to be out of the window before the last of these may start.
			const before = calls.at(Math.min(count, burst) - 1 - burst);
			const start = Math.max(now(), before === undefined ? 0 : before.at + (burst / perSecond) * 1000 * slack);
			const own = Array.from({ length: count }, () => ({ at: start }));
			counted.set(name, [...calls, ...own].slice(-burst));
			const wait = start - now();
			if (wait > 0) await sleep(wait, signal);
			return () => {
				for (const call of own) call.at = Math.max(call.at, now());
			};
		},
	};
}
