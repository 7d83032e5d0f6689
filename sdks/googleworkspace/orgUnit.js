// Written by npm run generate from tools/resources/googleworkspace.ts.
const pulumi = require("@pulumi/pulumi");
const utilities = require("./utilities");

class OrgUnit extends pulumi.CustomResource {
	static __pulumiType = "googleworkspace:index/orgUnit:OrgUnit";

	static get(name, id, state, opts) {
		return new OrgUnit(name, state, { ...opts, id });
	}

	static isInstance(value) {
		return value?.__pulumiType === OrgUnit.__pulumiType;
	}

	constructor(name, given, opts) {
		const state = opts?.id ? given : undefined;
		const properties = {
			name: given?.name,
			blockInheritance: given?.blockInheritance,
			description: given?.description,
			parentOrgUnitId: given?.parentOrgUnitId,
			parentOrgUnitPath: given?.parentOrgUnitPath,
			etag: state?.etag,
			orgUnitId: state?.orgUnitId,
			orgUnitPath: state?.orgUnitPath,
		};
		const options = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts ?? {});
		super(OrgUnit.__pulumiType, name, properties, options, false, utilities.getPackage());
	}
}
exports.OrgUnit = OrgUnit;
