import type { AppRecord, CredentialRecord } from "../../src/model/objects.js";
import type { CoverageReason, RequestRef } from "../../src/model/snapshot.js";
import type { HttpError } from "../../src/provider/http-error.js";
import type { ReadContext, Reader } from "../../src/provider/provider.js";
import type { SailPointConnection } from "./connection.js";
import { decodePage, one, type Tally, tally } from "./read.js";
import { at, type Decoded, date, flag, identified, known, object, stamp, text, texts, word } from "./schema.js";
import type { Source } from "./schema-source.js";
import { sourcesOf } from "./source-accounts.js";

interface Plain {
	items: object[];
	quarantined: { id: null; why: string }[];
	request: RequestRef;
}
const clientLists = new WeakMap<SailPointConnection, { scanStarted: number; answer: Promise<Plain | { error: HttpError } | { odd: string }> }>();

/** OAuth clients, read once a scan: apps, and their secrets as credentials. Neither list has pages. */
function clientsOf(connection: SailPointConnection, context: ReadContext) {
	const before = clientLists.get(connection);
	if (before?.scanStarted === context.scanStarted) return before.answer;
	const answer = plainList(connection, context, "/v2026/oauth-clients");
	clientLists.set(connection, { scanStarted: context.scanStarted, answer });
	return answer;
}

async function plainList(connection: SailPointConnection, context: ReadContext, path: string): Promise<Plain | { error: HttpError } | { odd: string }> {
	const answer = await one(connection, { path }, context.signal);
	if ("error" in answer) return answer;
	if (!Array.isArray(answer.body)) return { odd: `GET ${path}: the answer is not a list` };
	const items = answer.body.filter((item): item is object => object(item) !== null);
	const quarantined = answer.body.filter((item) => object(item) === null).map(() => ({ id: null, why: `GET ${path}: an item is no object` }));
	return { items, quarantined, request: answer.request };
}

function failed(answer: { error: HttpError } | { odd: string }, failures: Tally): void {
	if ("error" in answer) failures.add(answer.error);
	else failures.end({ closed: false, reasons: [{ cause: "error", detail: answer.odd }] });
}

/** Sources, and OAuth clients as identities without a person. */
export const apps: Reader<SailPointConnection> = {
	collection: "apps",
	after: [],
	scopes: ["idn:sources:read", "sp:oauth-client:read"],
	async *read(connection, context) {
		const failures = tally();
		const { sources, quarantined, end, request } = await sourcesOf(connection, context);
		failures.end(end);
		yield { records: sources.map((source) => ({ id: source.id, body: sourceApp(source) })), request, ...(quarantined.length > 0 && { quarantined }) };
		const clients = await clientsOf(connection, context);
		if ("items" in clients) yield { ...decodePage(clients, decodeClientApp, (app) => app.id), request: clients.request };
		else failed(clients, failures);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of sources and clients") } };
	},
};

/** A source cannot be switched off: it is governed as long as it is there. */
function sourceApp({ id, name, type, owner, created }: Source): AppRecord {
	const owners = owner === undefined ? undefined : owner === null ? [] : [owner];
	return known<AppRecord>({ id, name, type, active: true, nonHuman: false, clientId: null, created, owners });
}

function decodeClientApp(item: unknown): Decoded<AppRecord> {
	const found = identified(item, "OAuth client");
	if ("bad" in found) return found;
	const { id, raw } = found;
	const grants = texts(raw.grantTypes);
	const active = flag(raw.enabled);
	if (grants === undefined || active === undefined) return { bad: "an OAuth client does not say what it may do", id };
	const nonHuman = grants.includes("CLIENT_CREDENTIALS");
	return { ok: known<AppRecord>({ id, name: word(raw.name) ?? id, type: "OAUTH_CLIENT", active, nonHuman, clientId: id, created: stamp(raw.created) }) };
}

/** Personal access tokens of everybody, and the secrets of OAuth clients. */
export const credentials: Reader<SailPointConnection> = {
	collection: "credentials",
	after: ["apps"],
	scopes: ["sp:all-personal-access-tokens:read", "sp:oauth-client:read"],
	async *read(connection, context) {
		const failures = tally();
		const reasons: CoverageReason[] = [];
		const ids = new Set<string>();
		const tokens = await plainList(connection, context, "/v2026/personal-access-tokens");
		const clients = await clientsOf(connection, context);
		for (const [list, decode] of [[tokens, decodeToken] as const, [clients, decodeClientSecret] as const]) {
			if (!("items" in list)) {
				failed(list, failures);
				continue;
			}
			const page = decodePage(list, decode, (record: CredentialRecord) => record.id);
			for (const { id } of page.records) ids.add(id);
			yield { ...page, request: list.request };
		}
		const [own] = (await connection.self()).credentials;
		if (failures.failed() === 0 && own !== undefined && !ids.has(own))
			reasons.push({ cause: "floor", detail: "the lists of tokens and clients lack the one that this credential is: they do not show all of them" });
		reasons.push(...failures.reasons("lists of credentials"));
		yield { records: [], request: null, end: { closed: failures.failed() === 0 && reasons.length === 0, reasons } };
	},
};

function decodeToken(item: unknown): Decoded<CredentialRecord> {
	const found = identified(item, "personal access token");
	if ("bad" in found) return found;
	const { id, raw } = found;
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "api-token",
			name: text(raw.name) ?? id,
			owner: raw.owner === null ? null : word(at(raw.owner, "id")),
			created: stamp(raw.created),
			lastUsed: date(raw.lastUsed),
			expires: date(raw.expirationDate),
			scopes: texts(raw.scope),
		}),
	};
}

/** The list may hold the secret itself: fields are taken by name. Until when a secret is good the API does not tell. */
function decodeClientSecret(item: unknown): Decoded<CredentialRecord | null> {
	const found = identified(item, "OAuth client");
	if ("bad" in found) return found;
	const { id, raw } = found;
	if (raw.type === "PUBLIC") return { ok: null };
	return {
		ok: known<CredentialRecord>({
			id,
			kind: "app-secret",
			name: text(raw.name) ?? id,
			owner: id,
			created: stamp(raw.created),
			lastUsed: date(raw.lastUsed),
			scopes: texts(raw.scope),
			active: flag(raw.enabled),
		}),
	};
}
