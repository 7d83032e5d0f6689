import type { CollectionName, Coverage, Scan, StoredRecord } from "../model/snapshot.js";
import type { ReadBudget, ReadContext } from "../provider/provider.js";
import type { Store } from "../store/store.js";

export interface ContextInput {
	store: Store;
	scan: Scan;
	previous: Scan | null;
	coverage: Map<CollectionName, Coverage>;
	budget: ReadBudget;
	full: boolean;
	signal?: AbortSignal;
	progress(done: number, total: number | null): void;
}

/** What a reader may look at while its scan runs. */
export function readContext(input: ContextInput): ReadContext {
	const { store, scan, previous } = input;
	return {
		system: scan.system,
		scanStarted: scan.started,
		current: (collection) => flatten(store.records(scan, collection)),
		coverage: (collection) => input.coverage.get(collection),
		previous: (collection) => (previous ? flatten(store.records(previous, collection)) : flatten(nothing())),
		previousCount: async (collection) => (previous ? store.countRecords(previous, collection) : 0),
		cursor: (name) => store.cursor(scan.system, name),
		setCursor: (name, value) => store.setCursor(scan, name, value),
		budget: input.budget,
		full: input.full,
		progress: input.progress,
		...(input.signal ? { signal: input.signal } : {}),
	};
}

async function* flatten(batches: AsyncIterable<StoredRecord[]>): AsyncIterable<StoredRecord> {
	for await (const batch of batches) yield* batch;
}

async function* nothing(): AsyncIterable<StoredRecord[]> {}
