import type { Outcome, PolicyCounts } from "../model/finding.js";
import type { CompiledPolicy } from "../policy/compile.js";

/** Counts of one policy over its population, in the making. */
export function emptyCounts({ policy }: CompiledPolicy): PolicyCounts {
	return {
		policy: policy.id,
		title: policy.title,
		severity: policy.severity,
		cause: policy.cause,
		why: policy.why,
		pass: 0,
		fail: 0,
		unknown: 0,
		review: 0,
		excepted: 0,
		notApplicable: 0,
		weight: { pass: 0, fail: 0, unknown: 0, excepted: 0 },
		unknownFields: {},
	};
}

/** Adds one subject. A `review` weighs as unknown: a weak signal is neither a pass nor a failure. */
export function tally(counts: PolicyCounts, outcome: Outcome, weight: number): void {
	switch (outcome) {
		case "not-applicable":
			counts.notApplicable++;
			return;
		case "review":
			counts.review++;
			counts.weight.unknown += weight;
			return;
		default:
			counts[outcome]++;
			counts.weight[outcome] += weight;
	}
}

/** A tenant-level subject has no exposure of its own. */
export const plainWeight = 1;
