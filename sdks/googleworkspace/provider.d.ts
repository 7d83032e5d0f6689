// Written by npm run generate from tools/resources/googleworkspace.ts.
import type * as pulumi from "@pulumi/pulumi";

/** One Google Workspace customer, and the credential for it. */
export declare class Provider extends pulumi.ProviderResource {
	static isInstance(value: unknown): value is Provider;
	readonly accessToken: pulumi.Output<string | undefined>;
	readonly credentials: pulumi.Output<string | undefined>;
	readonly customerId: pulumi.Output<string | undefined>;
	readonly impersonatedUserEmail: pulumi.Output<string | undefined>;
	readonly serviceAccount: pulumi.Output<string | undefined>;
	constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions);
}

export interface ProviderArgs {
	accessToken?: pulumi.Input<string | undefined>;
	credentials?: pulumi.Input<string | undefined>;
	customerId?: pulumi.Input<string | undefined>;
	impersonatedUserEmail?: pulumi.Input<string | undefined>;
	oauthScopes?: pulumi.Input<pulumi.Input<string>[] | undefined>;
	serviceAccount?: pulumi.Input<string | undefined>;
}
