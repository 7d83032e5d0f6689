import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import type { Provider } from "../provider/provider.js";
import { blastOf } from "./blast.js";
import type { SystemFacts } from "./facts.js";
import { labelOf } from "./nameless.js";
import type { Plan, PlannedAction } from "./plan.js";
import { predict } from "./predict.js";
import { actionSpecs } from "./specs.js";

export interface TrueInput {
	/** Action id → the action as a plan made now would hold it. */
	fresh: ReadonlyMap<string, PlannedAction>;
	/** Findings that nothing is left of when every action that stands holds. */
	settled: Finding[];
	facts: Map<string, SystemFacts>;
	assessment: Assessment;
	providers: Readonly<Record<string, Provider>>;
}

/**
 * A plan as its reader should see it: names, effects, counts and the predicted score are made anew from the stored state. Of what the file
 * says, only the targets are taken: whoever wrote it could have written anything beside them. An action that does not stand has its ids for a name, and does what its
 * kind does: it may stand when the plan is applied.
 */
export function asItIs(plan: Plan, { fresh, settled, facts, assessment, providers }: TrueInput): Plan {
	const actions = plan.actions.map((action): PlannedAction => {
		const again = fresh.get(action.id);
		if (!again) return { ...action, label: labelOf(action), ...byKind(action, providers[action.system]) };
		const { label, effect, reversible, inverse, findings } = again;
		const answered = findings.filter(({ id }) => action.findings.some((finding) => finding.id === id));
		return { ...action, label, effect, reversible, inverse, findings: answered };
	});
	const known = new Map(assessment.findings.map((finding) => [finding.id, finding]));
	const notPlanned = plan.notPlanned.flatMap(({ finding, why }) => {
		const found = known.get(finding);
		return found ? [{ finding, policy: found.policy, label: found.subject.label, why: `the plan file says: ${why}` }] : [];
	});
	const score = settled.length > 0 ? predict(assessment, settled) : { ...predict(assessment, []), after: null };
	return { ...plan, actions, score, notPlanned, blast: blastOf(actions, facts, assessment.systems) };
}

function byKind({ kind, inverse }: PlannedAction, provider: Provider | undefined): Pick<PlannedAction, "effect" | "reversible" | "inverse"> {
	const spec = provider && actionSpecs(provider).find((one) => one.kind === kind);
	if (!spec) return { effect: "It can't be made here.", reversible: false, inverse: null };
	return { effect: spec.effect, reversible: spec.reversible, inverse: spec.reversible ? inverse : null };
}

/** Where the file says otherwise than what is shown, a sentence each. Renamed since, or written so. */
export function untrueClaims(plan: Plan, shown: Plan): string[] {
	return plan.actions.flatMap((action, index) => {
		const is = shown.actions[index];
		if (!is) return [];
		const claims: string[] = [];
		if (action.label !== is.label && action.label !== labelOf(action))
			claims.push(`calls action ${index + 1} ${JSON.stringify(action.label)}: it is ${JSON.stringify(is.label)}`);
		if (action.reversible && !is.reversible) claims.push(`says that action ${index + 1} can be undone: it can't`);
		if (action.effect !== is.effect) claims.push(`says of action ${index + 1} ${JSON.stringify(action.effect)}: it does ${JSON.stringify(is.effect)}`);
		return claims.map((claim) => `The plan file ${claim}.`);
	});
}
