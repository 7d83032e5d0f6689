// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** All members of a group: whoever is not listed is taken out. */
export declare class GroupMembers extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GroupMembersState, opts?: pulumi.CustomResourceOptions): GroupMembers;
	static isInstance(value: unknown): value is GroupMembers;
	readonly groupId: pulumi.Output<string>;
	readonly members: pulumi.Output<outputs.GroupMembersMember[] | undefined>;
	readonly etag: pulumi.Output<string>;
	constructor(name: string, args: GroupMembersArgs, opts?: pulumi.CustomResourceOptions);
}

export interface GroupMembersState {
	groupId?: pulumi.Input<string | undefined>;
	members?: pulumi.Input<pulumi.Input<inputs.GroupMembersMember>[] | undefined>;
	etag?: pulumi.Input<string | undefined>;
}

export interface GroupMembersArgs {
	groupId: pulumi.Input<string>;
	members?: pulumi.Input<pulumi.Input<inputs.GroupMembersMember>[] | undefined>;
}
