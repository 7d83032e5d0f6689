import type { Group } from "@okta/okta-sdk-nodejs";
import type { Wire } from "./state.js";
import { asOf, sortedKeys, type Tenant } from "./tenant.js";

/** The built-in group every user of the org belongs to. */
export function isEveryone(group: Wire<Group> | undefined): boolean {
	return group?.type === "BUILT_IN" && (group.profile as { name?: string } | undefined)?.name === "Everyone";
}

/** Member ids of a group in ascending order, seen with the membership lag. */
export function memberIds(tenant: Tenant, groupId: string): readonly string[] {
	const { state } = tenant;
	if (isEveryone(state.groups.get(groupId))) return sortedKeys(state.users);
	const ids = sortedKeys(state.members.get(groupId) ?? new Set<string>());
	if (tenant.knobs.membersLagMs <= 0) return ids;
	const changed = [...tenant.past.keys()].filter((key) => key.startsWith(`member:${groupId}:`)).map((key) => key.split(":")[2] ?? "");
	const seen = new Set(ids);
	for (const id of changed) {
		if (isMember(tenant, groupId, id)) seen.add(id);
		else seen.delete(id);
	}
	return [...seen].sort();
}

/** How many members a group has, seen with the membership lag. */
export function memberCount(tenant: Tenant, groupId: string): number {
	if (tenant.knobs.membersLagMs > 0) return memberIds(tenant, groupId).length;
	const { state } = tenant;
	return isEveryone(state.groups.get(groupId)) ? state.users.size : (state.members.get(groupId)?.size ?? 0);
}

/** Whether a user is seen as a member, with the membership lag. */
export function isMember(tenant: Tenant, groupId: string, userId: string): boolean {
	const { state, knobs } = tenant;
	if (isEveryone(state.groups.get(groupId))) return state.users.has(userId);
	return asOf(tenant, `member:${groupId}:${userId}`, state.members.get(groupId)?.has(userId) ?? false, knobs.membersLagMs);
}

/** Ids of the groups a user is seen in. */
export function groupsOf(tenant: Tenant, userId: string): string[] {
	return [...tenant.state.groups.keys()].filter((groupId) => isMember(tenant, groupId, userId));
}
