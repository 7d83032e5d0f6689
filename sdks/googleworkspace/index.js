// Written by npm run generate from tools/resources/googleworkspace.ts.
const { runtime } = require("@pulumi/pulumi");

const classes = {
	Provider: () => require("./provider").Provider,
	Domain: () => require("./domain").Domain,
	DomainAlias: () => require("./domainAlias").DomainAlias,
	Group: () => require("./group").Group,
	GroupMember: () => require("./groupMember").GroupMember,
	GroupMembers: () => require("./groupMembers").GroupMembers,
	GroupSettings: () => require("./groupSettings").GroupSettings,
	OrgUnit: () => require("./orgUnit").OrgUnit,
	Role: () => require("./role").Role,
	RoleAssignment: () => require("./roleAssignment").RoleAssignment,
	User: () => require("./user").User,
};
for (const [name, load] of Object.entries(classes)) Object.defineProperty(exports, name, { enumerable: true, get: load });

const construct = (name, type, urn) => {
	const found = Object.keys(classes).find((one) => type === `googleworkspace:index/${one.charAt(0).toLowerCase()}${one.slice(1)}:${one}`);
	if (!found) throw new Error(`unknown resource type ${type}`);
	return new exports[found](name, undefined, { urn });
};
for (const name of Object.keys(classes))
	if (name !== "Provider") runtime.registerResourceModule("googleworkspace", `index/${name.charAt(0).toLowerCase()}${name.slice(1)}`, { version: "0.7.0", construct });
runtime.registerResourcePackage("googleworkspace", {
	version: "0.7.0",
	constructProvider: (name, _type, urn) => new exports.Provider(name, undefined, { urn }),
});
