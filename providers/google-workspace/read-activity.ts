import type { Millis } from "../../src/model/known.js";
import type { ActivityBody } from "../../src/model/snapshot.js";
import { at, type Decoded, date, word } from "../../src/provider/decode.js";
import type { ReadContext, ReadEnd, Reader, ReadPage } from "../../src/provider/provider.js";
import { ids } from "./assignments.js";
import type { GoogleConnection } from "./connection.js";
import { activityPages, eventsOf, keptJson, type LogPoint, lateness, logPoint, retention, type Window } from "./events.js";
import type { Page } from "./paging.js";
import { readScope } from "./scopes.js";

const cursor = "google.activity";
const signal = "login_success";

/** Requests that one scan spends here: 50 000 sign-ins. */
export const mostRequests = 50;

/**
 * The newest sign-in of each account in the login log, which knows of some that `lastLoginTime` does not move at. Newest first, since the last
 * read or as long as the log is kept; a record proves that an account was used, its absence nothing, so a window cut short by its own budget
 * leaves the collection complete and says so.
 */
export const activity: Reader<GoogleConnection> = {
	collection: "activity",
	after: ["accounts"],
	scopes: [readScope.audit],
	async *read(connection, context) {
		const now = logPoint(connection, context);
		const window = await windowOf(context, now);
		const newest = new Map<string, Millis>();
		for await (const { id, body } of context.previous("activity")) newest.set(id, (body as ActivityBody).at);
		const people = await ids(context, "accounts");
		const gone = people ? [...newest.keys()].filter((id) => !people.has(id)) : [];
		if (gone.length > 0) yield { records: [], request: null, gone };

		let requests = 0;
		let oldest = window.until;
		let end: ReadEnd | null = null;
		for await (const page of activityPages(connection, "login", window, context, { eventName: signal })) {
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
	return { since: known ? last.until - lateness : now.until - retention, until: now.until };
}

/** The sign-ins of a page that are newer than what is known of their accounts; `newest` then knows them. */
function recordsOf(page: Page, end: Millis, newest: Map<string, Millis>, people: Set<string> | null): { page: ReadPage; oldest: Millis } {
	const found = new Map<string, ActivityBody>();
	const quarantined: { id: string | null; why: string }[] = [...page.quarantined];
	let oldest = end;
	for (const item of page.items) {
		const decoded = decodeSignIn(item, end);
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

/** Null: no sign-in that went well. */
function decodeSignIn(item: unknown, end: Millis): Decoded<(ActivityBody & { account: string }) | null> {
	if (!eventsOf(item).some(({ name }) => name === signal)) return { ok: null };
	const account = word(at(item, "actor", "profileId"));
	const time = date(at(item, "id", "time"));
	if (typeof time !== "number") return { bad: "a sign-in has no time", id: null };
	// Somebody from outside.
	if (!account) return { ok: null };
	// A clock that runs ahead: nobody has signed in after now.
	return { ok: { account, at: Math.min(time, end), signal } };
}

function cutShort(oldest: Millis): ReadEnd {
	const detail = `sign-ins before ${new Date(oldest).toISOString()} were not read: one scan may spend ${mostRequests} requests on the log`;
	return { closed: true, reasons: [{ cause: "budget", detail }], incremental: true };
}
