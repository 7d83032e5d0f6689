import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator, type TenantState } from "../emulator.js";
import { makeCustomRole, makeGroup, makeRole, makeUser } from "./build.js";
import { askToken, assertion, clientOf, type Key, makeKey, proof } from "./test-client.js";

const SCOPES = ["okta.users.read", "okta.users.manage"];
const { key, jwk } = await makeKey("k1");
const rsa = await makeKey("k2", "RS256");
const proofKey: Key = (await makeKey("dpop")).key;

let emulator: Emulator;
let state: TenantState;
let user: string;

beforeEach(async () => {
	state = emptyTenant();
	user = makeUser(state, "u@corp.example");
	const jwks = { keys: [jwk, rsa.jwk] };
	emulator = await startEmulator({
		state,
		limits: "off",
		auth: {
			ssws: [{ token: "super" }, { token: "owned", userId: user }],
			clients: [
				{ clientId: "0oaPlain", jwks, scopes: SCOPES, dpop: false },
				{ clientId: "0oaReader", jwks: { keys: [{ ...jwk, kid: "k3" }] }, scopes: SCOPES, dpop: false, roles: ["READ_ONLY_ADMIN"] },
				{ clientId: "0oaBound", jwks: { keys: [{ ...jwk, kid: "k4" }] }, scopes: SCOPES, dpop: true },
			],
		},
	});
});
afterEach(() => emulator.close());

const signed = (clientId: string, kid: string, over = {}): Promise<string> => assertion({ url: emulator.url, clientId, key, kid, ...over });
const tokenUrl = (): string => `${emulator.url}/oauth2/v1/token`;
const bearer = (token: string) => clientOf(emulator.url, { authorization: `Bearer ${token}` });

describe("tokens by private_key_jwt", () => {
	it("are given for EC and RSA keys, drop scopes not granted, and expire by the org's clock", async () => {
		const answer = await askToken(emulator.url, await signed("0oaPlain", "k1"), "okta.users.read okta.apps.read");
		expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "okta.users.read" });
		const withRsa = await assertion({ url: emulator.url, clientId: "0oaPlain", key: rsa.key, kid: "k2", alg: "RS256" });
		expect((await askToken(emulator.url, withRsa, "okta.users.read")).status).toBe(200);
		const at = bearer(answer.body.access_token);
		expect((await at("GET /api/v1/users")).status).toBe(200);
		emulator.advance(3_600_000);
		const late = await at("GET /api/v1/users");
		expect([late.status, late.body.errorCode]).toEqual([401, "E0000011"]);
	});

	it.each([
		["another audience", { audience: "https://elsewhere.example" }, 401, "invalid_client"],
		["a life of more than an hour", { lifetime: 3700 }, 401, "invalid_client"],
		["an end in the past", { lifetime: -10 }, 401, "invalid_client"],
		["an unknown key", { kid: "nobody" }, 401, "invalid_client"],
		["another key's signature", { key: proofKey }, 401, "invalid_client"],
	])("are refused for %s", async (_, over, status, error) => {
		const answer = await askToken(emulator.url, await signed("0oaPlain", "k1", over), "okta.users.read");
		expect([answer.status, answer.body.error]).toEqual([status, error]);
	});

	it("are refused when no scope is granted, and for an assertion used before", async () => {
		const jwt = await signed("0oaPlain", "k1");
		expect((await askToken(emulator.url, jwt, "okta.apps.read")).body.error).toBe("invalid_scope");
		expect((await askToken(emulator.url, jwt, "okta.users.read")).body.error).toBe("invalid_client");
	});
});

describe("DPoP", () => {
	async function boundToken(): Promise<string> {
		const first = await askToken(emulator.url, await signed("0oaBound", "k4"), "okta.users.read", { dpop: await proof(proofKey, "POST", tokenUrl()) });
		expect([first.status, first.body.error]).toEqual([400, "use_dpop_nonce"]);
		const nonce = first.headers.get("dpop-nonce") ?? "";
		const second = await askToken(emulator.url, await signed("0oaBound", "k4"), "okta.users.read", {
			dpop: await proof(proofKey, "POST", tokenUrl(), { nonce }),
		});
		expect(second.body.token_type).toBe("DPoP");
		return second.body.access_token;
	}

	it("challenges for a nonce, then takes a fresh proof with each call", async () => {
		const token = await boundToken();
		const url = `${emulator.url}/api/v1/users`;
		const at = clientOf(emulator.url, { authorization: `DPoP ${token}` });
		const dpop = await proof(proofKey, "GET", url, {}, token);
		expect((await at("GET /api/v1/users?limit=1", undefined, { dpop })).status).toBe(200);
		const again = await at("GET /api/v1/users", undefined, { dpop });
		expect([again.status, again.body]).toEqual([400, { error: "invalid_dpop_proof", error_description: "The DPoP proof JWT has already been used." }]);
		expect((await bearer(token)("GET /api/v1/users")).status).toBe(401);
	});

	it.each([
		["another method", "POST", {}, true],
		["another address", "GET", { htu: "http://elsewhere.example/" }, true],
		["an old date", "GET", { iat: 1 }, true],
		["no hash of the token", "GET", {}, false],
	])("refuses a proof with %s", async (_, method, over, withToken) => {
		const token = await boundToken();
		const dpop = await proof(proofKey, method, `${emulator.url}/api/v1/users`, over, withToken ? token : undefined);
		const answer = await clientOf(emulator.url, { authorization: `DPoP ${token}` })("GET /api/v1/users", undefined, { dpop });
		expect([answer.status, answer.body.error]).toEqual([400, "invalid_dpop_proof"]);
	});

	it("refuses a proof of another key than the token is bound to", async () => {
		const token = await boundToken();
		const dpop = await proof(key, "GET", `${emulator.url}/api/v1/users`, {}, token);
		expect((await clientOf(emulator.url, { authorization: `DPoP ${token}` })("GET /api/v1/users", undefined, { dpop })).status).toBe(400);
	});
});

describe("rights", () => {
	async function client(clientId: string, kid: string, scope: string) {
		const { body } = await askToken(emulator.url, await signed(clientId, kid), scope);
		return bearer(body.access_token);
	}

	it("need the scope: its absence is named", async () => {
		const at = await client("0oaPlain", "k1", "okta.users.read");
		const answer = await at(`POST /api/v1/users/${user}/lifecycle/suspend`);
		expect([answer.status, answer.body.errorCode]).toEqual([403, "E0000006"]);
		expect(answer.headers.get("www-authenticate")).toMatch(/error="insufficient_scope"/);
		expect((await at("GET /api/v1/groups")).headers.get("www-authenticate")).toContain("okta.groups.read");
	});

	it("need the admin role as well", async () => {
		const at = await client("0oaReader", "k3", SCOPES.join(" "));
		expect((await at("GET /api/v1/users")).status).toBe(200);
		const answer = await at(`POST /api/v1/users/${user}/lifecycle/suspend`);
		expect([answer.status, answer.headers.has("www-authenticate")]).toEqual([403, false]);
	});

	it("of an API token are its owner's, through groups too, and end with the owner", async () => {
		const at = clientOf(emulator.url, { authorization: "SSWS owned" });
		expect((await at("GET /api/v1/users")).status).toBe(403);
		const group = makeGroup(state, "Readers", [user]);
		makeRole(state, "group", group, "READ_ONLY_ADMIN");
		expect((await at("GET /api/v1/users")).status).toBe(200);
		await clientOf(emulator.url, { authorization: "SSWS super" })(`POST /api/v1/users/${user}/lifecycle/suspend`);
		expect((await at("GET /api/v1/users")).status).toBe(401);
	});

	it("of a custom role are its permissions", async () => {
		makeRole(state, "user", user, "CUSTOM", makeCustomRole(state, "Grouper", ["okta.groups.read"]));
		const at = clientOf(emulator.url, { authorization: "SSWS owned" });
		expect([(await at("GET /api/v1/groups")).status, (await at("GET /api/v1/users")).status]).toEqual([200, 403]);
	});

	it("do not reach administrators above", async () => {
		makeRole(state, "user", user, "USER_ADMIN");
		const boss = makeUser(state, "boss@corp.example");
		const plain = makeUser(state, "plain@corp.example");
		makeRole(state, "user", boss, "SUPER_ADMIN");
		const at = clientOf(emulator.url, { authorization: "SSWS owned" });
		expect((await at(`POST /api/v1/users/${boss}/lifecycle/suspend`)).status).toBe(403);
		expect((await at(`POST /api/v1/users/${plain}/lifecycle/suspend`)).status).toBe(200);
	});

	it.each(["SSWS nobody", "Bearer nobody", "Basic eDp5", ""])("are none with %j", async (authorization) => {
		const answer = await clientOf(emulator.url, { authorization })("GET /api/v1/users");
		expect([answer.status, answer.body.errorCode]).toEqual([401, "E0000011"]);
	});
});
