import type { Known } from "../../src/model/known.js";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import { at, type Decoded, identified, type Json, known, object, word } from "../../src/provider/decode.js";
import type { ReadContext } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { type Page, tokenPages } from "./paging.js";
import { mostDetails, pluginDetail, pluginDetails, spent } from "./plugin-details.js";
import type { Losses } from "./read.js";

export interface PluginPage extends Page {
	/** Listed, and gone when it was asked for. */
	gone: string[];
}

/**
 * Third-party apps. The specification does not say what the list holds of one: what lacks something that is decided by is asked for by itself, within
 * `mostDetails`. Throws only an abort or a defect.
 */
export async function* plugins(connection: SspmConnection, context: Pick<ReadContext, "scanStarted" | "signal">, lost: Losses): AsyncGenerator<PluginPage> {
	const { signal } = context;
	const details = pluginDetails(connection, context.scanStarted);
	let left = 0;
	for await (const page of tokenPages(connection, { method: "GET", path: "/sspm/api/v1/plugins" }, { signal })) {
		const items: unknown[] = [];
		const gone: string[] = [];
		for (const item of page.items) {
			const id = word(at(item, "id"));
			const short = id !== undefined && lacking(item).length > 0;
			const asks = short && (details.found.has(id) || spent(details) === null);
			if (short && !asks && spent(details) === "budget") left++;
			const detail = asks ? await pluginDetail(connection, details, id, page.items, lacking, signal) : null;
			if (detail && "gone" in detail) gone.push(String(id));
			else items.push(detail && "body" in detail ? { ...object(item), ...detail.body } : item);
			if (detail && "unread" in detail) lost.add(detail.unread);
		}
		for (const reason of page.end?.reasons ?? []) lost.add(reason);
		yield { ...page, items, gone };
	}
	if (left > 0) {
		const why = `one scan asks for ${mostDetails} one by one at the most, and for none where nothing is answered`;
		lost.add({ cause: "budget", detail: `the list says too little of ${left} third-party apps more: ${why}` });
	}
}

/** What is decided by and not there: who let it in and where, whether it is on, what it may do. */
function lacking(item: unknown): string[] {
	const raw = object(item) ?? {};
	const words = ["app_id", "app_type", "third_party_app_id", "level", "status"].filter((key) => word(raw[key]) === undefined);
	return [...words, ...(nameOf(raw) === undefined ? ["name"] : []), ...(scopesOf(raw) === undefined ? ["scopes"] : [])];
}

const nameOf = (raw: Json): Known<string> => word(raw.third_party_app_name) ?? word(at(raw, "metadata", "plugin_name"));

/** Words of a third-party app that is off. Any other word counts as on: it is rather looked at once too often. */
const off = new Set(["inactive", "disabled", "revoked", "removed", "blocked", "deleted"]);

function isActive(status: unknown): boolean {
	return !off.has(word(status)?.toLowerCase() ?? "");
}

export function decodePlugin(item: unknown): Decoded<AppRecord> {
	const found = identified(item, "third-party app");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const type = `plugin/${word(raw.app_type) ?? "unknown"}`;
	const record = { id, name: nameOf(raw) ?? id, type, active: isActive(raw.status), nonHuman: true, clientId: word(raw.third_party_app_id), foreign: true };
	return { ok: known<AppRecord>(record as AppRecord) };
}

/** What a third-party app was allowed. The vendor does not say by whom, since when or until when. */
export function decodeGrant(item: unknown): Decoded<CredentialRecord> {
	const found = identified(item, "third-party app");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const record = { id: grantId(id), kind: "oauth-grant", name: nameOf(raw) ?? id, owner: id, scopes: scopesOf(raw), active: isActive(raw.status) };
	return { ok: known<CredentialRecord>(record as CredentialRecord) };
}

export const grantId = (plugin: string): string => `grant/${plugin}`;

function scopesOf({ high_scopes, medium_scopes, low_scopes }: Json): Known<string[]> {
	const lists = [high_scopes, medium_scopes, low_scopes];
	const all = lists.flatMap((list) => (Array.isArray(list) ? list.map((scope) => word(at(scope, "id"))) : [undefined]));
	return all.includes(undefined) ? undefined : [...new Set(all as string[])].sort();
}
