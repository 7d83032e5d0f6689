// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** A secondary domain of the customer. */
export declare class Domain extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: DomainState, opts?: pulumi.CustomResourceOptions): Domain;
	static isInstance(value: unknown): value is Domain;
	readonly domainName: pulumi.Output<string>;
	readonly creationTime: pulumi.Output<number>;
	readonly etag: pulumi.Output<string>;
	readonly verified: pulumi.Output<boolean>;
	readonly domainAliases: pulumi.Output<string[]>;
	readonly isPrimary: pulumi.Output<boolean>;
	constructor(name: string, args: DomainArgs, opts?: pulumi.CustomResourceOptions);
}

export interface DomainState {
	domainName?: pulumi.Input<string | undefined>;
	creationTime?: pulumi.Input<number | undefined>;
	etag?: pulumi.Input<string | undefined>;
	verified?: pulumi.Input<boolean | undefined>;
	domainAliases?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	isPrimary?: pulumi.Input<boolean | undefined>;
}

export interface DomainArgs {
	domainName: pulumi.Input<string>;
}
