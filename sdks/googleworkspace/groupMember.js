// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class GroupMember extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/groupMember:GroupMember";

	static get(name, id, state, opts) {
		return new GroupMember(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === GroupMember.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			groupId: given?.groupId,
			email: given?.email,
			role: given?.role,
			type: given?.type,
			deliverySettings: given?.deliverySettings,
			etag: state?.etag,
			memberId: state?.memberId,
			status: state?.status,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(GroupMember.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.GroupMember = GroupMember;
