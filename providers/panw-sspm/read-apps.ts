import type { Known } from "../../src/model/known.js";
import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import type { ReadRecord } from "../../src/model/snapshot.js";
import { at, type Decoded, identified, known, word } from "../../src/provider/decode.js";
import type { Reader } from "../../src/provider/provider.js";
import type { SspmConnection } from "./connection.js";
import { readRole } from "./dialect.js";
import { type Page, tokenPages } from "./paging.js";
import { type WatchedApp, watchedApps } from "./places.js";
import { decodeAll, losses } from "./read.js";

/** Apps that are watched, and third-party apps that were let into them. */
export const apps: Reader<SspmConnection> = {
	collection: "apps",
	after: [],
	scopes: [readRole, "THIRD_PARTY_APPS"],
	async *read(connection, context) {
		const lost = losses();
		const { apps: watched, bad, request } = await watchedApps(connection, lost, context.signal);
		const records: ReadRecord[] = watched.map((app) => ({ id: app.id, body: appRecord(app) }));
		yield { records, request, ...(bad.length > 0 && { quarantined: bad }) };
		for await (const page of plugins(connection, context.signal)) {
			for (const reason of page.end?.reasons ?? []) lost.add(reason);
			yield { ...decodeAll(page.items, decodePlugin, ({ id }) => id), request: page.request };
		}
		yield { records: [], request: null, end: lost.end() };
	},
};

export function plugins(connection: SspmConnection, signal?: AbortSignal): AsyncGenerator<Page> {
	return tokenPages(connection, { method: "GET", path: "/sspm/api/v1/plugins" }, { signal });
}

function appRecord({ id, name, type, status, created }: WatchedApp): AppRecord {
	return known<AppRecord>({ id, name, type, active: status === undefined || status === "Active", nonHuman: false, clientId: null, created } as AppRecord);
}

/** Words of a third-party app that is off. Any other word counts as on: it is rather looked at once too often. */
const off = new Set(["inactive", "disabled", "revoked", "removed", "blocked", "deleted"]);

function isActive(status: unknown): boolean {
	return !off.has(word(status)?.toLowerCase() ?? "");
}

function decodePlugin(item: unknown): Decoded<AppRecord> {
	const found = identified(item, "third-party app");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const name = word(raw.third_party_app_name) ?? word(at(raw, "metadata", "plugin_name")) ?? id;
	const type = `plugin/${word(raw.app_type) ?? "unknown"}`;
	const record = { id, name, type, active: isActive(raw.status), nonHuman: true, clientId: word(raw.third_party_app_id), foreign: true };
	return { ok: known<AppRecord>(record as AppRecord) };
}

/** What a third-party app was allowed. The vendor does not say by whom, since when or until when. */
export function decodeGrant(item: unknown): Decoded<CredentialRecord> {
	const found = identified(item, "third-party app");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const name = word(raw.third_party_app_name) ?? id;
	const scopes = scopesOf([raw.high_scopes, raw.medium_scopes, raw.low_scopes]);
	const record = { id: `grant/${id}`, kind: "oauth-grant", name, owner: id, scopes, active: isActive(raw.status) };
	return { ok: known<CredentialRecord>(record as CredentialRecord) };
}

function scopesOf(lists: unknown[]): Known<string[]> {
	const all = lists.flatMap((list) => (Array.isArray(list) ? list.map((scope) => word(at(scope, "id"))) : [undefined]));
	return all.includes(undefined) ? undefined : [...new Set(all as string[])].sort();
}
