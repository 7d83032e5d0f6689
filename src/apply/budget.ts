import type { Assessment } from "../model/assessment.js";
import { touched } from "../plan/blast.js";
import type { PlannedAction } from "../plan/plan.js";
import type { Guardrails } from "../stack/stack.js";
import type { JournalEntry } from "../store/store.js";
import type { Refusal } from "./guardrails.js";

export interface BudgetInput {
	guardrails: Guardrails;
	/** Actions still to be made. */
	actions: PlannedAction[];
	/** The tenant's journal within the rolling window, all plans. */
	journal: JournalEntry[];
	systems: Assessment["systems"];
}

/**
 * Accounts touched in the rolling window, by whatever plan, undo among them, and those this run would touch. A call that was begun counts,
 * whether it ended or not. Over the budget nothing is applied, not a part of it.
 */
export function checkBudget({ guardrails, actions, journal, systems }: BudgetInput): Refusal[] {
	const before = new Set(journal.filter(({ event }) => event === "intent").flatMap(unitOf));
	const wanted = new Set(actions.flatMap((action) => touched(action) ?? []));
	const all = new Set([...before, ...wanted]);
	if (wanted.size === 0) return [];
	const refusals: Refusal[] = [];
	const earlier = before.size === 0 ? "" : `, ${before.size} of them touched already in the last ${guardrails.window / 3_600_000} h`;
	if (all.size > guardrails.maxAccounts)
		refusals.push({ guardrail: "budget", message: `${all.size} accounts would be touched${earlier}; ${guardrails.maxAccounts} are allowed (maxAccounts)` });
	for (const system of new Set(actions.map((action) => action.system))) {
		const enabled = systems.find((one) => one.system === system)?.enabledAccounts ?? 0;
		// Of a small tenant, the share would be less than one account.
		const allowed = Math.max(1, Math.floor((enabled * guardrails.maxPercent) / 100));
		const touchedHere = [...all].filter((unit) => unit.startsWith(`${system}/`)).length;
		if (touchedHere > allowed)
			refusals.push({
				guardrail: "budget",
				message: `${touchedHere} accounts of ${system} would be touched${earlier}; ${guardrails.maxPercent} % of its ${enabled} enabled accounts are ${allowed} (maxPercent)`,
			});
	}
	return refusals;
}

function unitOf({ data }: JournalEntry): string[] {
	const { system, target } = data;
	// An entry that can't be read counts as an account of its own.
	if (typeof system !== "string" || typeof target !== "object" || target === null) return [JSON.stringify(data)];
	const unit = touched({ system, target });
	return unit === null ? [] : [unit];
}
