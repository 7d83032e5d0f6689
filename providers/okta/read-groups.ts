import type { GroupRecord } from "../../src/model/objects.js";
import type { Reader } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { records } from "./read.js";
import { decodeGroup, decodeGroupRule, isEveryone } from "./schema-group.js";

/**
 * Groups with the vendor's counts: `stats` says which group carries an administrator's role. Okta advises pages of 200.
 * A role that manages some groups sees those alone, and never Everyone (Okta's specification of the list): without Everyone it is not whole.
 */
export const groups: Reader<OktaConnection> = {
	collection: "groups",
	after: [],
	scopes: ["okta.groups.read"],
	async *read(connection, context) {
		let everyone = false;
		for await (const page of records(
			connection,
			context,
			{ method: "GET", path: "/api/v1/groups", query: { limit: 200, expand: "stats" } },
			{ scope: "okta.groups.read", decode: decodeGroup, id: (group) => group.id },
		)) {
			everyone ||= page.records.some(({ body }) => isEveryone(body as GroupRecord));
			yield page.end?.closed && !everyone ? { ...page, end: { closed: false, reasons: [notAll] } } : page;
		}
	},
};

const notAll = {
	cause: "floor" as const,
	detail: "the list of groups lacks Everyone, which every org has: the administrator's role of this credential does not see all groups",
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
