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
}

/**
 * The contract fixes no envelope. Taken are: `data` with `pagination` or `meta` (`next_cursor`, `has_more`, `total`), `links.next`,
 * a `Link` header, `data` alone, and the bare list. Null for anything else.
 */
export function envelopeOf({ body, headers }: HttpAnswer): Envelope | null {
	const items = Array.isArray(body) ? body : at(body, "data");
	if (!Array.isArray(items)) return null;
	const place = object(at(body, "pagination")) ?? object(at(body, "meta", "pagination")) ?? object(at(body, "meta"));
	const cursor = word(at(place, "next_cursor"));
	const links = at(body, "links");
	const url = word(at(links, "next")) ?? word(at(links, "next", "href")) ?? nextLink(headers) ?? undefined;
	const more = flag(at(place, "has_more"));
	const total = count(at(place, "total"));
	const lastSaid = at(place, "next_cursor") === null || at(links, "next") === null;
	return {
		items,
		next: cursor !== undefined ? { cursor } : url !== undefined ? { url } : null,
		more,
		total,
		placed: more !== undefined || total !== undefined || cursor !== undefined || url !== undefined || lastSaid || object(links) !== null,
	};
}
