import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { HttpAnswer, HttpClient, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import { object, word } from "./schema.js";

export interface Page {
	/** As they came, those that are no objects too: decoding sets them aside. */
	items: unknown[];
	request: RequestRef;
	/** On the last page. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The vendor said that there is no more, and nothing was lost on the way. */
	closed: boolean;
	reasons: CoverageReason[];
	/** What the vendor refused with, for readers that know better. */
	error?: HttpError;
	/** Where the next read of changes begins. */
	delta?: string;
}

export interface PageOptions {
	/** A link kept from an earlier run: start there. */
	from?: string;
	/** Objects may come more than once, and the last page has a delta link. */
	delta?: boolean;
}

/** A vendor that gives empty pages with ever new addresses would never end. */
const mostEmptyPages = 100;

interface Chain {
	url: string | undefined;
	/** Ids given out, over all passes. */
	given: Set<string>;
	addresses: Set<string>;
	contents: Set<string>;
	emptyInRow: number;
	restarted: boolean;
}

/**
 * Follows `@odata.nextLink` to its end; pages may be empty and still have one. Never throws for what the vendor answers.
 * https://learn.microsoft.com/graph/paging
 */
export async function* pages(client: HttpClient, request: HttpRequest, options: PageOptions = {}): AsyncGenerator<Page, void, undefined> {
	const chain: Chain = { url: options.from, given: new Set(), addresses: new Set(), contents: new Set(), emptyInRow: 0, restarted: false };
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await client.send(chain.url === undefined ? request : { ...request, url: chain.url });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			const lost = (error.status === 400 || error.status === 410) && error.cause === "error";
			if (lost && chain.url !== undefined && options.from === undefined && !chain.restarted) {
				// A token that the vendor forgot: once more from the beginning.
				Object.assign(chain, { url: undefined, addresses: new Set(), contents: new Set(), restarted: true });
				continue;
			}
			yield { items: [], request: error.request, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = pageOf(answer, chain, options);
		yield page;
		if (page.end) return;
	}
}

function pageOf(answer: HttpAnswer, chain: Chain, { delta }: PageOptions): Page {
	const { request } = answer;
	const body = object(answer.body);
	const list = body?.value;
	if (!body || !Array.isArray(list)) return { items: [], request, end: broken(answer, "the answer is not a list", "error") };
	const items = delta ? list : list.filter((item) => isNew(chain, item));
	const next = body["@odata.nextLink"];
	if (next !== undefined && next !== null && word(next) === undefined) return { items, request, end: broken(answer, "the next link is no text", "cut-off") };
	const why = repeats(chain, list) ?? circles(chain, list, word(next));
	if (why !== null) return { items, request, end: broken(answer, why, "cut-off") };
	chain.url = word(next);
	if (chain.url !== undefined) return { items, request };
	const link = word(body["@odata.deltaLink"]);
	if (delta && link === undefined) return { items, request, end: broken(answer, "the list of changes ended without a delta link", "cut-off") };
	return { items, request, end: { closed: true, reasons: [], ...(link !== undefined && { delta: link }) } };
}

function isNew(chain: Chain, item: unknown): boolean {
	const id = word(object(item)?.id);
	if (id === undefined) return true;
	if (chain.given.has(id)) return false;
	chain.given.add(id);
	return true;
}

/** Whether the page came before in this pass. */
function repeats(chain: Chain, list: unknown[]): string | null {
	if (list.length === 0) return null;
	const digest = createHash("sha1").update(JSON.stringify(list)).digest("base64");
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

function broken({ request }: HttpAnswer, why: string, cause: "error" | "cut-off"): ChainEnd {
	return { closed: false, reasons: [{ cause, detail: `${request.call}: ${why}`, ...(request.requestId !== null && { requestId: request.requestId }) }] };
}
