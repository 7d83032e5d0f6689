import { afterEach, expect, test } from "vitest";
import type { HttpRequest } from "../../src/provider/http.js";
import type { HttpError } from "../../src/provider/http-error.js";
import { json } from "../../src/provider/test-server.js";
import { ssws } from "./auth.js";
import { bucketOf } from "./buckets.js";
import { oktaDialect } from "./dialect.js";
import { type TestOrg, type TestOrgOptions, testOrg } from "./test-token-org.js";

const open: TestOrg[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

const factors: HttpRequest = { method: "GET", path: "/api/v1/users/{userId}/factors", params: { userId: "00u1" } };

async function refusal(answer: TestOrgOptions["answer"], request = factors, options: TestOrgOptions = {}): Promise<{ error: HttpError; org: TestOrg }> {
	const org = await testOrg({ ...(answer && { answer }), ...options });
	open.push(org);
	const error = await org.http.client.send(request).then(
		() => Promise.reject(new Error("it was answered")),
		(thrown) => thrown,
	);
	return { error, org };
}

test.each([
	["names it", 'DPoP authorization_uri="x", error="insufficient_scope", scope="okta.users.read.self"', factors, "okta.users.read.self"],
	["is told by the call", 'Bearer error="insufficient_scope"', factors, "okta.users.read"],
	["of roles", 'Bearer error="insufficient_scope"', { method: "GET", path: "/api/v1/groups/{groupId}/roles", params: { groupId: "g" } }, "okta.roles.read"],
	["of grants", 'Bearer error="insufficient_scope"', { method: "GET", path: "/api/v1/apps/{appId}/grants", params: { appId: "a" } }, "okta.appGrants.read"],
	["of a write", 'Bearer error="insufficient_scope"', { method: "DELETE", path: "/api/v1/api-tokens/{id}", params: { id: "t" } }, "okta.apiTokens.manage"],
] satisfies [string, string, HttpRequest, string][])("a missing scope: the header %s", async (_name, challenge, request, scope) => {
	const { error, org } = await refusal((_seen, response) => json(response, 403, {}, { "www-authenticate": challenge, "x-okta-request-id": "req-7" }), request);
	expect(error).toMatchObject({ cause: "scope", scope, requestId: "req-7" });
	expect(error.message).toContain(`scope ${scope} is missing`);
	expect(org.calls()).toHaveLength(1);
});

test.each([
	[403, "E0000006", "role", 1],
	[403, "E0000015", "licence", 1],
	[401, "E0000015", "licence", 1],
	[403, "E0000005", "error", 2],
	[401, "E0000011", "error", 2],
	[404, "E0000007", "error", 1],
	[400, "E0000031", "error", 1],
	[501, "E0000022", "error", 1],
] as const)("%i %s is %s after %i tries", async (status, errorCode, cause, times) => {
	const { error, org } = await refusal((_seen, response) =>
		json(response, status, { errorCode, errorSummary: "No.", errorLink: errorCode, errorId: "oae1", errorCauses: [] }),
	);
	expect(error).toMatchObject({ status, code: errorCode, cause, summary: "No." });
	expect(org.calls()).toHaveLength(times);
});

test("an API token is not tried twice", async () => {
	const credential = { method: "ssws", token: "00tok3n-value\n" };
	const { error, org } = await refusal((_seen, response) => json(response, 401, { errorCode: "E0000011", errorSummary: "Invalid token provided" }), factors, {
		credential,
	});
	expect(error).toMatchObject({ status: 401, code: "E0000011" });
	expect(org.calls().map(({ headers }) => headers.authorization)).toEqual(["SSWS 00tok3n-value"]);
	expect(await org.http.scopes()).toBeNull();
	expect(org.tokenCalls()).toBe(0);
});

test.each([
	[[{ errorSummary: "login: taken" }, { errorSummary: "email: bad" }], "Api validation failed: login: taken; email: bad"],
	[{ errorSummary: "one" }, "Api validation failed: one"],
	["text", "Api validation failed"],
	[[null, 3], "Api validation failed"],
])("errorCauses %j", async (errorCauses, summary) => {
	const { error } = await refusal((_seen, response) => json(response, 400, { errorCode: "E0000001", errorSummary: "Api validation failed", errorCauses }));
	expect(error.summary).toBe(summary);
});

test("an error page that is not JSON is no reason to fall over", async () => {
	const { error } = await refusal((_seen, response) => response.writeHead(403, { "content-type": "text/html" }).end("<html>Access denied</html>"));
	expect(error).toMatchObject({ status: 403, code: null, cause: "role", summary: "Okta refuses this call" });
});

test("characters that Okta cannot store are refused before the write, naming the field", async () => {
	const request: HttpRequest = { method: "POST", path: "/api/v1/users/{userId}", params: { userId: "00u1" }, body: { profile: { nickName: "hi 😀" } } };
	const { error, org } = await refusal(undefined, request);
	expect(error.message).toMatch(/profile\.nickName/);
	expect(org.calls()).toHaveLength(0);
});

const dialect = oktaDialect(ssws("x"), () => 0);

test.each([
	[
		{ "x-rate-limit-limit": "600", "x-rate-limit-remaining": "599", "x-rate-limit-reset": "1780000000" },
		200,
		{ limit: 600, remaining: 599, resetAt: 1_780_000_000_000, concurrency: false },
	],
	[{ "x-rate-limit-limit": "600, 300", "x-rate-limit-remaining": "20, 10", "x-rate-limit-reset": "1, 2" }, 200, { limit: 300, remaining: 10, resetAt: 2000 }],
	[{ "x-rate-limit-limit": "600, bad", "x-rate-limit-remaining": "-1", "x-rate-limit-reset": "" }, 200, { limit: 600, remaining: null, resetAt: null }],
	[{ "x-rate-limit-limit": "0", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1780000000" }, 429, { concurrency: true }],
	[{ "x-rate-limit-limit": "600", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1780000000" }, 429, { concurrency: false }],
	[{ date: "Mon, 01 Jun 2026 12:00:00 GMT" }, 200, { limit: null, serverNow: Date.UTC(2026, 5, 1, 12) }],
])("limits of %j", (headers, status, expected) => {
	expect(dialect.limits(new Headers(headers as Record<string, string>), status)).toMatchObject(expected);
});

test.each([
	["GET", "/api/v1/users", "users"],
	["GET", "/api/v1/users/{userId}", "user"],
	["POST", "/api/v1/users/{userId}", "user writes"],
	["GET", "/api/v1/users/{userId}/factors", "other"],
	["GET", "/api/v1/groups/{groupId}/users", "other"],
	["GET", "/api/v1/groups", "groups"],
	["GET", "/api/v1/apps", "apps"],
	["GET", "/api/v1/apps/{appId}", "app"],
	["GET", "/api/v1/apps/{appId}/users", "apps"],
	["GET", "/api/v1/logs", "logs"],
	["GET", "/oauth2/v1/clients/{clientId}/roles", "clients"],
	["GET", "/api/v1/iam/assignees/users", "other"],
])("%s %s is counted in the bucket %s", (method, path, bucket) => {
	expect(bucketOf(method, path)).toBe(bucket);
});
