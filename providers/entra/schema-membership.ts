import type { GroupRecord, MembershipRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";

/** Users and groups; everything else is no account here. */
export function recordOf({ group, member, type }: { group: string; member: string; type: string }, record: GroupRecord | undefined): ReadRecord[] {
	const kind = type.replace("#microsoft.graph.", "");
	if (kind !== "user" && kind !== "group") return [];
	const body: MembershipRecord = { group, account: member, ...(kind === "group" && { memberType: "group" as const }), source: record?.source ?? "unknown" };
	return [{ id: `${group}/${member}`, body }];
}
