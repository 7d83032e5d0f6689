import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import { at, count, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpRequest } from "../../src/provider/http.js";
import { cleanText, HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { IdentityConnection } from "./connection.js";
import { type Envelope, envelopeOf } from "./envelope.js";
import { absolute, leadsAway } from "./next-link.js";
import { mayBeCut } from "./whole.js";

const path = "/v1/identity";

/** Most APIs of this form give 50 by themselves and 200 at most. */
export const pageSize = 200;
/** Pages in a row that bring nobody new. */
const mostIdlePages = 20;
/** Times that one page is asked for again when the page before was served in its place. */
const mostRepeats = 3;

export interface Page {
	/** Rows not met before. */
	items: unknown[];
	/** Ids of rows met before with another content: what the API says of them is not known. */
	twice: string[];
	request: RequestRef;
	/** On the last page. */
	end?: ChainEnd;
}

export interface ChainEnd {
	/** The API said, or it follows from what it said, that there is no more. */
	closed: boolean;
	reasons: CoverageReason[];
	error?: HttpError;
}

export type Filters = Partial<Record<"tenant_id" | "provider" | "privileged" | "mfa_enrolled", string>>;

interface Chain {
	query: Record<string, string>;
	limit: number | undefined;
	next: Envelope["next"];
	/** Ids met, with a digest of the row; rows without one, digests of pages, places asked for. */
	ids: Map<string, string>;
	nameless: number;
	digests: Set<string>;
	places: Set<string>;
	repeats: number;
	idle: number;
	/** The newest count that the API gave. */
	total: number | undefined;
	/** The page before said that there is more. */
	promised: boolean;
	restarted: boolean;
}

/**
 * The list of identities to its end. Throws only an abort or a defect: what the API answers is told by the last page's `end`.
 * An end that can't be proven is not closed.
 */
export async function* pages(connection: IdentityConnection, filters: Filters, signal?: AbortSignal): AsyncGenerator<Page> {
	const query = Object.fromEntries(Object.entries(filters).map(([name, value]) => [`filter[${name}]`, value]));
	const chain: Chain = { query, limit: pageSize, next: null, ...fresh(), restarted: false };
	for (;;) {
		let answer: HttpAnswer;
		try {
			answer = await connection.client.send(requestOf(chain, signal));
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			if (canGoOn(error, chain)) continue;
			yield { items: [], twice: [], request: error.request, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = await pageOf(connection, answer, chain, signal);
		if (page === "again") continue;
		yield page;
		if (page.end) return;
	}
}

const fresh = () => ({
	ids: new Map<string, string>(),
	nameless: 0,
	digests: new Set<string>(),
	places: new Set<string>(),
	repeats: 0,
	idle: 0,
	total: undefined,
	promised: false,
});

function requestOf(chain: Chain, signal: AbortSignal | undefined): HttpRequest {
	const base = { method: "GET" as const, path, ...(signal && { signal }) };
	if (chain.next && "url" in chain.next) return { ...base, url: chain.next.url };
	return { ...base, query: { ...chain.query, "page[limit]": chain.limit, "page[cursor]": chain.next?.cursor } };
}

/** Changes the chain so that it can go on after a refusal; false where it cannot. */
function canGoOn({ status }: HttpError, chain: Chain): boolean {
	// The contract has no page size: an API may refuse to hear of one.
	if ((status === 400 || status === 422) && chain.next === null && chain.limit !== undefined) {
		chain.limit = undefined;
		return true;
	}
	// A cursor that the API forgot: once more from the beginning. Rows met before are known by their ids.
	if ((status === 400 || status === 404 || status === 410 || status === 422) && chain.next !== null && !chain.restarted) {
		Object.assign(chain, { ...fresh(), next: null, restarted: true });
		return true;
	}
	return false;
}

async function pageOf(connection: IdentityConnection, answer: HttpAnswer, chain: Chain, signal?: AbortSignal): Promise<Page | "again"> {
	const { request } = answer;
	const end = (reason?: CoverageReason["cause"], detail = ""): ChainEnd => ({
		closed: reason === undefined,
		reasons:
			reason === undefined
				? []
				: [{ cause: reason, detail: `${request.call}: ${detail}`, ...(request.requestId !== null && { requestId: request.requestId }) }],
	});
	const envelope = envelopeOf(answer);
	if (envelope === null) return { items: [], twice: [], request, end: end("error", "the answer is no list of identities") };
	const { items, more, unread } = envelope;
	if (isRepeated(chain, items)) {
		if (++chain.repeats <= mostRepeats) return "again";
		return { items: [], twice: [], request, end: end("cut-off", "the API gave the same page again") };
	}
	chain.repeats = 0;
	chain.total = envelope.total ?? chain.total;
	const known = chain.ids.size;
	const page = { ...take(chain, items), request };
	const next = envelope.next && "url" in envelope.next ? { url: absolute(connection, envelope.next.url) } : envelope.next;
	// A last page may keep a cursor; followed, it leads to nothing.
	if (next && !(more === false && items.length === 0)) {
		const place = JSON.stringify(next);
		if (chain.places.has(place)) return { ...page, end: end("cut-off", "the API gave the same next page again") };
		if ("url" in next && leadsAway(connection, next.url)) return { ...page, end: end("cut-off", "the next link leads to something else than the list") };
		chain.places.add(place);
		chain.idle = chain.ids.size > known ? 0 : chain.idle + 1;
		if (chain.idle > mostIdlePages) return { ...page, end: end("cut-off", `more than ${mostIdlePages} pages in a row brought nobody new`) };
		chain.next = next;
		chain.promised = more === true;
		return page;
	}
	const seen = chain.ids.size + chain.nameless;
	const { total } = chain;
	if (more === true && !next) return { ...page, end: end("cut-off", "the API says that there is more and not where") };
	if (chain.promised && items.length === 0) return { ...page, end: end("cut-off", "the API said that there is more, and gave an empty page") };
	if (total !== undefined && total > seen) return { ...page, end: end("cut-off", `the API counts ${total} identities and lists ${seen}`) };
	if (unread !== null && more !== false && total === undefined)
		return { ...page, end: end("cut-off", `the answer speaks of pages by ${cleanText(unread)}, which is not understood`) };
	const unplaced = { query: chain.query, limit: chain.limit, length: items.length, has: (id: string) => chain.ids.has(id) };
	if (!envelope.placed && (await mayBeCut(connection, unplaced, signal)))
		return { ...page, end: end("cut-off", `the API gave ${items.length} identities, as many as a page may hold, and does not say whether that is all`) };
	return { ...page, end: end() };
}

/** Sorts a page's rows by whether they were met before. */
function take(chain: Chain, items: unknown[]): Pick<Page, "items" | "twice"> {
	const page: Pick<Page, "items" | "twice"> = { items: [], twice: [] };
	for (const item of items) {
		const id = word(at(item, "id"));
		const content = digest(JSON.stringify(item));
		const before = id === undefined ? undefined : chain.ids.get(id);
		if (id === undefined) chain.nameless++;
		else if (before === undefined) chain.ids.set(id, content);
		if (before === undefined) page.items.push(item);
		else if (id !== undefined && before !== content) page.twice.push(id);
	}
	return page;
}

function digest(text: string): string {
	return createHash("sha1").update(text).digest("base64");
}

/** Whether the page stands already among those met: its address came anew, its rows did not. */
function isRepeated(chain: Chain, items: unknown[]): boolean {
	if (items.length === 0) return false;
	const ids = items.map((item) => word(at(item, "id")));
	const content = ids.includes(undefined) ? JSON.stringify(items) : ids.join("\n");
	const met = digest(content);
	if (chain.digests.has(met)) return true;
	chain.digests.add(met);
	return false;
}

/** How many there are by the API's word, from one small answer; null where it does not count. */
export async function counted(connection: IdentityConnection, filters: Filters): Promise<{ total: number | null; envelope: Envelope | null }> {
	const query = Object.fromEntries(Object.entries(filters).map(([name, value]) => [`filter[${name}]`, value]));
	const { signal } = connection.config;
	const ask = (more: Record<string, number>) => connection.client.send({ method: "GET", path, query: { ...query, ...more }, ...(signal && { signal }) });
	const answer = await ask({ "page[limit]": 1 }).catch((error: unknown) => {
		// As in a read: an API may refuse to hear of a page size.
		if (error instanceof HttpError && (error.status === 400 || error.status === 422)) return ask({});
		throw error;
	});
	const envelope = envelopeOf(answer);
	const total = count(envelope?.total);
	if (total !== undefined) return { total, envelope };
	return { total: envelope && !envelope.placed ? envelope.items.length : null, envelope };
}
