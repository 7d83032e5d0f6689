import type { AccountRecord } from "../../src/model/account.js";
import { encodeKnown } from "../../src/model/json.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import { batch } from "./batch.js";
import type { EntraConnection } from "./connection.js";
import { decodeAll, isGone, list } from "./read.js";
import type { Tally } from "./read-tally.js";
import { type Beside, decode, userQuery } from "./read-user.js";
import { at, word } from "./schema.js";
import { userProperties } from "./schema-account.js";

/** Set once and for all; a password that is made to expire is a new one as a rule, and then its date is named. */
const unwatched = new Set(["id", "createdDateTime", "creationType", "passwordProfile"]);
/** Properties whose changes are asked for; sign-in activity is never named. Changes of others are not told. */
const watched = [...userProperties.filter((name) => !unwatched.has(name)), "manager"].join(",");

const path = "/v1.0/users/delta";

/** The link from which changes are read next time; null where the vendor gives none. https://learn.microsoft.com/graph/delta-query-overview */
export async function deltaStart(connection: EntraConnection, context: ReadContext): Promise<string | null> {
	const query = { $deltatoken: "latest", $select: watched };
	for await (const page of list(connection, { method: "GET", path, query }, context.signal, { delta: true }))
		if (page.end) return page.end.closed ? (page.end.delta ?? null) : null;
	return null;
}

export interface Changes {
	link: string;
	named: ReadonlyMap<string, boolean>;
	pages(beside: Beside, failures: Tally): AsyncGenerator<ReadPage>;
}

/** What changed since the link was given; null where that can't be had any more: links live for seven days. */
export async function changesSince(connection: EntraConnection, context: ReadContext, from: string): Promise<Changes | null> {
	const last = new Map<string, boolean>();
	let link: string | null = null;
	for await (const page of list(connection, { method: "GET", path }, context.signal, { delta: true, from })) {
		for (const item of page.items) {
			const id = word(at(item, "id"));
			if (id === undefined) return null;
			last.set(id, at(item, "@removed") !== undefined);
		}
		if (page.end) link = page.end.closed ? (page.end.delta ?? null) : null;
	}
	if (link === null) return null;
	return { link, named: last, pages: (beside, failures) => read(connection, context, last, beside, failures) };
}

async function* read(connection: EntraConnection, context: ReadContext, last: Map<string, boolean>, beside: Beside, failures: Tally): AsyncGenerator<ReadPage> {
	const query = `?$select=${userQuery.$select}&$expand=${encodeURIComponent(userQuery.$expand)}`;
	const changed = [...last].filter(([, removed]) => !removed).map(([id]) => id);
	const gone = [...last].filter(([, removed]) => removed).map(([id]) => id);
	for (let first = 0; first < changed.length; first += 200) {
		const ids = changed.slice(first, first + 200);
		const parts = ids.map((id) => ({ path: "/users/{userId}", params: { userId: id }, query }));
		for (const [index, answer] of (await batch(connection, parts, "v1.0", context.signal)).entries()) {
			const id = ids[index] ?? "";
			if ("body" in answer)
				yield {
					...decodeAll(
						[answer.body],
						(item) => decode(item, beside),
						(user: AccountRecord) => user.id,
					),
					request: answer.request,
				};
			else if (isGone(answer.error)) gone.push(id);
			else failures.add(answer.error);
		}
	}
	if (gone.length > 0) yield { records: [], request: null, gone };
	yield* unchanged(context, last, beside);
}

/** Accounts that the vendor did not name: confirmed, or written anew where their sign-ins went on. */
async function* unchanged(context: ReadContext, named: Map<string, boolean>, { signs }: Beside): AsyncGenerator<ReadPage> {
	let confirmed: string[] = [];
	let records: ReadRecord[] = [];
	for await (const { id, body } of context.previous("accounts")) {
		const account = body as AccountRecord;
		if (named.has(id)) continue;
		// Deleted ones are listed anew.
		if (account.status === "deleted") continue;
		const { lastActivity: _at, activitySignal: _signal, ...rest } = account;
		const seen = signs.found.get(id);
		const now = { ...rest, ...(seen && { lastActivity: seen.at, activitySignal: seen.signal }) };
		if (encodeKnown(now) === encodeKnown(account)) confirmed.push(id);
		else records.push({ id, body: now });
		if (confirmed.length < 5000 && records.length < 2000) continue;
		yield { records, request: signs.request, confirmed };
		[confirmed, records] = [[], []];
	}
	yield { records, request: signs.request, confirmed };
}
