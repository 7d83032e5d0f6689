import type { CredentialRecord } from "../../src/model/objects.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { concurrently } from "./pool.js";
import { decodePage, list, one } from "./read.js";
import { appList, appsOf } from "./read-app-list.js";
import { type Tally, tally } from "./read-tally.js";
import type { Decoded } from "./schema.js";
import type { DecodedApp } from "./schema-app.js";
import { decodeApiToken, decodeAppKey, decodeAppSecret, decodeGrant, keysOf } from "./schema-credential.js";

interface Part {
	path: string;
	scope: string;
	query?: Record<string, number>;
	decode(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord>;
}

const secrets: Part = { path: "/api/v1/apps/{appId}/credentials/secrets", scope: "okta.apps.read", decode: decodeAppSecret };
const keys: Part = { path: "/api/v1/apps/{appId}/credentials/jwks", scope: "okta.apps.read", decode: decodeAppKey };
const grants: Part = { path: "/api/v1/apps/{appId}/grants", scope: "okta.appGrants.read", query: { limit: 200 }, decode: decodeGrant };

/** API tokens, and of each OAuth client of the tenant's own: secrets or keys, whichever it signs in with, and the scopes it was given. */
export const credentials: Reader<OktaConnection> = {
	collection: "credentials",
	after: [],
	scopes: ["okta.apiTokens.read", "okta.apps.read", "okta.appGrants.read"],
	async *read(connection, context) {
		const failures = tally();
		for await (const page of list(connection, { method: "GET", path: "/api/v1/api-tokens" }, { scope: "okta.apiTokens.read", signal: context.signal })) {
			yield { ...decodePage(page, { decode: decodeApiToken, id: (token) => token.id }), request: page.request };
			if (page.end) failures.end(page.end, "okta.apiTokens.read");
		}
		const apps = await appList(connection, context);
		if (!apps.whole)
			failures.end({ closed: false, reasons: [{ cause: "depends", detail: "apps were not read to the end, and apps have credentials" }] }, "okta.apps.read");
		const clients = appsOf(apps).filter((app) => app.ownClient);
		const refused = new Set<string>();
		let done = 0;
		for await (const pages of concurrently(clients, 8, (app) => credentialsOf(connection, context, app, failures, refused))) {
			yield* pages;
			context.progress(++done, clients.length);
		}
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of an app's credentials") } };
	},
};

function partsOf(app: DecodedApp): Part[] {
	const method = app.authMethod;
	if (method === null) return [secrets, keys, grants];
	if (method === "none") return [grants];
	return method === "private_key_jwt" ? [keys, grants] : [secrets, grants];
}

async function credentialsOf(connection: OktaConnection, context: ReadContext, app: DecodedApp, failures: Tally, refused: Set<string>): Promise<ReadPage[]> {
	const pages: ReadPage[] = [];
	const owner = { id: app.record.id, name: app.record.name };
	for (const part of partsOf(app)) {
		// Without the scope, every app's answer is the same refusal.
		if (refused.has(part.scope)) continue;
		const request = { method: "GET" as const, path: part.path, params: { appId: owner.id }, ...(part.query && { query: part.query }) };
		if (part === keys) {
			pages.push(...(await keyPage(connection, context, request, owner, failures)));
			continue;
		}
		for await (const page of list(connection, request, { scope: part.scope, signal: context.signal })) {
			pages.push({ ...decodePage(page, { decode: (item) => part.decode(item, owner), id: (found) => found.id }), request: page.request });
			if (page.end?.error?.cause === "scope") refused.add(part.scope);
			if (page.end && page.end.error?.status !== 404) failures.end(page.end, part.scope);
		}
	}
	return pages;
}

async function keyPage(
	connection: OktaConnection,
	context: ReadContext,
	request: HttpRequest,
	owner: { id: string; name: string },
	failures: Tally,
): Promise<ReadPage[]> {
	const answer = await one(connection, request, context.signal);
	if ("error" in answer) {
		if (answer.error.status !== 404) failures.add(answer.error, keys.scope);
		return [];
	}
	const items = keysOf(answer.body);
	if (items === null) failures.end({ closed: false, reasons: [{ cause: "error", detail: `${answer.request.call}: the answer holds no keys` }] }, keys.scope);
	return [
		{
			...decodePage({ items: items ?? [], quarantined: [] }, { decode: (item) => decodeAppKey(item, owner), id: (found) => found.id }),
			request: answer.request,
		},
	];
}
