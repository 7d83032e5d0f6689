import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import { nextLink } from "../../src/provider/link-header.js";

export interface PageOptions {
	/** Where the next page's address stands: the `Link` header (default), or `_links.next.href` in the body. */
	paging?: "link" | "body";
	/** Key of the body that holds the items; without it the body is the list. */
	items?: string;
	/** Id of an item, by which rows are met once; default: its `id`. Items without one are all kept. */
	id?(item: object): string | undefined;
	/** Smaller values of `limit` to try when a page is too big for the vendor to make (it answers 500). */
	smaller?: number[];
	/** A next link kept from an earlier run: start there. */
	from?: string;
	/** The chain never ends by itself (system log polling): an empty page ends it, and its next link is the resume token. */
	endless?: boolean;
}

export interface Page {
	items: object[];
	/** Items that are no objects: counted and kept out. */
	quarantined: { id: null; why: string }[];
	/** Of the request that brought the page, or of the one that failed. */
	request: RequestRef;
	last: boolean;
	/** The vendor's address of the next page. */
	next?: string;
	/** On the last page. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The vendor said that there is no more, and nothing was lost on the way. */
	closed: boolean;
	/** Why it is not closed. */
	reasons: CoverageReason[];
	/** What the vendor refused with, for readers that know better (a 404 that means none). */
	error?: HttpError;
	/** Where an endless chain goes on next time. */
	resume?: string;
}

interface Chain {
	/** Ids given out, over all passes. */
	given: Set<string>;
	/** Addresses and contents of this pass, to see a circle. */
	addresses: Set<string>;
	contents: Set<string>;
	url: string | undefined;
	limit: number | undefined;
	emptyInRow: number;
	pages: number;
	restarted: boolean;
}

/** A vendor that gives empty pages with ever new addresses would never end. */
const mostEmptyPages = 100;

/**
 * Follows a page chain to its end. Never throws for what the vendor answers: the last page's `end` says whether the chain
 * is closed, and why not. Throws the signal's reason when it is aborted, and defects.
 */
export async function* pages(client: HttpClient, request: HttpRequest, options: PageOptions = {}): AsyncGenerator<Page, void, undefined> {
	const chain: Chain = {
		given: new Set(),
		addresses: new Set(),
		contents: new Set(),
		url: options.from,
		limit: undefined,
		emptyInRow: 0,
		pages: 0,
		restarted: false,
	};
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await client.send(requestOf(request, chain, options));
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			if (canGoOn(error, request, chain, options)) continue;
			yield { items: [], quarantined: [], request: error.request, last: true, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = pageOf(answer, chain, options);
		yield page;
		if (page.last) return;
		chain.url = page.next;
		chain.pages++;
	}
}

function requestOf(request: HttpRequest, chain: Chain, options: PageOptions): HttpRequest {
	// With a smaller page to fall back to, repeating one that is too big only costs time.
	const attempts = smallerThan(request, chain, options) === undefined ? {} : { attempts: 2 };
	if (chain.url === undefined) return { ...request, ...attempts, query: { ...request.query, ...(chain.limit !== undefined && { limit: chain.limit }) } };
	return { ...request, ...attempts, url: chain.limit === undefined ? chain.url : withLimit(chain.url, chain.limit) };
}

/** Changes the chain so that it can go on after a refusal; false where it cannot. */
function canGoOn(error: HttpError, request: HttpRequest, chain: Chain, options: PageOptions): boolean {
	const limit = smallerThan(request, chain, options);
	if ((error.status === 500 || error.status === 504) && limit !== undefined) {
		chain.limit = limit;
		return true;
	}
	// A cursor that the vendor forgot: once more from the beginning, where there is one.
	if ((error.status === 400 || error.status === 410) && chain.url !== undefined && !chain.restarted && options.from === undefined) {
		chain.restarted = true;
		chain.url = undefined;
		chain.addresses.clear();
		chain.contents.clear();
		return true;
	}
	return false;
}

function smallerThan(request: HttpRequest, chain: Chain, options: PageOptions): number | undefined {
	const current = chain.limit ?? Number(request.query?.limit ?? Number.POSITIVE_INFINITY);
	return options.smaller?.find((limit) => limit < current);
}

function withLimit(next: string, limit: number): string {
	if (!URL.canParse(next)) return next;
	const url = new URL(next);
	url.searchParams.set("limit", String(limit));
	return url.href;
}

function pageOf(answer: HttpAnswer, chain: Chain, options: PageOptions): Page {
	const { request } = answer;
	const list = listOf(answer.body, options.items);
	if (list === null) {
		const what = options.items === undefined ? "a list" : `a list under "${options.items}"`;
		return ended(request, [], [], notClosed(answer, `${request.call}: the answer is not ${what}`, "error"));
	}
	const objects = list.filter((item): item is object => typeof item === "object" && item !== null);
	const quarantined = list
		.filter((item) => typeof item !== "object" || item === null)
		.map((item) => ({ id: null, why: `${request.call}: ${item === null ? "null" : `a ${typeof item}`} where an object belongs` }));
	const ids = objects.map((item) => (options.id ?? idOf)(item));
	const items = objects.filter((_, index) => isNew(chain, ids[index]));
	const next = (options.paging === "body" ? nextInBody(answer.body) : nextLink(answer.headers)) ?? undefined;
	const circle = repeats(chain, list, ids) ?? circles(chain, list, next);
	if (circle !== null) return ended(request, items, quarantined, notClosed(answer, `${request.call}: ${circle}`, "cut-off"));
	if (next === undefined) return ended(request, items, quarantined, { closed: true, reasons: [] });
	if (options.endless && list.length === 0) return ended(request, items, quarantined, { closed: true, reasons: [], resume: next });
	return { items, quarantined, request, last: false, next };
}

function isNew(chain: Chain, id: string | undefined): boolean {
	if (id === undefined) return true;
	if (chain.given.has(id)) return false;
	chain.given.add(id);
	return true;
}

/** Whether the page came before in this pass. */
function repeats(chain: Chain, list: unknown[], ids: (string | undefined)[]): string | null {
	if (list.length === 0) return null;
	const content = ids.length === list.length && ids.every((id) => id !== undefined) ? ids.join("\n") : JSON.stringify(list);
	const digest = createHash("sha1").update(content).digest("base64");
	if (chain.contents.has(digest)) return "the vendor gave the same page again";
	chain.contents.add(digest);
	return null;
}

/** Why following `next` would never end, or null. */
function circles(chain: Chain, list: unknown[], next: string | undefined): string | null {
	if (next === undefined) return null;
	chain.emptyInRow = list.length === 0 ? chain.emptyInRow + 1 : 0;
	if (chain.emptyInRow > mostEmptyPages) return `more than ${mostEmptyPages} empty pages in a row`;
	if (chain.addresses.has(next)) return "the vendor gave the same next link again";
	chain.addresses.add(next);
	return null;
}

function ended(request: RequestRef, items: object[], quarantined: Page["quarantined"], end: ChainEnd): Page {
	return { items, quarantined, request, last: true, end };
}

function notClosed({ request }: HttpAnswer, detail: string, cause: "error" | "cut-off"): ChainEnd {
	return { closed: false, reasons: [{ cause, detail, ...(request.requestId !== null && { requestId: request.requestId }) }] };
}

function listOf(body: unknown, key: string | undefined): unknown[] | null {
	const list = key === undefined ? body : field(body, key);
	return Array.isArray(list) ? list : null;
}

function nextInBody(body: unknown): string | null {
	const href = field(field(field(body, "_links"), "next"), "href");
	return typeof href === "string" ? href : null;
}

function idOf(item: object): string | undefined {
	const id = field(item, "id");
	return typeof id === "string" ? id : undefined;
}

function field(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
