import type { Millis } from "../../src/model/known.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import type { ReadContext, ReadEnd, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { keptJson, type LogPoint, lateness, logPoint, retention } from "./log-events.js";
import { decodeSignIn, signInFilter } from "./log-sign-in.js";
import { type ListPage, list } from "./read.js";

const scope = "okta.logs.read";
const cursor = "okta.activity";

/** The System Log keeps 90 days. */
const kept: Millis = 90 * 24 * 3600_000;

/** Requests that one scan spends here: 50 000 sign-ins, at the vendor's usual 60 a minute for one app. */
export const mostRequests = 50;

interface Window {
	since: Millis;
	until: Millis;
}

/**
 * The newest sign-in of each account in the System Log: what `lastLogin` does not move at, such as a sign-in to an app within a long session.
 *
 * Newest events first, since the last read or of 90 days, and at most `mostRequests` pages. What counts as the whole collection is that window:
 * a record only ever proves that an account was used, its absence proves nothing, so a window cut short by its own budget is told as a reason
 * and leaves the collection complete. A refusal or a broken chain does not, and the same window is read again next time.
 */
export const activity: Reader<OktaConnection> = {
	collection: "activity",
	after: ["accounts"],
	scopes: [scope],
	async *read(connection, context) {
		const now = logPoint(connection, context);
		const window = await windowOf(context, now);
		const newest = new Map<string, Millis>();
		for await (const { id, body } of context.previous("activity")) newest.set(id, (body as ActivityBody).at);
		const people = await accountIds(context);
		const gone = people ? [...newest.keys()].filter((id) => !people.has(id)) : [];
		if (gone.length > 0) yield { records: [], request: null, gone };

		let requests = 0;
		let oldest = window.until;
		let end: ReadEnd | null = null;
		for await (const page of list(connection, requestFor(window), { scope, signal: context.signal })) {
			requests += 1;
			const read = recordsOf(page, window.until, newest, people);
			oldest = Math.min(oldest, read.oldest);
			yield read.page;
			if (page.end) end = { closed: page.end.closed, reasons: page.end.reasons, incremental: true };
			else if (requests === mostRequests) end = cutShort(oldest);
			if (end) break;
			context.progress(requests, null);
		}
		if (end?.closed) await context.setCursor(cursor, JSON.stringify(now));
		yield { records: [], request: null, end: end ?? { closed: false, reasons: [], incremental: true } };
	},
};

async function windowOf(context: ReadContext, now: LogPoint): Promise<Window> {
	const last = context.full ? null : await keptJson<LogPoint>(context, cursor);
	const known = last !== null && now.until - last.until <= retention;
	return { since: known ? last.until - lateness : now.until - kept, until: now.until };
}

function requestFor({ since, until }: Window) {
	const bounds = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
	return { method: "GET" as const, path: "/api/v1/logs", query: { ...bounds, filter: signInFilter, sortOrder: "DESCENDING", limit: 1000 } };
}

/** The sign-ins of a page that are newer than what is known of their accounts; `newest` then knows them. */
function recordsOf(page: ListPage, end: Millis, newest: Map<string, Millis>, people: Set<string> | null): { page: ReadPage; oldest: Millis } {
	const found = new Map<string, ActivityBody>();
	const quarantined: { id: string | null; why: string }[] = [...page.quarantined];
	let oldest = end;
	for (const event of page.items) {
		const decoded = decodeSignIn(event, end);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else if (decoded.ok) {
			const { account, ...body } = decoded.ok;
			oldest = Math.min(oldest, body.at);
			if (people && !people.has(account)) continue;
			if (body.at <= (newest.get(account) ?? Number.NEGATIVE_INFINITY)) continue;
			newest.set(account, body.at);
			found.set(account, body);
		}
	}
	const records = [...found].map(([id, body]) => ({ id, body }));
	return { page: { records, request: page.request, ...(quarantined.length > 0 && { quarantined }) }, oldest };
}

function cutShort(oldest: Millis): ReadEnd {
	const detail = `sign-ins before ${new Date(oldest).toISOString()} were not read: one scan may spend ${mostRequests} requests on the log`;
	return { closed: true, reasons: [{ cause: "budget", detail }], incremental: true };
}

/** Every account there is; null when they were not read to the end. The log tells of deleted ones too. */
async function accountIds(context: ReadContext): Promise<Set<string> | null> {
	if (context.coverage("accounts")?.state !== "complete") return null;
	const ids = new Set<string>();
	for await (const { id } of context.current("accounts")) ids.add(id);
	return ids;
}
