import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { HttpError } from "../../src/provider/http-error.js";
import { json } from "../../src/provider/test-server.js";
import { grant, type TestOrg, type TestOrgOptions, testOrg, verifyProof } from "./test-token-org.js";

const open: TestOrg[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function connect(options: TestOrgOptions = {}): Promise<TestOrg> {
	const org = await testOrg(options);
	open.push(org);
	return org;
}

const users = { method: "GET", path: "/api/v1/users" } as const;
const refusalOf = (work: Promise<unknown>): Promise<HttpError> =>
	work.then(
		() => Promise.reject(new Error("it was answered")),
		(error) => error,
	);

test("one token for all callers, asked for with a signed assertion", async () => {
	const org = await connect();
	await Promise.all(Array.from({ length: 8 }, () => org.http.client.send(users)));
	expect(org.tokenCalls()).toBe(1);
	expect(org.calls().map(({ headers }) => headers.authorization)).toEqual(Array(8).fill("Bearer token-0"));
	expect(await org.http.scopes()).toEqual(["okta.users.read", "okta.groups.read"]);
	expect(org.http.requests()).toBe(9);
});

test("a token is renewed at 80 % of its life", async () => {
	const org = await connect();
	await org.http.client.send(users);
	await org.clock.sleep(2870_000);
	await org.http.client.send(users);
	expect(org.tokenCalls()).toBe(1);
	await org.clock.sleep(20_000);
	await org.http.client.send(users);
	expect(org.tokenCalls()).toBe(2);
});

test("while the token endpoint is down, the old token serves to its end", async () => {
	const org = await connect({ token: (call, response) => (call.index === 0 ? grant(response, call) : json(response, 503, {})) });
	await org.http.client.send(users);
	await org.clock.sleep(3000_000);
	await org.http.client.send(users);
	expect(org.calls().at(-1)?.headers.authorization).toBe("Bearer token-0");
	await org.clock.sleep(3600_000);
	expect(await refusalOf(org.http.client.send(users))).toMatchObject({ status: 503, call: "POST /oauth2/v1/token" });
});

test("DPoP: challenged for a nonce, then every call has a proof of its own", async () => {
	const org = await connect({
		async token(call, response) {
			if (call.dpop === undefined) return json(response, 400, { error: "invalid_dpop_proof", error_description: "The DPoP proof JWT header is missing." });
			const { nonce, htm, htu } = await verifyProof(call.dpop);
			expect({ htm, htu }).toEqual({ htm: "POST", htu: `${org.server.url}/oauth2/v1/token` });
			if (nonce !== "n-1")
				return json(
					response,
					400,
					{ error: "use_dpop_nonce", error_description: "Authorization server requires nonce in DPoP proof." },
					{ "dpop-nonce": "n-1" },
				);
			grant(response, call, { token_type: "DPoP" });
		},
		answer: (_seen, response, index) => (index === 1 ? json(response, 503, {}) : json(response, 200, [])),
	});
	await org.http.client.send({ ...users, query: { limit: 2 } });
	await org.http.client.send(users);
	expect(org.tokenCalls()).toBe(3);
	const jtis = new Set<unknown>();
	for (const { headers } of org.calls()) {
		expect(headers.authorization).toBe("DPoP token-2");
		const { jti, ...claims } = await verifyProof(String(headers.dpop));
		jtis.add(jti);
		const ath = createHash("sha256").update("token-2").digest("base64url");
		expect(claims).toMatchObject({ htm: "GET", htu: `${org.server.url}/api/v1/users`, ath });
	}
	expect(jtis.size).toBe(3);
});

test("DPoP: a resource that asks for a nonce, and one that has seen the proof, are asked again", async () => {
	const org = await connect({
		token: (call, response) =>
			call.dpop === undefined ? json(response, 400, { error: "use_dpop_nonce" }, { "dpop-nonce": "n-1" }) : grant(response, call, { token_type: "DPoP" }),
		answer(_seen, response, index) {
			if (index === 0) return json(response, 401, {}, { "www-authenticate": 'DPoP error="use_dpop_nonce"', "dpop-nonce": "n-2" });
			if (index === 1) return json(response, 400, { errorCode: "E0000001", errorSummary: "The DPoP proof JWT has already been used." });
			json(response, 200, []);
		},
	});
	await org.http.client.send({ method: "POST", path: "/api/v1/users/{userId}/lifecycle/suspend", params: { userId: "00u1" } });
	const nonces = await Promise.all(org.calls().map(async ({ headers }) => (await verifyProof(String(headers.dpop))).nonce));
	expect(nonces).toEqual([undefined, "n-2", "n-2"]);
});

test("a token that Okta refuses is renewed once, by one of the callers", async () => {
	const org = await connect({
		answer: (seen, response) =>
			seen.headers.authorization === "Bearer token-0"
				? json(response, 401, { errorCode: "E0000011", errorSummary: "Invalid token provided" })
				: json(response, 200, []),
	});
	await Promise.all(Array.from({ length: 6 }, (_, index) => org.http.client.send({ method: "GET", path: `/api/v1/x${index}` })));
	expect(org.tokenCalls()).toBe(2);
});

test("a refusal of the old token that comes late costs no new one", async () => {
	const late: (() => void)[] = [];
	const org = await connect({
		answer(seen, response) {
			const refuse = (): void => json(response, 401, { errorCode: "E0000011", errorSummary: "Invalid token provided" });
			if (seen.headers.authorization !== "Bearer token-0") return json(response, 200, []);
			if (seen.url.startsWith("/api/v1/groups")) late.push(refuse);
			else refuse();
		},
	});
	const slow = org.http.client.send({ method: "GET", path: "/api/v1/groups" });
	await expect.poll(() => late.length).toBe(1);
	await org.http.client.send(users);
	late[0]?.();
	await slow;
	expect(org.tokenCalls()).toBe(2);
});

test("scopes that Okta drops in silence are missing", async () => {
	const org = await connect({ token: (call, response) => grant(response, call, { scope: "okta.users.read" }) });
	expect(await org.http.missingScopes()).toEqual(["okta.groups.read"]);
});

const wanted = ["okta.a.read", "okta.b.read", "okta.c.read", "okta.d.read", "okta.e.read"];

test.each([
	["named", (bad: string[]) => `The requested scope(s) ${bad.join(", ")} are invalid.`],
	["not named", () => "One or more scopes are not configured for the authorization server resource."],
])("scopes that Okta refuses, %s, cost only themselves", async (_how, description) => {
	const bad = ["okta.b.read", "okta.e.read"];
	const org = await connect({
		connect: { scopes: wanted },
		token(call, response) {
			const refused = call.scope.filter((scope) => bad.includes(scope));
			if (refused.length > 0) return json(response, 400, { error: "invalid_scope", error_description: description(refused) });
			grant(response, call);
		},
	});
	expect(await org.http.scopes()).toEqual(["okta.a.read", "okta.c.read", "okta.d.read"]);
	expect(await org.http.missingScopes()).toEqual(bad);
	const before = org.tokenCalls();
	await org.clock.sleep(3600_000);
	await org.http.client.send(users);
	expect(org.tokenCalls()).toBe(before + 1);
});

test("an app without any of the scopes is told where to grant them", async () => {
	const org = await connect({ token: (_call, response) => json(response, 400, { error: "invalid_scope", error_description: "no" }) });
	const error = await refusalOf(org.http.client.send(users));
	expect(error).toMatchObject({ cause: "scope", scope: "okta.users.read" });
	expect(error.message).toMatch(/none of the scopes is granted to 0oaREAD: okta.users.read, okta.groups.read; grant them/);
});

test("an unknown client names what to check and holds no secret", async () => {
	const org = await connect({
		token: (_call, response) => json(response, 401, { error: "invalid_client", error_description: "Invalid value for 'client_id' parameter." }),
	});
	const error = await refusalOf(org.http.scopes());
	expect(error.message).toMatch(/invalid_client: .*check clientId, key and keyId of systems.okta.auth/);
	expect(error.message).not.toMatch(/eyJ|BEGIN/);
	expect(org.tokenCalls()).toBe(1);
});

test("a clock that is wrong is put right by the server's Date", async () => {
	const now = Math.floor(Date.now() / 1000) * 1000 + 7_200_000;
	const org = await connect({
		token(call, response) {
			const date = { date: new Date(now).toUTCString() };
			if (Math.abs(Number(call.assertion.iat) * 1000 - now) > 300_000)
				return json(response, 401, { error: "invalid_client", error_description: "The client_assertion token is expired." }, date);
			grant(response, call);
		},
	});
	await org.http.client.send(users);
	expect(org.tokenCalls()).toBe(2);
});

test("the token endpoint's own limits and faults are waited out", async () => {
	const org = await connect({
		token(call, response) {
			if (call.index === 0) return json(response, 429, { errorCode: "E0000047" }, { "retry-after": "3" });
			if (call.index === 1) return void response.destroy();
			grant(response, call);
		},
	});
	await org.http.client.send(users);
	expect(org.clock.slept[0]).toBe(3000);
	expect(org.tokenCalls()).toBe(3);
});
