import type { Raw } from "./state.js";

/** One of the vendor's types: its properties, what they are when unset, and which come without `$select`. */
export interface Kind {
	/** With namespace, without `#`. */
	type: string;
	/** Properties that come by default; null: all of them. */
	basic: readonly string[] | null;
	/** Value of each property when nothing is stored; `undefined`: left out. */
	unset: Readonly<Record<string, unknown>>;
}

/** `name[]` is an empty list when unset, `name?` is left out, `name` is null. */
function properties(text: string): Record<string, unknown> {
	const words = text.trim().split(/\s+/);
	return Object.fromEntries(words.map((word) => [word.replace(/\[\]$|\?$/, ""), word.endsWith("[]") ? [] : word.endsWith("?") ? undefined : null]));
}

export function kind(type: string, basic: string, more = ""): Kind {
	const first = properties(basic);
	return { type: `microsoft.graph.${type}`, basic: more === "" ? null : Object.keys(first), unset: { ...first, ...(more === "" ? {} : properties(more)) } };
}

const onPrem = `onPremisesDomainName onPremisesLastSyncDateTime onPremisesProvisioningErrors[] onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled`;

export const extensionAttributes: Raw = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`extensionAttribute${at + 1}`, null]));

const user = kind(
	"user",
	"businessPhones[] displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname userPrincipalName id",
	`accountEnabled ageGroup assignedLicenses[] assignedPlans[] authorizationInfo city companyName consentProvidedForMinor country createdDateTime
	creationType customSecurityAttributes deletedDateTime department employeeHireDate employeeId employeeLeaveDateTime? employeeOrgData employeeType
	externalUserState externalUserStateChangeDateTime faxNumber identities[] imAddresses[] isManagementRestricted isResourceAccount
	lastPasswordChangeDateTime legalAgeGroupClassification licenseAssignmentStates[] mailNickname onPremisesDistinguishedName
	onPremisesExtensionAttributes onPremisesImmutableId onPremisesUserPrincipalName otherMails[] passwordPolicies passwordProfile postalCode
	preferredDataLocation provisionedPlans[] proxyAddresses[] securityIdentifier serviceProvisioningErrors[] showInAddressList signInActivity?
	signInSessionsValidFromDateTime state streetAddress usageLocation userType ${onPrem}`,
);

export const kinds = {
	user: { ...user, unset: { ...user.unset, onPremisesExtensionAttributes: extensionAttributes } },
	group: kind(
		"group",
		`id deletedDateTime classification createdDateTime creationOptions[] description displayName expirationDateTime groupTypes[] isAssignableToRole mail
		mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesNetBiosName preferredDataLocation preferredLanguage
		proxyAddresses[] renewedDateTime resourceBehaviorOptions[] resourceProvisioningOptions[] securityEnabled securityIdentifier theme uniqueName visibility ${onPrem}`,
		"assignedLabels[] assignedLicenses[] hasMembersWithLicenseErrors licenseProcessingState isManagementRestricted serviceProvisioningErrors[]",
	),
	device: kind(
		"device",
		`id deletedDateTime accountEnabled approximateLastSignInDateTime complianceExpirationDateTime createdDateTime deviceCategory deviceId deviceMetadata
		deviceOwnership deviceVersion displayName enrollmentProfileName enrollmentType isCompliant isManaged isRooted managementType manufacturer mdmAppId
		model onPremisesLastSyncDateTime onPremisesSyncEnabled operatingSystem operatingSystemVersion physicalIds[] profileType registrationDateTime
		systemLabels[] trustType alternativeSecurityIds[]`,
	),
	application: kind(
		"application",
		`id deletedDateTime appId applicationTemplateId disabledByMicrosoftStatus createdDateTime displayName description groupMembershipClaims identifierUris[]
		isDeviceOnlyAuthSupported isFallbackPublicClient nativeAuthenticationApisEnabled notes publisherDomain serviceManagementReference signInAudience
		tags[] tokenEncryptionKeyId uniqueName samlMetadataUrl defaultRedirectUri certification optionalClaims servicePrincipalLockConfiguration
		requestSignatureVerification addIns[] api appRoles[] info keyCredentials[] parentalControlSettings passwordCredentials[] publicClient
		requiredResourceAccess[] verifiedPublisher web spa`,
		"isDisabled logo?",
	),
	servicePrincipal: kind(
		"servicePrincipal",
		`id deletedDateTime accountEnabled alternativeNames[] appDisplayName appDescription appId applicationTemplateId appOwnerOrganizationId
		appRoleAssignmentRequired createdDateTime description disabledByMicrosoftStatus displayName homepage loginUrl logoutUrl notes
		notificationEmailAddresses[] preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls[] servicePrincipalNames[] servicePrincipalType
		signInAudience tags[] tokenEncryptionKeyId samlSingleSignOnSettings addIns[] appRoles[] info keyCredentials[] oauth2PermissionScopes[]
		passwordCredentials[] resourceSpecificApplicationPermissions[] verifiedPublisher`,
		"customSecurityAttributes isDisabled",
	),
	directoryRole: kind("directoryRole", "id deletedDateTime description displayName roleTemplateId"),
	directoryRoleTemplate: kind("directoryRoleTemplate", "id deletedDateTime description displayName"),
	roleDefinition: kind("unifiedRoleDefinition", "id description displayName isBuiltIn isEnabled resourceScopes[] templateId version rolePermissions[]"),
	roleAssignment: kind(
		"unifiedRoleAssignment",
		"id principalId principalOrganizationId? resourceScope? directoryScopeId roleDefinitionId appScopeId? condition?",
	),
	grant: kind("oAuth2PermissionGrant", "clientId consentType id principalId resourceId scope"),
	appRoleAssignment: kind(
		"appRoleAssignment",
		"id deletedDateTime appRoleId createdDateTime principalDisplayName principalId principalType resourceDisplayName resourceId",
	),
	domain: kind(
		"domain",
		`authenticationType availabilityStatus id isAdminManaged isDefault isInitial isRoot isVerified manufacturer model passwordNotificationWindowInDays
		passwordValidityPeriodInDays state supportedServices[]`,
	),
} satisfies Record<string, Kind>;

/** What never comes without being asked for, not even where everything else does. */
const onlySelected = ["signInActivity", "employeeLeaveDateTime", "customSecurityAttributes", "authorizationInfo"];

/** The same types in the beta version, where users come with nearly everything. */
export const betaUser: Kind = { ...kinds.user, basic: Object.keys(kinds.user.unset).filter((name) => !onlySelected.includes(name)) };
export const betaRoleDefinition: Kind = {
	...kinds.roleDefinition,
	unset: { ...kinds.roleDefinition.unset, isPrivileged: false, allowedPrincipalTypes: "user,servicePrincipal,group" },
};

/** A type whose objects are stored whole. */
export function plain(type: string): Kind {
	return { type: `microsoft.graph.${type}`, basic: null, unset: {} };
}

/** An object as it is answered. `select`: the properties asked for, or null for what comes by default. */
export function render(of: Kind, entity: Raw, select: readonly string[] | null): Raw {
	const out: Raw = {};
	if (typeof entity["@odata.type"] === "string") out["@odata.type"] = entity["@odata.type"];
	const names = select ?? of.basic ?? Object.keys(Object.keys(of.unset).length > 0 ? of.unset : entity);
	for (const name of names) {
		if (name.startsWith("@")) continue;
		const value = entity[name] === undefined ? of.unset[name] : entity[name];
		if (value === undefined) continue;
		out[name] = value;
	}
	return out;
}
