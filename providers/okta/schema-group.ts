import type { SourceOfAuthority } from "../../src/model/account.js";
import type { GroupRecord, GroupRuleRecord } from "../../src/model/objects.js";
import { at, count, type Decoded, flag, identified, known, lookUp, stamp, text, texts, word } from "./schema.js";

const sources: Record<string, SourceOfAuthority> = { OKTA_GROUP: "direct", APP_GROUP: "app", BUILT_IN: "built-in" };

/** `GET /api/v1/groups?expand=stats` item → group. */
export function decodeGroup(item: unknown): Decoded<GroupRecord> {
	const found = identified(item, "group");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const name = word(at(raw, "profile", "name"));
	if (name === undefined) return { bad: "a group has no name", id };
	const type = word(raw.type);
	if (type === undefined) return { bad: "a group has no type", id };
	const stats = at(raw, "_embedded", "stats");
	return {
		ok: known<GroupRecord>({
			id,
			name,
			type,
			source: lookUp(sources, type) ?? "unknown",
			description: text(at(raw, "profile", "description")),
			created: stamp(raw.created),
			membershipUpdated: stamp(raw.lastMembershipUpdated),
			// The vendor's spelling (schema of `stats` in its API description; okta/okta-sdk-golang GroupEmbeddedStats), and the one it may be mended to.
			grantsRole: flag(at(stats, "hasAdminPrivlege")) ?? flag(at(stats, "hasAdminPrivilege")),
			reportedMembers: count(at(stats, "usersCount")),
		}),
	};
}

/** The vendor's own group of everyone who is not deactivated. */
export function isEveryone(group: Pick<GroupRecord, "type" | "name">): boolean {
	return group.type === "BUILT_IN" && group.name === "Everyone";
}

/** The vendor's own group of those who hold a role, whose members and roles it does not list (okta/terraform-provider-okta#1845). */
export function isAdministrators(group: Pick<GroupRecord, "type" | "name">): boolean {
	return group.type === "BUILT_IN" && /administrators$/i.test(group.name);
}

/** `GET /api/v1/groups/rules` item → group rule. INVALID rules (a group is gone) assign nobody. */
export function decodeGroupRule(item: unknown): Decoded<GroupRuleRecord> {
	const found = identified(item, "group rule");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const groups = texts(at(raw, "actions", "assignUserToGroups", "groupIds"));
	const excluded = texts(at(raw, "conditions", "people", "users", "exclude"));
	const status = word(raw.status);
	if (groups === undefined || excluded === undefined || status === undefined)
		return { bad: "a group rule's groups, exclusions or status are not readable", id };
	return {
		ok: known<GroupRuleRecord>({
			id,
			name: word(raw.name) ?? id,
			active: status === "ACTIVE",
			groups,
			expression: text(at(raw, "conditions", "expression", "value")),
			excludedAccounts: excluded,
		}),
	};
}

/** How a member came into a group, as far as the members' list and the group's rules tell. */
export function membershipSource(group: Pick<GroupRecord, "type">, rules: GroupRuleRecord[] | null, account: string): SourceOfAuthority {
	if (group.type !== "OKTA_GROUP") return lookUp(sources, group.type) ?? "unknown";
	if (rules === null) return "unknown";
	// The members' list does not say who was put in by hand: only an exclusion from every rule proves it.
	return rules.every((rule) => !rule.active || rule.excludedAccounts.includes(account)) ? "direct" : "unknown";
}
