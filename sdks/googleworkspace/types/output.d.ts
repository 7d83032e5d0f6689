// Written by npm run generate from tools/resources/googleworkspace.ts.

export interface GroupMembersMember {
	email: string;
	role?: string;
	type?: string;
	deliverySettings?: string;
}

export interface RolePrivilege {
	privilegeName: string;
	serviceId: string;
}

export interface UserName {
	familyName: string;
	givenName: string;
}

export interface UserEmail {
	type: string;
	address?: string;
	customType?: string;
	primary?: boolean;
}

export interface UserExternalId {
	type: string;
	value: string;
	customType?: string;
}

export interface UserOrganization {
	type?: string;
	costCenter?: string;
	customType?: string;
	department?: string;
	description?: string;
	domain?: string;
	fullTimeEquivalent?: number;
	location?: string;
	name?: string;
	primary?: boolean;
	symbol?: string;
	title?: string;
}

export interface UserPhone {
	type: string;
	value: string;
	customType?: string;
	primary?: boolean;
}

export interface UserRelation {
	type: string;
	value: string;
	customType?: string;
}

export interface UserCustomSchema {
	schemaName: string;
	schemaValues: { [key: string]: string };
}
