import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { encodeKnown } from "../model/json.js";
import type { SystemFacts } from "../plan/facts.js";
import { factsFor, makePlan, mendsNothing, type PlanInput } from "../plan/make-plan.js";
import { fixedAction } from "../plan/one-action.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import type { Store } from "../store/store.js";
import { askedFor } from "./declared.js";
import { changesOf } from "./journal.js";

export interface Revalidation {
	/** Still called for, in the plan's order. */
	valid: PlannedAction[];
	/** Action id → why it isn't called for any more, or may not be made. */
	dropped: Map<string, string>;
	facts: Map<string, SystemFacts>;
	/** Action id → the action as a plan made now would hold it: what the file says of it beside its target is only a claim. */
	fresh: Map<string, PlannedAction>;
	/** Findings that nothing is left of when every action that stands holds. */
	settled: Finding[];
}

export interface RevalidateInput extends Omit<PlanInput, "only" | "findings" | "operatorActions"> {
	plan: Plan;
	store: Store;
	/** The plan is what the stack file declares. */
	desired?: boolean;
}

/**
 * Holds a plan against the state as it is now. An action stands only if a plan made now would hold it too, for a finding that was reviewed;
 * a person's own action, a declared one and an undo stand if they could be planned now.
 */
export async function revalidate(input: RevalidateInput): Promise<Revalidation> {
	const { plan } = input;
	const facts = await factsFor(input, plan.actions.flatMap(subjects), plan.actions);
	const dropped = new Map<string, string>();
	const asked = plan.operator || plan.declared || input.desired || plan.undoes !== undefined;
	const { fresh, settled } = asked ? { fresh: await fixed(input, facts, dropped), settled: [] } : await answering(input, dropped);
	return { valid: plan.actions.flatMap((action) => asReviewed(action, fresh.get(action.id)) ?? []), dropped, facts, fresh, settled };
}

/** What was reviewed, named as it is now; a condition that the file leaves out holds all the same. Null: it does not stand. */
export function asReviewed(action: PlannedAction, fresh: PlannedAction | undefined): PlannedAction | null {
	return fresh ? { ...action, label: fresh.label, precondition: { ...fresh.precondition, ...action.precondition } } : null;
}

/** So that the system and the account of every action are looked at, whatever its finding is about. */
function subjects({ system, target }: PlannedAction): { system: string; subject: { kind: "account"; key: string; label: string } }[] {
	return [{ system, subject: { kind: "account", key: `${system}/${target.account ?? ""}`, label: "" } }];
}

async function answering(input: RevalidateInput, dropped: Map<string, string>): Promise<Pick<Revalidation, "fresh" | "settled">> {
	const { plan, assessment } = input;
	const reviewed = new Map(plan.actions.flatMap(({ findings }) => findings.map((finding) => [finding.id, finding])));
	// Accepted since the plan was made: whoever accepted it did not ask for the change.
	const open = assessment.findings.filter(
		({ id, outcome, state, exemption }) =>
			state !== "fixed" && (outcome === "fail" ? reviewed.has(id) : exemption?.source === "baseline" && reviewed.get(id)?.baseline === true),
	);
	const now = await makePlan({ ...input, findings: open.map(({ id }) => id) });
	const byId = new Map(now.actions.map((action) => [action.id, action]));
	const fresh = new Map<string, PlannedAction>();
	for (const action of plan.actions) {
		const again = byId.get(action.id);
		if (again?.findings.some(({ id }) => action.findings.some((finding) => finding.id === id))) fresh.set(action.id, again);
		else dropped.set(action.id, whyNot(action, assessment, now));
	}
	const part = new Set(now.notPlanned.map(({ finding }) => finding));
	const settled = open.filter(({ id }) => {
		const needed = now.actions.filter(({ findings }) => findings.some((finding) => finding.id === id));
		return !part.has(id) && needed.some(({ kind }) => !mendsNothing.has(kind)) && needed.every((action) => fresh.has(action.id));
	});
	return { fresh, settled };
}

function whyNot(action: PlannedAction, assessment: Assessment, now: Plan): string {
	const whys = action.findings.map(({ id, policy }) => {
		const finding = assessment.findings.find((one) => one.id === id && one.state !== "fixed");
		if (finding?.exemption?.source === "baseline") return `the finding of ${policy} is accepted in the baseline now`;
		if (finding?.outcome === "excepted") return `${policy} is under an exemption now`;
		if (finding?.outcome === "review") return `${policy} is only for review now`;
		if (finding) return now.notPlanned.find((part) => part.finding === id)?.why ?? `${policy} still fails, and its mend is another one now`;
		const known = assessment.accounts.find((account) => account.key === `${action.system}/${action.target.account ?? ""}`);
		if (known?.unknownPolicies.includes(policy)) return `${policy} can't be judged any more: data is missing`;
		return `${policy} does not fail any more`;
	});
	return [...new Set(whys)].join("; ") || "it answers no finding";
}

async function fixed(input: RevalidateInput, facts: Map<string, SystemFacts>, dropped: Map<string, string>): Promise<Map<string, PlannedAction>> {
	const { plan, providers, stack } = input;
	const changes = plan.undoes === undefined ? null : changesOf(await input.store.journal({ tenant: plan.tenant, plan: plan.undoes }));
	const asked = new Map<string, Set<string>>();
	// A file says of itself that it is declared: the declaration must say so too.
	if (plan.declared) for (const [system, known] of facts) asked.set(system, await askedFor(input, known));
	const stands = new Map<string, PlannedAction>();
	for (const action of plan.actions) {
		const provider = providers[action.system];
		const known = facts.get(action.system);
		if (!provider || !known) {
			dropped.set(action.id, `${action.system} was not read`);
			continue;
		}
		const { system, kind, target } = action;
		const made =
			changes?.some((change) => change.system === system && change.inverse?.kind === kind && encodeKnown(change.inverse.target) === encodeKnown(target)) ??
			true;
		const again = fixedAction({ system, kind, target }, { provider, facts: known, stack }, plan.operator === true);
		if (!made) dropped.set(action.id, "the journal holds no change that this takes back");
		else if ("why" in again) dropped.set(action.id, again.why);
		else if (plan.declared && !asked.get(action.system)?.has(action.id))
			dropped.set(action.id, "the stack file does not ask for it: the object is as declared now, was not read whole, or is declared otherwise");
		else if (again.id !== action.id) dropped.set(action.id, "its target is another one now");
		else stands.set(action.id, again);
	}
	return stands;
}
