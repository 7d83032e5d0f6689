import type { Call, Reply } from "../../../src/emulate/call.js";
import { ok, param } from "../../../src/emulate/call.js";
import { changed } from "./audit.js";
import type { Grant } from "./auth.js";
import { invalid } from "./errors.js";
import { currentGroup, findGroup } from "./find.js";
import type { Operation } from "./rights.js";
import type { GroupRow, Tenant } from "./types.js";
import { sentBody } from "./writes-users.js";

/** Values are strings, the truth values among them; the one number is `maxMessageBytes`. */
const defaults: Record<string, string | number> = {
	whoCanJoin: "CAN_REQUEST_TO_JOIN",
	whoCanViewMembership: "ALL_MEMBERS_CAN_VIEW",
	whoCanViewGroup: "ALL_MEMBERS_CAN_VIEW",
	whoCanInvite: "ALL_MANAGERS_CAN_INVITE",
	whoCanAdd: "ALL_MANAGERS_CAN_ADD",
	allowExternalMembers: "false",
	whoCanPostMessage: "ANYONE_CAN_POST",
	allowWebPosting: "true",
	primaryLanguage: "en_US",
	maxMessageBytes: 26_214_400,
	isArchived: "false",
	archiveOnly: "false",
	messageModerationLevel: "MODERATE_NONE",
	spamModerationLevel: "MODERATE",
	replyTo: "REPLY_TO_IGNORE",
	includeCustomFooter: "false",
	customFooterText: "",
	sendMessageDenyNotification: "false",
	defaultMessageDenyNotificationText: "",
	showInGroupDirectory: "true",
	allowGoogleCommunication: "false",
	membersCanPostAsTheGroup: "false",
	messageDisplayFont: "DEFAULT_FONT",
	includeInGlobalAddressList: "true",
	whoCanLeaveGroup: "ALL_MEMBERS_CAN_LEAVE",
	whoCanContactOwner: "ANYONE_CAN_CONTACT",
	whoCanModerateMembers: "OWNERS_AND_MANAGERS",
	whoCanModerateContent: "OWNERS_AND_MANAGERS",
	whoCanAssistContent: "NONE",
	whoCanDiscoverGroup: "ALL_IN_DOMAIN_CAN_DISCOVER",
	customRolesEnabledForSettingsToBeMerged: "false",
	enableCollaborativeInbox: "false",
	// The document says `default_sender`, the live service this.
	defaultSender: "DEFAULT_SELF",
};

/** Merged into newer settings, and still sent. */
const merged = Object.fromEntries(
	[
		...["AssignTopics", "UnassignTopic", "TakeTopics", "MarkDuplicate", "MarkNoResponseNeeded", "MarkFavoriteReplyOnAnyTopic"],
		...["UnmarkFavoriteReplyOnAnyTopic", "EnterFreeFormTags", "ModifyTagsAndCategories", "BanUsers", "ModifyMembers", "ApproveMessages"],
		...["DeleteAnyPost", "DeleteTopics", "LockTopics", "MoveTopicsIn", "MoveTopicsOut", "PostAnnouncements", "HideAbuse", "MakeTopicsSticky"],
	].map((name) => [`whoCan${name}`, "OWNERS_AND_MANAGERS"]),
);
Object.assign(defaults, merged, {
	whoCanAddReferences: "NONE",
	whoCanMarkFavoriteReplyOnOwnTopic: "NONE",
	favoriteRepliesOnTop: "true",
	whoCanApproveMembers: "ALL_MANAGERS_CAN_APPROVE",
});

/** Shown only where they are set. */
const hidden = ["customReplyTo"];

const choices: Record<string, readonly string[]> = {
	whoCanJoin: ["ANYONE_CAN_JOIN", "ALL_IN_DOMAIN_CAN_JOIN", "INVITED_CAN_JOIN", "CAN_REQUEST_TO_JOIN"],
	whoCanViewMembership: ["ALL_IN_DOMAIN_CAN_VIEW", "ALL_MEMBERS_CAN_VIEW", "ALL_MANAGERS_CAN_VIEW", "ALL_OWNERS_CAN_VIEW"],
	whoCanViewGroup: ["ANYONE_CAN_VIEW", "ALL_IN_DOMAIN_CAN_VIEW", "ALL_MEMBERS_CAN_VIEW", "ALL_MANAGERS_CAN_VIEW", "ALL_OWNERS_CAN_VIEW"],
	whoCanPostMessage: ["NONE_CAN_POST", "ALL_MANAGERS_CAN_POST", "ALL_MEMBERS_CAN_POST", "ALL_OWNERS_CAN_POST", "ALL_IN_DOMAIN_CAN_POST", "ANYONE_CAN_POST"],
	whoCanDiscoverGroup: ["ANYONE_CAN_DISCOVER", "ALL_IN_DOMAIN_CAN_DISCOVER", "ALL_MEMBERS_CAN_DISCOVER"],
};

/** The Groups Settings API. */
export function settingsRoutes(tenant: Tenant): Operation[] {
	const route = (method: string, handler: (call: Call<Grant>) => Reply): Operation => ({
		method,
		template: "/groups/v1/groups/{groupUniqueId}",
		needs: { service: "groupssettings.googleapis.com", scopes: ["apps.groups.settings"], privilege: method === "GET" ? "GROUPS_RETRIEVE" : "GROUPS_UPDATE" },
		handler,
	});
	function write(call: Call<Grant>): Reply {
		const group = currentGroup(tenant, param(call, "groupUniqueId"));
		const { default_sender: sender, ...rest } = sentBody(call);
		const sent = sender === undefined ? rest : { ...rest, defaultSender: sender };
		const known = Object.entries(sent).filter(([name]) => name in defaults || hidden.includes(name));
		for (const [name, value] of known) {
			const allowed = choices[name] ?? (defaults[name] === "true" || defaults[name] === "false" ? ["true", "false"] : null);
			if (allowed && !allowed.includes(String(value))) throw invalid(`Invalid Value: ${name}`);
		}
		const settings = {
			...group.settings,
			...Object.fromEntries(known.map(([name, value]) => [name, name === "maxMessageBytes" ? Number(value) : String(value)])),
		};
		const next = { ...group, settings, version: group.version + 1 };
		tenant.world.put(tenant.state.groups, group.id, next);
		for (const [name, value] of known)
			changed(tenant, call, "GROUP_SETTINGS", "CHANGE_GROUP_SETTING", { GROUP_EMAIL: group.body.email, SETTING_NAME: name, NEW_VALUE: String(value) });
		return answer(call, next);
	}
	return [route("GET", (call) => answer(call, findGroup(tenant, param(call, "groupUniqueId")))), route("PUT", write), route("PATCH", write)];
}

/** Without `alt=json` the API answers as an Atom entry. */
function answer(call: Call, group: GroupRow): Reply {
	const { email, name, description } = group.body;
	const own = { ...defaults, ...group.settings };
	const external = own.allowExternalMembers === "true" ? { whoCanAddExternalMembers: "END_USERS_CAN_ADD_EXTERNAL_MEMBERS" } : {};
	const settings = { email, name, description: description ?? "", ...own, ...external };
	if (call.query.get("alt") === "json") return ok({ kind: "groupsSettings#groups", ...settings });
	const lines = Object.entries(settings).map(([key, value]) => `  <apps:${key}>${escaped(String(value))}</apps:${key}>`);
	const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<entry xmlns="http://www.w3.org/2005/Atom" xmlns:apps="http://schemas.google.com/apps/2006">\n  <id>${escaped(`${call.base}${call.path}`)}</id>\n  <title>Groups Resource Entry</title>\n  <author><name>Google</name></author>\n${lines.join("\n")}\n</entry>\n`;
	return { status: 200, body: xml, contentType: "application/atom+xml; charset=UTF-8" };
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
