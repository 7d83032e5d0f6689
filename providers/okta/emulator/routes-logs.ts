import type { LogEvent } from "@okta/okta-sdk-nodejs";
import { type Call, type Reply, type Route, route } from "./call.js";
import { apiError, invalid } from "./errors.js";
import { afterOf, limitOf, urlWithCursor } from "./paging.js";
import { stored } from "./render.js";
import { compile, type Dialect } from "./search.js";
import type { Wire } from "./state.js";
import { iso, type Tenant } from "./tenant.js";

type Event = Wire<LogEvent>;

const FIELDS = ["actor.", "client.", "authenticationContext.", "debugContext.", "outcome.", "target.", "transaction.", "securityContext.", "request."];
const FILTER: Dialect = {
	operators: ["eq", "co", "sw", "pr", "gt", "ge", "lt", "le", "ew"],
	attributes: [...FIELDS, "eventType", "displayMessage", "legacyEventType", "severity", "uuid", "version"],
	code: "E0000053",
	not: true,
};

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;
const OLDEST_DAYS = 180;

/** Indices of the log in order of `published`; kept between calls and grown as the log grows. */
interface TimeIndex {
	length: number;
	order: number[];
}

const indexes = new WeakMap<Event[], TimeIndex>();

const published = (log: readonly Event[], index: number): string => log[index]?.published ?? "";

/** Place of the first entry published at or after an instant. */
function placeOf(log: readonly Event[], order: readonly number[], instant: string): number {
	let low = 0;
	let high = order.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (published(log, order[middle] ?? 0) < instant) low = middle + 1;
		else high = middle;
	}
	return low;
}

function byTime(log: Event[]): readonly number[] {
	const kept = indexes.get(log);
	if (kept && kept.length <= log.length && log.length - kept.length < 1000) {
		for (let index = kept.length; index < log.length; index++) {
			let at = kept.order.length;
			while (at > 0 && published(log, kept.order[at - 1] ?? 0) > published(log, index)) at--;
			kept.order.splice(at, 0, index);
		}
		kept.length = log.length;
		return kept.order;
	}
	const order = log.map((_, index) => index).sort((a, b) => (published(log, a) < published(log, b) ? -1 : published(log, a) > published(log, b) ? 1 : a - b));
	indexes.set(log, { length: log.length, order });
	return order;
}

/** Forgets the order of the log, after entries were taken out of it. */
export function forgetLog(tenant: Tenant): void {
	indexes.delete(tenant.state.log);
}

function instant(call: Call, name: string): number | undefined {
	const text = call.query.get(name);
	if (text === null || text === "") return undefined;
	const at = Date.parse(text);
	if (Number.isNaN(at)) throw invalid(name, "The date format in your query is not recognized. Please enter dates using ISO8601 string format.");
	return at;
}

function keywords(call: Call): (event: Event) => boolean {
	const words = (call.query.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length > 10 || words.some((word) => word.length > 40)) throw invalid("q", "Free-form query is too long");
	if (words.length === 0) return () => true;
	return (event) => {
		const text = JSON.stringify(event).toLowerCase();
		return words.every((word) => text.includes(word));
	};
}

const code = (...parts: (string | number)[]): string => Buffer.from(parts.join("|")).toString("base64url");

/**
 * What a cursor holds. `p` counts persisted events; `b` counts events in order of publication and keeps the bounds, since
 * `since` and `after` exclude each other.
 */
function decode(call: Call, kind: string): string[] | undefined {
	const cursor = afterOf(call);
	if (cursor === "") return undefined;
	const parts = Buffer.from(cursor, "base64url").toString().split("|");
	if (parts[0] !== kind || !/^\d+$/.test(parts[1] ?? "")) throw invalid("after", "The cursor is invalid or has expired.");
	return parts.slice(1);
}

/**
 * GET /logs. Without `until` and ascending it polls: in order of persistence, always with a next link, even on an empty page.
 * Otherwise it is bounded: in order of publication, and ends.
 */
function listLogs(call: Call): Reply {
	const { tenant, query } = call;
	const { log } = tenant.state;
	const now = tenant.now();
	const order = query.get("sortOrder") ?? "ASCENDING";
	if (order !== "ASCENDING" && order !== "DESCENDING") throw invalid("sortOrder", "Must be ASCENDING or DESCENDING");
	const descending = order === "DESCENDING";
	const limit = query.get("limit") === "0" ? 0 : limitOf(call, 100, 1000);
	const since = instant(call, "since");
	const until = instant(call, "until");
	if (since !== undefined && now - since > OLDEST_DAYS * DAY_MS) {
		throw { ...apiError("E0000053"), summary: "Invalid parameter: The since parameter is over 180 days prior to the current day." };
	}
	if (since !== undefined && until !== undefined && since > until) throw invalid("since", "'since' must be before 'until'.");
	const filter = compile(query.get("filter"), FILTER);
	const hasWords = keywords(call);
	const keeps = (event: Event): boolean => (filter === undefined || filter(event)) && hasWords(event);
	const from = iso(Math.max(since ?? (until ?? now) - 7 * DAY_MS, now - KEPT_DAYS * DAY_MS));
	if (until === undefined && !descending) return poll(call, log, from, limit, keeps);
	return bounded(call, log, { from, to: iso(until ?? now + 1), limit, descending, keeps });
}

function poll(call: Call, log: Event[], from: string, limit: number, keeps: (event: Event) => boolean): Reply {
	const cursor = decode(call, "p");
	const resumed = cursor === undefined ? undefined : Number(cursor[0]);
	const items: Event[] = [];
	let place = resumed ?? 0;
	for (; place < log.length && items.length < limit; place++) {
		const event = log[place];
		if (event && (resumed !== undefined || (event.published ?? "") >= from) && keeps(event)) items.push(event);
	}
	return { status: 200, list: { items: stored(call.tenant, items), next: withoutSince(urlWithCursor(call, code("p", place))) } };
}

/** `since` and `after` exclude each other. */
function withoutSince(url: string): string {
	const next = new URL(url);
	next.searchParams.delete("since");
	return next.href;
}

interface Bounds {
	from: string;
	to: string;
	limit: number;
	descending: boolean;
	keeps: (event: Event) => boolean;
}

function bounded(call: Call, log: Event[], { limit, descending, keeps, ...given }: Bounds): Reply {
	const order = byTime(log);
	const [at, from = given.from, to = given.to] = decode(call, "b") ?? [];
	const [low, high] = [placeOf(log, order, from), placeOf(log, order, to)];
	const items: Event[] = [];
	const step = descending ? -1 : 1;
	let place = at === undefined ? (descending ? high - 1 : low) : Number(at);
	for (; place >= low && place < high; place += step) {
		const event = log[order[place] ?? 0];
		if (!event || !keeps(event)) continue;
		if (items.length === limit)
			return { status: 200, list: { items: stored(call.tenant, items), next: withoutSince(urlWithCursor(call, code("b", place, from, to))) } };
		items.push(event);
	}
	return { status: 200, list: { items: stored(call.tenant, items) } };
}

export const logRoutes: Route[] = [route("GET", "/api/v1/logs", "logs", listLogs)];
