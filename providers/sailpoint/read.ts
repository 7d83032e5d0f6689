import type { CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { type ChainEnd, type Page, pages } from "./paging.js";
import type { Decoded } from "./schema.js";

/** The largest page of most lists. */
const largest = 250;

export interface ListRequest {
	path: string;
	params?: Record<string, string>;
	query?: Record<string, string>;
	/** Page size, where it is less than 250. */
	limit?: number;
}

/** A list to its end, page by page. A refusal ends it with its reason. */
export function list(connection: SailPointConnection, request: ListRequest, signal?: AbortSignal): AsyncGenerator<Page> {
	const { limit, ...rest } = request;
	return pages(connection.http.client, { method: "GET", ...rest, ...(signal && { signal }) }, limit ?? largest);
}

/** A whole list at once, for lists that are short by their nature. */
export async function whole(connection: SailPointConnection, request: ListRequest, signal?: AbortSignal) {
	const items: object[] = [];
	const quarantined: Page["quarantined"] = [];
	let end: ChainEnd = { closed: false, reasons: [] };
	let last: RequestRef | null = null;
	for await (const page of list(connection, request, signal)) {
		items.push(...page.items);
		quarantined.push(...page.quarantined);
		last = page.request;
		if (page.end) end = page.end;
	}
	return { items, quarantined, end, request: last };
}

/** One answer, or the vendor's refusal. */
export async function one(
	connection: SailPointConnection,
	request: Omit<HttpRequest, "method"> & { method?: HttpRequest["method"] },
	signal?: AbortSignal,
): Promise<{ body: unknown; headers: Headers; request: RequestRef } | { error: HttpError }> {
	try {
		const answer = await connection.http.client.send({ method: "GET", ...request, ...(signal && { signal }) });
		return { body: answer.body, headers: answer.headers, request: answer.request };
	} catch (error) {
		if (error instanceof HttpError) return { error };
		throw error;
	}
}

/** The object is not there: the vendor's own words, not a proxy's. */
export function isGone(error: unknown): boolean {
	return error instanceof HttpError && error.status === 404 && /^404/.test(error.code ?? "");
}

/** Decodes items into records and a list of those set aside. A decoder's null is left out: known not to count. */
export function decodePage<T extends object>(
	page: Pick<Page, "items" | "quarantined">,
	decode: (item: unknown) => Decoded<T | null>,
	id: (record: T) => string,
): Pick<ReadPage, "records" | "quarantined"> {
	const found: ReadRecord[] = [];
	const quarantined: { id: string | null; why: string }[] = [...page.quarantined];
	for (const item of page.items) {
		const decoded = decode(item);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else if (decoded.ok) found.push({ id: id(decoded.ok), body: decoded.ok });
	}
	return { records: found, ...(quarantined.length > 0 && { quarantined }) };
}

/** A list as a reader's pages; how it ended is left to the caller. */
export async function* records<T extends object>(
	connection: SailPointConnection,
	context: ReadContext,
	request: ListRequest,
	decode: (item: unknown) => Decoded<T | null>,
	id: (record: T) => string,
): AsyncGenerator<ReadPage, ChainEnd> {
	let end: ChainEnd = { closed: false, reasons: [] };
	for await (const page of list(connection, request, context.signal)) {
		yield { ...decodePage(page, decode, id), request: page.request };
		if (page.end) end = page.end;
	}
	return end;
}

/** Failures of many small requests, told as one reason per cause. */
export interface Tally {
	add(error: HttpError): void;
	/** How a list ended: nothing to count when it is closed. */
	end(end: ChainEnd): void;
	/** `what`: the plural of what could not be read (`roles`). */
	reasons(what: string): CoverageReason[];
	failed(): number;
}

export function tally(): Tally {
	const byCause = new Map<string, { reason: CoverageReason; times: number }>();
	let failed = 0;
	const note = (key: string, reason: CoverageReason): void => {
		const before = byCause.get(key);
		if (before) before.times += 1;
		else byCause.set(key, { reason, times: 1 });
	};
	const add = (error: HttpError): void => {
		failed += 1;
		note(`${error.cause} ${error.scope ?? ""} ${error.status} ${error.code}`, reasonOf(error));
	};
	return {
		add,
		end(end) {
			if (end.closed) return;
			if (end.error) return add(end.error);
			failed += 1;
			for (const reason of end.reasons) note(`${reason.cause} ${reason.detail.replace(/\d+/g, "")}`, reason);
		},
		reasons: (what) =>
			[...byCause.values()].map(({ reason, times }) =>
				times === 1 ? reason : { ...reason, detail: `${times} ${what} could not be read; the first: ${reason.detail}` },
			),
		failed: () => failed,
	};
}
