import type { Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { losses } from "./read.js";
import { dependence, perRequest, rotationOf } from "./read-derived.js";
import { grants } from "./read-grants.js";

/** What third-party apps were allowed, and the credentials of accounts whose rotation or end the vendor tells. */
export const credentials: Reader<SspmConnection> = {
	collection: "credentials",
	after: ["accounts", "apps"],
	scopes: [readRole, "THIRD_PARTY_APPS", "IDENTITY"],
	async *read(connection, context) {
		const lost = losses();
		yield* grants(connection, context, lost);
		yield* perRequest(context, (account) => {
			const body = rotationOf(account);
			return body ? [{ id: body.id, body }] : [];
		});
		for (const reason of dependence(context)) lost.add(reason);
		yield { records: [], request: null, end: lost.end() };
	},
};
