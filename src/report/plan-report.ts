import type { Plan, PlannedAction } from "../plan/plan.js";
import { iso } from "./words.js";

/** A plan beside an assessment, for a reader. */
export interface PlanReport {
	plan: Plan;
	/** Where it does not fit the state that is reported, a sentence each. */
	mismatches: string[];
	/** Where the file says otherwise of its own actions than they are, a sentence each. */
	untrue: string[];
	/** What an apply would be refused for as things stand; null: not asked, since the plan is for another tenant. */
	refusals: { guardrail: string; message: string }[] | null;
	/** Action id → why an apply would leave it out as things stand. */
	dropped: ReadonlyMap<string, string>;
	/** How many administrators provably still get in, where a change could lock one out. */
	proofs: { system: string; needed: number; holds: boolean; witnesses: { label: string }[] }[];
}

/** What the plan was made for and from, against what is reported. */
export function mismatchesOf(
	plan: Plan,
	reported: { tenant: string; policyDigest: string; stack: string; scans: { system: string; scan: number; finished: number | null }[] },
): string[] {
	if (plan.tenant !== reported.tenant)
		return [`This plan is for the tenant ${plan.tenant}, and this report is of ${reported.tenant}: keelson apply refuses it here.`];
	const scans = Object.entries(plan.basis.scans).flatMap(([system, basis]) => {
		const shown = reported.scans.find((one) => one.system === system);
		if (!shown) return [`The plan was made from a scan of ${system}, which is not in this report.`];
		if (shown.scan === basis.id && shown.finished === basis.finished) return [];
		const of = shown.finished === null ? "one that is not finished" : `that of ${iso(shown.finished)}`;
		return [
			`The plan was made from the scan of ${system} of ${iso(basis.finished)}, and this report shows ${of}: what changed between is checked before an apply.`,
		];
	});
	return [
		...scans,
		...(plan.basis.policies === reported.policyDigest ? [] : ["The plan was made under other policies than those of this report."]),
		...(plan.basis.stack === reported.stack ? [] : ["The stack file has changed since the plan was made."]),
	];
}

const shownClaims = 10;

/** What a reader should know before anything else of the plan. */
export function warningsOf({ untrue, mismatches }: PlanReport): string[] {
	const more = untrue.length - shownClaims;
	return [...untrue.slice(0, shownClaims), ...(more > 0 ? [`The plan file says otherwise than it is in ${more} more places.`] : []), ...mismatches];
}

/** The verdict in one sentence, and the reasons. */
export function verdictOf({ plan, refusals, dropped }: PlanReport): { sentence: string; reasons: string[] } {
	if (refusals === null) return { sentence: "Guardrails: not checked.", reasons: [] };
	if (plan.actions.length === 0) return { sentence: "Guardrails: nothing to change.", reasons: [] };
	if (refusals.length > 0)
		return {
			sentence: "Guardrails: as things stand, keelson apply would refuse it.",
			reasons: refusals.map(({ guardrail, message }) => `${guardrail}: ${message}`),
		};
	const left = dropped.size === 0 ? "" : `, and leave ${dropped.size} of ${plan.actions.length} out`;
	return { sentence: `Guardrails: as things stand, keelson apply would make it${left}. They are checked again right before each change.`, reasons: [] };
}

/** Numbers, from 1, of the actions that come before this one. */
export function placesBefore(action: PlannedAction, actions: PlannedAction[]): number[] {
	return action.after.map((id) => actions.findIndex((one) => one.id === id) + 1).filter((place) => place > 0);
}

/** What the action does, where it is not what the first of its kind does: that is told once, by kind. */
export function effectOf(action: PlannedAction, actions: PlannedAction[]): string | null {
	return actions.find(({ kind }) => kind === action.kind)?.effect === action.effect ? null : action.effect;
}

/** Identities whose risk the plan is predicted to change, most first. */
export function risksOf(plan: Plan): Plan["score"]["accounts"] {
	const fall = ({ before, after }: Plan["score"]["accounts"][number]) => (before ?? 0) - (after ?? 0);
	return plan.score.accounts.filter(({ before, after }) => before !== after).sort((a, b) => fall(b) - fall(a) || (a.key < b.key ? -1 : 1));
}
