import type { PolicyCounts, Posture, Severity } from "../model/finding.js";

/** How much a policy weighs in a mean. */
export const severityWeight = { info: 0, low: 1, medium: 3, high: 6, critical: 10 } satisfies Record<Severity, number>;

/** A known failure of this severity keeps a tenant at or below this many points. */
const tenantCaps = [
	{ severity: "critical", cap: 60 },
	{ severity: "high", cap: 85 },
] as const;

const notApplicable: Posture = Object.freeze({ posture: null, postureMax: null, coverage: null });

/**
 * Share of subjects that pass one policy, 0–100, weighted by exposure. Unknown counts as not passed in `posture` and as
 * passed in `postureMax`; an exempted failure counts as failed in both. Nothing applies: all null. Nothing known: `posture` null.
 */
export function policyPosture(counts: PolicyCounts): Posture {
	const { pass, fail, unknown, excepted } = counts.weight;
	const failed = fail + excepted;
	const best = pass + unknown;
	const total = best + failed;
	if (total === 0) return notApplicable;
	const known = pass + failed;
	return {
		posture: known === 0 ? null : (100 * pass) / total,
		postureMax: (100 * best) / total,
		coverage: Math.min(1, known / total),
	};
}

/** Posture of a whole tenant: the mean over policies by severity, held down by the worst known failure. */
export interface TenantPosture extends Posture {
	/** Policy whose known failure lowered `posture` to 60 (critical) or 85 (high); null where no cap lowered it. */
	cappedBy: string | null;
}

/** Mean over policies by severity; any critical failure, exempted or not, holds it at or below 60, any high one at or below 85. */
export function tenantPosture(counts: readonly PolicyCounts[]): TenantPosture {
	const mean = policyMean(counts);
	const { cap, policy } = worstFailure(counts);
	return {
		posture: mean.posture === null ? null : Math.min(mean.posture, cap),
		postureMax: mean.postureMax === null ? null : Math.min(mean.postureMax, cap),
		coverage: mean.coverage,
		cappedBy: mean.posture !== null && mean.posture > cap ? policy : null,
	};
}

function worstFailure(counts: readonly PolicyCounts[]): { cap: number; policy: string | null } {
	for (const { severity, cap } of tenantCaps) {
		const failing = counts.filter((one) => one.severity === severity && one.fail + one.excepted > 0).map((one) => one.policy);
		const policy = failing.sort()[0];
		if (policy !== undefined) return { cap, policy };
	}
	return { cap: 100, policy: null };
}

/** Posture of one control of a framework. */
export interface ControlPosture extends Posture {
	/** `not-assessed`: no policy of weight maps to it; never a pass. `unknown`: assessed, and nothing known. */
	state: "assessed" | "unknown" | "not-applicable" | "not-assessed";
}

/** Mean over the policies that map to a control, by severity. */
export function controlPosture(counts: readonly PolicyCounts[]): ControlPosture {
	if (!counts.some((one) => severityWeight[one.severity] > 0)) return { ...notApplicable, state: "not-assessed" };
	const mean = policyMean(counts);
	if (mean.coverage === null) return { ...mean, state: "not-applicable" };
	return { ...mean, state: mean.posture === null ? "unknown" : "assessed" };
}

/** Posture of a framework: the plain mean over its assessed controls. Says nothing of the others, so print both counts. */
export interface FrameworkPosture extends Posture {
	/** Controls that a policy maps to and that apply here. */
	assessed: number;
	controls: number;
}

/** Mean over the controls that are assessed; one of which nothing is known counts as unknown. */
export function frameworkPosture(controls: readonly ControlPosture[]): FrameworkPosture {
	const assessed = controls.filter((control) => control.state === "assessed" || control.state === "unknown");
	return { ...meanPosture(assessed.map((posture) => ({ posture, weight: 1 }))), assessed: assessed.length, controls: controls.length };
}

function policyMean(counts: readonly PolicyCounts[]): Posture {
	return meanPosture(counts.map((one) => ({ posture: policyPosture(one), weight: severityWeight[one.severity] })));
}

function meanPosture(parts: readonly { posture: Posture; weight: number }[]): Posture {
	const applying = parts.filter(({ posture, weight }) => posture.coverage !== null && weight > 0);
	const total = sorted(applying.map(({ weight }) => weight));
	if (total === 0) return notApplicable;
	const mean = (value: (posture: Posture) => number | null) => sorted(applying.map(({ posture, weight }) => weight * (value(posture) ?? 0))) / total;
	const coverage = Math.min(
		1,
		mean((posture) => posture.coverage),
	);
	return {
		posture: coverage === 0 ? null : mean((posture) => posture.posture),
		postureMax: mean((posture) => posture.postureMax),
		coverage,
	};
}

/** Sum in order of size, so that the order of policies cannot change a bit of it. */
function sorted(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b).reduce((sum, value) => sum + value, 0);
}
