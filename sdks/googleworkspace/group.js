// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class Group extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/group:Group";

	static get(name, id, state, opts) {
		return new Group(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === Group.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			email: given?.email,
			aliases: given?.aliases,
			description: given?.description,
			name: given?.name,
			adminCreated: state?.adminCreated,
			directMembersCount: state?.directMembersCount,
			etag: state?.etag,
			nonEditableAliases: state?.nonEditableAliases,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(Group.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.Group = Group;
