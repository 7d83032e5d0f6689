// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** One member of a group; other members are left alone. */
export declare class GroupMember extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GroupMemberState, opts?: pulumi.CustomResourceOptions): GroupMember;
	static isInstance(value: unknown): value is GroupMember;
	readonly groupId: pulumi.Output<string>;
	readonly email: pulumi.Output<string>;
	readonly role: pulumi.Output<string | undefined>;
	readonly type: pulumi.Output<string | undefined>;
	readonly deliverySettings: pulumi.Output<string | undefined>;
	readonly etag: pulumi.Output<string>;
	readonly memberId: pulumi.Output<string>;
	readonly status: pulumi.Output<string>;
	constructor(name: string, args: GroupMemberArgs, opts?: pulumi.CustomResourceOptions);
}

export interface GroupMemberState {
	groupId?: pulumi.Input<string | undefined>;
	email?: pulumi.Input<string | undefined>;
	role?: pulumi.Input<string | undefined>;
	type?: pulumi.Input<string | undefined>;
	deliverySettings?: pulumi.Input<string | undefined>;
	etag?: pulumi.Input<string | undefined>;
	memberId?: pulumi.Input<string | undefined>;
	status?: pulumi.Input<string | undefined>;
}

export interface GroupMemberArgs {
	groupId: pulumi.Input<string>;
	email: pulumi.Input<string>;
	role?: pulumi.Input<string | undefined>;
	type?: pulumi.Input<string | undefined>;
	deliverySettings?: pulumi.Input<string | undefined>;
}
