import type { SettingRecord } from "../../src/model/objects.js";
import { type Json, object, word } from "../../src/provider/decode.js";

const everyone = ["ALL_MEMBERS", "OWNERS_AND_MANAGERS", "OWNERS_ONLY", "NONE"];
const yesNo = ["true", "false"];

/** Values that can be declared of a group: what Google still supports of the Groups Settings API and what decides who gets at a group. All are texts. */
export const declarable: Record<string, string[]> = {
	whoCanJoin: ["ANYONE_CAN_JOIN", "ALL_IN_DOMAIN_CAN_JOIN", "INVITED_CAN_JOIN", "CAN_REQUEST_TO_JOIN"],
	// NONE_CAN_POST belongs to an archived group, and is refused for any other.
	whoCanPostMessage: ["ALL_MANAGERS_CAN_POST", "ALL_MEMBERS_CAN_POST", "ALL_OWNERS_CAN_POST", "ALL_IN_DOMAIN_CAN_POST", "ANYONE_CAN_POST"],
	whoCanViewGroup: ["ANYONE_CAN_VIEW", "ALL_IN_DOMAIN_CAN_VIEW", "ALL_MEMBERS_CAN_VIEW", "ALL_MANAGERS_CAN_VIEW"],
	whoCanViewMembership: ["ALL_IN_DOMAIN_CAN_VIEW", "ALL_MEMBERS_CAN_VIEW", "ALL_MANAGERS_CAN_VIEW"],
	whoCanDiscoverGroup: ["ANYONE_CAN_DISCOVER", "ALL_IN_DOMAIN_CAN_DISCOVER", "ALL_MEMBERS_CAN_DISCOVER"],
	whoCanContactOwner: ["ALL_IN_DOMAIN_CAN_CONTACT", "ALL_MANAGERS_CAN_CONTACT", "ALL_MEMBERS_CAN_CONTACT", "ANYONE_CAN_CONTACT", "ALL_OWNERS_CAN_CONTACT"],
	whoCanLeaveGroup: ["ALL_MANAGERS_CAN_LEAVE", "ALL_MEMBERS_CAN_LEAVE", "NONE_CAN_LEAVE"],
	whoCanModerateMembers: everyone,
	whoCanModerateContent: everyone,
	whoCanAssistContent: everyone,
	allowExternalMembers: yesNo,
	allowWebPosting: yesNo,
	isArchived: yesNo,
	membersCanPostAsTheGroup: yesNo,
	includeInGlobalAddressList: yesNo,
	enableCollaborativeInbox: yesNo,
	messageModerationLevel: ["MODERATE_ALL_MESSAGES", "MODERATE_NON_MEMBERS", "MODERATE_NEW_MEMBERS", "MODERATE_NONE"],
	spamModerationLevel: ["ALLOW", "MODERATE", "SILENTLY_MODERATE", "REJECT"],
};

/** Read, and not declared: it decides what the others may be. */
const alsoRead = ["archiveOnly"];

export const groupSettingsSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	additionalProperties: false,
	minProperties: 1,
	properties: Object.fromEntries(Object.entries(declarable).map(([key, words]) => [key, { enum: words === yesNo ? [...words, true, false] : words }])),
};

/** What is kept of a group's settings: no texts of mails, no description. */
export function keptSettings(raw: Json): Json {
	return Object.fromEntries([...Object.keys(declarable), ...alsoRead].flatMap((key) => (Object.hasOwn(raw, key) ? [[key, raw[key]]] : [])));
}

/** The one form: Google's own words in capitals, its yes and no as the texts they come as. */
export function canonicalGroupSettings(values: Json): Json {
	const form = (key: string, value: unknown): unknown => {
		if (typeof value === "boolean") return String(value);
		const text = word(value);
		const words = Object.hasOwn(declarable, key) ? declarable[key] : undefined;
		return words?.find((one) => one.toLowerCase() === text?.toLowerCase()) ?? value;
	};
	return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, form(key, value)]])));
}

/** What is wrong with declared values, one sentence; null = nothing. */
export function invalidGroupSettings(values: Json): string | null {
	const entries = Object.entries(canonicalGroupSettings(values));
	if (entries.length === 0) return "no value is declared";
	for (const [key, value] of entries) {
		const words = Object.hasOwn(declarable, key) ? declarable[key] : undefined;
		if (!words) return `${key} is not a value that can be declared here`;
		if (!words.includes(String(value))) return `${key} must be one of ${words.join(", ")}`;
	}
	return null;
}

/** Why Google would refuse or drop these values of this group; null = it would not. */
export function keptByGoogle(live: Json, values: Json): string | null {
	if (live.archiveOnly !== "true" || !Object.hasOwn(values, "whoCanPostMessage")) return null;
	return "the group is archived: nobody can post to it, and who may is not changed until it is active again";
}

export function groupSettingRecord(group: { id: string; name: string }, body: unknown): SettingRecord | null {
	const raw = object(body);
	if (!raw || typeof raw.kind !== "string") return null;
	return {
		id: `group-settings/${group.id}`,
		kind: "group-settings",
		name: group.name,
		active: true,
		builtIn: false,
		priority: null,
		parent: null,
		session: null,
		signIn: null,
		values: keptSettings(raw),
	};
}
