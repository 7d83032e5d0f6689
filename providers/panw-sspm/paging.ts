import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import { at, count, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { SspmConnection } from "./connection.js";

export interface Page {
	items: unknown[];
	request: RequestRef;
	/** On the last page. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The vendor said that there is no more, and as many rows came as it counts. */
	closed: boolean;
	reasons: CoverageReason[];
	error?: HttpError;
}

export interface ListOptions {
	/** Key of a row's id [id]. */
	id?: string;
	signal?: AbortSignal | undefined;
	/** A log: rows come while it is read, so its total moves. */
	grows?: boolean;
}

/** `token`: `next_path` of the SSPM calls. `number`: `page` and `limit` of the identity calls. */
type Style = "token" | "number";

interface Chain {
	style: Style;
	idKey: string;
	limit: number | undefined;
	number: number;
	next: string | undefined;
	ids: Set<string>;
	nameless: number;
	digests: Set<string>;
	addresses: Set<string>;
	total: number | undefined;
	repeats: number;
	empty: number;
	restarted: boolean;
	grows: boolean;
}

export const pageSize = 200;
const mostRepeats = 3;
const mostEmpty = 20;

/** A list of the SSPM calls: `{ items, total, next_path }`. */
export function tokenPages(connection: SspmConnection, request: HttpRequest, options: ListOptions = {}): AsyncGenerator<Page> {
	return pages(connection, request, "token", options);
}

/** A list of the identity calls: `{ items, total }` by `page` and `limit`, whose first number the vendor does not say. */
export function numberedPages(connection: SspmConnection, request: HttpRequest, options: ListOptions = {}): AsyncGenerator<Page> {
	return pages(connection, request, "number", options);
}

/**
 * Follows a list to its end. Throws only an abort or a defect. The page token is a place and no bookmark (base64 of `1#6#`), so rows that vanish
 * meanwhile make a page skip some: a total that changes on the way makes the list be read once more.
 */
async function* pages(connection: SspmConnection, request: HttpRequest, style: Style, options: ListOptions): AsyncGenerator<Page> {
	const limit = style === "number" || request.path.startsWith("/sspm/api/v1/plugin") ? pageSize : undefined;
	const chain: Chain = {
		style,
		idKey: options.id ?? "id",
		limit,
		number: connection.firstPage ?? 0,
		...fresh(),
		restarted: false,
		grows: options.grows ?? false,
	};
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await connection.send({ ...requestOf(request, chain), ...(options.signal && { signal: options.signal }) });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			if (canGoOn(error, chain)) continue;
			yield { items: [], request: error.request, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = pageOf(connection, answer, chain);
		if (page === "again") continue;
		yield page;
		if (page.end) return;
	}
}

const fresh = () => ({
	next: undefined,
	ids: new Set<string>(),
	nameless: 0,
	digests: new Set<string>(),
	addresses: new Set<string>(),
	total: undefined,
	repeats: 0,
	empty: 0,
});

function requestOf(request: HttpRequest, { style, next, limit, number }: Chain): HttpRequest {
	if (style === "number") return { ...request, query: { ...request.query, limit, page: number } };
	return next === undefined ? { ...request, query: { ...request.query, limit } } : { ...request, url: next };
}

function canGoOn({ status }: HttpError, chain: Chain): boolean {
	const first = chain.digests.size === 0;
	if (status === 400 && first && chain.style === "number" && chain.number === 0) {
		// The first page may be 1, and 0 refused.
		chain.number = 1;
		return true;
	}
	if (status === 400 && first && chain.limit !== undefined) {
		// No greatest page size is documented.
		chain.limit = chain.limit > 50 ? 50 : undefined;
		return true;
	}
	return (status === 400 || status === 410) && chain.next !== undefined && restart(chain);
}

/** Once more from the beginning, once. Rows that were given out before are given out again: a record is kept by its id. */
function restart(chain: Chain, number?: number): boolean {
	if (chain.restarted) return false;
	Object.assign(chain, { ...fresh(), restarted: true, ...(number !== undefined && { number }) });
	return true;
}

function pageOf(connection: SspmConnection, answer: HttpAnswer, chain: Chain): Page | "again" {
	const { request, body } = answer;
	const end = (cause?: CoverageReason["cause"], detail = ""): ChainEnd => ({
		closed: cause === undefined,
		reasons: cause === undefined ? [] : [{ cause, detail: `${request.call}: ${detail}`, ...(request.requestId !== null && { requestId: request.requestId }) }],
	});
	const items = at(body, "items");
	if (!Array.isArray(items)) return { items: [], request, end: end("error", "the answer is not a list under items") };
	const total = count(at(body, "total"));
	if (isRepeated(chain, items)) {
		// Page 1 the same as page 0: the first page is 1. Or the page before was served in this one's place: asked again, it is not.
		if (++chain.repeats <= mostRepeats) return "again";
		if (chain.style === "number" && chain.number === 1 && connection.firstPage === undefined) {
			connection.firstPage = 1;
			chain.repeats = 0;
			chain.number = 2;
			return "again";
		}
		return { items: [], request, end: end("cut-off", "the vendor gave the same page again") };
	}
	chain.repeats = 0;
	const moved = !chain.grows && chain.total !== undefined && total !== undefined && total !== chain.total;
	if (moved && restart(chain, connection.firstPage ?? 0)) return "again";
	const before = new Set(chain.ids);
	for (const item of items) {
		const id = word(at(item, chain.idKey));
		if (id === undefined) chain.nameless++;
		else chain.ids.add(id);
	}
	const page = { items: items.filter((item) => !before.has(word(at(item, chain.idKey)) ?? "")), request };
	if (moved) return { ...page, end: end("cut-off", "the list changed while it was read, twice: rows may have been skipped") };
	chain.total = total ?? chain.total;
	const seen = chain.ids.size + chain.nameless;
	const short = chain.total !== undefined && seen < chain.total && !(chain.grows && items.length === 0);
	chain.empty = items.length === 0 ? chain.empty + 1 : 0;
	const missing = (): Page => ({ ...page, end: end("cut-off", `the vendor counts ${chain.total} rows and gave ${seen}`) });
	if (chain.style === "number") {
		if (chain.number === 1 && items.length > 0) connection.firstPage ??= 0;
		if (items.length === 0 || (chain.total !== undefined && !short)) return short ? missing() : { ...page, end: end() };
		chain.number++;
		return page;
	}
	const next = word(at(body, "next_path"));
	if (next === undefined) return short ? missing() : { ...page, end: end() };
	if (chain.addresses.has(next)) return { ...page, end: end("cut-off", "the vendor gave the same next path again") };
	if (chain.empty > mostEmpty) return { ...page, end: end("cut-off", `more than ${mostEmpty} empty pages in a row`) };
	chain.addresses.add(next);
	chain.next = next;
	return page;
}

function isRepeated(chain: Chain, items: unknown[]): boolean {
	if (items.length === 0) return false;
	const ids = items.map((item) => word(at(item, chain.idKey)));
	const content = ids.includes(undefined) ? JSON.stringify(items) : ids.join("\n");
	const digest = createHash("sha1").update(content).digest("base64");
	if (chain.digests.has(digest)) return true;
	chain.digests.add(digest);
	return false;
}
