import type { Millis } from "../model/known.js";
import type { RateLimits } from "./http.js";
import type { ServerClock } from "./server-clock.js";

/** What is known of one rate bucket's current window. `resetAt` is on the server's clock, everything else local. */
export interface RateWindow {
	limit: number | null;
	remaining: number | null;
	resetAt: Millis | null;
	/** Requests started and not yet answered: the server may or may not have counted them. */
	inflight: number;
	/** An answer was seen, so the absence of limits is known and not assumed. */
	known: boolean;
	/** One request is out to see whether a new window has begun. */
	probing: boolean;
	/** No request before this local time, whatever the window says. */
	blockedUntil: Millis;
}

/** Headers of whole seconds may say a reset up to a second early. */
const resetSlack = 1000;
const probeEvery = 250;
/** For a vendor whose reset passes and nothing opens. */
const probeSeldom = 2000;

export function createRateWindow(): RateWindow {
	return { limit: null, remaining: null, resetAt: null, inflight: 0, known: false, probing: false, blockedUntil: 0 };
}

/**
 * Local time at which one more request may start: a time not after `now` means at once, Infinity means after the next answer.
 * `reserve` is the share of the limit that is left for others.
 */
export function readyAt(window: RateWindow, now: Millis, clock: ServerClock, reserve: number): Millis {
	if (window.blockedUntil > now) return window.blockedUntil;
	if (!window.known) return window.inflight === 0 ? now : Number.POSITIVE_INFINITY;
	if (window.remaining === null || window.resetAt === null) return now;
	// Every request under way counts as not yet counted: never too many, and the answers put it right.
	if (window.remaining - window.inflight > Math.floor((window.limit ?? 0) * reserve)) return now;
	if (window.probing) return Number.POSITIVE_INFINITY;
	// While something of the reserve is left, asking at the second of the reset cannot be one request too many.
	const reset = clock.localAt(window.resetAt);
	return window.remaining - window.inflight > 0 ? reset : reset + resetSlack;
}

/** A request starts. Returns whether it is the probe of a window that should have begun. */
export function start(window: RateWindow, now: Millis, clock: ServerClock, reserve: number): boolean {
	const spare = window.remaining === null || window.remaining - window.inflight > Math.floor((window.limit ?? 0) * reserve);
	const probe = window.known && !spare && window.resetAt !== null && clock.localAt(window.resetAt) <= now;
	if (probe) window.probing = true;
	window.inflight++;
	return probe;
}

/** An answer, or its absence (`limits` null), came for a started request. */
export function finish(window: RateWindow, probe: boolean, limits: RateLimits | null, now: Millis, clock: ServerClock): void {
	window.inflight--;
	const before = window.resetAt;
	if (limits !== null) {
		window.known = true;
		if (!limits.concurrency) learn(window, limits, now, clock);
	}
	if (probe) {
		window.probing = false;
		if (window.resetAt === before) {
			const late = before !== null && now > clock.localAt(before) + resetSlack;
			window.blockedUntil = Math.max(window.blockedUntil, now + (late ? probeSeldom : probeEvery));
		}
	}
}

function learn(window: RateWindow, limits: RateLimits, now: Millis, clock: ServerClock): void {
	if (limits.limit === null && limits.remaining === null) return;
	const { resetAt } = limits;
	const remaining = limits.remaining === null ? null : Math.max(0, limits.remaining);
	const over = window.resetAt === null || clock.localAt(window.resetAt) <= now;
	const later = resetAt !== null && (window.resetAt === null || resetAt > window.resetAt + (over ? 0 : resetSlack));
	if (later || window.resetAt === null || window.remaining === null) {
		window.limit = limits.limit ?? window.limit;
		window.remaining = remaining;
		window.resetAt = resetAt;
		return;
	}
	// Answers of a window that is gone come late and say nothing of this one.
	if (resetAt !== null && resetAt < window.resetAt - resetSlack) return;
	window.limit = limits.limit ?? window.limit;
	// Answers overtake each other; inside one window the count only falls.
	if (remaining !== null) window.remaining = Math.min(window.remaining, remaining);
	if (resetAt !== null) window.resetAt = Math.max(window.resetAt, resetAt);
}

/** The vendor answered 429: nothing is left of this window, whatever the headers say. */
export function exhausted(window: RateWindow, until: Millis): void {
	if (window.resetAt !== null) window.remaining = 0;
	window.blockedUntil = Math.max(window.blockedUntil, until);
}
