import type { CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import type { Decoded } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { ReadPage } from "../../src/provider/provider.js";
import type { GoogleConnection } from "./connection.js";
import { type ChainEnd, type ListShape, type Page, pages } from "./paging.js";

interface ListOptions {
	shape: ListShape;
	scope: string;
	signal?: AbortSignal | undefined;
}

/** A list to its end. A refusal ends it with its reason, which names the scope; only an abort or a defect is thrown. */
export async function* list(connection: GoogleConnection, request: HttpRequest, { shape, scope, signal }: ListOptions): AsyncGenerator<Page> {
	for await (const page of pages(connection.http, signal ? { ...request, signal } : request, shape)) {
		const { end } = page;
		yield end?.error ? { ...page, end: { ...end, reasons: [scoped(end.error, scope)] } } : page;
	}
}

/** A whole list at once, for lists that are short by their nature. */
export async function whole(connection: GoogleConnection, request: HttpRequest, options: ListOptions): Promise<Whole> {
	const items: unknown[] = [];
	for await (const page of list(connection, request, options)) {
		items.push(...page.items, ...page.quarantined.map(() => null));
		if (page.end) return { items, end: page.end, request: page.request };
	}
	throw new Error(`${request.method} ${request.path}: a chain without an end`);
}

/** Every item, null for one that is no object. */
export interface Whole {
	items: unknown[];
	end: ChainEnd;
	request: RequestRef;
}

/** One object, or the vendor's refusal. */
export async function one(
	connection: GoogleConnection,
	request: HttpRequest,
	signal?: AbortSignal,
): Promise<{ body: unknown; request: RequestRef } | { error: HttpError }> {
	try {
		const answer = await connection.http.send(signal ? { ...request, signal } : request);
		return { body: answer.body, request: answer.request };
	} catch (error) {
		if (error instanceof HttpError) return { error };
		throw error;
	}
}

/** Decodes items into records and a list of those set aside. A decoder's null is left out: known not to count. */
export function decodePage<T extends object>(
	page: Pick<Page, "items" | "quarantined">,
	decode: (item: unknown) => Decoded<T | null>,
	id: (record: T) => string,
): Pick<ReadPage, "records" | "quarantined"> {
	const records: ReadRecord[] = [];
	const quarantined: { id: string | null; why: string }[] = [...page.quarantined];
	for (const item of page.items) {
		const decoded = decode(item);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else if (decoded.ok) records.push({ id: id(decoded.ok), body: decoded.ok });
	}
	return { records, ...(quarantined.length > 0 && { quarantined }) };
}

/** The error as a reason; a missing scope is named even where the vendor's answer does not name it. */
export function scoped(error: HttpError, scope: string): CoverageReason {
	const reason = reasonOf(error);
	return reason.cause === "scope" && reason.scope === undefined ? { ...reason, scope } : reason;
}

/** Google knows the path and has no such object. A 404 of any other kind (a proxy's, a wrong path) proves nothing. */
export function isGone(error: unknown): boolean {
	return error instanceof HttpError && error.status === 404 && (error.code === "notFound" || error.code === "NOT_FOUND" || error.code === "memberNotFound");
}
