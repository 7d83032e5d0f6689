import type { Millis } from "../../src/model/known.js";
import type { CoverageReason } from "../../src/model/snapshot.js";
import { at, type Json, object, word } from "../../src/provider/decode.js";
import { reasonOf } from "../../src/provider/http-error.js";
import type { SspmConnection } from "./connection.js";
import { one } from "./read.js";

/** Requests that one scan may spend on third-party apps one by one. */
export const mostDetails = 100;
/** After so many answers that said no more than the list, or none at all, no more are asked for. */
const mostInVain = 3;

/** What the vendor tells of one third-party app alone: something, that there is none, or nothing that can be read. */
export type PluginDetail = { body: Json } | { gone: true } | { unread: CoverageReason };

/** Third-party apps that one scan has asked for one by one; its readers share them. */
export interface PluginDetails {
	scan: Millis;
	found: Map<string, PluginDetail>;
	asked: number;
	/** The call has told of some app: that it knows nothing of another one then says something. */
	works: boolean;
	/** Answers that said more than the list, and that said no more. */
	helped: number;
	vain: number;
	failed: number;
}

export function pluginDetails(connection: SspmConnection, scan: Millis): PluginDetails {
	const kept = connection.plugins;
	if (kept?.scan === scan) return kept;
	connection.plugins = { scan, found: new Map(), asked: 0, works: false, helped: 0, vain: 0, failed: 0 };
	return connection.plugins;
}

/** Why no further app is asked for. `pointless`: the single answers say no more than the list, so that nothing is lost. */
export function spent({ asked, works, helped, vain, failed }: PluginDetails): "pointless" | "budget" | null {
	if (helped === 0 && vain >= mostInVain) return "pointless";
	return asked >= mostDetails || (!works && failed >= mostInVain) ? "budget" : null;
}

/**
 * Asks for one app, once a scan. `listed`: the page that it stands on; `lacking`: what a row has not that it should. Throws only an abort or a defect.
 */
export async function pluginDetail(
	connection: SspmConnection,
	details: PluginDetails,
	id: string,
	listed: unknown[],
	lacking: (item: unknown) => string[],
	signal?: AbortSignal,
): Promise<PluginDetail> {
	const before = details.found.get(id);
	if (before) return before;
	const answer = await ask(connection, details, id, signal);
	if ("body" in answer) {
		const row = listed.find((item) => at(item, "id") === id);
		if (lacking({ ...object(row), ...answer.body }).length < lacking(row).length) details.helped++;
		else details.vain++;
		return answer;
	}
	if (answer.missing && !details.works) {
		// A server without this call knows of no app at all: whether this is one, another app of the page shows.
		const other = listed.map((item) => word(at(item, "id"))).find((plugin) => plugin !== undefined && !details.found.has(plugin) && plugin !== id);
		if (other !== undefined) await ask(connection, details, other, signal);
	}
	const detail: PluginDetail = answer.missing && details.works ? { gone: true } : { unread: answer.unread };
	if ("unread" in detail) details.failed++;
	details.found.set(id, detail);
	return detail;
}

async function ask(
	connection: SspmConnection,
	details: PluginDetails,
	id: string,
	signal?: AbortSignal,
): Promise<{ body: Json } | { unread: CoverageReason; missing: boolean }> {
	details.asked++;
	// What is down is met again in the next scan.
	const answer = await one(connection, { method: "GET", path: "/sspm/api/v1/plugins/{id}", params: { id }, attempts: 2 }, signal);
	if ("error" in answer) return { unread: reasonOf(answer.error), missing: answer.error.status === 404 };
	if (at(answer.body, "id") !== id)
		return { unread: { cause: "error", detail: `${answer.request.call}: the answer is not about the third-party app that was asked for` }, missing: false };
	// A null says nothing, and would hide what the list has.
	const body = Object.fromEntries(Object.entries(object(answer.body) ?? {}).filter(([, value]) => value !== null));
	details.works = true;
	details.found.set(id, { body });
	return { body };
}
