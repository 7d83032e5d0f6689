import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { memoryStore, noScope, type PathServer, scanOrg, servePaths, testNow } from "./test-scan.js";

let org: PathServer;
let store: Store;
afterEach(() => org.close());

describe("apps, their assignments and credentials", () => {
	const only = ["apps" as const, "appAssignments" as const, "credentials" as const];
	const client = (id: string, method: string): object => ({
		id,
		name: "oidc_client",
		label: id,
		status: "ACTIVE",
		signOnMode: "OPENID_CONNECT",
		credentials: { oauthClient: { client_id: id, token_endpoint_auth_method: method } },
		settings: { oauthClient: { application_type: "service" } },
	});

	beforeEach(async () => {
		store = await memoryStore();
		org = await servePaths({
			"/api/v1/apps": [
				client("0oaS", "client_secret_basic"),
				client("0oaK", "private_key_jwt"),
				{ id: "0oaB", name: "bookmark", label: "B", status: "INACTIVE", signOnMode: "BOOKMARK" },
			],
			...Object.fromEntries(["0oaB", "0oaK"].flatMap((app) => [`/api/v1/apps/${app}/groups`, `/api/v1/apps/${app}/users`].map((path) => [path, []]))),
			"/api/v1/apps/0oaS/groups": [{ id: "00g1", priority: 0 }],
			"/api/v1/apps/0oaS/users": [
				{ id: "00u1", scope: "USER" },
				{ id: "00u2", scope: "GROUP" },
			],
			"/api/v1/api-tokens": [{ id: "00T1", name: "t", userId: "00u1", network: { connection: "ANYWHERE" }, created: "2025-01-01T00:00:00.000Z" }],
			"/api/v1/apps/0oaS/credentials/secrets": [{ id: "ocs1", status: "ACTIVE", client_secret: "hush", created: "2025-01-01T00:00:00.000Z" }],
			"/api/v1/apps/0oaS/grants": [{ id: "oag1", scopeId: "okta.users.manage", status: "ACTIVE" }],
			"/api/v1/apps/0oaK/credentials/jwks": { jwks: { keys: [{ kid: "k1", status: "INACTIVE" }] } },
			"/api/v1/apps/0oaK/grants": [],
		});
	});

	it("of a system that is read itself say which account there is whose, through a group too", async () => {
		org.answers["/api/v1/apps"] = [{ id: "0oaG", name: "google", label: "Google", status: "ACTIVE", signOnMode: "SAML_2_0" }];
		org.answers["/api/v1/apps/0oaG/groups"] = [];
		org.answers["/api/v1/apps/0oaG/users"] = [
			{ id: "00u1", scope: "GROUP", externalId: "104857600000000000001" },
			{ id: "00u2", scope: "GROUP", externalId: null },
		];
		const { bodies } = await scanOrg(org, store, { only });
		expect(await bodies("appAssignments")).toEqual([
			{
				app: "0oaG",
				principalType: "account",
				principal: "00u1",
				source: "rule",
				link: { kind: "account", field: "externalId in google", value: "104857600000000000001", provider: "google-workspace" },
			},
		]);
	});

	it("are read, with direct users only, the app list once, and no secret", async () => {
		const { coverage, bodies } = await scanOrg(org, store, { only });
		expect([coverage.apps?.state, coverage.appAssignments?.state, coverage.credentials?.state]).toEqual(["complete", "complete", "complete"]);
		expect(await bodies("apps")).toMatchObject([{ id: "0oaB", active: false }, { id: "0oaK", nonHuman: true }, { id: "0oaS" }]);
		expect(await bodies("appAssignments")).toEqual([
			{ app: "0oaS", principalType: "group", principal: "00g1", source: "direct" },
			{ app: "0oaS", principalType: "account", principal: "00u1", source: "direct" },
		]);
		expect(await bodies("credentials")).toMatchObject([
			{ id: "00T1", kind: "api-token", networkBound: false },
			{ id: "k1", kind: "app-key", owner: "0oaK", active: false },
			{ id: "oag1", kind: "oauth-grant", scopes: ["okta.users.manage"] },
			{ id: "ocs1", kind: "app-secret", owner: "0oaS" },
		]);
		expect(JSON.stringify(await bodies("credentials"))).not.toContain("hush");
		expect(org.asked.filter((path) => path.startsWith("/api/v1/apps?"))).toHaveLength(1);
	});

	it("whose list is refused leave assignments and credentials partial", async () => {
		org.answers["/api/v1/apps"] = () => noScope;
		const { coverage } = await scanOrg(org, store, { only });
		expect(coverage.apps).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.apps.read" }] });
		expect(coverage.appAssignments?.state).toBe("unreadable");
		expect(coverage.credentials).toMatchObject({ state: "partial", known: 1, reasons: [{ cause: "depends" }] });
	});

	it("whose grants are refused for want of the scope are asked once, not for each app", async () => {
		org.answers["/api/v1/apps"] = Array.from({ length: 40 }, (_, index) => client(`0oa${index}`, "none"));
		for (let index = 0; index < 40; index++) org.answers[`/api/v1/apps/0oa${index}/grants`] = () => noScope;
		const { coverage } = await scanOrg(org, store, { only: ["credentials"] });
		expect(coverage.credentials?.reasons).toMatchObject([{ cause: "scope", scope: "okta.appGrants.read" }]);
		expect(org.asked.filter((path) => path.includes("/grants")).length).toBeLessThan(20);
	});

	it("of apps that the log does not name are confirmed without a request", async () => {
		await scanOrg(org, store, { only });
		const later = { only, now: testNow + 3600_000 };
		org.reset();
		org.answers["/api/v1/logs"] = [
			{
				eventType: "application.user_membership.add",
				target: [
					{ id: "0ua1", type: "AppUser" },
					{ id: "0oaS", type: "AppInstance" },
				],
			},
		];
		org.answers["/api/v1/apps/0oaS/users"] = [];
		const { coverage, bodies } = await scanOrg(org, store, later);
		expect(org.asked.filter((path) => /\/apps\/[^/]+\/(users|groups)/.test(path)).sort()).toEqual([
			"/api/v1/apps/0oaS/groups?limit=200",
			"/api/v1/apps/0oaS/users?limit=500",
		]);
		expect(coverage.appAssignments?.state).toBe("complete");
		expect(await bodies("appAssignments")).toMatchObject([{ principal: "00g1" }]);
	});

	it.each([
		["refused", () => noScope],
		["with an event that names no app", [{ eventType: "group.application_assignment.remove", target: [{ id: "00g1", type: "UserGroup" }] }]],
	])("are all read again when the log is %s", async (_, answer) => {
		await scanOrg(org, store, { only });
		org.reset();
		org.answers["/api/v1/logs"] = answer;
		const { bodies } = await scanOrg(org, store, { only, now: testNow + 3600_000 });
		expect(org.asked.filter((path) => /\/apps\/[^/]+\/users/.test(path))).toHaveLength(3);
		expect(await bodies("appAssignments")).toHaveLength(2);
	});
});
