// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class GroupMembers extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/groupMembers:GroupMembers";

	static get(name, id, state, opts) {
		return new GroupMembers(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === GroupMembers.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			groupId: given?.groupId,
			members: given?.members,
			etag: state?.etag,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(GroupMembers.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.GroupMembers = GroupMembers;
