// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** Who may see, join, post to and manage a group. */
export declare class GroupSettings extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GroupSettingsState, opts?: pulumi.CustomResourceOptions): GroupSettings;
	static isInstance(value: unknown): value is GroupSettings;
	readonly email: pulumi.Output<string>;
	readonly allowExternalMembers: pulumi.Output<boolean | undefined>;
	readonly allowWebPosting: pulumi.Output<boolean | undefined>;
	readonly archiveOnly: pulumi.Output<boolean | undefined>;
	readonly customFooterText: pulumi.Output<string | undefined>;
	readonly customReplyTo: pulumi.Output<string | undefined>;
	readonly defaultMessageDenyNotificationText: pulumi.Output<string | undefined>;
	readonly enableCollaborativeInbox: pulumi.Output<boolean | undefined>;
	readonly includeCustomFooter: pulumi.Output<boolean | undefined>;
	readonly includeInGlobalAddressList: pulumi.Output<boolean | undefined>;
	readonly isArchived: pulumi.Output<boolean | undefined>;
	readonly membersCanPostAsTheGroup: pulumi.Output<boolean | undefined>;
	readonly messageModerationLevel: pulumi.Output<string | undefined>;
	readonly primaryLanguage: pulumi.Output<string | undefined>;
	readonly replyTo: pulumi.Output<string | undefined>;
	readonly sendMessageDenyNotification: pulumi.Output<boolean | undefined>;
	readonly spamModerationLevel: pulumi.Output<string | undefined>;
	readonly whoCanAssistContent: pulumi.Output<string | undefined>;
	readonly whoCanContactOwner: pulumi.Output<string | undefined>;
	readonly whoCanDiscoverGroup: pulumi.Output<string | undefined>;
	readonly whoCanJoin: pulumi.Output<string | undefined>;
	readonly whoCanLeaveGroup: pulumi.Output<string | undefined>;
	readonly whoCanModerateContent: pulumi.Output<string | undefined>;
	readonly whoCanModerateMembers: pulumi.Output<string | undefined>;
	readonly whoCanPostMessage: pulumi.Output<string | undefined>;
	readonly whoCanViewGroup: pulumi.Output<string | undefined>;
	readonly whoCanViewMembership: pulumi.Output<string | undefined>;
	readonly customRolesEnabledForSettingsToBeMerged: pulumi.Output<boolean>;
	readonly description: pulumi.Output<string>;
	readonly name: pulumi.Output<string>;
	constructor(name: string, args: GroupSettingsArgs, opts?: pulumi.CustomResourceOptions);
}

export interface GroupSettingsState {
	email?: pulumi.Input<string | undefined>;
	allowExternalMembers?: pulumi.Input<boolean | undefined>;
	allowWebPosting?: pulumi.Input<boolean | undefined>;
	archiveOnly?: pulumi.Input<boolean | undefined>;
	customFooterText?: pulumi.Input<string | undefined>;
	customReplyTo?: pulumi.Input<string | undefined>;
	defaultMessageDenyNotificationText?: pulumi.Input<string | undefined>;
	enableCollaborativeInbox?: pulumi.Input<boolean | undefined>;
	includeCustomFooter?: pulumi.Input<boolean | undefined>;
	includeInGlobalAddressList?: pulumi.Input<boolean | undefined>;
	isArchived?: pulumi.Input<boolean | undefined>;
	membersCanPostAsTheGroup?: pulumi.Input<boolean | undefined>;
	messageModerationLevel?: pulumi.Input<string | undefined>;
	primaryLanguage?: pulumi.Input<string | undefined>;
	replyTo?: pulumi.Input<string | undefined>;
	sendMessageDenyNotification?: pulumi.Input<boolean | undefined>;
	spamModerationLevel?: pulumi.Input<string | undefined>;
	whoCanAssistContent?: pulumi.Input<string | undefined>;
	whoCanContactOwner?: pulumi.Input<string | undefined>;
	whoCanDiscoverGroup?: pulumi.Input<string | undefined>;
	whoCanJoin?: pulumi.Input<string | undefined>;
	whoCanLeaveGroup?: pulumi.Input<string | undefined>;
	whoCanModerateContent?: pulumi.Input<string | undefined>;
	whoCanModerateMembers?: pulumi.Input<string | undefined>;
	whoCanPostMessage?: pulumi.Input<string | undefined>;
	whoCanViewGroup?: pulumi.Input<string | undefined>;
	whoCanViewMembership?: pulumi.Input<string | undefined>;
	customRolesEnabledForSettingsToBeMerged?: pulumi.Input<boolean | undefined>;
	description?: pulumi.Input<string | undefined>;
	name?: pulumi.Input<string | undefined>;
}

export interface GroupSettingsArgs {
	email: pulumi.Input<string>;
	allowExternalMembers?: pulumi.Input<boolean | undefined>;
	allowWebPosting?: pulumi.Input<boolean | undefined>;
	archiveOnly?: pulumi.Input<boolean | undefined>;
	customFooterText?: pulumi.Input<string | undefined>;
	customReplyTo?: pulumi.Input<string | undefined>;
	defaultMessageDenyNotificationText?: pulumi.Input<string | undefined>;
	enableCollaborativeInbox?: pulumi.Input<boolean | undefined>;
	includeCustomFooter?: pulumi.Input<boolean | undefined>;
	includeInGlobalAddressList?: pulumi.Input<boolean | undefined>;
	isArchived?: pulumi.Input<boolean | undefined>;
	membersCanPostAsTheGroup?: pulumi.Input<boolean | undefined>;
	messageModerationLevel?: pulumi.Input<string | undefined>;
	primaryLanguage?: pulumi.Input<string | undefined>;
	replyTo?: pulumi.Input<string | undefined>;
	sendMessageDenyNotification?: pulumi.Input<boolean | undefined>;
	spamModerationLevel?: pulumi.Input<string | undefined>;
	whoCanAssistContent?: pulumi.Input<string | undefined>;
	whoCanContactOwner?: pulumi.Input<string | undefined>;
	whoCanDiscoverGroup?: pulumi.Input<string | undefined>;
	whoCanJoin?: pulumi.Input<string | undefined>;
	whoCanLeaveGroup?: pulumi.Input<string | undefined>;
	whoCanModerateContent?: pulumi.Input<string | undefined>;
	whoCanModerateMembers?: pulumi.Input<string | undefined>;
	whoCanPostMessage?: pulumi.Input<string | undefined>;
	whoCanViewGroup?: pulumi.Input<string | undefined>;
	whoCanViewMembership?: pulumi.Input<string | undefined>;
}
