// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

export interface GroupMembersMember {
	email: pulumi.Input<string>;
	role?: pulumi.Input<string | undefined>;
	type?: pulumi.Input<string | undefined>;
	deliverySettings?: pulumi.Input<string | undefined>;
}

export interface RolePrivilege {
	privilegeName: pulumi.Input<string>;
	serviceId: pulumi.Input<string>;
}

export interface UserName {
	familyName: pulumi.Input<string>;
	givenName: pulumi.Input<string>;
}

export interface UserEmail {
	type: pulumi.Input<string>;
	address?: pulumi.Input<string | undefined>;
	customType?: pulumi.Input<string | undefined>;
	primary?: pulumi.Input<boolean | undefined>;
}

export interface UserExternalId {
	type: pulumi.Input<string>;
	value: pulumi.Input<string>;
	customType?: pulumi.Input<string | undefined>;
}

export interface UserOrganization {
	type?: pulumi.Input<string | undefined>;
	costCenter?: pulumi.Input<string | undefined>;
	customType?: pulumi.Input<string | undefined>;
	department?: pulumi.Input<string | undefined>;
	description?: pulumi.Input<string | undefined>;
	domain?: pulumi.Input<string | undefined>;
	fullTimeEquivalent?: pulumi.Input<number | undefined>;
	location?: pulumi.Input<string | undefined>;
	name?: pulumi.Input<string | undefined>;
	primary?: pulumi.Input<boolean | undefined>;
	symbol?: pulumi.Input<string | undefined>;
	title?: pulumi.Input<string | undefined>;
}

export interface UserPhone {
	type: pulumi.Input<string>;
	value: pulumi.Input<string>;
	customType?: pulumi.Input<string | undefined>;
	primary?: pulumi.Input<boolean | undefined>;
}

export interface UserRelation {
	type: pulumi.Input<string>;
	value: pulumi.Input<string>;
	customType?: pulumi.Input<string | undefined>;
}

export interface UserCustomSchema {
	schemaName: pulumi.Input<string>;
	schemaValues: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
