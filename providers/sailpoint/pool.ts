/**
 * Runs `work` over the items, at most `atOnce` at a time, and yields results as they finish.
 * The HTTP client holds the vendor's own limits; this bounds memory.
 */
export async function* concurrently<T, R>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<R>): AsyncGenerator<R> {
	const running = new Map<number, Promise<[number, R]>>();
	let next = 0;
	const finished = async (): Promise<R> => {
		const [key, result] = await Promise.race(running.values());
		running.delete(key);
		return result;
	};
	try {
		for (const item of items) {
			const key = next++;
			running.set(
				key,
				work(item).then((result) => [key, result]),
			);
			if (running.size >= atOnce) yield await finished();
		}
		while (running.size > 0) yield await finished();
	} finally {
		// A caller that stops early leaves no rejection unheard.
		await Promise.allSettled(running.values());
	}
}
