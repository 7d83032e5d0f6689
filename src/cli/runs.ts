import type { Millis } from "../model/known.js";
import { collections } from "../model/snapshot.js";
import type { Stack } from "../stack/stack.js";
import { pruned } from "../store/erase.js";
import type { Store } from "../store/store.js";

export interface KeptRuns {
	/** Times of the runs that were judged, newest first. */
	runs: Millis[];
	/** Older runs are left out: what was true then is no longer kept whole. Null: everything is. */
	kept: Millis | null;
}

export async function keptRuns(store: Store, stack: Pick<Stack, "name" | "systems">): Promise<KeptRuns> {
	const kept = await keptSince(store, Object.keys(stack.systems));
	const times = new Set((await store.trend(stack.name)).map(({ at }) => at));
	return { runs: [...times].filter((at) => at >= kept).sort((a, b) => b - a), kept: kept === 0 ? null : kept };
}

async function keptSince(store: Store, systems: string[]): Promise<Millis> {
	const cursors = await Promise.all(systems.flatMap((system) => collections.map((collection) => store.cursor(system, pruned(collection)))));
	return Math.max(0, ...cursors.map(Number));
}

/** Says on a terminal which run is being judged. */
export function runProgress({ quiet, json }: { quiet?: boolean; json?: boolean }): (done: number) => void {
	const { stderr } = process;
	if (quiet || json || !stderr.isTTY) return () => {};
	return (done) => void stderr.write(`\r\u001b[2Kjudging run ${done + 1}\r`);
}
