import type { CollectionName, Coverage, Scan, StoredRecord } from "../model/snapshot.js";
import type { Store } from "../store/store.js";

/** One system's finished scan, opened for judging. */
export interface Snapshot {
	scan: Scan;
	complete(collection: CollectionName): boolean;
	coverage(collection: CollectionName): Coverage | undefined;
	/** Nothing is believed of these ids: the scan's list broke off before it named them. */
	unseen(collection: CollectionName): ReadonlySet<string>;
	/** In id order; with `prefix`, those whose id begins with it. */
	records<T>(collection: CollectionName, prefix?: string): AsyncIterable<(Omit<StoredRecord, "body"> & { body: T })[]>;
	/** All records in one map, for collections that fit in memory. */
	all<T>(collection: CollectionName): Promise<Map<string, Omit<StoredRecord, "body"> & { body: T }>>;
}

export function openSnapshot(store: Store, scan: Scan): Snapshot {
	const byName = new Map(scan.coverage.map((coverage) => [coverage.collection, coverage]));
	const unseen = new Map<CollectionName, Set<string>>();
	const records = <T>(collection: CollectionName, prefix?: string) =>
		store.records(scan, collection, prefix) as AsyncIterable<(Omit<StoredRecord, "body"> & { body: T })[]>;
	return {
		scan,
		complete: (collection) => byName.get(collection)?.state === "complete",
		coverage: (collection) => byName.get(collection),
		unseen(collection) {
			let set = unseen.get(collection);
			if (!set) {
				set = new Set(byName.get(collection)?.unseen);
				unseen.set(collection, set);
			}
			return set;
		},
		records,
		async all<T>(collection: CollectionName) {
			const map = new Map<string, Omit<StoredRecord, "body"> & { body: T }>();
			for await (const batch of records<T>(collection)) for (const record of batch) map.set(record.id, record);
			return map;
		},
	};
}
