/**
 * The Google Workspace resources that Keelson documents, as facts of hashicorp/googleworkspace 0.7.0: https://registry.terraform.io/providers/hashicorp/googleworkspace/0.7.0/docs.
 * From them `sdk.ts` writes `sdks/googleworkspace`, in the shape of `pulumi package add terraform-provider hashicorp/googleworkspace`.
 */
export interface GoogleResource {
	name: string;
	about: string;
	/** Type by name; `!` at its end: required. A word with a capital letter is one of `blocks`. */
	inputs: Record<string, string>;
	/** What only the vendor knows, beside the inputs. */
	outputs: Record<string, string>;
}

/** A member as `GroupMembers` lists it. */
const member = { email: "string!", role: "string", type: "string", deliverySettings: "string" };

/** Parts of a resource, by name. */
export const blocks: Record<string, Record<string, string>> = {
	GroupMembersMember: member,
	RolePrivilege: { privilegeName: "string!", serviceId: "string!" },
	UserName: { familyName: "string!", givenName: "string!" },
	UserEmail: { type: "string!", address: "string", customType: "string", primary: "boolean" },
	UserExternalId: { type: "string!", value: "string!", customType: "string" },
	UserOrganization: {
		type: "string",
		costCenter: "string",
		customType: "string",
		department: "string",
		description: "string",
		domain: "string",
		fullTimeEquivalent: "number",
		location: "string",
		name: "string",
		primary: "boolean",
		symbol: "string",
		title: "string",
	},
	UserPhone: { type: "string!", value: "string!", customType: "string", primary: "boolean" },
	UserRelation: { type: "string!", value: "string!", customType: "string" },
	UserCustomSchema: { schemaName: "string!", schemaValues: "{string}!" },
};

const domainOutputs = { creationTime: "number", etag: "string", verified: "boolean" };

export const googleResources: GoogleResource[] = [
	{
		name: "Domain",
		about: "A secondary domain of the customer.",
		inputs: { domainName: "string!" },
		outputs: { ...domainOutputs, domainAliases: "string[]", isPrimary: "boolean" },
	},
	{
		name: "DomainAlias",
		about: "Another name of one of the customer's domains.",
		inputs: { domainAliasName: "string!", parentDomainName: "string" },
		outputs: domainOutputs,
	},
	{
		name: "Group",
		about: "A group: its address and its name. Who is in it, and what it allows, are resources of their own.",
		inputs: { email: "string!", aliases: "string[]", description: "string", name: "string" },
		outputs: { adminCreated: "boolean", directMembersCount: "number", etag: "string", nonEditableAliases: "string[]" },
	},
	{
		name: "GroupMember",
		about: "One member of a group; other members are left alone.",
		inputs: { groupId: "string!", ...member },
		outputs: { etag: "string", memberId: "string", status: "string" },
	},
	{
		name: "GroupMembers",
		about: "All members of a group: whoever is not listed is taken out.",
		inputs: { groupId: "string!", members: "GroupMembersMember[]" },
		outputs: { etag: "string" },
	},
	{
		name: "GroupSettings",
		about: "Who may see, join, post to and manage a group.",
		inputs: {
			email: "string!",
			allowExternalMembers: "boolean",
			allowWebPosting: "boolean",
			archiveOnly: "boolean",
			customFooterText: "string",
			customReplyTo: "string",
			defaultMessageDenyNotificationText: "string",
			enableCollaborativeInbox: "boolean",
			includeCustomFooter: "boolean",
			includeInGlobalAddressList: "boolean",
			isArchived: "boolean",
			membersCanPostAsTheGroup: "boolean",
			messageModerationLevel: "string",
			primaryLanguage: "string",
			replyTo: "string",
			sendMessageDenyNotification: "boolean",
			spamModerationLevel: "string",
			whoCanAssistContent: "string",
			whoCanContactOwner: "string",
			whoCanDiscoverGroup: "string",
			whoCanJoin: "string",
			whoCanLeaveGroup: "string",
			whoCanModerateContent: "string",
			whoCanModerateMembers: "string",
			whoCanPostMessage: "string",
			whoCanViewGroup: "string",
			whoCanViewMembership: "string",
		},
		outputs: { customRolesEnabledForSettingsToBeMerged: "boolean", description: "string", name: "string" },
	},
	{
		name: "OrgUnit",
		about: "An organizational unit.",
		inputs: { name: "string!", blockInheritance: "boolean", description: "string", parentOrgUnitId: "string", parentOrgUnitPath: "string" },
		outputs: { etag: "string", orgUnitId: "string", orgUnitPath: "string" },
	},
	{
		name: "Role",
		about: "An administrator's role with its privileges.",
		inputs: { name: "string!", privileges: "RolePrivilege[]!", description: "string" },
		outputs: { etag: "string", isSuperAdminRole: "boolean", isSystemRole: "boolean" },
	},
	{
		name: "RoleAssignment",
		about: "One administrator's role, held by one user, for the whole customer or for one organizational unit.",
		inputs: { assignedTo: "string!", roleId: "string!", orgUnitId: "string", scopeType: "string" },
		outputs: { etag: "string" },
	},
	{
		name: "User",
		about: "A user account.",
		inputs: {
			name: "UserName!",
			primaryEmail: "string!",
			aliases: "string[]",
			archived: "boolean",
			changePasswordAtNextLogin: "boolean",
			customSchemas: "UserCustomSchema[]",
			emails: "UserEmail[]",
			externalIds: "UserExternalId[]",
			hashFunction: "string",
			includeInGlobalAddressList: "boolean",
			ipAllowlist: "boolean",
			isAdmin: "boolean",
			orgUnitPath: "string",
			organizations: "UserOrganization[]",
			password: "string",
			phones: "UserPhone[]",
			recoveryEmail: "string",
			recoveryPhone: "string",
			relations: "UserRelation[]",
			suspended: "boolean",
		},
		outputs: {
			agreedToTerms: "boolean",
			creationTime: "string",
			customerId: "string",
			deletionTime: "string",
			etag: "string",
			isDelegatedAdmin: "boolean",
			isEnforcedIn2StepVerification: "boolean",
			isEnrolledIn2StepVerification: "boolean",
			isMailboxSetup: "boolean",
			lastLoginTime: "string",
			nonEditableAliases: "string[]",
			suspensionReason: "string",
			thumbnailPhotoEtag: "string",
			thumbnailPhotoUrl: "string",
		},
	},
];

/** Inputs that the engine keeps encrypted in its state. */
export const secretInputs: Record<string, string[]> = { User: ["password"], Provider: ["accessToken", "credentials"] };

export const providerInputs: Record<string, string> = {
	accessToken: "string",
	credentials: "string",
	customerId: "string",
	impersonatedUserEmail: "string",
	oauthScopes: "string[]",
	serviceAccount: "string",
};
