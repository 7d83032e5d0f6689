import { type DesiredMappings, isOpen } from "../../src/provider/desired.js";
import { canonicalGroupSettings, groupSettingRecord } from "./group-settings.js";

/** What the package sets where nothing is written: https://registry.terraform.io/providers/hashicorp/googleworkspace/0.7.0/docs/resources/group_settings. */
const defaults = {
	allowExternalMembers: false,
	allowWebPosting: true,
	archiveOnly: false,
	enableCollaborativeInbox: false,
	includeInGlobalAddressList: true,
	isArchived: false,
	membersCanPostAsTheGroup: false,
	messageModerationLevel: "MODERATE_NONE",
	spamModerationLevel: "MODERATE",
	whoCanAssistContent: "NONE",
	whoCanContactOwner: "ANYONE_CAN_CONTACT",
	whoCanDiscoverGroup: "ALL_IN_DOMAIN_CAN_DISCOVER",
	whoCanJoin: "CAN_REQUEST_TO_JOIN",
	whoCanLeaveGroup: "ALL_MEMBERS_CAN_LEAVE",
	whoCanModerateContent: "OWNERS_AND_MANAGERS",
	whoCanModerateMembers: "OWNERS_AND_MANAGERS",
	whoCanViewGroup: "ALL_MEMBERS_CAN_VIEW",
	whoCanViewMembership: "ALL_MEMBERS_CAN_VIEW",
};

/** Resources of the googleworkspace package. */
export const desired: DesiredMappings = {
	"googleworkspace:index/groupSettings:GroupSettings": ({ email, ...given }, id) => {
		const values = { ...defaults, ...given };
		const name = typeof email === "string" ? email : id;
		const record = groupSettingRecord({ id, name }, { kind: "groupsSettings#groups", ...(isOpen(values) ? {} : canonicalGroupSettings(values)) });
		if (!record) return null;
		const { values: _, ...rest } = record;
		return { collection: "settings", record: isOpen(values) ? rest : record };
	},
	"googleworkspace:index/group:Group": ({ email, name, description }, id) => {
		const shown = typeof name === "string" ? name : email;
		if (typeof shown !== "string") return null;
		return {
			collection: "groups",
			record: {
				id,
				name: shown,
				type: "group",
				source: "direct",
				...(description === undefined ? { description: null } : typeof description === "string" ? { description } : {}),
			},
		};
	},
};
