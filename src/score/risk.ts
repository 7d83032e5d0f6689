import type { Contribution, Exposure, RiskScore } from "../model/finding.js";
import { band, shown } from "./band.js";
import { explain, type FailedGap, wholePoints } from "./contributions.js";
import { exposureWeight, exposureWeightMax } from "./exposure.js";
import { count, emptyTally, type Gap, points, sum } from "./hazard.js";

/** A policy whose result on the identity is not known. */
export interface UnknownGap extends Gap {
	policy: string;
	label: string;
}

export interface RiskInput {
	/** Open, failed findings; not `review`, not `excepted`. */
	failed: readonly FailedGap[];
	unknown: readonly UnknownGap[];
	exposure: Exposure;
	/** How many policies were evaluated with a known result. */
	known: number;
	/** How many policies were evaluated at all. */
	evaluated: number;
}

/**
 * Risk of one identity, 0–100: damped and capped hazards, multiplied by exposure (docs/scoring.md).
 * `score` counts known failures and known exposure; `scoreMax` counts every unknown policy as failed and every unknown
 * exposure as present. `score` is null when policies were evaluated and none has a known result.
 * A result without gaps is shared and frozen: one object for a million clean accounts.
 */
export function riskScore(input: RiskInput): RiskScore {
	const { failed, unknown, exposure } = input;
	if (failed.length === 0 && unknown.length === 0) return withoutGaps(input.known, input.evaluated);
	const tally = emptyTally();
	let score: number | null = input.known === 0 ? null : 0;
	let contributions: Contribution[] = noContributions;
	let hazard = 0;
	if (failed.length > 0) {
		count(tally, failed);
		const summed = sum(tally);
		hazard = summed.total;
		score = shown(points(hazard * exposureWeight(exposure)));
		contributions = wholePoints(explain(failed, tally, summed, exposure), score);
	}
	if (unknown.length > 0) {
		count(tally, unknown);
		hazard = sum(tally).total;
	}
	const scoreMax = Math.max(score ?? 0, shown(points(hazard * exposureWeightMax(exposure))));
	return {
		score,
		scoreMax,
		band: band(score),
		bandMax: band(scoreMax),
		contributions,
		unknownPolicies: unknown.length,
		evaluatedPolicies: input.evaluated,
	};
}

const noContributions: Contribution[] = [];
Object.freeze(noContributions);

const clean = new Map<number, RiskScore>();

function withoutGaps(known: number, evaluated: number): RiskScore {
	const nothingKnown = known === 0 && evaluated > 0;
	const key = nothingKnown ? -evaluated : evaluated;
	const found = clean.get(key);
	if (found !== undefined) return found;
	const score = nothingKnown ? null : 0;
	const result: RiskScore = {
		score,
		scoreMax: 0,
		band: band(score),
		bandMax: band(score),
		contributions: noContributions,
		unknownPolicies: 0,
		evaluatedPolicies: evaluated,
	};
	Object.freeze(result);
	clean.set(key, result);
	return result;
}
