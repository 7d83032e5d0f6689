// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class GroupSettings extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/groupSettings:GroupSettings";

	static get(name, id, state, opts) {
		return new GroupSettings(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === GroupSettings.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			email: given?.email,
			allowExternalMembers: given?.allowExternalMembers,
			allowWebPosting: given?.allowWebPosting,
			archiveOnly: given?.archiveOnly,
			customFooterText: given?.customFooterText,
			customReplyTo: given?.customReplyTo,
			defaultMessageDenyNotificationText: given?.defaultMessageDenyNotificationText,
			enableCollaborativeInbox: given?.enableCollaborativeInbox,
			includeCustomFooter: given?.includeCustomFooter,
			includeInGlobalAddressList: given?.includeInGlobalAddressList,
			isArchived: given?.isArchived,
			membersCanPostAsTheGroup: given?.membersCanPostAsTheGroup,
			messageModerationLevel: given?.messageModerationLevel,
			primaryLanguage: given?.primaryLanguage,
			replyTo: given?.replyTo,
			sendMessageDenyNotification: given?.sendMessageDenyNotification,
			spamModerationLevel: given?.spamModerationLevel,
			whoCanAssistContent: given?.whoCanAssistContent,
			whoCanContactOwner: given?.whoCanContactOwner,
			whoCanDiscoverGroup: given?.whoCanDiscoverGroup,
			whoCanJoin: given?.whoCanJoin,
			whoCanLeaveGroup: given?.whoCanLeaveGroup,
			whoCanModerateContent: given?.whoCanModerateContent,
			whoCanModerateMembers: given?.whoCanModerateMembers,
			whoCanPostMessage: given?.whoCanPostMessage,
			whoCanViewGroup: given?.whoCanViewGroup,
			whoCanViewMembership: given?.whoCanViewMembership,
			customRolesEnabledForSettingsToBeMerged: state?.customRolesEnabledForSettingsToBeMerged,
			description: state?.description,
			name: state?.name,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(GroupSettings.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.GroupSettings = GroupSettings;
