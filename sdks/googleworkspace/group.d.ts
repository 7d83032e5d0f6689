// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** A group: its address and its name. Who is in it, and what it allows, are resources of their own. */
export declare class Group extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GroupState, opts?: pulumi.CustomResourceOptions): Group;
	static isInstance(value: unknown): value is Group;
	readonly email: pulumi.Output<string>;
	readonly aliases: pulumi.Output<string[] | undefined>;
	readonly description: pulumi.Output<string | undefined>;
	readonly name: pulumi.Output<string | undefined>;
	readonly adminCreated: pulumi.Output<boolean>;
	readonly directMembersCount: pulumi.Output<number>;
	readonly etag: pulumi.Output<string>;
	readonly nonEditableAliases: pulumi.Output<string[]>;
	constructor(name: string, args: GroupArgs, opts?: pulumi.CustomResourceOptions);
}

export interface GroupState {
	email?: pulumi.Input<string | undefined>;
	aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	description?: pulumi.Input<string | undefined>;
	name?: pulumi.Input<string | undefined>;
	adminCreated?: pulumi.Input<boolean | undefined>;
	directMembersCount?: pulumi.Input<number | undefined>;
	etag?: pulumi.Input<string | undefined>;
	nonEditableAliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

export interface GroupArgs {
	email: pulumi.Input<string>;
	aliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	description?: pulumi.Input<string | undefined>;
	name?: pulumi.Input<string | undefined>;
}
