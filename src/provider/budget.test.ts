import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBudget } from "./budget.js";
import type { RateLimits } from "./http.js";
import { createServerClock } from "./server-clock.js";
import { createTestClock, type TestClock } from "./test-clock.js";

interface WindowServer {
	/** Highest count that any window reached, and how many were refused. */
	worst: number;
	refused: number;
	take(): RateLimits;
}

/** A vendor with fixed windows that do not begin at the minute, whose clock is off, and whose headers count whole seconds. */
function windowServer(clock: TestClock, limit: number, windowMs: number, offset: number, phase: number, taken = 0): WindowServer {
	let window = -1;
	let used = 0;
	const server: WindowServer = {
		worst: 0,
		refused: 0,
		take() {
			const time = clock.now() + offset;
			const current = Math.floor((time - phase) / windowMs);
			if (current !== window) used = taken;
			window = current;
			const resetAt = Math.floor(((current + 1) * windowMs + phase) / 1000) * 1000;
			if (used >= limit) server.refused++;
			else used++;
			server.worst = Math.max(server.worst, used);
			return { limit, remaining: limit - used, resetAt, serverNow: Math.floor(time / 1000) * 1000, concurrency: false };
		},
	};
	return server;
}

async function read(clock: TestClock, server: WindowServer, count: number, latency: number, reserve = 0.05, maxConcurrency = 30): Promise<number> {
	const serverClock = createServerClock();
	const budget = createBudget({ now: clock.now, sleep: clock.sleep, clock: serverClock, reserve, maxConcurrency });
	const { signal } = new AbortController();
	setMaxListeners(0, signal);
	const began = clock.now();
	async function one(_: unknown, index: number): Promise<void> {
		const permit = await budget.acquire("users", { signal, latest: () => Number.POSITIVE_INFINITY, first: false });
		if ("tooLong" in permit) throw new Error("sent away");
		const sentAt = clock.now();
		await clock.sleep(latency / 2);
		const limits = server.take();
		// Answers overtake each other.
		await clock.sleep((latency / 2) * (1 + ((index * 7) % 5)));
		if (limits.serverNow !== null) serverClock.observe(limits.serverNow, sentAt, clock.now());
		permit.done(limits);
	}
	await clock.run(Promise.all(Array.from({ length: count }).map(one)));
	return clock.now() - began;
}

test("reads at the vendor's limit: no request is refused, and the time is within 1.1 × floor and one window", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.record({
				limit: fc.integer({ min: 20, max: 120 }),
				windows: fc.integer({ min: 1, max: 8 }),
				windowMs: fc.constantFrom(10_000, 60_000),
				offset: fc.integer({ min: -90_000, max: 90_000 }),
				phase: fc.integer({ min: 0, max: 59_999 }),
				latency: fc.integer({ min: 2, max: 400 }),
			}),
			async ({ limit, windows, windowMs, offset, phase, latency }) => {
				const clock = createTestClock();
				const server = windowServer(clock, limit, windowMs, offset, phase);
				const took = await read(clock, server, limit * windows, latency);
				expect(server.refused).toBe(0);
				const floor = windows * windowMs;
				// Ten-second windows lose a second in ten to headers that count whole seconds.
				expect(took).toBeLessThanOrEqual((windowMs === 60_000 ? 1.1 : 1.2) * floor + windowMs);
			},
		),
		{ numRuns: 60 },
	);
});

test("leaves the reserve to others in every window", async () => {
	const clock = createTestClock();
	const server = windowServer(clock, 100, 60_000, 0, 0);
	await read(clock, server, 400, 20, 0.2);
	// The probe of a new window may be counted to the old one.
	expect(server.worst).toBeLessThanOrEqual(84);
});

test("shares a window with a caller who is not us", async () => {
	const clock = createTestClock();
	const server = windowServer(clock, 100, 60_000, 5000, 12_345, 60);
	await read(clock, server, 150, 20);
	expect(server.refused).toBe(0);
});

test("a small limit without a reserve is used up and never passed", async () => {
	const clock = createTestClock();
	const server = windowServer(clock, 3, 60_000, 30_000, 777);
	const took = await read(clock, server, 12, 50);
	expect(server.refused).toBe(0);
	expect(took).toBeLessThanOrEqual(4 * 61_000 + 1000);
});

test("waiting for a window that opens after the deadline is refused at once", async () => {
	const clock = createTestClock();
	const budget = createBudget({ now: clock.now, sleep: clock.sleep, clock: createServerClock(), reserve: 0, maxConcurrency: 5 });
	const { signal } = new AbortController();
	const latest = (): number => clock.now() + 60_000;
	const permit = await budget.acquire("users", { signal, latest, first: false });
	if ("tooLong" in permit) throw new Error("sent away");
	const resetAt = clock.now() + 3_600_000;
	permit.done({ limit: 100, remaining: 0, resetAt, serverNow: null, concurrency: false });
	expect(await budget.acquire("users", { signal, latest, first: false })).toEqual({ tooLong: true, opensAt: resetAt + 1000 });
});

test("an aborted caller leaves the queue and the others go on", async () => {
	const clock = createTestClock();
	const budget = createBudget({ now: clock.now, sleep: clock.sleep, clock: createServerClock(), reserve: 0, maxConcurrency: 1 });
	const options = { latest: () => Number.POSITIVE_INFINITY, first: false };
	const steady = new AbortController();
	const fickle = new AbortController();
	const first = await budget.acquire("users", { signal: steady.signal, ...options });
	const second = budget.acquire("users", { signal: fickle.signal, ...options });
	const third = budget.acquire("users", { signal: steady.signal, ...options });
	fickle.abort(new Error("enough"));
	await expect(second).rejects.toThrow("enough");
	if ("tooLong" in first) throw new Error("sent away");
	first.done({ limit: null, remaining: null, resetAt: null, serverNow: null, concurrency: false });
	expect(await third).toHaveProperty("done");
});

test("a used-up bucket does not hold back another", async () => {
	const clock = createTestClock();
	const budget = createBudget({ now: clock.now, sleep: clock.sleep, clock: createServerClock(), reserve: 0, maxConcurrency: 2 });
	const options = { signal: new AbortController().signal, latest: () => Number.POSITIVE_INFINITY, first: false };
	const permit = await budget.acquire("logs", options);
	if ("tooLong" in permit) throw new Error("sent away");
	permit.done({ limit: 1, remaining: 0, resetAt: clock.now() + 60_000, serverNow: null, concurrency: false });
	const blocked = Array.from({ length: 5 }, () => budget.acquire("logs", options));
	expect(await budget.acquire("users", options)).toHaveProperty("done");
	expect(blocked).toHaveLength(5);
});

test("too many at once: parallel requests shrink under the vendor's limit and the refusals stop", async () => {
	const clock = createTestClock();
	const budget = createBudget({ now: clock.now, sleep: clock.sleep, clock: createServerClock(), reserve: 0, maxConcurrency: 30 });
	const { signal } = new AbortController();
	setMaxListeners(0, signal);
	const none = { limit: null, remaining: null, resetAt: null, serverNow: null };
	let running = 0;
	const refusedAt: number[] = [];
	async function one(index: number): Promise<void> {
		for (let tries = 0; ; tries++) {
			const permit = await budget.acquire("users", { signal, latest: () => Number.POSITIVE_INFINITY, first: tries > 0 });
			if ("tooLong" in permit) throw new Error("sent away");
			const over = ++running > 12;
			await clock.sleep(100);
			running--;
			if (over) {
				refusedAt.push(index);
				permit.refused();
			}
			permit.done({ ...none, concurrency: over });
			if (!over) return;
			await clock.sleep(2000);
		}
	}
	await clock.run(Promise.all(Array.from({ length: 3000 }, (_, index) => one(index))));
	expect(budget.concurrency()).toBeLessThanOrEqual(12);
	expect(budget.concurrency()).toBeGreaterThanOrEqual(6);
	expect(refusedAt.length).toBeGreaterThan(0);
	expect(refusedAt.length).toBeLessThan(30);
});
