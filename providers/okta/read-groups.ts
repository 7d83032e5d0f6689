import type { Reader } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { records } from "./read.js";
import { decodeGroup, decodeGroupRule } from "./schema-group.js";

/** Groups with the vendor's counts: `stats` says which group carries an administrator's role. Okta advises pages of 200. */
export const groups: Reader<OktaConnection> = {
	collection: "groups",
	after: [],
	scopes: ["okta.groups.read"],
	read: (connection, context) =>
		records(
			connection,
			context,
			{ method: "GET", path: "/api/v1/groups", query: { limit: 200, expand: "stats" } },
			{ scope: "okta.groups.read", decode: decodeGroup, id: (group) => group.id },
		),
};

/** Group rules. The largest page is 200. */
export const groupRules: Reader<OktaConnection> = {
	collection: "groupRules",
	after: [],
	scopes: ["okta.groups.read"],
	read: (connection, context) =>
		records(
			connection,
			context,
			{ method: "GET", path: "/api/v1/groups/rules", query: { limit: 200 } },
			{ scope: "okta.groups.read", decode: decodeGroupRule, id: (rule) => rule.id },
		),
};
