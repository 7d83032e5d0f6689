import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import { at, object, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { GoogleHttp } from "./http.js";

/** How a list of one of the APIs looks. */
export interface ListShape {
	/** Key of the body that holds the items. Google leaves it out where there are none. */
	key: string;
	/** `kind` that the answer carries: an answer without it is none of this API. Null for the newer APIs, which have no such thing. */
	kind: string | null;
	/** Id of an item, by which rows are met once. Items without one are all kept. */
	id(item: object): string | undefined;
}

export interface Page {
	items: object[];
	/** Items that are no objects: counted and kept out. */
	quarantined: { id: null; why: string }[];
	/** Of the request that brought the page, or of the one that failed. */
	request: RequestRef;
	/** The whole answer, for what stands beside the items. */
	body: unknown;
	/** On the last page, and there is always one. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The vendor said that there is no more, and nothing was lost on the way. */
	closed: boolean;
	/** Why it is not closed. */
	reasons: CoverageReason[];
	/** What the vendor refused with, for readers that know better. */
	error?: HttpError;
}

interface Chain {
	/** Ids given out, over all passes. */
	given: Set<string>;
	/** Tokens and contents of this pass, to see a circle. */
	tokens: Set<string>;
	contents: Set<string>;
	token: string | undefined;
	emptyInRow: number;
	again: number;
	restarted: boolean;
}

/** A vendor that gives empty pages with ever new tokens would never end. */
const mostEmptyPages = 100;
/** A page that comes twice is passed over, as long as its token is new; a vendor that goes on like that would never end. */
const mostRepeats = 3;

/**
 * Follows `nextPageToken` to its end: only its absence ends a list, a page may be short or empty before. Never throws for what the vendor
 * answers: the last page's `end` says whether the chain is closed, and why not. Throws the signal's reason when it is aborted, and defects.
 */
export async function* pages(http: GoogleHttp, request: HttpRequest, shape: ListShape): AsyncGenerator<Page, void, undefined> {
	const chain: Chain = { given: new Set(), tokens: new Set(), contents: new Set(), token: undefined, emptyInRow: 0, again: 0, restarted: false };
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await http.send({ ...request, query: { ...request.query, ...(chain.token !== undefined && { pageToken: chain.token }) } });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			if (startsAgain(error, chain)) continue;
			yield { items: [], quarantined: [], request: error.request, body: null, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = pageOf(answer, chain, shape);
		yield page;
		if (page.end) return;
	}
}

/** A token that the vendor forgot: once more from the beginning. */
function startsAgain(error: HttpError, chain: Chain): boolean {
	if ((error.status !== 400 && error.status !== 410) || chain.token === undefined || chain.restarted) return false;
	chain.restarted = true;
	chain.token = undefined;
	chain.tokens.clear();
	chain.contents.clear();
	return true;
}

function pageOf(answer: HttpAnswer, chain: Chain, shape: ListShape): Page {
	const { request, body } = answer;
	const refused = strange(body, chain, shape);
	if (refused !== null) return ended(answer, [], [], notClosed(`${request.call}: ${refused}`, "error"));
	const list = (at(body, shape.key) ?? []) as unknown[];
	const objects = list.filter((item): item is object => object(item) !== null);
	const quarantined = list
		.filter((item) => object(item) === null)
		.map((item) => ({ id: null, why: `${item === null ? "null" : `a ${typeof item}`} where an object belongs` }));
	const ids = objects.map(shape.id);
	const items = objects.filter((_, index) => isNew(chain, ids[index]));
	const next = word(at(body, "nextPageToken"));
	if (list.length > 0) {
		const content = ids.length === list.length && ids.every((id) => id !== undefined) ? ids.join("\n") : JSON.stringify(list);
		const digest = createHash("sha1").update(content).digest("base64");
		if (chain.contents.has(digest) && (next === undefined || ++chain.again > mostRepeats))
			return ended(answer, items, quarantined, notClosed(`${request.call}: the vendor gave the same page again`, "cut-off"));
		chain.contents.add(digest);
	}
	if (next === undefined) return ended(answer, items, quarantined, { closed: true, reasons: [] });
	chain.emptyInRow = list.length === 0 ? chain.emptyInRow + 1 : 0;
	const circle =
		chain.emptyInRow > mostEmptyPages
			? `more than ${mostEmptyPages} empty pages in a row`
			: chain.tokens.has(next)
				? "the vendor gave the same page token again"
				: null;
	if (circle) return ended(answer, items, quarantined, notClosed(`${request.call}: ${circle}`, "cut-off"));
	chain.tokens.add(next);
	chain.token = next;
	return { items, quarantined, request, body };
}

/** Why the answer is no page of this list; null = it is one. */
function strange(body: unknown, chain: Chain, shape: ListShape): string | null {
	const given = object(body);
	if (!given) return "the answer is not a JSON object";
	if (shape.kind !== null && typeof given.kind !== "string") return "the answer has no kind: it is none of this list";
	const list = given[shape.key];
	if (list !== undefined && !Array.isArray(list)) return `the answer has no list under "${shape.key}"`;
	// An empty object is what the newer APIs say for an empty list; after a page token it is as good as nothing.
	if (shape.kind === null && chain.token !== undefined && Object.keys(given).length === 0) return "an empty answer where the vendor promised another page";
	return null;
}

function isNew(chain: Chain, id: string | undefined): boolean {
	if (id === undefined) return true;
	if (chain.given.has(id)) return false;
	chain.given.add(id);
	return true;
}

function ended({ request, body }: HttpAnswer, items: object[], quarantined: Page["quarantined"], end: ChainEnd): Page {
	return { items, quarantined, request, body, end };
}

function notClosed(detail: string, cause: "error" | "cut-off"): ChainEnd {
	return { closed: false, reasons: [{ cause, detail }] };
}
