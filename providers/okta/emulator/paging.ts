import type { Call, Reply } from "./call.js";
import { apiError, invalid } from "./errors.js";
import { firstAfter } from "./tenant.js";

export interface Page<T> {
	items: T[];
	/** Cursor of the next page; missing at the end. */
	next?: string;
}

/**
 * The `limit` parameter between 1 and `max`; a larger one is cut to `max`, as the vendor does for users.
 * @throws ApiError 400 when it isn't a positive integer
 */
export function limitOf(call: Call, fallback: number, max: number): number {
	const text = call.query.get("limit");
	if (text === null || text === "" || text === "-1") return fallback;
	if (!/^\d+$/.test(text) || Number(text) < 1) throw invalid("limit", "The limit must be a positive integer.");
	return Math.min(Number(text), max);
}

/** The cursor sent. A leading `~` marks a second name for the same place, which an injected empty page hands out. */
export function afterOf(call: Call): string {
	return (call.query.get("after") ?? "").replace(/^~+/, "");
}

/**
 * One page over keys in ascending order, starting behind `after`. `pick` makes the item, or nothing to skip it.
 * Costs a binary search and the keys walked, whatever the length of the list.
 */
export function pageOf<T>(keys: readonly string[], after: string, limit: number, pick: (key: string) => T | undefined): Page<T> {
	const items: T[] = [];
	let last = after;
	for (let at = after === "" ? 0 : firstAfter(keys, after); at < keys.length; at++) {
		const key = keys[at] ?? "";
		const item = pick(key);
		if (item === undefined) continue;
		if (items.length === limit) return { items, next: last };
		items.push(item);
		last = key;
	}
	return { items };
}

/**
 * One page over a list in an order of its own, whose items are named by `key`.
 * @throws ApiError 400 when the cursor names nothing in the list
 */
export function pageOfList<T>(list: readonly T[], after: string, limit: number, key: (item: T) => string): Page<T> {
	const from = after === "" ? 0 : list.findIndex((item) => key(item) === after) + 1;
	if (after !== "" && from === 0) throw apiError("E0000031", "", ["after: The cursor is invalid or has expired."]);
	const items = list.slice(from, from + limit);
	const last = items.at(-1);
	return from + limit < list.length && last !== undefined ? { items, next: key(last) } : { items };
}

/** The address of this request with another cursor. */
export function urlWithCursor(call: Call, cursor: string): string {
	const query = new URLSearchParams(call.query);
	query.set("after", cursor);
	return `${call.tenant.url}${call.path}?${query}`;
}

/** The address of this request. */
export function selfUrl(call: Call): string {
	const query = call.query.toString();
	return `${call.tenant.url}${call.path}${query === "" ? "" : `?${query}`}`;
}

/** A page as a JSON array with `Link` headers. */
export function linked<T>(call: Call, page: Page<T>, render: (item: T) => unknown): Reply {
	const items = page.items.map(render);
	return { status: 200, list: page.next === undefined ? { items } : { items, next: urlWithCursor(call, page.next) } };
}

/** A page inside an object, with the next address in `_links.next`. */
export function embedded(call: Call, page: Page<unknown>, name: string, links: Record<string, unknown> = {}): Reply {
	const wrap = (items: unknown[], next: string | undefined): unknown => ({
		[name]: items,
		_links: next === undefined ? links : { ...links, next: { href: next } },
	});
	return { status: 200, list: page.next === undefined ? { items: page.items, wrap } : { items: page.items, next: urlWithCursor(call, page.next), wrap } };
}
