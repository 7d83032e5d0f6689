import type { Millis } from "../../src/model/known.js";
import type { Bucket } from "./buckets.js";

export interface Pacer {
	/** Waits for the turn of a call, or of `count` of them that are sent together. Rejects with the signal's reason when it is aborted. */
	turn(bucket: Bucket, signal?: AbortSignal, count?: number): Promise<void>;
}

/** A clock's grain and the way to the vendor: a window is taken for this much longer than it is. */
const slack = 1.05;

/** Spreads calls over time: never more than a bucket's burst in any stretch of its window. The vendor tells nothing before it refuses. */
export function createPacer(now: () => Millis, sleep: (ms: Millis, signal?: AbortSignal) => Promise<unknown>): Pacer {
	const started = new Map<string, Millis[]>();
	return {
		async turn({ name, burst, perSecond }, signal, count = 1) {
			signal?.throwIfAborted();
			const times = started.get(name) ?? [];
			// The call that has to be out of the window before the last of these may start.
			const before = times.at(Math.min(count, burst) - 1 - burst);
			const start = Math.max(now(), before === undefined ? 0 : before + (burst / perSecond) * 1000 * slack);
			started.set(name, [...times, ...Array.from({ length: count }, () => start)].slice(-burst));
			const wait = start - now();
			if (wait > 0) await sleep(wait, signal);
		},
	};
}
