import type { ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { type ChainEnd, type PageOptions, pages } from "./paging.js";
import { scoped } from "./read-tally.js";
import type { Decoded } from "./schema.js";

/** One page of a list: vendor objects as they came. `end` stands on the last page only, and there is always one. */
export interface ListPage {
	items: unknown[];
	/** Items that are no objects, set aside before decoding. */
	quarantined: { id: null; why: string }[];
	request: RequestRef;
	end?: ListEnd;
}

export type ListEnd = Pick<ChainEnd, "closed" | "reasons" | "error">;

export interface ListOptions {
	scope: string;
	/** Name of the list in the body, for answers that are objects and page by `_links.next`. */
	key?: string;
	/** Smaller page sizes to fall back to when the vendor can't make a page in time. */
	smaller?: number[];
	signal?: AbortSignal | undefined;
}

/** A list to its end. A refusal ends it with its reason, which names the scope; only an abort or a defect is thrown. */
export async function* list(connection: OktaConnection, request: HttpRequest, options: ListOptions): AsyncGenerator<ListPage> {
	const paging: PageOptions = {
		...(options.key !== undefined && { paging: "body", items: options.key }),
		...(options.smaller && { smaller: options.smaller }),
	};
	for await (const page of pages(connection.http.client, withSignal(request, options.signal), paging)) {
		const { items, quarantined, end } = page;
		yield { items, quarantined, request: page.request, ...(end && { end: { ...end, reasons: end.error ? [scoped(end.error, options.scope)] : end.reasons } }) };
	}
}

/** One object, or the vendor's refusal. */
export async function one(
	connection: OktaConnection,
	request: HttpRequest,
	signal?: AbortSignal,
): Promise<{ body: unknown; request: RequestRef } | { error: HttpError }> {
	try {
		const answer = await connection.http.client.send(withSignal(request, signal));
		return { body: answer.body, request: answer.request };
	} catch (error) {
		if (error instanceof HttpError) return { error };
		throw error;
	}
}

/** A whole list at once, for lists that are short by their nature. */
export async function whole(connection: OktaConnection, request: HttpRequest, options: ListOptions): Promise<{ items: unknown[]; end: ListEnd }> {
	const items: unknown[] = [];
	let end: ListEnd = { closed: false, reasons: [] };
	for await (const page of list(connection, request, options)) {
		items.push(...page.items, ...page.quarantined.map(() => null));
		if (page.end) end = page.end;
	}
	return { items, end };
}

export interface RecordOptions<T> {
	scope: string;
	decode(item: unknown): Decoded<T | null>;
	id(record: T): string;
	key?: string;
}

/** A list as a reader's pages: each item decoded, the ones that can't be are set aside. */
export async function* records<T extends object>(
	connection: OktaConnection,
	context: ReadContext,
	request: HttpRequest,
	options: RecordOptions<T>,
): AsyncGenerator<ReadPage> {
	for await (const page of list(connection, request, { scope: options.scope, ...(options.key && { key: options.key }), signal: context.signal })) {
		yield { ...decodePage(page, options), request: page.request, ...(page.end && { end: { closed: page.end.closed, reasons: page.end.reasons } }) };
	}
}

/** Decodes items into records and a list of those set aside. A decoder's null is left out: known not to count. */
export function decodePage<T extends object>(
	page: Pick<ListPage, "items" | "quarantined">,
	options: Pick<RecordOptions<T>, "decode" | "id">,
): Pick<ReadPage, "records" | "quarantined"> {
	const found: ReadRecord[] = [];
	const quarantined: { id: string | null; why: string }[] = [...page.quarantined];
	for (const item of page.items) {
		const decoded = options.decode(item);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else if (decoded.ok) found.push({ id: options.id(decoded.ok), body: decoded.ok });
	}
	return { records: found, ...(quarantined.length > 0 && { quarantined }) };
}

function withSignal(request: HttpRequest, signal: AbortSignal | undefined): HttpRequest {
	return signal ? { ...request, signal } : request;
}
