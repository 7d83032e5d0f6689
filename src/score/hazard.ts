import type { Severity } from "../model/finding.js";

/** What a gap weighs by: how grave it is, and which cause it shares with others. */
export interface Gap {
	severity: Severity;
	cause: string;
}

/** Share that a finding keeps when a graver or equal one of its cause already counts in full. */
const damping = 0.25;

const rank = { info: 0, low: 1, medium: 2, high: 3, critical: 4 } as const satisfies Record<Severity, number>;
type Rank = (typeof rank)[Severity];

/** Any number of lows and mediums stays at or below 75 points; any number of lows at or below 50. */
export const mediumCeiling = -Math.log(0.25);
export const lowCeiling = mediumCeiling * Math.LN2;

function capped(hazard: number, ceiling: number): number {
	return hazard === 0 ? 0 : -ceiling * Math.expm1(-hazard / ceiling);
}

function uncapped(hazard: number, ceiling: number): number {
	return -ceiling * Math.log1p(-hazard / ceiling);
}

/** Hazards that put one finding, alone and unexposed, at 0, 10, 35, 60 and 80 points after both caps. */
export const hazards = [
	0,
	uncapped(uncapped(-Math.log(0.9), mediumCeiling), lowCeiling),
	uncapped(-Math.log(0.65), mediumCeiling),
	-Math.log(0.4),
	-Math.log(0.2),
] as const;

interface Lead {
	rank: Rank;
	times: number;
}

/** Gaps counted by severity, and for each cause its highest severity and how often that one occurs. */
export interface Tally {
	count: [number, number, number, number, number];
	leads: Map<string, Lead>;
}

export function emptyTally(): Tally {
	return { count: [0, 0, 0, 0, 0], leads: new Map() };
}

export function count(tally: Tally, gaps: readonly Gap[]): void {
	for (const gap of gaps) {
		const severity = rank[gap.severity];
		tally.count[severity]++;
		const lead = tally.leads.get(gap.cause);
		if (lead === undefined) tally.leads.set(gap.cause, { rank: severity, times: 1 });
		else if (severity > lead.rank) {
			lead.rank = severity;
			lead.times = 1;
		} else if (severity === lead.rank) lead.times++;
	}
}

/** A summed hazard, and what the caps leave of a low's and a medium's own. */
export interface Hazard {
	total: number;
	lowShare: number;
	mediumShare: number;
}

/**
 * Damps, caps and sums. Per severity the damped sum is h·(count + 3·leading causes)/4: whole numbers until the last step,
 * so the order of gaps cannot change one bit of it.
 */
export function sum(tally: Tally): Hazard {
	const full: Tally["count"] = [0, 0, 0, 0, 0];
	for (const lead of tally.leads.values()) full[lead.rank]++;
	const low = damped(1, full, tally);
	const lowCapped = capped(low, lowCeiling);
	const medium = lowCapped + damped(2, full, tally);
	const mediumCapped = capped(medium, mediumCeiling);
	const mediumShare = medium > 0 ? mediumCapped / medium : 1;
	return {
		total: mediumCapped + damped(3, full, tally) + damped(4, full, tally),
		mediumShare,
		lowShare: low > 0 ? (lowCapped / low) * mediumShare : mediumShare,
	};
}

function damped(severity: Rank, full: Tally["count"], tally: Tally): number {
	return hazards[severity] * (full[severity] + damping * (tally.count[severity] - full[severity]));
}

/** One gap's own part of `hazard.total`. All parts sum to it. */
export function part(gap: Gap, tally: Tally, hazard: Hazard): number {
	const severity = rank[gap.severity];
	const lead = tally.leads.get(gap.cause);
	const leads = lead !== undefined && lead.rank === severity;
	const own = hazards[severity] * (leads ? (1 + (lead.times - 1) * damping) / lead.times : damping);
	if (severity === 1) return own * hazard.lowShare;
	return severity === 2 ? own * hazard.mediumShare : own;
}

/** Points 0–100 of a hazard. */
export function points(hazard: number): number {
	return -100 * Math.expm1(-hazard);
}
