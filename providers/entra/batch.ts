import type { RequestRef } from "../../src/model/snapshot.js";
import { cleanText, HttpError } from "../../src/provider/http-error.js";
import { parseRetryAfter } from "../../src/provider/retry-after.js";
import { bucketOf } from "./buckets.js";
import type { EntraConnection } from "./connection.js";
import { codeOf, refused, summaryOf } from "./dialect.js";
import { at, object, word } from "./schema.js";

/** One read of a batch. */
export interface Part {
	/** Without the version: `/groups/{groupId}/members`. */
	path: string;
	params: Record<string, string>;
	/** With its question mark; escaped. */
	query?: string;
}

export type PartAnswer = { body: unknown; request: RequestRef } | { error: HttpError };

/** The vendor takes no more in one call. https://learn.microsoft.com/graph/json-batching */
const most = 20;
const rounds = 6;

/**
 * Reads by `$batch`, in the order of `parts`. The answer is 200 whatever came of the parts; a part that is throttled is asked for again
 * after the longest wait that any part names. Batching saves round trips and no quota. Throws only defects and the signal's reason.
 */
export async function batch(connection: EntraConnection, parts: Part[], version: "v1.0" | "beta" = "v1.0", signal?: AbortSignal): Promise<PartAnswer[]> {
	const answers: PartAnswer[] = [];
	// Each part counts by itself: no more at once than its limiter lets through.
	const size = Math.min(most, ...parts.map(({ path }) => bucketOf(`/${version}${path}`).burst));
	for (let first = 0; first < parts.length; first += size) answers.push(...(await twenty(connection, parts.slice(first, first + size), version, signal)));
	return answers;
}

async function twenty(connection: EntraConnection, parts: Part[], version: "v1.0" | "beta", signal?: AbortSignal): Promise<PartAnswer[]> {
	const answers = new Map<number, PartAnswer>();
	let open = parts.map((_, index) => index);
	for (let round = 1; open.length > 0; round++) {
		const requests = open.map((index) => ({ id: String(index), method: "GET", url: urlOf(parts[index] as Part) }));
		// The parts of a batch are of one kind here.
		const done = await connection.http.turn(`/${version}${parts[0]?.path ?? ""}`, open.length, signal);
		let answered: { body: unknown; request: RequestRef };
		try {
			answered = await connection.http.client.send({ method: "POST", path: `/${version}/$batch`, body: { requests }, ...(signal && { signal }) });
		} catch (error) {
			if (!(error instanceof HttpError)) throw error;
			for (const index of open) answers.set(index, { error });
			break;
		} finally {
			done();
		}
		const list = at(answered.body, "responses");
		const byId = new Map((Array.isArray(list) ? list : []).map((one) => [String(at(one, "id")), object(one)]));
		const again: number[] = [];
		let wait = 0;
		for (const index of open) {
			const one = byId.get(String(index)) ?? null;
			const found = partAnswer(one, parts[index] as Part, version, answered.request);
			const status = typeof one?.status === "number" ? one.status : 0;
			if ("error" in found && (status === 429 || status >= 500) && round < rounds) {
				again.push(index);
				wait = Math.max(wait, waitOf(one, connection.config.now()) ?? 1000 * 2 ** (round - 1));
			} else answers.set(index, found);
		}
		open = again;
		if (open.length > 0) await connection.http.sleep(wait, signal);
	}
	return parts.map((_, index) => answers.get(index) as PartAnswer);
}

function urlOf({ path, params, query }: Part): string {
	return path.replace(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? "")) + (query ?? "");
}

function partAnswer(one: Record<string, unknown> | null, part: Part, version: string, outer: RequestRef): PartAnswer {
	const path = `/${version}${part.path}`;
	const requestId = word(headerOf(one, "request-id")) ?? outer.requestId;
	const request = { call: `GET ${path}`, requestId, at: outer.at };
	const status = typeof one?.status === "number" ? one.status : 0;
	if (status >= 200 && status < 300) return { body: one?.body, request };
	const summary = one === null ? "the batch was answered without this part" : cleanText(summaryOf(status, one.body, path));
	const { cause, scope } = refused(status, one?.body, path);
	const usual = status === 429 ? "throttled" : one === null ? "cut-off" : "error";
	return { error: new HttpError({ status, code: codeOf(one?.body), cause: cause ?? usual, summary, request, ...(scope !== undefined && { scope }) }) };
}

function headerOf(one: Record<string, unknown> | null, name: string): unknown {
	return Object.entries(object(one?.headers) ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Seconds, which may be a decimal here (microsoftgraph/microsoft-graph-docs#3877). */
function waitOf(one: Record<string, unknown> | null, now: number): number | null {
	const told = String(headerOf(one, "retry-after") ?? "");
	return /^\d+(\.\d+)?$/.test(told) ? Math.ceil(Number(told) * 1000) : parseRetryAfter(told || null, now);
}
