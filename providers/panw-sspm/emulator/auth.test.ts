import { decodeJwt } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { acme, client, idpOf, type Started, token } from "./test-client.js";

let server: Started;
beforeAll(async () => {
	server = await acme();
});
afterEach(() => server.reset());
afterAll(() => server.close());

describe("tokens", () => {
	it("are given for Basic and for the form, at both paths, and carry the tenant", async () => {
		const { clientId, clientSecret, tsgId } = server.system.auth;
		const form = { client_id: String(clientId), client_secret: String(clientSecret) };
		for (const got of [await token(server), await token(server, "auth", form), await token(server, "auth", {}, "/auth/v1/oauth2/access_token")]) {
			expect(got.body).toMatchObject({ token_type: "Bearer", expires_in: 899, scope: `tsg_id:${tsgId}` });
			expect(decodeJwt(String(got.body.access_token)).tsg_id).toBe(tsgId);
			expect(server.secrets()).toContain(got.body.access_token);
		}
	});

	it("are refused with OAuth's words", async () => {
		const wrong = await token(server, "auth", { client_id: String(server.system.auth.clientId), client_secret: "nonsense" });
		expect([wrong.status, wrong.body.error]).toEqual([401, "invalid_client"]);
		const grant = await token(server, "auth", { grant_type: "password" });
		expect([grant.status, grant.body.error]).toEqual([400, "unsupported_grant_type"]);
		const scope = await token(server, "auth", { scope: "everything" });
		expect([scope.status, scope.body.error]).toEqual([400, "invalid_scope"]);
	});

	it("for another tenant are given, and refused on the call", async () => {
		const other = await token(server, "auth", { scope: "tsg_id:1999999999" });
		expect(other.status).toBe(200);
		const response = await fetch(`${server.system.url}/sspm/api/v1/apps`, { headers: { authorization: `Bearer ${other.body.access_token}` } });
		expect(response.status).toBe(403);
	});

	it("last 15 minutes", async () => {
		const send = await client(server);
		server.advance(14 * 60_000);
		expect((await send("/sspm/api/v1/apps")).status).toBe(200);
		server.advance(61_000);
		const late = await send("/sspm/api/v1/apps");
		expect([late.status, late.body._errors]).toMatchObject([401, [{ code: "E016" }]]);
		expect(late.body._request_id).toBe(late.headers.get("x-request-id"));
	});

	it("that are garbage or missing are refused", async () => {
		const url = `${server.system.url}/sspm/api/v1/apps`;
		expect((await fetch(url)).status).toBe(401);
		expect((await fetch(url, { headers: { authorization: "Bearer a.b.c" } })).status).toBe(401);
	});

	it("say who holds them", async () => {
		const send = await client(server);
		expect((await send("/auth/v1/oauth2/userinfo")).body.email).toBe(server.system.auth.clientId);
		const accounts = await send("/iam/v1/service_accounts");
		expect(accounts.rows).toHaveLength(2);
		expect((await send(`/iam/v1/service_accounts/${accounts.rows[0]?.id}`)).body).toEqual(accounts.rows[0]);
		expect(JSON.stringify(accounts.rows)).not.toContain(server.system.auth.clientSecret);
	});
});

describe("rights", () => {
	it("let the reading credential write nothing", async () => {
		const send = await client(server);
		const idp = await idpOf(send);
		const out = await send(`/sspm/identity/v1/idps/${idp}/accounts/logout`, { method: "POST", body: { users: ["x"] } });
		expect([out.status, out.body._errors]).toMatchObject([403, [{ code: "E007" }]]);
		expect((await send("/sspm/identity/v1/idps?idpId=a&idpType=okta", { method: "POST" })).status).toBe(403);
	});

	it("can be withheld by the part and by the role", async () => {
		const send = await client(server);
		server.withhold(["IDENTITY"]);
		expect((await send("/sspm/identity/v1/idps")).status).toBe(403);
		expect((await send("/sspm/api/v1/apps")).status).toBe(200);
		server.withhold(["view_only_admin"]);
		expect((await send("/sspm/api/v1/apps")).status).toBe(403);
		expect((await (await client(server, "act"))("/sspm/identity/v1/idps")).status).toBe(200);
	});

	it("depend on the licence", async () => {
		const send = await client(server);
		server.choices.licensed = "none";
		expect((await send("/sspm/api/v1/apps")).status).toBe(500);
		expect((await send("/sspm/identity/v1/idps")).status).toBe(404);
	});
});

it("refuses unknown paths and methods, and holds no rate limit of its own", async () => {
	const send = await client(server);
	expect((await send("/sspm/api/v1/nothing")).status).toBe(404);
	const method = await send("/sspm/api/v1/apps", { method: "DELETE" });
	expect([method.status, method.headers.get("allow")]).toEqual([405, "GET"]);
	server.faults.push({ do: "throttle", retryAfterSeconds: 3, times: 1 });
	expect((await send("/sspm/api/v1/apps")).headers.get("retry-after")).toBe("3");
	expect((await send("/sspm/api/v1/apps")).status).toBe(200);
});
