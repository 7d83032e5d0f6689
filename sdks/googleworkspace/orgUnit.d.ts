// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** An organizational unit. */
export declare class OrgUnit extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: OrgUnitState, opts?: pulumi.CustomResourceOptions): OrgUnit;
	static isInstance(value: unknown): value is OrgUnit;
	readonly name: pulumi.Output<string>;
	readonly blockInheritance: pulumi.Output<boolean | undefined>;
	readonly description: pulumi.Output<string | undefined>;
	readonly parentOrgUnitId: pulumi.Output<string | undefined>;
	readonly parentOrgUnitPath: pulumi.Output<string | undefined>;
	readonly etag: pulumi.Output<string>;
	readonly orgUnitId: pulumi.Output<string>;
	readonly orgUnitPath: pulumi.Output<string>;
	constructor(name: string, args: OrgUnitArgs, opts?: pulumi.CustomResourceOptions);
}

export interface OrgUnitState {
	name?: pulumi.Input<string | undefined>;
	blockInheritance?: pulumi.Input<boolean | undefined>;
	description?: pulumi.Input<string | undefined>;
	parentOrgUnitId?: pulumi.Input<string | undefined>;
	parentOrgUnitPath?: pulumi.Input<string | undefined>;
	etag?: pulumi.Input<string | undefined>;
	orgUnitId?: pulumi.Input<string | undefined>;
	orgUnitPath?: pulumi.Input<string | undefined>;
}

export interface OrgUnitArgs {
	name: pulumi.Input<string>;
	blockInheritance?: pulumi.Input<boolean | undefined>;
	description?: pulumi.Input<string | undefined>;
	parentOrgUnitId?: pulumi.Input<string | undefined>;
	parentOrgUnitPath?: pulumi.Input<string | undefined>;
}
