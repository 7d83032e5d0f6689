import type { SourceOfAuthority } from "../../src/model/account.js";
import type { GroupRecord, GroupRuleRecord } from "../../src/model/objects.js";
import { type Decoded, flag, identified, type Json, known, stamp, text, texts, word } from "./schema.js";

export const groupProperties =
	"id,displayName,description,createdDateTime,groupTypes,securityEnabled,mailEnabled,isAssignableToRole,onPremisesSyncEnabled,membershipRule,membershipRuleProcessingState,visibility";

/** A group, and the rule that fills it where it is dynamic. */
export interface DecodedGroup {
	record: GroupRecord;
	rule: GroupRuleRecord | null;
}

/** `GET /groups` item. https://learn.microsoft.com/graph/api/resources/group */
export function decodeGroup(item: unknown): Decoded<DecodedGroup> {
	const found = identified(item, "group");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const types = texts(raw.groupTypes);
	if (types === undefined) return { bad: "a group does not tell its groupTypes", id };
	const name = word(raw.displayName) ?? id;
	const source = groupSource(types, raw);
	const record = known<GroupRecord>({
		id,
		name,
		type: typeOf(types, raw),
		source,
		description: text(raw.description),
		created: stamp(raw.createdDateTime),
		// A group that may hold a role is no proof that it does; one that may not holds none.
		grantsRole: raw.isAssignableToRole === true ? undefined : flag(raw.isAssignableToRole === null ? false : raw.isAssignableToRole),
	});
	if (source !== "dynamic") return { ok: { record, rule: null } };
	const active = raw.membershipRuleProcessingState !== "Paused";
	return { ok: { record, rule: known({ id, name, active, groups: [id], expression: text(raw.membershipRule), excludedAccounts: [] }) } };
}

export function groupSource(types: string[], raw: Json): SourceOfAuthority {
	if (types.includes("DynamicMembership")) return "dynamic";
	if (raw.onPremisesSyncEnabled === true) return "synced";
	if (raw.onPremisesSyncEnabled !== null && raw.onPremisesSyncEnabled !== false && raw.onPremisesSyncEnabled !== undefined) return "unknown";
	// Groups that only carry mail are Exchange's, and Graph refuses to change their members.
	return raw.mailEnabled === true && !types.includes("Unified") ? "app" : "direct";
}

function typeOf(types: string[], raw: Json): string {
	if (types.includes("Unified")) return "Unified";
	if (raw.mailEnabled === true) return raw.securityEnabled === true ? "MailEnabledSecurity" : "Distribution";
	return "Security";
}
