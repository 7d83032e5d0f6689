import type { MembershipRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { ReadContext } from "../../src/provider/provider.js";

/** Accounts that hold a role, themselves or through a group, groups inside it too. `whole`: no membership is missing. */
export async function administratorsOf(
	context: ReadContext,
	held: Pick<RoleAssignmentRecord, "principal" | "principalType">[],
): Promise<{ accounts: Set<string>; whole: boolean }> {
	const accounts = new Set(held.flatMap(({ principalType, principal }) => (principalType === "account" ? [principal] : [])));
	const waiting = held.flatMap(({ principalType, principal }) => (principalType === "group" ? [principal] : []));
	if (waiting.length === 0) return { accounts, whole: true };
	const nested = new Map<string, string[]>();
	const members = new Map<string, string[]>();
	for await (const { body } of context.current("memberships")) {
		const { group, account, memberType } = body as MembershipRecord;
		const into = memberType === "group" ? nested : members;
		const list = into.get(group);
		if (list) list.push(account);
		else into.set(group, [account]);
	}
	const seen = new Set<string>();
	for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
		if (seen.has(group)) continue;
		seen.add(group);
		for (const account of members.get(group) ?? []) accounts.add(account);
		waiting.push(...(nested.get(group) ?? []));
	}
	return { accounts, whole: context.coverage("memberships")?.state === "complete" };
}

/** The same, from what this scan has stored. */
export async function administrators(context: ReadContext): Promise<Set<string>> {
	const held: RoleAssignmentRecord[] = [];
	for await (const { body } of context.current("roleAssignments")) held.push(body as RoleAssignmentRecord);
	return (await administratorsOf(context, held)).accounts;
}
