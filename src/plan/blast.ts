import type { Assessment } from "../model/assessment.js";
import type { ActionKind } from "../provider/action.js";
import type { SystemFacts } from "./facts.js";
import { isNotice } from "./notices.js";
import type { Blast, PlannedAction } from "./plan.js";
import { type GroupMembers, groupReached, privilegedAmong, together } from "./reach.js";

type Reaching = Pick<PlannedAction, "system" | "target">;

/** What a budget counts as one: the account that an action touches, or the group, or the credential of no account. Null: the action is on a setting. */
export function touched(action: Reaching): string | null {
	const { account, group, credential, app } = action.target;
	if (account !== undefined) return `${action.system}/${account}`;
	if (group !== undefined) return `${action.system}/group/${group}`;
	if (app !== undefined && credential === undefined) return `${action.system}/app/${app}`;
	return credential === undefined ? null : `${action.system}/credential/${credential}`;
}

/** All that an action touches: with a group, its members. Null: who they are can't be said. */
export function touchedUnits(action: Reaching, members: (system: string, group: string) => GroupMembers | undefined): string[] | null {
	const group = groupReached(action.target);
	const unit = touched(action);
	if (group === null) return unit === null ? [] : [unit];
	const found = members(action.system, group);
	return found ? [...found].map((account) => `${action.system}/${account}`) : null;
}

/** A notice touches nothing and is not counted. */
export function blastOf(all: PlannedAction[], facts: Map<string, SystemFacts>, systems: Assessment["systems"]): Blast {
	const actions = all.filter((action) => !isNotice(action));
	const units = new Map<string, { system: string; privileged: boolean }>();
	const byKind: Partial<Record<ActionKind, number>> = {};
	const members = (system: string, group: string) => facts.get(system)?.members.get(group);
	for (const action of actions) {
		const { system } = action;
		byKind[action.kind] = (byKind[action.kind] ?? 0) + 1;
		// A group of unknown members counts as one here, and is refused.
		for (const unit of touchedUnits(action, members) ?? [touched(action) ?? ""])
			units.set(unit, { system, privileged: facts.get(system)?.accounts.get(unit.slice(system.length + 1))?.privileged === true });
	}
	const bySystem: Blast["bySystem"] = {};
	for (const system of [...new Set(actions.map((action) => action.system))].sort())
		bySystem[system] = {
			accounts: [...units.values()].filter((unit) => unit.system === system).length,
			enabledAccounts: systems.find((one) => one.system === system)?.enabledAccounts ?? null,
		};
	const groups = groupsOf(actions, facts);
	const settings = settingsOf(actions, facts);
	return {
		accounts: units.size,
		privilegedAccounts: [...units.values()].filter(({ privileged }) => privileged).length,
		bySystem,
		byKind,
		irreversible: actions.filter(({ reversible }) => !reversible).length,
		...(groups.length > 0 ? { groups } : {}),
		...(settings.length > 0 ? { settings } : {}),
	};
}

function groupsOf(actions: PlannedAction[], facts: Map<string, SystemFacts>): NonNullable<Blast["groups"]> {
	const found = new Map<string, NonNullable<Blast["groups"]>[number]>();
	for (const { system, target } of actions) {
		const group = groupReached(target);
		const known = facts.get(system);
		if (group === null || !known) continue;
		const members = known.members.get(group);
		found.set(`${system}/${group}`, {
			system,
			group,
			name: known.groupNames.get(group) ?? group,
			members: members?.size ?? null,
			privileged: members ? privilegedAmong(members, known.accounts) : null,
		});
	}
	return [...found.values()];
}

/** A ticket about a setting asks people to change it, and changes nothing itself. */
const asks = new Set<string>(["open-ticket", "close-ticket"] satisfies ActionKind[]);

/** The setting that an action changes, as `<system>/<id>`; null where it changes none. */
export function settingTouched({ kind, system, target }: Reaching & { kind: string }): string | null {
	return target.setting === undefined || asks.has(kind) ? null : `${system}/${target.setting}`;
}

function settingsOf(actions: PlannedAction[], facts: Map<string, SystemFacts>): NonNullable<Blast["settings"]> {
	const found = new Map<string, NonNullable<Blast["settings"]>[number]>();
	for (const action of actions) {
		const { system, target } = action;
		const known = facts.get(system);
		if (target.setting === undefined || settingTouched(action) === null || !known) continue;
		const reach = known.reach.get(target.setting);
		const name = known.settings.find(({ id }) => id === target.setting)?.name ?? target.setting;
		const aimed = reach === undefined ? null : reach === "everyone" ? reach : (together(reach.groups, known.members)?.size ?? null);
		found.set(`${system}/${target.setting}`, { system, setting: target.setting, name, for: aimed });
	}
	return [...found.values()];
}
