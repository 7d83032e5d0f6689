import type { CoverageReason } from "../../src/model/snapshot.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { one, whole } from "./read.js";
import { at, idOf, stamp } from "./schema.js";

/** Each costs a request; the first that is still there settles it. */
const mostLookedUp = 5;

/**
 * Accounts that something else names and the list of users lacks, although they are there by their own address: then the list was short, and Okta
 * did not say so. Asked are the list of administrators and the last scan. Whoever was deleted (404) is not missing.
 */
export async function missingAccounts(connection: OktaConnection, context: ReadContext, listed: Set<string>): Promise<CoverageReason[]> {
	const administrators = await whole(
		connection,
		{ method: "GET", path: "/api/v1/iam/assignees/users" },
		{ scope: "okta.roles.read", key: "value", signal: context.signal },
	);
	const named = administrators.items.map(idOf).filter((id) => id !== null);
	const before: string[] = [];
	for await (const { id } of context.previous("accounts")) if (!listed.has(id)) before.push(id);
	return [
		...(await reason(
			connection,
			context,
			named.filter((id) => !listed.has(id)),
			"the list of administrators names",
		)),
		...(await reason(connection, context, before, "the last scan had")),
	];
}

async function reason(connection: OktaConnection, context: ReadContext, missing: string[], who: string): Promise<CoverageReason[]> {
	const found = await stillThere(connection, context, missing);
	if (found === null) return [];
	const many = missing.length === 1 ? "one account" : `${missing.length} accounts`;
	return [{ cause: "floor", detail: `${who} ${many} that the list of users lacks, and ${found} is still there: the list is not whole` }];
}

/** One of these accounts that is there by its own address, and was when the scan began; null where a few of them show none. */
export async function stillThere(connection: OktaConnection, context: ReadContext, ids: string[]): Promise<string | null> {
	const since = context.scanStarted + (connection.http.clockSkew() ?? 0);
	for (const id of spread(ids)) {
		const answer = await one(connection, { method: "GET", path: "/api/v1/users/{userId}", params: { userId: id } }, context.signal);
		if (!("error" in answer) && (stamp(at(answer.body, "created")) ?? 0) < since) return id;
	}
	return null;
}

/** A few from the whole length: whoever was deleted may stand together. */
function spread(ids: string[]): string[] {
	if (ids.length <= mostLookedUp) return ids;
	return Array.from({ length: mostLookedUp }, (_, index) => ids[Math.floor((index * (ids.length - 1)) / (mostLookedUp - 1))] ?? "");
}
