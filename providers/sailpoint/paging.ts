import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import { idOf, object } from "./schema.js";

export interface Page {
	items: object[];
	/** Items that are no objects: counted and kept out. */
	quarantined: { id: null; why: string }[];
	/** Of the request that brought the page, or of the one that failed. */
	request: RequestRef;
	/** On the last page. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The vendor's own count was reached, and nothing moved on the way. */
	closed: boolean;
	reasons: CoverageReason[];
	error?: HttpError;
}

interface Chain {
	/** Ids given out, over all passes. */
	given: Set<string>;
	/** Rows without an id, which the vendor counts too. */
	nameless: number;
	offset: number;
	/** `X-Total-Count` of the newest answer that had it. */
	total: number | null;
	/** Tries at one offset. */
	tries: number;
	pages: number;
	pass: number;
}

/** A page that came before, an empty one before the end, an offset refused before the end: asked for again so many times. */
const mostTries = 3;

/**
 * Follows `limit` and `offset` to the end of a list. Pages may be short before the end (developer.sailpoint.com#266) and an offset at the
 * end may be refused (typescript-sdk#59), so the end is where the vendor's own count is. A list that got shorter while it was read is read
 * once more: rows have moved up past the offset. Never throws for what the vendor answers.
 */
export async function* pages(client: HttpClient, request: HttpRequest, limit: number): AsyncGenerator<Page, void, undefined> {
	const chain: Chain = { given: new Set(), nameless: 0, offset: 0, total: null, tries: 0, pages: 0, pass: 1 };
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await client.send({ ...request, query: { ...request.query, limit, offset: chain.offset, count: true } });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			if (isPastEnd(error, chain)) {
				const end = reached(chain, error.request);
				if (end) return yield { items: [], quarantined: [], request: error.request, end };
				if (++chain.tries < mostTries) continue;
			}
			return yield { items: [], quarantined: [], request: error.request, end: { closed: false, reasons: [reasonOf(error)], error } };
		}
		const list = answer.body;
		if (!Array.isArray(list))
			return yield { items: [], quarantined: [], request: answer.request, end: cut(answer.request, "the answer is not a list", "error") };
		const before = chain.total;
		chain.total = totalOf(answer.headers) ?? chain.total;
		const page = take(chain, list, answer.request);
		const shrunk = before !== null && chain.total !== null && chain.total < before;
		const step = next(chain, list.length, page.fresh, limit, shrunk, answer.request);
		yield { items: page.items, quarantined: page.quarantined, request: answer.request, ...(step.end && { end: step.end }) };
		if (step.end) return;
	}
}

function take(chain: Chain, list: unknown[], request: RequestRef): { items: object[]; quarantined: Page["quarantined"]; fresh: number } {
	const items: object[] = [];
	const quarantined: Page["quarantined"] = [];
	let fresh = 0;
	for (const item of list) {
		const id = idOf(item);
		if (id !== null && chain.given.has(id)) continue;
		fresh += 1;
		if (id !== null) chain.given.add(id);
		else chain.nameless += 1;
		const one = object(item);
		if (one) items.push(one);
		else quarantined.push({ id: null, why: `${request.call}: ${item === null ? "null" : `a ${typeof item}`} where an object belongs` });
	}
	return { items, quarantined, fresh };
}

/** Moves the chain on, or says how it ended. */
function next(chain: Chain, rows: number, fresh: number, limit: number, shrunk: boolean, request: RequestRef): { end?: ChainEnd } {
	const { total } = chain;
	if (total === null) {
		if (rows === 0 || fresh === 0) return { end: uncounted(request) };
		if (rows < limit) return { end: uncounted(request) };
	}
	if (shrunk) return again(chain, request);
	if (rows > 0 && fresh === 0 && chain.pass === 1) {
		if (total !== null && seen(chain) >= total) return { end: { closed: true, reasons: [] } };
		return ++chain.tries < mostTries ? {} : { end: cut(request, "the vendor gave the same page again") };
	}
	if (rows === 0) {
		const end = reached(chain, request);
		if (end) return { end };
		return ++chain.tries < mostTries ? {} : { end: cut(request, `the vendor counts ${total} and gives an empty page after ${seen(chain)}`, "cut-off") };
	}
	chain.tries = 0;
	chain.pages += 1;
	chain.offset += limit;
	if (total === null || chain.offset < total) return {};
	const end = reached(chain, request);
	return end ? { end } : again(chain, request);
}

/** All that the vendor counts was given; null = not so. */
function reached(chain: Chain, request: RequestRef): ChainEnd | null {
	if (chain.total === null) return chain.offset === 0 ? uncounted(request) : null;
	return seen(chain) >= chain.total ? { closed: true, reasons: [] } : null;
}

/** Once more from the beginning, where it can still help. */
function again(chain: Chain, request: RequestRef): { end?: ChainEnd } {
	if (chain.pass >= 2) return { end: cut(request, `the vendor counts ${chain.total} and gives ${seen(chain)}`) };
	chain.pass += 1;
	chain.offset = 0;
	chain.tries = 0;
	return {};
}

function seen({ given, nameless }: Chain): number {
	return given.size + nameless;
}

function isPastEnd(error: HttpError, chain: Chain): boolean {
	return error.status === 400 && chain.offset > 0 && /offset/i.test(error.summary);
}

function uncounted(request: RequestRef): ChainEnd {
	return cut(request, "the vendor did not say how many there are (X-Total-Count), so that nothing proves the list whole");
}

function cut(request: RequestRef, why: string, cause: "cut-off" | "error" = "cut-off"): ChainEnd {
	return { closed: false, reasons: [{ cause, detail: `${request.call}: ${why}`, ...(request.requestId !== null && { requestId: request.requestId }) }] };
}

function totalOf(headers: Headers): number | null {
	const value = headers.get("x-total-count")?.split(",")[0]?.trim() ?? "";
	return /^\d{1,12}$/.test(value) ? Number(value) : null;
}
