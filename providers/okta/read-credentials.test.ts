import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CredentialRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import type { Store } from "../../src/store/store.js";
import { type Answers, everyone, memoryStore, noScope, type PathServer, type ScanOptions, scanOrg, servePaths, testNow, user } from "./test-scan.js";

const hour = 3600_000;
const only: CollectionName[] = ["accounts", "credentials"];
const iso = (at: number): string => new Date(at).toISOString();

const client = (id: string, more: object = {}): object => ({
	id,
	name: "oidc_client",
	label: `App ${id}`,
	status: "ACTIVE",
	signOnMode: "OPENID_CONNECT",
	created: "2024-01-01T00:00:00.000Z",
	lastUpdated: "2025-01-01T00:00:00.000Z",
	credentials: { oauthClient: { client_id: id, token_endpoint_auth_method: "client_secret_basic" } },
	settings: { oauthClient: { application_type: "web", grant_types: ["authorization_code", "refresh_token"] } },
	...more,
});
const secret = { id: "ocs1", status: "ACTIVE", created: "2024-01-01T00:00:00.000Z", client_secret: "never-stored" };
const token = {
	id: "oar1",
	status: "ACTIVE",
	userId: "00u1",
	clientId: "0oaA",
	created: "2025-10-01T00:00:00.000Z",
	lastUpdated: "2025-12-01T00:00:00.000Z",
	expiresAt: "2026-06-01T00:00:00.000Z",
	scopes: ["openid", "offline_access"],
};
const grants = [
	{ id: "oagAdmin", status: "ACTIVE", scopeId: "okta.users.read", source: "ADMIN", created: "2025-01-01T00:00:00.000Z" },
	{ id: "oagUser", status: "ACTIVE", scopeId: "okta.apps.read", source: "END_USER", userId: "00u1", created: "2025-01-01T00:00:00.000Z" },
];

let org: PathServer;
let store: Store;
let answers: Answers;

beforeEach(async () => {
	answers = {
		"/api/v1/users": [user("00u1"), user("00u2")],
		"/api/v1/groups": [everyone],
		"/api/v1/logs": [],
		"/api/v1/api-tokens": [],
		"/api/v1/apps": [client("0oaA"), client("0oaB")],
	};
	for (const id of ["0oaA", "0oaB"]) {
		answers[`/api/v1/apps/${id}/credentials/secrets`] = [];
		answers[`/api/v1/apps/${id}/grants`] = [];
		answers[`/api/v1/apps/${id}/tokens`] = [];
	}
	answers["/api/v1/apps/0oaA/credentials/secrets"] = [secret];
	answers["/api/v1/apps/0oaA/grants"] = grants;
	answers["/api/v1/apps/0oaA/tokens"] = [token];
	org = await servePaths(answers);
	store = await memoryStore();
});
afterEach(async () => {
	await store.close();
	await org.close();
});

const scan = async (options: ScanOptions = {}) => {
	const read = await scanOrg(org, store, { only, ...options });
	const found = new Map((await read.records("credentials")).map(({ id, body }) => [id, body as CredentialRecord]));
	return { ...read, found };
};
const later = { now: testNow + hour };
/** Ids of the apps of which credentials were asked for. */
const asked = (): string[] => [...new Set(org.asked.filter((path) => /\/apps\/0oa/.test(path)).map((path) => path.split("/")[4] ?? ""))].sort();
const event = (eventType: string, target: object[]): object => ({ eventType, published: iso(testNow + hour / 2), target });

describe("credentials of apps", () => {
	it("are users' refresh tokens, with owner, app, scopes and end, and no last use, which Okta does not tell", async () => {
		const { found, coverage } = await scan();
		expect(coverage.credentials?.state).toBe("complete");
		expect(found.get("oar1")).toEqual({
			id: "oar1",
			kind: "refresh-token",
			name: "App 0oaA: refresh token",
			owner: "00u1",
			app: "0oaA",
			created: Date.UTC(2025, 9, 1),
			expires: Date.UTC(2026, 5, 1),
			scopes: ["openid", "offline_access"],
			active: true,
		});
		expect(JSON.stringify([...found.values()])).not.toContain("never-stored");
	});

	it("are grants: the app's own where an administrator gave them, the user's where the user did", async () => {
		const { found } = await scan();
		expect(found.get("oagAdmin")).toMatchObject({ owner: "0oaA", scopes: ["okta.users.read"] });
		expect(found.get("oagAdmin")).not.toHaveProperty("app");
		expect(found.get("oagUser")).toMatchObject({ owner: "00u1", app: "0oaA", scopes: ["okta.apps.read"] });
	});

	it("cost no request for tokens where the client can't hold any", async () => {
		answers["/api/v1/apps"] = [client("0oaA", { settings: { oauthClient: { application_type: "service", grant_types: ["client_credentials"] } } })];
		await scan();
		expect(org.asked.filter((path) => path.includes("/tokens"))).toEqual([]);
	});

	it("are confirmed in the next scan without a request, and keep their values", async () => {
		const first = await scan();
		org.reset();
		const second = await scan(later);
		expect(asked()).toEqual([]);
		expect(second.coverage.credentials?.state).toBe("complete");
		expect(second.found).toEqual(first.found);
	});

	it.each([
		["the log names the app", () => (answers["/api/v1/logs"] = [event("app.oauth2.credentials.lifecycle.delete", [{ id: "0oaA", type: "AppInstance" }])])],
		["the log names its client", () => (answers["/api/v1/logs"] = [event("app.oauth2.token.revoke", [{ id: "0oaA", type: "PublicClientApp" }])])],
		["the app itself changed", () => (answers["/api/v1/apps"] = [client("0oaA", { lastUpdated: iso(testNow + 1) }), client("0oaB")])],
		["a token's owner is gone", () => (answers["/api/v1/users"] = [user("00u2")])],
		[
			"a token's owner was suspended",
			() => (answers["/api/v1/users"] = [user("00u1", { status: "SUSPENDED", statusChanged: iso(testNow + 1) }), user("00u2")]),
		],
	])("are read again of one app when %s", async (_, change) => {
		await scan();
		org.reset();
		change();
		answers["/api/v1/apps/0oaA/credentials/secrets"] = [];
		answers["/api/v1/apps/0oaA/tokens"] = [];
		const { found } = await scan(later);
		expect(asked()).toEqual(["0oaA"]);
		expect([...found.keys()].sort()).toEqual(["oagAdmin", "oagUser"]);
	});

	it.each([
		["is refused", () => noScope],
		[
			"breaks off",
			(url: URL) =>
				url.searchParams.has("after") ? { status: 400, body: {} } : { body: [], headers: { link: `<${org.url}/api/v1/logs?after=1>; rel="next"` } },
		],
		["has an event that names no app", () => ({ body: [event("app.oauth2.token.revoke.implicit.user", [{ id: "00u1", type: "User" }])] })],
	])("are all read again when the log %s", async (_, answer) => {
		await scan();
		org.reset();
		answers["/api/v1/logs"] = answer;
		await scan(later);
		expect(asked()).toEqual(["0oaA", "0oaB"]);
	});

	it("are all read again when the log no longer reaches back, when everything is asked for, and each within the maximum age", async () => {
		await scan();
		org.reset();
		await scan({ now: testNow + 95 * 24 * hour, budget: { perAccountMaxAge: 1000 * 24 * hour } });
		expect(asked()).toEqual(["0oaA", "0oaB"]);
		org.reset();
		await scan({ now: testNow + 96 * 24 * hour, full: true });
		expect(asked()).toEqual(["0oaA", "0oaB"]);
		org.reset();
		await scan({ now: testNow + 98 * 24 * hour, budget: { perAccountMaxAge: 24 * hour } });
		expect(asked()).toEqual(["0oaA", "0oaB"]);
	});

	it("that could not be read are asked for again, though nothing changed", async () => {
		answers["/api/v1/apps/0oaA/tokens"] = () => ({ status: 403, body: { errorCode: "E0000006" } });
		const first = await scan();
		expect(first.coverage.credentials?.state).toBe("partial");
		org.reset();
		answers["/api/v1/apps/0oaA/tokens"] = [token];
		const second = await scan(later);
		expect(asked()).toEqual(["0oaA"]);
		expect(second.found.has("oar1")).toBe(true);
	});

	it("whose end is past are read again", async () => {
		answers["/api/v1/apps/0oaA/tokens"] = [{ ...token, expiresAt: iso(testNow + 2 * hour) }];
		await scan();
		answers["/api/v1/apps/0oaA/tokens"] = [];
		expect((await scan(later)).found.has("oar1")).toBe(true);
		expect((await scan({ now: testNow + 3 * hour })).found.has("oar1")).toBe(false);
	});
});
