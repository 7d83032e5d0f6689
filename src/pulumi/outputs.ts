import type { Drift } from "../drift/drift.js";
import type { Unread } from "../drift/read-live.js";
import type { Assessment } from "../model/assessment.js";

/** Stack outputs: facts of a run, no resource, so that a changing score is no change of a resource. Plain JSON, no names of people, no secrets. */
export interface Outputs {
	/** Posture 0–100, as far as it is known; null = nothing is stored. */
	score: number | null;
	/** What it may be, were every unknown a pass. */
	scoreMax: number | null;
	/** Open findings by severity. */
	counts: Record<string, number>;
	/** Collections that were not read whole, by `<system>/<collection>`. Empty: everything was. */
	coverage: Record<string, string>;
	/** Declared objects that differ, by key, each in a few words. */
	drift: Record<string, string>;
}

export function outputsOf(assessment: Assessment | null, drift: Drift[], unread: Unread[]): Outputs {
	const counts: Record<string, number> = {};
	for (const { outcome, state, severity } of assessment?.findings ?? [])
		if (outcome === "fail" && state !== "fixed") counts[severity] = (counts[severity] ?? 0) + 1;
	const partial = (assessment?.systems ?? []).flatMap(({ system, coverage }) =>
		coverage
			.filter(({ state }) => state !== "complete")
			.map(({ collection, state, reasons }) => [`${system}/${collection}`, [state, reasons[0]?.detail].filter(Boolean).join(": ")] as const),
	);
	return {
		score: tenths(assessment?.posture.posture),
		scoreMax: tenths(assessment?.posture.postureMax),
		counts,
		coverage: Object.fromEntries(partial),
		drift: Object.fromEntries([
			...drift.map((one) => [one.key, inWords(one)] as const),
			...unread.map(({ key, why }) => [key, `can't be read: ${why}`] as const),
		]),
	};
}

function inWords({ exists, misnamed, missing, extra, changed }: Drift): string {
	if (!exists) return "the vendor has no such object";
	const parts = [
		...(misnamed === null ? [] : ["another name"]),
		...(missing.length === 0 ? [] : [`${missing.length} missing`]),
		...(extra.length === 0 ? [] : [`${extra.length} not declared`]),
		...changed.map(({ path }) => path),
	];
	return parts.join(", ");
}

function tenths(value: number | null | undefined): number | null {
	return typeof value === "number" ? Math.round(value * 10) / 10 : null;
}
