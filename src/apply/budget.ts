import type { Assessment } from "../model/assessment.js";
import { settingTouched, touched, touchedUnits } from "../plan/blast.js";
import type { PlannedAction } from "../plan/plan.js";
import { type GroupMembers, groupReached } from "../plan/reach.js";
import type { ActionTarget } from "../provider/action.js";
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
	/** Who is in a group whose role changes, or changed within the window; missing or null: can't be said. */
	members(system: string, group: string): GroupMembers | undefined;
}

/**
 * Accounts touched and settings changed in the rolling window, by whatever plan, undo among them, and those of this run. A call that was
 * begun counts, whether it ended or not; a group's role counts its members. Over the budget nothing is applied, not a part of it.
 */
export function checkBudget(input: BudgetInput): Refusal[] {
	return [...overAccounts(input), ...overSettings(input)];
}

function overAccounts({ guardrails, actions, journal, systems, members }: BudgetInput): Refusal[] {
	const uncounted = new Set<string>();
	const units = (made: Pick<PlannedAction, "system" | "target">): string[] => {
		const found = touchedUnits(made, members);
		if (found === null) uncounted.add(touched(made) ?? made.system);
		return found ?? [];
	};
	const before = new Set(
		journal.filter(({ event }) => event === "intent").flatMap((entry) => journaled(entry).flatMap((made) => ("unit" in made ? [made.unit] : units(made)))),
	);
	const wanted = new Set(actions.flatMap(units));
	const all = new Set([...before, ...wanted]);
	if (wanted.size === 0 && uncounted.size === 0) return [];
	const refusals: Refusal[] = [...uncounted].map((group) => ({
		guardrail: "budget",
		message: `${group}: a role of it touches every member, and it can't be said who they are: memberships must be read to the end`,
	}));
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

function overSettings({ guardrails, actions, journal }: BudgetInput): Refusal[] {
	const setting = (made: Parameters<typeof settingTouched>[0]) => settingTouched(made) ?? [];
	const wanted = new Set(actions.flatMap(setting));
	const before = new Set(
		journal.filter(({ event }) => event === "intent").flatMap((entry) => journaled(entry).flatMap((made) => ("unit" in made ? [] : setting(made)))),
	);
	const all = new Set([...before, ...wanted]);
	if (wanted.size === 0 || all.size <= guardrails.maxSettings) return [];
	const earlier = before.size === 0 ? "" : `, ${before.size} of them changed already in the last ${guardrails.window / 3_600_000} h`;
	return [{ guardrail: "budget", message: `${all.size} settings would be changed${earlier}; ${guardrails.maxSettings} are allowed (maxSettings)` }];
}

/** The group roles that the window's journal changed: their members count. */
export function journaledGroups(journal: JournalEntry[]): { system: string; group: string }[] {
	return journal
		.filter(({ event }) => event === "intent")
		.flatMap((entry) =>
			journaled(entry).flatMap((made) => {
				const group = "unit" in made ? null : groupReached(made.target);
				return group === null || "unit" in made ? [] : [{ system: made.system, group }];
			}),
		);
}

/** What an entry says was begun. One that can't be read counts as an account of its own. */
function journaled({ data }: JournalEntry): ({ kind: string; system: string; target: ActionTarget } | { unit: string })[] {
	const { kind, system, target } = data;
	if (kind === "notify") return [];
	if (typeof system !== "string" || typeof target !== "object" || target === null) return [{ unit: JSON.stringify(data) }];
	return [{ kind: String(kind), system, target }];
}
