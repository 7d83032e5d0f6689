import type { Assessment } from "../model/assessment.js";
import type { ActionKind } from "../provider/action.js";
import type { SystemFacts } from "./facts.js";
import type { Blast, PlannedAction } from "./plan.js";

/** What a budget counts: the account that an action touches, or the group, or the credential of no account. Null: the action is on a setting. */
export function touched(action: Pick<PlannedAction, "system" | "target">): string | null {
	const { account, group, credential } = action.target;
	if (account !== undefined) return `${action.system}/${account}`;
	if (group !== undefined) return `${action.system}/group/${group}`;
	return credential === undefined ? null : `${action.system}/credential/${credential}`;
}

export function blastOf(actions: PlannedAction[], facts: Map<string, SystemFacts>, systems: Assessment["systems"]): Blast {
	const units = new Map<string, { system: string; privileged: boolean }>();
	const byKind: Partial<Record<ActionKind, number>> = {};
	for (const action of actions) {
		byKind[action.kind] = (byKind[action.kind] ?? 0) + 1;
		const unit = touched(action);
		const account = facts.get(action.system)?.accounts.get(action.target.account ?? "");
		if (unit) units.set(unit, { system: action.system, privileged: account?.privileged === true });
	}
	const bySystem: Blast["bySystem"] = {};
	for (const system of [...new Set(actions.map((action) => action.system))].sort())
		bySystem[system] = {
			accounts: [...units.values()].filter((unit) => unit.system === system).length,
			enabledAccounts: systems.find((one) => one.system === system)?.enabledAccounts ?? null,
		};
	return {
		accounts: units.size,
		privilegedAccounts: [...units.values()].filter(({ privileged }) => privileged).length,
		bySystem,
		byKind,
		irreversible: actions.filter(({ reversible }) => !reversible).length,
	};
}
