// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class Domain extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/domain:Domain";

	static get(name, id, state, opts) {
		return new Domain(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === Domain.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			domainName: given?.domainName,
			creationTime: state?.creationTime,
			etag: state?.etag,
			verified: state?.verified,
			domainAliases: state?.domainAliases,
			isPrimary: state?.isPrimary,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(Domain.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.Domain = Domain;
