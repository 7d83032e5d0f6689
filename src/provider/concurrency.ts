import type { Millis } from "../model/known.js";

/** How many requests may run at once: grows by one a round trip, halves when the vendor refuses. */
export interface Concurrency {
	limit(): number;
	succeeded(now: Millis): void;
	/** A request that started at `startedAt`, among `running` others, was refused because too many run at once. */
	refused(startedAt: Millis, now: Millis, running: number): void;
}

/** How long a refusal bounds the growth. Doubled by every further one: each try beyond the vendor's limit costs a 429. */
const shortestHold: Millis = 30_000;
const longestHold: Millis = 600_000;

export function createConcurrency(max: number, initial = 8): Concurrency {
	let limit = Math.min(max, initial);
	let credit = 0;
	let ceiling = max;
	let ceilingUntil = 0;
	let hold = shortestHold;
	let lastCut = Number.NEGATIVE_INFINITY;
	return {
		limit: () => limit,
		succeeded(now) {
			if (now >= ceilingUntil) ceiling = max;
			if (limit >= ceiling) return;
			credit += 1 / limit;
			if (credit < 1) return;
			credit = 0;
			limit++;
		},
		refused(startedAt, now, running) {
			// Requests that were under way at the last cut tell nothing of the new limit.
			if (startedAt <= lastCut) return;
			hold = now - lastCut > longestHold ? shortestHold : Math.min(longestHold, hold * 2);
			lastCut = now;
			ceiling = Math.max(1, Math.min(running, limit) - 1);
			ceilingUntil = now + hold;
			limit = Math.max(1, Math.min(ceiling, Math.floor(limit / 2)));
			credit = 0;
		},
	};
}
