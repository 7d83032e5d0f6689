import type { CollectionName, Scan } from "../model/snapshot.js";
import type { Store } from "../store/store.js";
import type { Collected, Typed } from "./collect.js";

/** Records of a collection, those whose id begins with `prefix` [all], as a scan has them; null: the scan did not read the collection whole. */
export type Scanned = <T extends object>(collection: CollectionName, prefix?: string) => Promise<Collected<T> | null>;

/**
 * What one scan read whole, as if it were read now. For reports of the run that made the scan, never for what a write depends on:
 * a scan may have confirmed records without reading them again.
 */
export function scannedBy(store: Pick<Store, "records">, scan: Scan): Scanned {
	return async <T extends object>(collection: CollectionName, prefix?: string) => {
		const coverage = scan.coverage.find((one) => one.collection === collection);
		if (coverage?.state !== "complete" || coverage.unseen.length > 0) return null;
		const records: Typed<T>[] = [];
		for await (const batch of store.records(scan, collection, prefix)) for (const record of batch) records.push({ ...record, body: record.body as T });
		return { records, why: null, request: null };
	};
}
