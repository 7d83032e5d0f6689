import type { CollectionName, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext, ReadPage } from "../../src/provider/provider.js";
import type { EntraConnection } from "./connection.js";
import { type ChainEnd, type Page, type PageOptions, pages } from "./paging.js";
import type { Decoded } from "./schema.js";

/** A list to its end. A refusal ends it with its reason; only an abort or a defect is thrown. */
export function list(connection: EntraConnection, request: HttpRequest, signal?: AbortSignal, options?: PageOptions): AsyncGenerator<Page> {
	return pages(connection.http.client, signal ? { ...request, signal } : request, options);
}

/** A whole list at once. */
export async function whole(
	connection: EntraConnection,
	request: HttpRequest,
	signal?: AbortSignal,
): Promise<{ items: unknown[]; end: ChainEnd; request: RequestRef }> {
	const items: unknown[] = [];
	let end: ChainEnd = { closed: false, reasons: [] };
	let ref: RequestRef = { call: `${request.method} ${request.path}`, requestId: null, at: connection.config.now() };
	for await (const page of list(connection, request, signal)) {
		items.push(...page.items);
		ref = page.request;
		if (page.end) end = page.end;
	}
	return { items, end, request: ref };
}

/** One object, or the vendor's refusal. */
export async function one(
	connection: EntraConnection,
	request: HttpRequest,
	signal?: AbortSignal,
): Promise<{ body: unknown; request: RequestRef } | { error: HttpError }> {
	try {
		const answer = await connection.http.client.send(signal ? { ...request, signal } : request);
		return { body: answer.body, request: answer.request };
	} catch (error) {
		if (error instanceof HttpError) return { error };
		throw error;
	}
}

/** Decodes items into records and a list of those set aside. A decoder's null is left out: known not to count. */
export function decodeAll<T extends object>(
	items: unknown[],
	decode: (item: unknown) => Decoded<T | null>,
	id: (record: T) => string,
): Pick<ReadPage, "records" | "quarantined"> {
	const records: ReadRecord[] = [];
	const quarantined: { id: string | null; why: string }[] = [];
	for (const item of items) {
		const decoded = decode(item);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else if (decoded.ok) records.push({ id: id(decoded.ok), body: decoded.ok });
	}
	return { records, ...(quarantined.length > 0 && { quarantined }) };
}

/** The bodies of a collection that was read earlier in this scan. */
export async function current<T>(context: ReadContext, collection: CollectionName): Promise<T[]> {
	const found: T[] = [];
	for await (const record of context.current(collection)) found.push(record.body as T);
	return found;
}

/** The vendor knows the path and has no such object. A 404 of any other kind (a proxy's, a wrong path) proves nothing. */
export function isGone(error: unknown): boolean {
	return error instanceof HttpError && error.status === 404 && /ResourceNotFound|^notFound$|ItemNotFound|SubjectNotFound|itemNotFound/i.test(error.code ?? "");
}
