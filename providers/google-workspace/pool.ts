/**
 * Runs `work` over the items, at most `atOnce` at a time, and yields results as they finish.
 * The HTTP client holds the vendor's limits; this bounds memory.
 */
export async function* concurrently<T, R>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
	const running = new Set<Promise<{ done: Promise<unknown>; result: R }>>();
	const finished = async (): Promise<R> => {
		const { done, result } = await Promise.race(running);
		running.delete(done as Promise<{ done: Promise<unknown>; result: R }>);
		return result;
	};
	try {
		for (const item of items) {
			const task: Promise<{ done: Promise<unknown>; result: R }> = work(item).then((result) => ({ done: task, result }));
			running.add(task);
			if (running.size >= atOnce) yield await finished();
		}
		while (running.size > 0) yield await finished();
	} finally {
		// A caller that stops early leaves no rejection unheard.
		await Promise.allSettled(running);
	}
}
