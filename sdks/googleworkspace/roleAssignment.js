// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class RoleAssignment extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/roleAssignment:RoleAssignment";

	static get(name, id, state, opts) {
		return new RoleAssignment(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === RoleAssignment.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			assignedTo: given?.assignedTo,
			roleId: given?.roleId,
			orgUnitId: given?.orgUnitId,
			scopeType: given?.scopeType,
			etag: state?.etag,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(RoleAssignment.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.RoleAssignment = RoleAssignment;
