import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { records } from "./read.js";
import { missingAccounts } from "./read-accounts-missing.js";
import { decodeUser } from "./schema-account.js";

const scope = "okta.users.read";
const path = "/api/v1/users";

/** Look-back for users whose latest change the search index may not have yet; it lags by seconds (okta/okta-sdk-nodejs#422). */
const indexLag = 5 * 60_000;

/**
 * Every user, deactivated ones too: the bare list leaves those out (okta/okta-sdk-java#718), `search` has them.
 * `search` is an index that lags, so what changed just now is read again by `filter`, which is fresh.
 */
export const accounts: Reader<OktaConnection> = {
	collection: "accounts",
	after: [],
	scopes: [scope],
	async *read(connection, context) {
		const seen = new Set<string>();
		const found = yield* chain(connection, context, { search: "status pr" }, seen);
		// On the server's clock: that is what stamps lastUpdated.
		const since = new Date(context.scanStarted + (connection.http.clockSkew() ?? 0) - indexLag).toISOString();
		const fresh = yield* chain(connection, context, { filter: `lastUpdated gt "${since}"` }, seen);
		const reasons: CoverageReason[] = [...found.reasons, ...fresh.reasons];
		if (found.closed && fresh.closed && seen.size > 0) reasons.push(...(await missingAccounts(connection, context, seen)));
		// Who asks is a user or an app of this very org, and an org has its first administrator.
		if (found.closed && seen.size === 0)
			reasons.push({
				cause: "floor",
				detail: "the vendor answered an empty list of users, which no org has: the administrator's role of this credential sees none",
			});
		yield { records: [], request: null, end: { closed: found.closed && fresh.closed && reasons.length === 0, reasons, eligible: null } };
	},
};

async function* chain(
	connection: OktaConnection,
	context: ReadContext,
	query: Record<string, string>,
	seen: Set<string>,
): AsyncGenerator<ReadPage, { closed: boolean; reasons: CoverageReason[] }> {
	let end = { closed: false, reasons: [] as CoverageReason[] };
	for await (const page of records(
		connection,
		context,
		{ method: "GET", path, query: { limit: 200, ...query } },
		{ scope, decode: decodeUser, id: (user) => user.id },
	)) {
		const { end: last, ...rest } = page;
		if (last) end = { closed: last.closed, reasons: last.reasons };
		for (const record of page.records) seen.add(record.id);
		yield rest;
		context.progress(seen.size, null);
	}
	return end;
}
