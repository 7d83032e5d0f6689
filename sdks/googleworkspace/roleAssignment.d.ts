// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** One administrator's role, held by one user, for the whole customer or for one organizational unit. */
export declare class RoleAssignment extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: RoleAssignmentState, opts?: pulumi.CustomResourceOptions): RoleAssignment;
	static isInstance(value: unknown): value is RoleAssignment;
	readonly assignedTo: pulumi.Output<string>;
	readonly roleId: pulumi.Output<string>;
	readonly orgUnitId: pulumi.Output<string | undefined>;
	readonly scopeType: pulumi.Output<string | undefined>;
	readonly etag: pulumi.Output<string>;
	constructor(name: string, args: RoleAssignmentArgs, opts?: pulumi.CustomResourceOptions);
}

export interface RoleAssignmentState {
	assignedTo?: pulumi.Input<string | undefined>;
	roleId?: pulumi.Input<string | undefined>;
	orgUnitId?: pulumi.Input<string | undefined>;
	scopeType?: pulumi.Input<string | undefined>;
	etag?: pulumi.Input<string | undefined>;
}

export interface RoleAssignmentArgs {
	assignedTo: pulumi.Input<string>;
	roleId: pulumi.Input<string>;
	orgUnitId?: pulumi.Input<string | undefined>;
	scopeType?: pulumi.Input<string | undefined>;
}
