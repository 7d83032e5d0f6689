import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, date } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { one } from "./read.js";

/** Each costs a request; the first that is still there settles it. */
const mostLookedUp = 5;

/** Accounts that the last scan had and the list lacks, although they are there by their own address: then the list was short, and Google did not say so. */
export async function missingAccounts(connection: GoogleConnection, context: ReadContext, listed: Set<string>): Promise<CoverageReason[]> {
	const before: string[] = [];
	for await (const { id } of context.previous("accounts")) if (!listed.has(id)) before.push(id);
	const found = await stillThere(connection, context, before);
	if (found === null) return [];
	const many = before.length === 1 ? "one account" : `${before.length} accounts`;
	return [{ cause: "floor", detail: `the last scan had ${many} that the list of users lacks, and ${found} is still there: the list is not whole` }];
}

/** One of these accounts that is there by its own address, and was when the scan began; null where a few of them show none. */
export async function stillThere(connection: GoogleConnection, context: ReadContext, ids: string[]): Promise<string | null> {
	const since = context.scanStarted + (connection.http.clockSkew() ?? 0);
	for (const id of spread(ids)) {
		const request = { method: "GET" as const, path: "/admin/directory/v1/users/{userKey}", params: { userKey: id }, query: { fields: "id,creationTime" } };
		const answer = await one(connection, request, context.signal);
		if (!("error" in answer) && at(answer.body, "id") === id && (date(at(answer.body, "creationTime")) ?? 0) < since) return id;
	}
	return null;
}

/** A few from the whole length: whoever was deleted may stand together. */
function spread(ids: string[]): string[] {
	if (ids.length <= mostLookedUp) return ids;
	return Array.from({ length: mostLookedUp }, (_, index) => ids[Math.floor((index * (ids.length - 1)) / (mostLookedUp - 1))] ?? "");
}
