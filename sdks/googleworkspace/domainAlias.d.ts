// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** Another name of one of the customer's domains. */
export declare class DomainAlias extends pulumi.CustomResource {
	static get(name: string, id: pulumi.Input<pulumi.ID>, state?: DomainAliasState, opts?: pulumi.CustomResourceOptions): DomainAlias;
	static isInstance(value: unknown): value is DomainAlias;
	readonly domainAliasName: pulumi.Output<string>;
	readonly parentDomainName: pulumi.Output<string | undefined>;
	readonly creationTime: pulumi.Output<number>;
	readonly etag: pulumi.Output<string>;
	readonly verified: pulumi.Output<boolean>;
	constructor(name: string, args: DomainAliasArgs, opts?: pulumi.CustomResourceOptions);
}

export interface DomainAliasState {
	domainAliasName?: pulumi.Input<string | undefined>;
	parentDomainName?: pulumi.Input<string | undefined>;
	creationTime?: pulumi.Input<number | undefined>;
	etag?: pulumi.Input<string | undefined>;
	verified?: pulumi.Input<boolean | undefined>;
}

export interface DomainAliasArgs {
	domainAliasName: pulumi.Input<string>;
	parentDomainName?: pulumi.Input<string | undefined>;
}
