// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class User extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/user:User";

	static get(name, id, state, opts) {
		return new User(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === User.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			name: given?.name,
			primaryEmail: given?.primaryEmail,
			aliases: given?.aliases,
			archived: given?.archived,
			changePasswordAtNextLogin: given?.changePasswordAtNextLogin,
			customSchemas: given?.customSchemas,
			emails: given?.emails,
			externalIds: given?.externalIds,
			hashFunction: given?.hashFunction,
			includeInGlobalAddressList: given?.includeInGlobalAddressList,
			ipAllowlist: given?.ipAllowlist,
			isAdmin: given?.isAdmin,
			orgUnitPath: given?.orgUnitPath,
			organizations: given?.organizations,
			password: given?.password ? pulumi.secret(given.password) : undefined,
			phones: given?.phones,
			recoveryEmail: given?.recoveryEmail,
			recoveryPhone: given?.recoveryPhone,
			relations: given?.relations,
			suspended: given?.suspended,
			agreedToTerms: state?.agreedToTerms,
			creationTime: state?.creationTime,
			customerId: state?.customerId,
			deletionTime: state?.deletionTime,
			etag: state?.etag,
			isDelegatedAdmin: state?.isDelegatedAdmin,
			isEnforcedIn2StepVerification: state?.isEnforcedIn2StepVerification,
			isEnrolledIn2StepVerification: state?.isEnrolledIn2StepVerification,
			isMailboxSetup: state?.isMailboxSetup,
			lastLoginTime: state?.lastLoginTime,
			nonEditableAliases: state?.nonEditableAliases,
			suspensionReason: state?.suspensionReason,
			thumbnailPhotoEtag: state?.thumbnailPhotoEtag,
			thumbnailPhotoUrl: state?.thumbnailPhotoUrl,
		};
		const options = pulumi.mergeOptions(pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {}), { additionalSecretOutputs: ["password"] });
		super(User.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.User = User;
