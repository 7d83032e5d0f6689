// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** A user account. */
export declare class User extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: UserState, opts?: pulumi.CustomResourceOptions): User;
	static isInstance(value: unknown): value is User;
	readonly name: pulumi.Output<outputs.UserName>;
	readonly primaryEmail: pulumi.Output<string>;
	readonly aliases: pulumi.Output<string[] | undefined>;
	readonly archived: pulumi.Output<boolean | undefined>;
	readonly changePasswordAtNextLogin: pulumi.Output<boolean | undefined>;
	readonly customSchemas: pulumi.Output<outputs.UserCustomSchema[] | undefined>;
	readonly emails: pulumi.Output<outputs.UserEmail[] | undefined>;
	readonly externalIds: pulumi.Output<outputs.UserExternalId[] | undefined>;
	readonly hashFunction: pulumi.Output<string | undefined>;
	readonly includeInGlobalAddressList: pulumi.Output<boolean | undefined>;
	readonly ipAllowlist: pulumi.Output<boolean | undefined>;
	readonly isAdmin: pulumi.Output<boolean | undefined>;
	readonly orgUnitPath: pulumi.Output<string | undefined>;
	readonly organizations: pulumi.Output<outputs.UserOrganization[] | undefined>;
	readonly password: pulumi.Output<string | undefined>;
	readonly phones: pulumi.Output<outputs.UserPhone[] | undefined>;
	readonly recoveryEmail: pulumi.Output<string | undefined>;
	readonly recoveryPhone: pulumi.Output<string | undefined>;
	readonly relations: pulumi.Output<outputs.UserRelation[] | undefined>;
	readonly suspended: pulumi.Output<boolean | undefined>;
	readonly agreedToTerms: pulumi.Output<boolean>;
	readonly creationTime: pulumi.Output<string>;
	readonly customerId: pulumi.Output<string>;
	readonly deletionTime: pulumi.Output<string>;
	readonly etag: pulumi.Output<string>;
	readonly isDelegatedAdmin: pulumi.Output<boolean>;
	readonly isEnforcedIn2StepVerification: pulumi.Output<boolean>;
	readonly isEnrolledIn2StepVerification: pulumi.Output<boolean>;
	readonly isMailboxSetup: pulumi.Output<boolean>;
	readonly lastLoginTime: pulumi.Output<string>;
	readonly nonEditableAliases: pulumi.Output<string[]>;
	readonly suspensionReason: pulumi.Output<string>;
	readonly thumbnailPhotoEtag: pulumi.Output<string>;
	readonly thumbnailPhotoUrl: pulumi.Output<string>;
	constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions);
}

export interface UserState {
	name?: pulumi.Input<inputs.UserName | undefined>;
	primaryEmail?: pulumi.Input<string | undefined>;
	aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	archived?: pulumi.Input<boolean | undefined>;
	changePasswordAtNextLogin?: pulumi.Input<boolean | undefined>;
	customSchemas?: pulumi.Input<pulumi.Input<inputs.UserCustomSchema>[] | undefined>;
	emails?: pulumi.Input<pulumi.Input<inputs.UserEmail>[] | undefined>;
	externalIds?: pulumi.Input<pulumi.Input<inputs.UserExternalId>[] | undefined>;
	hashFunction?: pulumi.Input<string | undefined>;
	includeInGlobalAddressList?: pulumi.Input<boolean | undefined>;
	ipAllowlist?: pulumi.Input<boolean | undefined>;
	isAdmin?: pulumi.Input<boolean | undefined>;
	orgUnitPath?: pulumi.Input<string | undefined>;
	organizations?: pulumi.Input<pulumi.Input<inputs.UserOrganization>[] | undefined>;
	password?: pulumi.Input<string | undefined>;
	phones?: pulumi.Input<pulumi.Input<inputs.UserPhone>[] | undefined>;
	recoveryEmail?: pulumi.Input<string | undefined>;
	recoveryPhone?: pulumi.Input<string | undefined>;
	relations?: pulumi.Input<pulumi.Input<inputs.UserRelation>[] | undefined>;
	suspended?: pulumi.Input<boolean | undefined>;
	agreedToTerms?: pulumi.Input<boolean | undefined>;
	creationTime?: pulumi.Input<string | undefined>;
	customerId?: pulumi.Input<string | undefined>;
	deletionTime?: pulumi.Input<string | undefined>;
	etag?: pulumi.Input<string | undefined>;
	isDelegatedAdmin?: pulumi.Input<boolean | undefined>;
	isEnforcedIn2StepVerification?: pulumi.Input<boolean | undefined>;
	isEnrolledIn2StepVerification?: pulumi.Input<boolean | undefined>;
	isMailboxSetup?: pulumi.Input<boolean | undefined>;
	lastLoginTime?: pulumi.Input<string | undefined>;
	nonEditableAliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	suspensionReason?: pulumi.Input<string | undefined>;
	thumbnailPhotoEtag?: pulumi.Input<string | undefined>;
	thumbnailPhotoUrl?: pulumi.Input<string | undefined>;
}

export interface UserArgs {
	name: pulumi.Input<inputs.UserName>;
	primaryEmail: pulumi.Input<string>;
	aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	archived?: pulumi.Input<boolean | undefined>;
	changePasswordAtNextLogin?: pulumi.Input<boolean | undefined>;
	customSchemas?: pulumi.Input<pulumi.Input<inputs.UserCustomSchema>[] | undefined>;
	emails?: pulumi.Input<pulumi.Input<inputs.UserEmail>[] | undefined>;
	externalIds?: pulumi.Input<pulumi.Input<inputs.UserExternalId>[] | undefined>;
	hashFunction?: pulumi.Input<string | undefined>;
	includeInGlobalAddressList?: pulumi.Input<boolean | undefined>;
	ipAllowlist?: pulumi.Input<boolean | undefined>;
	isAdmin?: pulumi.Input<boolean | undefined>;
	orgUnitPath?: pulumi.Input<string | undefined>;
	organizations?: pulumi.Input<pulumi.Input<inputs.UserOrganization>[] | undefined>;
	password?: pulumi.Input<string | undefined>;
	phones?: pulumi.Input<pulumi.Input<inputs.UserPhone>[] | undefined>;
	recoveryEmail?: pulumi.Input<string | undefined>;
	recoveryPhone?: pulumi.Input<string | undefined>;
	relations?: pulumi.Input<pulumi.Input<inputs.UserRelation>[] | undefined>;
	suspended?: pulumi.Input<boolean | undefined>;
}
