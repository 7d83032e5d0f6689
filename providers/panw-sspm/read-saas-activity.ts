import type { Millis } from "../../src/model/known.js";
import { at } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { type ListOptions, numberedPages, type Page } from "./paging.js";
import type { Losses } from "./read.js";
import { accountsByInstance } from "./read-derived.js";
import { decodeDoing } from "./schema-activity.js";
import { type Signs, signsOf } from "./signs.js";

/** Pages of an instance's log that one scan reads, unless the stack file says otherwise: 1,000 rows. */
export const usualPages = 5;
const cursor = "panw-sspm.saas-activity";
/** How far behind what is known a read goes on: the vendor fetches these logs from the apps, and does not say how late. */
const lateness: Millis = 24 * 3_600_000;

/** How far an instance's log was read. */
interface Mark {
	/** Everything newer than `unread` and up to here was read. */
	at: Millis;
	/** What is older than this was cut off, and never read. */
	unread?: Millis;
}

/** Pages of each instance's log that a scan may read; 0 = none. */
export function activityPages(options: Record<string, unknown>): number {
	return typeof options.activityPages === "number" ? options.activityPages : usualPages;
}

/** What is remembered of one log while it is read. */
interface Reading {
	requests: number;
	rows: number;
	joined: number;
	/** Times of the rows so far: whether each is no newer than the one before, and whether that says anything. */
	last: Millis | null;
	steps: number;
	ordered: boolean;
	newest: Millis;
	oldest: Millis;
}

/**
 * What people did in the watched apps, as a sign that their accounts are used. The specification has neither a time to ask for nor a grammar to sort by:
 * the newest are asked for first, and only where the rows do come so is the reading ended at what is known. Within the budget of each instance; what is
 * cut off is told to `lost`.
 */
export async function* saasActivity(connection: SspmConnection, context: ReadContext, signs: Signs, lost: Losses): AsyncGenerator<ReadPage> {
	const most = activityPages(connection.config.options);
	if (most === 0) return;
	const before = context.full ? {} : marksIn(await context.cursor(cursor));
	const marks = { ...before };
	const sort: { by: string | undefined } = { by: "activityDateTime:desc" };
	const owners = await accountsByInstance(context);
	for (const [done, [instance, accounts]] of [...owners].entries()) {
		const mark = before[instance];
		const log: Reading = { requests: 0, rows: 0, joined: 0, last: null, steps: 0, ordered: true, newest: 0, oldest: connection.config.now() };
		let end: Page["end"] | "cut" | "known";
		for await (const page of pagesOf(connection, instance, sort, context.signal)) {
			log.requests++;
			yield recordsOf(page, log, accounts, signs, connection.config.now());
			const proven = log.ordered && log.steps > 0;
			if (page.end) end = page.end;
			else if (mark && proven && log.oldest < mark.at - lateness) end = "known";
			else if (log.requests >= most) end = mark && proven && log.oldest <= mark.at ? "known" : "cut";
			if (end) break;
		}
		marks[instance] = markAfter(log, end, mark, most, lost);
		if (log.rows > 0 && log.joined === 0)
			lost.note({ cause: "unsupported", detail: `${call}: none of its rows is by an account that is known, so they say nothing of any` });
		context.progress(done + 1, owners.size);
	}
	// What was done by accounts that were not read is met again only where the next read begins anew.
	if (context.coverage("accounts")?.state === "complete") await context.setCursor(cursor, JSON.stringify(marks));
}

const path = "/sspm/identity/v1/saas_instances/{saasInstanceId}/saas_activity";
const call = `GET ${path}`;

/** The log of an instance; without an order from where the vendor has refused to sort. */
async function* pagesOf(connection: SspmConnection, instance: string, sort: { by: string | undefined }, signal?: AbortSignal): AsyncGenerator<Page> {
	const request: HttpRequest = { method: "GET", path, params: { saasInstanceId: instance } };
	const options: ListOptions = { grows: true, signal };
	if (sort.by !== undefined) {
		let first = true;
		for await (const page of numberedPages(connection, { ...request, query: { sortBy: sort.by } }, options)) {
			if (first && page.end?.error?.status === 400) {
				sort.by = undefined;
				break;
			}
			first = false;
			yield page;
		}
		if (sort.by !== undefined) return;
	}
	yield* numberedPages(connection, request, options);
}

/** What a page says of accounts that is newer than what is known of them. */
function recordsOf(page: Page, log: Reading, accounts: ReadonlyMap<string, string | null>, signs: Signs, now: Millis): ReadPage {
	const met: { account: string; at: Millis; signal: string }[] = [];
	const quarantined: { id: string | null; why: string }[] = [];
	for (const item of page.items) {
		const doing = decodeDoing(item, accounts, now);
		if ("bad" in doing) {
			quarantined.push({ id: doing.id, why: doing.bad });
			continue;
		}
		const { when, account, signal } = doing.ok;
		log.rows++;
		if (account !== null) log.joined++;
		if (log.last !== null && when !== log.last) {
			log.steps++;
			if (when > log.last) log.ordered = false;
		}
		log.last = when;
		log.newest = Math.max(log.newest, when);
		log.oldest = Math.min(log.oldest, when);
		if (account !== null && signal !== null) met.push({ account, at: when, signal });
	}
	return { ...signsOf(signs, met), request: page.request, ...(quarantined.length > 0 && { quarantined }) };
}

/** Where the next scan goes on, and what was lost: undefined where it can't go on from anything. */
function markAfter(log: Reading, end: Page["end"] | "cut" | "known", before: Mark | undefined, most: number, lost: Losses): Mark | undefined {
	const newest = Math.max(log.newest, before?.at ?? 0);
	if (end === "cut") {
		const which = log.ordered ? `what was done before ${iso(log.oldest)} was not read` : "the newest rows do not come first, and not all of them were read";
		const why = `a scan reads ${most} pages of an instance's log (options.activityPages)`;
		lost.add({ cause: "budget", detail: `${call}: ${which}: ${why}` });
		return log.ordered ? { at: newest, unread: log.oldest } : undefined;
	}
	if (end === "known") {
		if (before?.unread !== undefined) lost.note({ cause: "budget", detail: `${call}: what was done before ${iso(before.unread)} was never read` });
		return { at: newest, ...(before?.unread !== undefined && { unread: before.unread }) };
	}
	for (const reason of end?.reasons ?? []) lost.add(reason);
	return end?.closed ? { at: newest } : before;
}

const iso = (time: Millis): string => new Date(time).toISOString();

function marksIn(text: string | null): Record<string, Mark | undefined> {
	try {
		const marks: unknown = text === null ? null : JSON.parse(text);
		const entries = Object.entries((marks ?? {}) as Record<string, Mark>).filter(([, mark]) => typeof at(mark, "at") === "number");
		return Object.fromEntries(entries);
	} catch {
		return {};
	}
}
