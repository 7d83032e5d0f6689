// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class Role extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/role:Role";

	static get(name, id, state, opts) {
		return new Role(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === Role.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			name: given?.name,
			privileges: given?.privileges,
			description: given?.description,
			etag: state?.etag,
			isSuperAdminRole: state?.isSuperAdminRole,
			isSystemRole: state?.isSystemRole,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(Role.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.Role = Role;
