// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class DomainAlias extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/domainAlias:DomainAlias";

	static get(name, id, state, opts) {
		return new DomainAlias(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === DomainAlias.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			domainAliasName: given?.domainAliasName,
			parentDomainName: given?.parentDomainName,
			creationTime: state?.creationTime,
			etag: state?.etag,
			verified: state?.verified,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(DomainAlias.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.DomainAlias = DomainAlias;
