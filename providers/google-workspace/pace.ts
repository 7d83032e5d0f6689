import type { Millis } from "../../src/model/known.js";
import type { RateLimits } from "../../src/provider/http.js";

/**
 * Google sends no headers of what is left of a quota: this counts what was sent, in windows of a minute of our own clock,
 * and tells it in the form in which other vendors' headers come.
 */
export interface Pace {
	sent(): void;
	limits(serverNow: Millis | null): RateLimits;
}

const minute: Millis = 60_000;

/** `perMinute`: what the vendor lets through for one user and project. */
export function createPace(perMinute: number, now: () => Millis): Pace {
	let start: Millis | null = null;
	let count = 0;
	let told = false;
	return {
		sent() {
			if (start === null || now() - start >= minute) {
				start = now();
				count = 0;
			}
			count++;
		},
		limits(serverNow) {
			const offset = serverNow === null ? 0 : serverNow - now();
			const none = { limit: null, remaining: null, resetAt: null, serverNow, concurrency: false };
			// Far from the limit nothing needs to be held back, and small tenants never come near.
			if (start === null || (!told && count < perMinute / 2)) return none;
			told = true;
			return { ...none, limit: perMinute, remaining: Math.max(0, perMinute - count), resetAt: start + minute + offset };
		},
	};
}
