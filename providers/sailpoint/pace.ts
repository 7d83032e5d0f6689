import type { Millis } from "../../src/model/known.js";

/**
 * 100 requests in 10 s for an access token, and no counter in any answer: requests are spaced here, a few left for whoever shares the token.
 * https://developer.sailpoint.com/docs/api/rate-limit
 */
const most = 95;
/** A little more than the vendor's window: what is sent evenly may arrive bunched. Milliseconds. */
const window: Millis = 10_250;

export interface Clock {
	now(): Millis;
	sleep(ms: Millis): Promise<unknown>;
}

/** Resolves when one more request fits into the last ten seconds; in the order of the calls. */
export function pacer({ now, sleep }: Clock): () => Promise<void> {
	let times: Millis[] = [];
	let line: Promise<void> = Promise.resolve();
	async function turn(): Promise<void> {
		for (;;) {
			const at = now();
			// A clock that was set back must not make anybody wait for long.
			times = times.filter((time) => time > at - window && time <= at);
			const [oldest] = times;
			if (times.length < most || oldest === undefined) {
				times.push(at);
				return;
			}
			await sleep(oldest + window - at + 1);
		}
	}
	return () => {
		const mine = line.then(turn);
		line = mine.catch(() => {});
		return mine;
	};
}
