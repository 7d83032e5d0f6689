import type { CoverageReason, ReadRecord, RequestRef } from "../../src/model/snapshot.js";
import { at, count, type Decoded } from "../../src/provider/decode.js";
import type { HttpRequest } from "../../src/provider/http.js";
import { HttpError, reasonOf } from "../../src/provider/http-error.js";
import type { ReadPage } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import type { Page } from "./paging.js";

/** What was lost on the way, one reason per cause. */
export interface Losses {
	add(reason: CoverageReason): void;
	/** Something to say that is no gap. */
	note(reason: CoverageReason): void;
	end(): NonNullable<ReadPage["end"]>;
}

export function losses(): Losses {
	const gaps = new Map<string, { reason: CoverageReason; times: number }>();
	const notes: typeof gaps = new Map();
	const count = (kinds: typeof gaps) => (reason: CoverageReason) => {
		const key = `${reason.cause} ${reason.scope ?? ""} ${reason.detail.replace(/request id [^\s)]+/g, "").replace(/\d+/g, "#")}`;
		const before = kinds.get(key);
		if (before) before.times++;
		else kinds.set(key, { reason, times: 1 });
	};
	const said = ({ reason, times }: { reason: CoverageReason; times: number }): CoverageReason =>
		times === 1 ? reason : { ...reason, detail: `${times} times; the first: ${reason.detail}` };
	return {
		add: count(gaps),
		note: count(notes),
		end: () => ({ closed: gaps.size === 0, reasons: [...gaps.values(), ...notes.values()].map(said) }),
	};
}

/** One object, or the vendor's refusal. Throws only an abort or a defect. */
export async function one(
	connection: SspmConnection,
	request: HttpRequest,
	signal?: AbortSignal,
): Promise<{ body: unknown; request: RequestRef } | { error: HttpError }> {
	try {
		const answer = await connection.send({ ...request, ...(signal && { signal }) });
		return { body: answer.body, request: answer.request };
	} catch (error) {
		if (error instanceof HttpError) return { error };
		throw error;
	}
}

/** An unpaged list; null where it could not be read, which `lost` then tells. A string of JSON is what an older specification has. */
export async function bareList(
	connection: SspmConnection,
	request: HttpRequest,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ items: unknown[]; request: RequestRef } | null> {
	const answer = await one(connection, request, signal);
	if ("error" in answer) {
		lost.add(reasonOf(answer.error));
		return null;
	}
	const list = typeof answer.body === "string" ? parsed(answer.body) : answer.body;
	if (Array.isArray(list)) return { items: list, request: answer.request };
	lost.add({ cause: "error", detail: `${answer.request.call}: the answer is not a list` });
	return null;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** A paged list at once. What is missing of it is told to `lost`. */
export async function whole(pages: AsyncIterable<Page>, lost: Losses): Promise<{ items: unknown[]; request: RequestRef | null; closed: boolean }> {
	const items: unknown[] = [];
	let request: RequestRef | null = null;
	let closed = false;
	for await (const page of pages) {
		items.push(...page.items);
		request ??= page.request;
		closed = page.end?.closed ?? false;
		for (const reason of page.end?.reasons ?? []) lost.add(reason);
	}
	return { items, request, closed };
}

/** Items as records, those that can't be understood set aside. */
export function decodeAll<T extends object>(
	items: unknown[],
	decode: (item: unknown) => Decoded<T>,
	id: (body: T) => string,
): Pick<ReadPage, "records" | "quarantined"> {
	const records: ReadRecord[] = [];
	const quarantined: NonNullable<ReadPage["quarantined"]> = [];
	for (const item of items) {
		const decoded = decode(item);
		if ("bad" in decoded) quarantined.push({ id: decoded.id, why: decoded.bad });
		else records.push({ id: id(decoded.ok), body: decoded.ok });
	}
	return { records, ...(quarantined.length > 0 && { quarantined }) };
}

/** An unpaged list under `items`, with its `total`. What is missing of it is told to `lost`. */
export async function countedList(
	connection: SspmConnection,
	request: HttpRequest,
	lost: Losses,
	signal?: AbortSignal,
): Promise<{ items: unknown[]; request: RequestRef; closed: boolean } | null> {
	const answer = await one(connection, request, signal);
	if ("error" in answer) {
		lost.add(reasonOf(answer.error));
		return null;
	}
	const items = at(answer.body, "items");
	if (!Array.isArray(items)) {
		lost.add({ cause: "error", detail: `${answer.request.call}: the answer is not a list under items` });
		return null;
	}
	const total = count(at(answer.body, "total"));
	const closed = total === undefined || items.length >= total;
	if (!closed) lost.add({ cause: "cut-off", detail: `${answer.request.call}: the vendor counts ${total} rows and gave ${items.length}` });
	return { items, request: answer.request, closed };
}
