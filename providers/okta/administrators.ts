import type { MembershipRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { ReadContext } from "../../src/provider/provider.js";

/** Accounts that hold a role, themselves or through a group, as far as this scan has read. */
export async function administrators(context: ReadContext): Promise<Set<string>> {
	const found = new Set<string>();
	const groups = new Set<string>();
	for await (const record of context.current("roleAssignments")) {
		const { principalType, principal } = record.body as RoleAssignmentRecord;
		if (principalType === "account") found.add(principal);
		if (principalType === "group") groups.add(principal);
	}
	if (groups.size === 0) return found;
	for await (const record of context.current("memberships")) {
		const { group, account } = record.body as MembershipRecord;
		if (groups.has(group)) found.add(account);
	}
	return found;
}
