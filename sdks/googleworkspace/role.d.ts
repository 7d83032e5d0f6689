// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./types/input";
import type * as outputs from "./types/output";

/** An administrator's role with its privileges. */
export declare class Role extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: RoleState, opts?: pulumi.CustomResourceOptions): Role;
	static isInstance(value: unknown): value is Role;
	readonly name: pulumi.Output<string>;
	readonly privileges: pulumi.Output<outputs.RolePrivilege[]>;
	readonly description: pulumi.Output<string | undefined>;
	readonly etag: pulumi.Output<string>;
	readonly isSuperAdminRole: pulumi.Output<boolean>;
	readonly isSystemRole: pulumi.Output<boolean>;
	constructor(name: string, args: RoleArgs, opts?: pulumi.CustomResourceOptions);
}

export interface RoleState {
	name?: pulumi.Input<string | undefined>;
	privileges?: pulumi.Input<pulumi.Input<inputs.RolePrivilege>[] | undefined>;
	description?: pulumi.Input<string | undefined>;
	etag?: pulumi.Input<string | undefined>;
	isSuperAdminRole?: pulumi.Input<boolean | undefined>;
	isSystemRole?: pulumi.Input<boolean | undefined>;
}

export interface RoleArgs {
	name: pulumi.Input<string>;
	privileges: pulumi.Input<pulumi.Input<inputs.RolePrivilege>[]>;
	description?: pulumi.Input<string | undefined>;
}
