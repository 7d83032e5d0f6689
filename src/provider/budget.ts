import type { Millis } from "../model/known.js";
import { createAbortGroup } from "./abort-group.js";
import { createConcurrency } from "./concurrency.js";
import type { BucketStats, RateLimits } from "./http.js";
import { createRateWindow, exhausted, finish, type RateWindow, readyAt, start } from "./rate-window.js";
import type { ServerClock } from "./server-clock.js";
import { createWaitLine, type WaitLine } from "./wait-line.js";

export interface BudgetOptions {
	now(): Millis;
	/** Resolves after `ms`, rejects when the signal is aborted. */
	sleep(ms: Millis, signal: AbortSignal): Promise<unknown>;
	clock: ServerClock;
	/** Share of a bucket's limit that is left for others, 0 to below 1. */
	reserve: number;
	maxConcurrency: number;
}

/** Leave to send one request. `done` must be called once, whatever happens. */
export interface Permit {
	done(limits: RateLimits | null): void;
	/** The answer was a 429 of a used-up window: nobody asks this bucket before `until`. Call it before `done`. */
	throttled(until: Millis): void;
	/** The answer was a 429 because too many run at once. Call it before `done`. */
	refused(): void;
}

export interface AcquireOptions {
	signal: AbortSignal;
	/** Local time after which waiting is pointless, asked whenever it becomes known when the bucket opens. */
	latest(): Millis;
	/** A request that was sent before goes ahead of those that were not. */
	first: boolean;
}

/** The bucket will not open before the deadline. */
export interface TooLong {
	tooLong: true;
	/** Local time at which the bucket opens. */
	opensAt: Millis;
}

/** One budget for all requests to a tenant: a window per rate bucket, and a number of requests at once over all of them. */
export interface Budget {
	/** Waits for leave to send. Rejects with the signal's reason when it is aborted. */
	acquire(bucket: string, options: AcquireOptions): Promise<Permit | TooLong>;
	buckets(): Record<string, BucketStats>;
	concurrency(): number;
	concurrencyThrottled(): number;
	close(): void;
}

interface Waiter extends AcquireOptions {
	give(permit: Permit | TooLong): void;
}

interface Bucket {
	window: RateWindow;
	/** Sent before and to be sent again; they go first. */
	again: WaitLine<Waiter>;
	waiting: WaitLine<Waiter>;
	/** The opening time that the waiting were last told. */
	opensAt: Millis | null;
	requests: number;
	throttled: number;
	waits: number;
}

/** Starts requests while their bucket's window has more left than the reserve, then waits for the reset on the server's clock. */
export function createBudget(options: BudgetOptions): Budget {
	const { now, clock, reserve } = options;
	const concurrency = createConcurrency(options.maxConcurrency);
	const aborts = createAbortGroup();
	const buckets = new Map<string, Bucket>();
	let running = 0;
	let refusals = 0;
	let alarm: { at: Millis; controller: AbortController } | null = null;

	function bucketOf(name: string): Bucket {
		let bucket = buckets.get(name);
		if (!bucket) {
			bucket = { window: createRateWindow(), again: createWaitLine(), waiting: createWaitLine(), opensAt: null, requests: 0, throttled: 0, waits: 0 };
			buckets.set(name, bucket);
		}
		return bucket;
	}

	/** Turn by turn over the buckets, so that a full one never starves the others. */
	function schedule(): void {
		let wake = Number.POSITIVE_INFINITY;
		for (let progress = true; progress; ) {
			progress = false;
			wake = Number.POSITIVE_INFINITY;
			for (const bucket of buckets.values()) {
				if (bucket.again.size() + bucket.waiting.size() === 0) continue;
				const at = readyAt(bucket.window, now(), clock, reserve);
				if (at <= now()) {
					progress = running < concurrency.limit() && giveNext(bucket);
				} else if (at !== Number.POSITIVE_INFINITY) {
					announce(bucket, at);
					if (bucket.again.size() + bucket.waiting.size() > 0) wake = Math.min(wake, at);
				}
			}
		}
		setAlarm(wake);
	}

	function giveNext(bucket: Bucket): boolean {
		const waiter = bucket.again.next() ?? bucket.waiting.next();
		waiter?.give(permitFor(bucket));
		return waiter !== undefined;
	}

	/** Sends away those whose deadline comes before the bucket opens. */
	function announce(bucket: Bucket, opensAt: Millis): void {
		if (bucket.opensAt === opensAt) return;
		bucket.opensAt = opensAt;
		bucket.waits++;
		for (const queue of [bucket.again, bucket.waiting]) {
			for (const waiter of queue.members()) {
				if (opensAt <= waiter.latest()) continue;
				queue.leave(waiter);
				waiter.give({ tooLong: true, opensAt });
			}
		}
	}

	function setAlarm(at: Millis): void {
		if (alarm?.at === at) return;
		alarm?.controller.abort();
		alarm = null;
		if (at === Number.POSITIVE_INFINITY) return;
		const mine = { at, controller: new AbortController() };
		alarm = mine;
		options.sleep(Math.max(0, at - now()), mine.controller.signal).then(
			() => {
				if (alarm === mine) alarm = null;
				schedule();
			},
			() => {},
		);
	}

	function permitFor(bucket: Bucket): Permit {
		const startedAt = now();
		const probe = start(bucket.window, startedAt, clock, reserve);
		let blockedUntil: Millis | null = null;
		let refused = false;
		bucket.requests++;
		running++;
		return {
			throttled(until) {
				bucket.throttled++;
				blockedUntil = until;
			},
			refused() {
				refused = true;
				refusals++;
				concurrency.refused(startedAt, now(), running);
			},
			done(limits) {
				running--;
				finish(bucket.window, probe, limits, now(), clock);
				if (blockedUntil !== null) exhausted(bucket.window, blockedUntil);
				else if (!refused && limits !== null) concurrency.succeeded(now());
				schedule();
			},
		};
	}

	return {
		acquire(name, acquireOptions) {
			const { signal } = acquireOptions;
			if (signal.aborted) return Promise.reject(signal.reason);
			const bucket = bucketOf(name);
			const opensAt = readyAt(bucket.window, now(), clock, reserve);
			if (opensAt > acquireOptions.latest() && opensAt !== Number.POSITIVE_INFINITY) return Promise.resolve({ tooLong: true, opensAt });
			const queue = acquireOptions.first ? bucket.again : bucket.waiting;
			return new Promise((resolve, reject) => {
				const unlisten = aborts.listen(signal, () => {
					queue.leave(waiter);
					reject(signal.reason);
					schedule();
				});
				const give = (permit: Permit | TooLong): void => {
					unlisten();
					resolve(permit);
				};
				const waiter: Waiter = { ...acquireOptions, give };
				queue.add(waiter);
				schedule();
			});
		},
		buckets: () =>
			Object.fromEntries(
				[...buckets].map(([name, { requests, throttled, waits, window }]) => [
					name,
					{ requests, throttled, waits, limit: window.limit, remaining: window.remaining },
				]),
			),
		concurrency: () => concurrency.limit(),
		concurrencyThrottled: () => refusals,
		close: () => setAlarm(Number.POSITIVE_INFINITY),
	};
}
