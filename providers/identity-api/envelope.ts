import { at, count, flag, object, word } from "../../src/provider/decode.js";
import type { HttpAnswer } from "../../src/provider/http.js";
import { nextLink } from "../../src/provider/link-header.js";

/** One answer of the list, whatever its envelope. */
export interface Envelope {
	items: unknown[];
	/** Where the next page is. */
	next: { cursor: string } | { url: string } | null;
	/** The API says that there is more. */
	more: boolean | undefined;
	/** Rows over all pages, by the API's word. */
	total: number | undefined;
	/** Something of the answer says where the list ends: without it, one answer is all there is, or a first page that does not say so. */
	placed: boolean;
	/** A key that speaks of pages in a way that is not understood; null = there is none. */
	unread: string | null;
}

/**
 * The contract fixes no envelope. Taken are: `data` with `next_cursor`, `has_more` and `total` in `pagination`, in `meta` or beside it, `links.next`,
 * a `Link` header, `data` alone, and the bare list. Null for anything else.
 */
export function envelopeOf({ body, headers }: HttpAnswer): Envelope | null {
	const items = Array.isArray(body) ? body : at(body, "data");
	if (!Array.isArray(items)) return null;
	const place = object(at(body, "pagination")) ?? object(at(body, "meta", "pagination")) ?? object(at(body, "meta")) ?? object(body);
	const given = at(place, "next_cursor");
	const cursor = typeof given === "number" ? String(given) : word(given);
	const links = at(body, "links");
	const url = word(at(links, "next")) ?? word(at(links, "next", "href")) ?? nextLink(headers) ?? undefined;
	const more = flag(at(place, "has_more"));
	const total = count(at(place, "total"));
	const lastSaid = given === null || at(links, "next") === null;
	const placed = more !== undefined || total !== undefined || cursor !== undefined || url !== undefined || lastSaid || object(links) !== null;
	const odd = object(given) !== null || Array.isArray(given) ? "next_cursor" : null;
	return {
		items,
		next: cursor !== undefined ? { cursor } : url !== undefined ? { url } : null,
		more,
		total,
		placed,
		unread: odd ?? (placed ? null : pageWord(object(body), items.length)),
	};
}

/** The key of something that looks like the place of a page. Numbers that fit an only page say nothing. */
function pageWord(body: Record<string, unknown> | null, length: number, depth = 0): string | null {
	for (const [key, value] of Object.entries(body ?? {})) {
		if (depth === 0 && key === "data") continue;
		const inside = depth < 3 ? pageWord(object(value), length, depth + 1) : null;
		if (inside !== null) return inside;
		if (!/next|cursor|more|page|offset|total|count/i.test(key)) continue;
		const most = /pages/i.test(key) ? 1 : length;
		if (value === true || word(value) !== undefined || (typeof value === "number" && value > most)) return key;
	}
	return null;
}
