import { afterEach, describe, expect, it } from "vitest";
import { covers } from "./auth.js";
import { one } from "./read.js";
import { type Answer, scan, serve, startTenant } from "./test-tenant.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const tenant of open.splice(0)) await tenant.close();
});
async function served(answer: Parameters<typeof serve>[0]) {
	const tenant = await serve(answer);
	open.push(tenant);
	return tenant;
}
const isToken = (url: URL) => url.pathname === "/oauth/token";

describe("the token", () => {
	it("is asked for once by many calls, as a form in the body", async () => {
		const bodies: string[] = [];
		const tenant = await served((url, request, body) => {
			if (isToken(url)) bodies.push(`${request.headers["content-type"]} ${body} ${url.search}`);
			return isToken(url) ? undefined : { body: { ok: true } };
		});
		await Promise.all(Array.from({ length: 5 }, () => one(tenant.connection, { path: "/v2026/sources/{id}", params: { id: "1" } })));
		expect(bodies).toEqual(["application/x-www-form-urlencoded grant_type=client_credentials&client_id=pat-1&client_secret=secret-of-pat-1 "]);
	});

	it("is renewed when it was refused, once", async () => {
		let tokens = 0;
		const tenant = await served((url, request): Answer => {
			if (isToken(url)) return { body: { access_token: `tok-${++tokens}`, expires_in: 700 } };
			return request.headers.authorization === "Bearer tok-1" ? { status: 401, body: { error: "JWT validation failed: JWT is expired" } } : { body: [] };
		});
		expect(await one(tenant.connection, { path: "/v2026/oauth-clients" })).toMatchObject({ body: [] });
		expect(tokens).toBe(2);
	});

	it("expires in the middle of a scan and nothing is missing", async () => {
		const tenant = await startTenant({ users: 30 });
		open.push(tenant);
		const connection = await tenant.connect("read");
		await connection.self();
		tenant.tenant.advance(800_000);
		const read = await scan(connection);
		expect(Object.values(read.coverage).map(({ state }) => state)).toEqual(Object.values(read.coverage).map(() => "complete"));
	});

	it("endpoint that is limited is asked again", async () => {
		let tries = 0;
		const tenant = await served((url): Answer | undefined => {
			if (isToken(url)) return ++tries < 3 ? { status: 429, body: { message: " Rate Limit Exceeded " }, headers: { "retry-after": "2" } } : undefined;
			return { body: [] };
		});
		expect(await one(tenant.connection, { path: "/v2026/oauth-clients" })).toMatchObject({ body: [] });
		expect(tries).toBe(3);
	});

	it("endpoint that repeats the secret in its error shows it to nobody", async () => {
		const tenant = await served((url, _request, body) =>
			isToken(url) ? { status: 401, body: { error: "invalid_client", error_description: `refused: ${body}` } } : undefined,
		);
		const answer = await one(tenant.connection, { path: "/v2026/oauth-clients" });
		expect("error" in answer && answer.error.message).toContain("refused");
		expect(JSON.stringify(answer)).not.toContain("secret-of-pat-1");
	});
});

describe("errors in each of the vendor's forms", () => {
	it.each([
		[
			{ detailCode: "400.1.3 Illegal value", messages: [{ text: 'Value of "x" is empty.' }], causes: [{ text: "why" }] },
			'400.1.3 Illegal value: Value of "x" is empty.: why',
		],
		[{ error: "Experimental Header is missing or invalid." }, "Experimental Header is missing or invalid."],
		[{ message: "no" }, "no"],
		[{ detailMessage: "Specified offset is invalid.", stackTrace: [] }, "Specified offset is invalid."],
		["<html>", "SailPoint answered 400"],
	])("%j", async (body, expected) => {
		const tenant = await served((url) => (isToken(url) ? undefined : { status: 400, body, headers: { "slpt-request-id": "abc123" } }));
		const answer = await one(tenant.connection, { path: "/v2026/oauth-clients" });
		expect("error" in answer && answer.error.message).toContain(expected);
		expect("error" in answer && answer.error.requestId).toBe("abc123");
	});

	it("say both scope and user level where access is refused", async () => {
		const refused = { status: 403, body: { detailCode: "403 Forbidden", messages: [{ text: "Refused." }] } };
		const tenant = await served((url) => (isToken(url) ? { body: { access_token: "t", expires_in: 700, scope: "idn:roles:read" } } : refused));
		const answer = await one(tenant.connection, { path: "/v2026/accounts" });
		expect("error" in answer && answer.error).toMatchObject({ cause: "scope", scope: "idn:accounts:read" });
		expect("error" in answer && answer.error.message).toContain("user level of ORG_ADMIN");
		expect(covers(["idn:accounts:manage"], "idn:accounts:read")).toBe(true);
		expect(covers(["idn:accounts:read"], "idn:accounts:manage")).toBe(false);
	});
});
