// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class Provider extends pulumi.ProviderResource {
	static __pulumiType = "googleworkspace";

	static isInstance(value) {
		return value?.__pulumiType === `pulumi:providers:${Provider.__pulumiType}`;
	}

	constructor(name, args, opts) {
		super(
			Provider.__pulumiType,
			name,
			{
				accessToken: args?.accessToken ? pulumi.secret(args.accessToken) : undefined,
				credentials: args?.credentials ? pulumi.secret(args.credentials) : undefined,
				customerId: args?.customerId,
				impersonatedUserEmail: args?.impersonatedUserEmail,
				oauthScopes: pulumi.output(args?.oauthScopes).apply((value) => (value === undefined ? undefined : JSON.stringify(value))),
				serviceAccount: args?.serviceAccount,
			},
			pulumi.mergeOptions(utilities.resourceOptsDefaults(), pulumi.mergeOptions(opts ?? {}, { additionalSecretOutputs: ["accessToken", "credentials"] })),
			false,
			utilities.getPackage(),
		);
	}
}
exports.Provider = Provider;
