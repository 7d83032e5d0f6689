import { blastOf } from "../plan/blast.js";
import { sealPlan } from "../plan/digest.js";
import { factsFor, type PlanInput } from "../plan/make-plan.js";
import { fixedAction, PlanError } from "../plan/one-action.js";
import { chained } from "../plan/order.js";
import type { Plan } from "../plan/plan.js";
import type { ActionKind } from "../provider/action.js";
import { changesOf } from "./journal.js";

export interface UndoInput extends Omit<PlanInput, "only" | "findings" | "operatorActions"> {
	/** Digest of the plan to take back, or the first digits of it. */
	digest: string;
}

/**
 * A plan that takes back what another one changed, last change first. It rests on the journal and is reviewed and applied like any other.
 * What has no inverse stands under `notPlanned`; so does what is in doubt, save what may have given somebody something.
 * @throws PlanError when the journal holds no change of that plan
 */
export async function undoPlan(input: UndoInput): Promise<Plan> {
	const { stack, store, assessment, providers } = input;
	const digest = await wholeDigest(input);
	const changes = changesOf(await store.journal({ tenant: stack.name, plan: digest })).reverse();
	if (changes.length === 0) throw new PlanError("the journal holds no change of that plan that was made or begun: there is nothing to take back");
	const asked = changes.flatMap(({ system, inverse }) => (inverse ? [{ system, ...inverse }] : []));
	const facts = await factsFor(
		input,
		asked.map(({ system, target }) => ({ system, subject: { kind: "account", key: `${system}/${target.account ?? ""}`, label: "" } })),
		asked,
	);
	const actions: Plan["actions"] = [];
	const notPlanned: Plan["notPlanned"] = [];
	for (const change of changes) {
		const provider = providers[change.system];
		const known = facts.get(change.system);
		const leftOut = (why: string) => notPlanned.push({ finding: "", policy: "", label: change.label, why });
		if (change.inDoubt && !takesAway.has(change.inverse?.kind ?? change.kind))
			leftOut(`nobody saw whether it was made: run keelson apply with plan ${digest.slice(0, 8)} again, which finds out`);
		else if (!change.inverse) leftOut(`${change.kind} can't be taken back`);
		else if (!provider || !known) leftOut(`${change.system} was not read`);
		else {
			const action = fixedAction({ system: change.system, ...change.inverse }, { provider, facts: known, stack }, false);
			if ("why" in action) leftOut(action.why);
			else if (!actions.some(({ id }) => id === action.id))
				actions.push(change.inDoubt ? { ...action, label: `${action.label} (nobody saw whether it was given)` } : action);
		}
	}
	const list = chained(actions);
	const { posture } = assessment.posture;
	const score = posture === null ? null : Math.round(posture * 10) / 10;
	return sealPlan({
		schema: "keelson.dev/plan/v1",
		tenant: stack.name,
		created: input.now,
		undoes: digest,
		basis: {
			scans: Object.fromEntries(assessment.systems.map(({ system, scan, started, finished }) => [system, { id: scan, finished: finished ?? started }])),
			stack: stack.digest,
			policies: assessment.policyDigest,
		},
		// What coming back does to the score is for the next scan to say.
		score: { before: score, after: null, accounts: [] },
		blast: blastOf(list, facts, assessment.systems),
		actions: list,
		notPlanned,
	});
}

/** Taking away what may never have been given harms less than leaving it there unseen. */
const takesAway = new Set<ActionKind>(["remove-role", "remove-group-member"]);

async function wholeDigest({ store, stack, digest }: UndoInput): Promise<string> {
	const plans = new Set((await store.journal({ tenant: stack.name })).map((entry) => entry.plan).filter((plan) => plan.startsWith(digest)));
	const [found] = plans;
	if (digest.length < 8 || plans.size > 1) throw new PlanError(`${digest} is not enough of a digest to say which plan is meant`);
	if (found === undefined) throw new PlanError(`the journal holds nothing of a plan ${digest}`);
	return found;
}
