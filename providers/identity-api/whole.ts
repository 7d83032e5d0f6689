import { at, word } from "../../src/provider/decode.js";
import { HttpError } from "../../src/provider/http-error.js";
import type { IdentityConnection } from "./connection.js";
import { type Envelope, envelopeOf } from "./envelope.js";
import type { WireRiskLevel } from "./wire.js";

const levels: WireRiskLevel[] = ["low", "medium", "high", "critical"];

/** A list that came in one answer which does not say its place. */
export interface Unplaced {
	query: Record<string, string>;
	/** Page size asked for; undefined = none. */
	limit: number | undefined;
	/** Rows of the answer. */
	length: number;
	has(id: string): boolean;
}

/**
 * Whether an answer that says nothing of its place, as long as pages are, may be a first page. Asked for one less, does the API give one less? Then it pages,
 * and does not say so. Asked by risk levels, does it give somebody who was not there? Then it pages too, by a size of its own.
 */
export async function mayBeCut(connection: IdentityConnection, list: Unplaced, signal?: AbortSignal): Promise<boolean> {
	const { query, limit, length } = list;
	if (length === 0 || (length !== limit && !roundPage(length))) return false;
	const ask = async (more: Record<string, string | number>): Promise<Envelope | null> =>
		envelopeOf(await connection.client.send({ method: "GET", path: "/v1/identity", query: { ...query, ...more }, ...(signal && { signal }) }));
	try {
		if (limit !== undefined && length <= limit && (await ask({ "page[limit]": Math.max(1, length - 1) }))?.items.length !== length) return true;
		for (const level of levels) {
			const part = await ask({ "filter[risk_level]": level, ...(limit !== undefined && { "page[limit]": limit }) });
			// A filter that is not honoured proves nothing.
			if (!part?.items.every((item) => at(item, "risk_level") === level && list.has(word(at(item, "id")) ?? ""))) return true;
		}
		return false;
	} catch (error) {
		if (error instanceof HttpError) return true;
		throw error;
	}
}

/** Page sizes that APIs have of their own. */
function roundPage(length: number): boolean {
	return length >= 10 && (length % 10 === 0 || length % 25 === 0);
}
