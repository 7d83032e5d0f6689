import type { Plan } from "../plan/plan.js";
import { actionSpecs } from "../plan/specs.js";
import type { ActionKind } from "../provider/action.js";
import type { Provider } from "../provider/provider.js";
import type { Refusal } from "./guardrails.js";

/** All that a declared setting or membership can ask for. */
const desiredKinds = new Set<ActionKind>(["add-group-member", "remove-group-member", "add-role", "remove-role", "update-setting"]);

/** What is written in the stack file and was reviewed in git needs no finding and no operator; it holds nothing that only an operator may ask for. */
export function checkDesired(plan: Plan, providers: Record<string, Provider>): Refusal[] {
	const refuse = (what: string) => ({ guardrail: "operator" as const, message: `${what}: a declaration can't ask for it` });
	return [
		...(plan.operator || plan.undoes !== undefined ? [refuse("the plan is a person's own")] : []),
		...plan.actions
			.filter(({ system, kind }) => {
				const provider = providers[system];
				return !desiredKinds.has(kind) || (provider && actionSpecs(provider).some((spec) => spec.kind === kind && spec.operatorOnly));
			})
			.map(({ label, kind }) => refuse(`${label} (${kind})`)),
	];
}
