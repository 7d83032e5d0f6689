import type { Contribution, Exposure } from "../model/finding.js";
import { exposureFactors, exposureFacts, exposureLabels, exposureWeight } from "./exposure.js";
import { type Gap, type Hazard, part, points, type Tally } from "./hazard.js";

/** A known failure as the score sees it. */
export interface FailedGap extends Gap {
	/** Finding id. */
	id: string;
	label: string;
}

/** Which finding and which exposure makes up how much of the score, unrounded: all are ≥ 0 and sum to the raw score. */
export function explain(failed: readonly FailedGap[], tally: Tally, hazard: Hazard, exposure: Exposure): Contribution[] {
	const base = points(hazard.total);
	const perHazard = hazard.total > 0 ? base / hazard.total : 0;
	const list: Contribution[] = [];
	for (const gap of failed) list.push({ source: "finding", id: gap.id, label: gap.label, points: perHazard * part(gap, tally, hazard) });
	const weight = exposureWeight(exposure);
	if (hazard.total === 0 || weight === 1) return list;
	const perFactor = (points(hazard.total * weight) - base) / (weight - 1);
	for (const fact of exposureFacts(exposure)) {
		list.push({ source: "exposure", id: fact, label: exposureLabels[fact], points: perFactor * exposureFactors[fact] });
	}
	return list;
}

interface Row {
	contribution: Contribution;
	/** Exact points, without floating-point noise: it must not decide a tie, nor turn 35 into 34.999…. */
	value: number;
	whole: number;
}

/** Whole points by largest remainder that sum to `total`, largest first; ties by id. */
export function wholePoints(exact: readonly Contribution[], total: number): Contribution[] {
	const [only] = exact;
	if (only !== undefined && exact.length === 1) return [{ ...only, points: total }];
	let left = total;
	const rows: Row[] = [];
	for (const contribution of exact) {
		const value = Math.round(contribution.points * 1e9) / 1e9;
		const whole = Math.floor(value);
		left -= whole;
		rows.push({ contribution, value, whole });
	}
	rows.sort(byRemainder);
	for (const row of rows) {
		if (left <= 0) break;
		row.whole++;
		left--;
	}
	rows.sort(byPoints);
	return rows.map(finished);
}

function byRemainder(a: Row, b: Row): number {
	return b.value - b.whole - (a.value - a.whole) || byId(a, b);
}

function byPoints(a: Row, b: Row): number {
	return b.whole - a.whole || b.value - a.value || byId(a, b);
}

function byId(a: Row, b: Row): number {
	if (a.contribution.id === b.contribution.id) return 0;
	return a.contribution.id < b.contribution.id ? -1 : 1;
}

function finished({ contribution, whole }: Row): Contribution {
	return { source: contribution.source, id: contribution.id, label: contribution.label, points: whole };
}
