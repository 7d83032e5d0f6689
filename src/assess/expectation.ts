import type { Coverage, Scan } from "../model/snapshot.js";
import type { StackSystem } from "../stack/stack.js";

/** A collection that was read worse than the stack file expects. */
export interface Shortfall {
	system: string;
	coverage: Coverage;
	/** Share that was read, 0–1; null when it can't be said. */
	share: number | null;
	expected: number;
}

/** Collections worse than `expect`: the default expectation is complete. */
export function shortfalls(scan: Scan, declared: StackSystem): Shortfall[] {
	return scan.coverage.flatMap((coverage) => {
		if (coverage.state === "complete") return [];
		const expected = declared.expect[coverage.collection]?.coverage ?? 1;
		const share = coverage.eligible ? coverage.known / coverage.eligible : coverage.state === "unreadable" ? 0 : null;
		if (expected === 0 || (share !== null && share >= expected)) return [];
		return [{ system: scan.system, coverage, share, expected }];
	});
}
