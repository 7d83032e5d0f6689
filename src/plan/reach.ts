import { effectiveMembers } from "../assess/nesting.js";
import type { Snapshot } from "../assess/snapshot.js";
import type { Account } from "../model/account.js";
import type { SettingRecord } from "../model/objects.js";
import type { ActionTarget } from "../provider/action.js";
import type { Provider } from "../provider/provider.js";
import type { SettingReach } from "../provider/setting.js";
import { settingSpec } from "./specs.js";

/** Who is in a group, by the newest scan; null: the members were not read to the end. */
export type GroupMembers = ReadonlySet<string> | null;

/** The group whose every member an action touches; null: it is on one account, or on no group. */
export function groupReached({ group, account }: ActionTarget): string | null {
	return group !== undefined && account === undefined ? group : null;
}

export async function membersOf(snapshot: Snapshot, group: string): Promise<GroupMembers> {
	if (!snapshot.complete("memberships")) return null;
	return new Set((await effectiveMembers(snapshot, group)).map(({ account }) => account));
}

/** Whom a setting is for, as far as its own record and its provider say. */
export function reachOf(record: SettingRecord, settings: SettingRecord[], provider: Provider): SettingReach | undefined {
	const spec = settingSpec(provider.settings, record.id)?.spec;
	if (spec?.reach) return spec.reach(record, settings);
	const groups = record.signIn?.includedGroups;
	if (groups === undefined || groups.partial) return undefined;
	return groups.length === 0 ? "everyone" : { groups: [...groups] };
}

/** The accounts of several groups together; null where one group's can't be said. */
export function together(groups: string[], members: Map<string, GroupMembers>): ReadonlySet<string> | null {
	const all = new Set<string>();
	for (const group of groups) {
		const found = members.get(group);
		if (!found) return null;
		for (const account of found) all.add(account);
	}
	return all;
}

/** How many of the accounts are known to be privileged; null where that can't be said of each. */
export function privilegedAmong(ids: Iterable<string>, accounts: Map<string, Account>): number | null {
	let count = 0;
	for (const id of ids) {
		const privileged = accounts.get(id)?.privileged;
		if (privileged === undefined) return null;
		if (privileged) count++;
	}
	return count;
}
