import type { Millis } from "../model/known.js";
import type { CollectionName, Scan } from "../model/snapshot.js";
import { StoreError } from "./errors.js";
import type { RowSet } from "./row-set.js";

/** What this process remembers of a collection that a scan of it reads: which rows it met. Never stored; a scan whose process died is closed as interrupted. */
export interface RunningCollection {
	series: number;
	/** Nothing was stored when the collection began: a new row needs no look at an old one. */
	fresh: boolean;
	finished: boolean;
	put: RowSet;
	confirmed: RowSet;
	/** The earliest times, so that nothing is said to be fresher than it is. Null = no such call yet. */
	putAt: Millis | null;
	confirmedAt: Millis | null;
}

/** @throws StoreError when the scan has ended, or was begun by another process, whose list of rows met we don't have. */
export function refuseEnded(scan: Scan, row: { finished: Millis | null; interrupted: number | boolean } | undefined, ours: boolean): void {
	if (!row) throw new StoreError(`scan ${scan.id} of ${scan.system} is not in this store`);
	if (row.interrupted) throw new StoreError(`scan ${scan.id} of ${scan.system} was closed as interrupted: another scan of ${scan.system} has begun since`);
	if (row.finished !== null) throw new StoreError(`scan ${scan.id} of ${scan.system} is already finished`);
	if (!ours) throw new StoreError(`scan ${scan.id} of ${scan.system} was begun by another process, and only that one can go on with it`);
}

/** @throws StoreError when nothing more can be stored of the collection in this scan */
export function refuseFinished(scan: Scan, collection: CollectionName, known: RunningCollection | undefined): void {
	if (known?.finished) throw new StoreError(`scan ${scan.id} of ${scan.system}: ${collection} are already finished`);
}

/** @throws StoreError for a record without an id */
export function refuseEmptyId(scan: Scan, collection: CollectionName, id: string): void {
	if (id === "") throw new StoreError(`scan ${scan.id} of ${scan.system}: a record of ${collection} has an empty id`);
}

export function earliest(known: Millis | null, at: Millis): Millis {
	return known === null ? at : Math.min(known, at);
}
