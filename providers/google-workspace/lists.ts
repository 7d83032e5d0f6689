import { at, word } from "../../src/provider/decode.js";
import type { ListShape } from "./paging.js";

const by =
	(key: string) =>
	(item: object): string | undefined =>
		word(at(item, key));

/** The lists that are read, as the vendor's discovery documents describe them. */
export const lists = {
	users: { key: "users", kind: "admin#directory#users", id: by("id") },
	groups: { key: "groups", kind: "admin#directory#groups", id: by("id") },
	members: { key: "members", kind: "admin#directory#members", id: (item) => word(at(item, "id")) ?? word(at(item, "email")) },
	orgUnits: { key: "organizationUnits", kind: "admin#directory#orgUnits", id: by("orgUnitId") },
	roles: { key: "items", kind: "admin#directory#roles", id: by("roleId") },
	roleAssignments: { key: "items", kind: "admin#directory#roleAssignments", id: by("roleAssignmentId") },
	domains: { key: "domains", kind: "admin#directory#domains", id: by("domainName") },
	devices: { key: "mobiledevices", kind: "admin#directory#mobiledevices", id: by("resourceId") },
	tokens: { key: "items", kind: "admin#directory#tokenList", id: by("clientId") },
	asps: { key: "items", kind: "admin#directory#aspList", id: () => undefined },
	usage: { key: "usageReports", kind: "admin#reports#usageReports", id: (item) => word(at(item, "entity", "profileId")) },
	activities: { key: "items", kind: "admin#reports#activities", id: () => undefined },
	licences: {
		key: "items",
		kind: "licensing#licenseAssignmentList",
		id: (item) => (word(at(item, "skuId")) && word(at(item, "userId")) ? `${at(item, "skuId")}/${at(item, "userId")}` : undefined),
	},
	policies: { key: "policies", kind: null, id: by("name") },
	ssoAssignments: { key: "inboundSsoAssignments", kind: null, id: by("name") },
	samlProfiles: { key: "inboundSamlSsoProfiles", kind: null, id: by("name") },
	oidcProfiles: { key: "inboundOidcSsoProfiles", kind: null, id: by("name") },
	memberships: { key: "memberships", kind: null, id: by("name") },
	identityGroups: { key: "groups", kind: null, id: by("name") },
} satisfies Record<string, ListShape>;
