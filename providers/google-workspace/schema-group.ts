import type { GroupRecord, MembershipRecord } from "../../src/model/objects.js";
import { type Decoded, identified, known, object, word } from "../../src/provider/decode.js";
import { int64, textOrNone, textsOrNone } from "./schema.js";

/** A group with its addresses, which the model has no field for: settings and audit events name it by them. */
export interface ListedGroup {
	record: GroupRecord;
	email: string | undefined;
	/** Every address, lower case. */
	addresses: string[];
}

export const groupFields = "kind,nextPageToken,groups(kind,id,email,name,description,directMembersCount,adminCreated,aliases,nonEditableAliases)";

/** `dynamic`: ids of the groups whose members Google works out; null where that is not known. */
export function decodeGroup(item: unknown, dynamic: Set<string> | null): Decoded<ListedGroup> {
	const found = identified(item, "group");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const email = word(raw.email);
	const record = known<GroupRecord>({
		id,
		name: word(raw.name) ?? email ?? id,
		type: dynamic?.has(id) ? "dynamic" : raw.adminCreated === false ? "user-created" : "group",
		source: dynamic === null ? "unknown" : dynamic.has(id) ? "dynamic" : "direct",
		description: textOrNone(raw.description),
		reportedMembers: int64(raw.directMembersCount),
	});
	const addresses = [email, ...(textsOrNone(raw.aliases) ?? []), ...(textsOrNone(raw.nonEditableAliases) ?? [])];
	return { ok: { record, email, addresses: addresses.flatMap((one) => (one ? [one.toLowerCase()] : [])) } };
}

/**
 * A member by the id Google gives; whoever has none (an address from outside) by the address. Null for `CUSTOMER`: everybody of the tenant,
 * which the reader spells out.
 */
export function decodeMember(item: unknown, group: GroupRecord): Decoded<MembershipRecord | null> {
	const raw = object(item);
	if (!raw) return { bad: "a group member is not an object", id: null };
	const id = word(raw.id) ?? word(raw.email)?.toLowerCase();
	if (id === undefined) return { bad: "a group member has neither id nor address", id: null };
	const source = group.source === "direct" ? "direct" : group.source;
	switch (raw.type) {
		case "CUSTOMER":
			return { ok: null };
		case "GROUP":
			return { ok: { group: group.id, account: id, memberType: "group", source } };
		case "USER":
			return { ok: { group: group.id, account: id, source } };
		case "EXTERNAL":
			return { ok: { group: group.id, account: id, ...(raw.email !== undefined && { login: word(raw.email) ?? id }), source } };
		default:
			return { bad: `a group member is of a kind nobody here knows: ${String(raw.type)}`, id };
	}
}
