import type { CredentialRecord } from "../../src/model/objects.js";
import type { HttpRequest } from "../../src/provider/http.js";
import type { ReadContext, Reader, ReadPage } from "../../src/provider/provider.js";
import type { OktaConnection } from "./connection.js";
import { confirmedIn, remember, unchangedApps } from "./credential-memory.js";
import { logPoint } from "./log-events.js";
import { concurrently } from "./pool.js";
import { decodePage, list, one } from "./read.js";
import { appList, appsOf } from "./read-app-list.js";
import { type Tally, tally } from "./read-tally.js";
import type { Decoded } from "./schema.js";
import type { DecodedApp } from "./schema-app.js";
import { decodeApiToken, decodeAppKey, decodeAppSecret, decodeGrant, decodeRefreshToken, keysOf } from "./schema-credential.js";

interface Part {
	path: string;
	scope: string;
	query?: Record<string, number>;
	decode(item: unknown, app: { id: string; name: string }): Decoded<CredentialRecord>;
}

const secrets: Part = { path: "/api/v1/apps/{appId}/credentials/secrets", scope: "okta.apps.read", decode: decodeAppSecret };
const keys: Part = { path: "/api/v1/apps/{appId}/credentials/jwks", scope: "okta.apps.read", decode: decodeAppKey };
const grants: Part = { path: "/api/v1/apps/{appId}/grants", scope: "okta.appGrants.read", query: { limit: 200 }, decode: decodeGrant };
const refreshTokens: Part = { path: "/api/v1/apps/{appId}/tokens", scope: "okta.apps.read", query: { limit: 200 }, decode: decodeRefreshToken };

/**
 * API tokens; of each OAuth client of the tenant's own secrets or keys, whichever it signs in with, and the scopes that it was given;
 * and users' refresh tokens of every client. Clients that did not change, and that the System Log does not name since the last scan, are confirmed.
 */
export const credentials: Reader<OktaConnection> = {
	collection: "credentials",
	after: ["accounts"],
	scopes: ["okta.apiTokens.read", "okta.apps.read", "okta.appGrants.read", "okta.logs.read"],
	async *read(connection, context) {
		const failures = tally();
		for await (const page of list(connection, { method: "GET", path: "/api/v1/api-tokens" }, { scope: "okta.apiTokens.read", signal: context.signal })) {
			yield { ...decodePage(page, { decode: decodeApiToken, id: (token) => token.id }), request: page.request };
			if (page.end) failures.end(page.end, "okta.apiTokens.read");
		}
		const apps = await appList(connection, context);
		if (!apps.whole)
			failures.end({ closed: false, reasons: [{ cause: "depends", detail: "apps were not read to the end, and apps have credentials" }] }, "okta.apps.read");
		const clients = appsOf(apps).filter((app) => partsOf(app).length > 0);
		const point = logPoint(connection, context);
		const unchanged = await unchangedApps(connection, context, clients, point);
		yield* confirmedIn(context, unchanged);

		const reads: Reads = { failures, refused: new Set(), failed: new Set() };
		let done = unchanged.size;
		const waiting = clients.filter((app) => !unchanged.has(app.record.id));
		for await (const pages of concurrently(waiting, 8, (app) => credentialsOf(connection, context, app, reads))) {
			yield* pages;
			context.progress(++done, clients.length);
		}
		await remember(
			context,
			point,
			clients.filter((app) => !reads.failed.has(app.record.id)),
		);
		yield { records: [], request: null, end: { closed: failures.failed() === 0, reasons: failures.reasons("lists of an app's credentials") } };
	},
};

interface Reads {
	failures: Tally;
	/** Scopes that are known to be missing. */
	refused: Set<string>;
	/** Apps of which something could not be read: they are asked again by the next scan. */
	failed: Set<string>;
}

function partsOf(app: DecodedApp): Part[] {
	const ofUsers = app.refreshTokens === false ? [] : [refreshTokens];
	if (!app.ownClient) return ofUsers;
	const method = app.authMethod;
	const own = method === null ? [secrets, keys] : method === "none" ? [] : [method === "private_key_jwt" ? keys : secrets];
	return [...own, grants, ...ofUsers];
}

async function credentialsOf(connection: OktaConnection, context: ReadContext, app: DecodedApp, reads: Reads): Promise<ReadPage[]> {
	const { failures, refused, failed } = reads;
	const pages: ReadPage[] = [];
	const owner = { id: app.record.id, name: app.record.name };
	const fail = (): unknown => failed.add(owner.id);
	for (const part of partsOf(app)) {
		// Without the scope, every app's answer is the same refusal.
		if (refused.has(part.scope)) {
			fail();
			continue;
		}
		const request = { method: "GET" as const, path: part.path, params: { appId: owner.id }, ...(part.query && { query: part.query }) };
		if (part === keys) {
			const { failed: unread, ...page } = await keyPage(connection, context, request, owner, failures);
			if (page.quarantined || unread) fail();
			pages.push(page);
			continue;
		}
		let first = true;
		for await (const page of list(connection, request, { scope: part.scope, signal: context.signal })) {
			const decoded = decodePage(page, { decode: (item) => part.decode(item, owner), id: (found) => found.id });
			pages.push({ ...decoded, request: page.request });
			if (decoded.quarantined || (page.end && !page.end.closed)) fail();
			if (page.end?.error?.cause === "scope") refused.add(part.scope);
			if (page.end && !(first && page.end.error?.status === 404)) failures.end(page.end, part.scope);
			first = false;
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
): Promise<ReadPage & { failed?: boolean }> {
	const answer = await one(connection, request, context.signal);
	if ("error" in answer) {
		if (answer.error.status !== 404) failures.add(answer.error, keys.scope);
		return { records: [], request: null, failed: true };
	}
	const items = keysOf(answer.body);
	if (items === null) failures.end({ closed: false, reasons: [{ cause: "error", detail: `${answer.request.call}: the answer holds no keys` }] }, keys.scope);
	return {
		...decodePage({ items: items ?? [], quarantined: [] }, { decode: (item) => decodeAppKey(item, owner), id: (found) => found.id }),
		request: answer.request,
		failed: items === null,
	};
}
