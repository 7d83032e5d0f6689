/** A clock of its own for tests: time passes only when every caller sleeps. */
export interface TestClock {
	now(): number;
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** Lets time pass until the promise settles. */
	run<T>(work: Promise<T>): Promise<T>;
}

export function createTestClock(start = Date.UTC(2026, 0, 1)): TestClock {
	let time = start;
	const sleepers = new Set<{ at: number; wake(): void }>();
	return {
		now: () => time,
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				if (signal?.aborted) return reject(signal.reason);
				const sleeper = { at: time + ms, wake: resolve };
				sleepers.add(sleeper);
				signal?.addEventListener("abort", () => {
					sleepers.delete(sleeper);
					reject(signal.reason);
				});
			}),
		async run(work) {
			let settled = false;
			const mark = (): void => {
				settled = true;
			};
			work.then(mark, mark);
			while (!settled) {
				await new Promise((resolve) => setImmediate(resolve));
				if (settled) break;
				let next: { at: number; wake(): void } | undefined;
				for (const sleeper of sleepers) if (!next || sleeper.at < next.at) next = sleeper;
				if (!next) throw new Error("the work waits and nobody sleeps");
				sleepers.delete(next);
				time = Math.max(time, next.at);
				next.wake();
			}
			return work;
		},
	};
}

/** A sleep for tests over real sockets: no time is lost, the clock jumps. */
export function createJumpClock(start = Date.UTC(2026, 0, 1)): { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void>; slept: number[] } {
	let time = start;
	const slept: number[] = [];
	return {
		now: () => time,
		async sleep(ms, signal) {
			signal?.throwIfAborted();
			slept.push(ms);
			time += ms;
			await new Promise((resolve) => setImmediate(resolve));
			signal?.throwIfAborted();
		},
		slept,
	};
}
