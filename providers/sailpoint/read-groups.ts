import type { GroupRecord } from "../../src/model/objects.js";
import type { Reader } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { records, tally } from "./read.js";
import { decodeGroup, rolesOf } from "./role-list.js";

/** Roles and access profiles: what gives access in Identity Security Cloud. */
export const groups: Reader<SailPointConnection> = {
	collection: "groups",
	after: [],
	scopes: ["idn:role-unchecked:read", "idn:access-profile:read"],
	async *read(connection, context) {
		const failures = tally();
		const { pages, end } = await rolesOf(connection, context);
		yield* pages;
		failures.end(end);
		const request = { path: "/v2026/access-profiles", query: { sorters: "created" } };
		failures.end(
			yield* records(
				connection,
				context,
				request,
				(item) => decodeGroup(item, "ACCESS_PROFILE"),
				(one: GroupRecord) => one.id,
			),
		);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of roles and access profiles") } };
	},
};
