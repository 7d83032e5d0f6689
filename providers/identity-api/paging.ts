import { createHash } from "node:crypto";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import { at, count, word } from "../../src/provider/decode.js";
import type { HttpAnswer, HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { IdentityConnection } from "./connection.js";
import { type Envelope, envelopeOf } from "./envelope.js";

const path = "/v1/identity";

/** Most APIs of this form give 50 by themselves and 200 at most. */
export const pageSize = 200;
const mostEmptyPages = 20;
/** Times that one page is asked for again when the page before was served in its place. */
const mostRepeats = 3;

export interface Page {
	items: unknown[];
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

export type Filters = Partial<Record<"tenant_id" | "provider", string>>;

interface Chain {
	query: Record<string, string>;
	limit: number | undefined;
	next: Envelope["next"];
	/** Ids met, rows without one, digests of pages, places asked for. */
	ids: Set<string>;
	nameless: number;
	digests: Set<string>;
	places: Set<string>;
	repeats: number;
	empty: number;
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
			yield { items: [], request: error.request, end: { closed: false, reasons: [reasonOf(error)], error } };
			return;
		}
		const page = await pageOf(connection, answer, chain, signal);
		if (page === "again") continue;
		yield page;
		if (page.end) return;
	}
}

const fresh = () => ({ ids: new Set<string>(), nameless: 0, digests: new Set<string>(), places: new Set<string>(), repeats: 0, empty: 0 });

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
	if (envelope === null) return { items: [], request, end: end("error", "the answer is no list of identities") };
	const { items, next, more, total } = envelope;
	if (isRepeated(chain, items)) {
		if (++chain.repeats <= mostRepeats) return "again";
		return { items: [], request, end: end("cut-off", "the API gave the same page again") };
	}
	chain.repeats = 0;
	const before = new Set(chain.ids);
	for (const item of items) {
		const id = word(at(item, "id"));
		if (id === undefined) chain.nameless++;
		else chain.ids.add(id);
	}
	const page = { items: items.filter((item) => !before.has(word(at(item, "id")) ?? "")), request };
	if (next) {
		const place = JSON.stringify(next);
		if (chain.places.has(place)) return { ...page, end: end("cut-off", "the API gave the same next page again") };
		chain.places.add(place);
		chain.empty = items.length === 0 ? chain.empty + 1 : 0;
		if (chain.empty > mostEmptyPages) return { ...page, end: end("cut-off", `more than ${mostEmptyPages} empty pages in a row`) };
		// A last page may keep a cursor; followed, it leads to nothing.
		if (!(more === false && items.length === 0)) {
			chain.next = next;
			return page;
		}
	}
	const seen = chain.ids.size + chain.nameless;
	if (more === true && !next) return { ...page, end: end("cut-off", "the API says that there is more and not where") };
	if (total !== undefined && total > seen) return { ...page, end: end("cut-off", `the API counts ${total} identities and lists ${seen}`) };
	if (!envelope.placed && (await mayBeCut(connection, chain, items.length, signal)))
		return { ...page, end: end("cut-off", `the API gave as many identities as were asked for (${items.length}) and does not say whether that is all`) };
	return { ...page, end: end() };
}

/** Whether the page stands already among those met: its address came anew, its rows did not. */
function isRepeated(chain: Chain, items: unknown[]): boolean {
	if (items.length === 0) return false;
	const ids = items.map((item) => word(at(item, "id")));
	const content = ids.includes(undefined) ? JSON.stringify(items) : ids.join("\n");
	const digest = createHash("sha1").update(content).digest("base64");
	if (chain.digests.has(digest)) return true;
	chain.digests.add(digest);
	return false;
}

/** An answer that says nothing of its place, as long as a page: asked for one less, does the API give one less? Then it pages, and does not say so. */
async function mayBeCut(connection: IdentityConnection, chain: Chain, length: number, signal?: AbortSignal): Promise<boolean> {
	if (chain.limit === undefined || length === 0 || length > chain.limit) return false;
	if (length < chain.limit && !roundPage(length)) return false;
	const query = { ...chain.query, "page[limit]": Math.max(1, length - 1) };
	try {
		const answer = await connection.client.send({ method: "GET", path, query, ...(signal && { signal }) });
		return (envelopeOf(answer)?.items.length ?? 0) !== length;
	} catch (error) {
		if (error instanceof HttpError) return true;
		throw error;
	}
}

/** Page sizes that APIs have of their own. */
function roundPage(length: number): boolean {
	return length >= 10 && length % 10 === 0;
}

/** How many there are by the API's word, from one small answer; null where it does not count. */
export async function counted(connection: IdentityConnection, filters: Filters): Promise<{ total: number | null; envelope: Envelope | null }> {
	const query = { ...Object.fromEntries(Object.entries(filters).map(([name, value]) => [`filter[${name}]`, value])), "page[limit]": 1 };
	const answer = await connection.client.send({ method: "GET", path, query, ...(connection.config.signal && { signal: connection.config.signal }) });
	const envelope = envelopeOf(answer);
	const total = count(envelope?.total);
	if (total !== undefined) return { total, envelope };
	return { total: envelope && !envelope.placed ? envelope.items.length : null, envelope };
}
