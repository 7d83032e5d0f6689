import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtAt, type Tried, told, tried } from "./test-tenant.js";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

describe("tokens by a client secret", () => {
	let tenant: Tried;
	beforeAll(async () => {
		tenant = await tried();
	});
	afterAll(() => tenant.close());

	it("are given, and open the door", async () => {
		const { status, body } = await tenant.login();
		expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 3599]);
		expect((await tenant.ask(body.access_token, "/v1.0/organization")).status).toBe(200);
		expect(tenant.secrets()).toContain(body.access_token);
	});

	it.each([
		["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client", 7000215],
		["no secret", { client_secret: null }, 401, "invalid_client", 7000218],
		["an unknown client", { client_id: "00000000-0000-0000-0000-00000000000a" }, 400, "unauthorized_client", 700016],
		["a scope that is no resource's", { scope: "User.Read.All" }, 400, "invalid_scope", 1002012],
		["an unknown resource", { scope: "https://other.example/.default" }, 400, "invalid_resource", 500011],
		["another grant", { grant_type: "password" }, 400, "unsupported_grant_type", 70003],
		["a missing field", { scope: null }, 400, "invalid_request", 900144],
	])("are refused for %s", async (_, fields, status, error, code) => {
		const answer = await tenant.login(fields);
		expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([status, error, [code]]);
		expect(answer.body.error_description).toContain(`AADSTS${code}:`);
		expect(answer.headers.get("x-ms-request-id")).toBe(answer.body.trace_id);
	});

	it("are refused for an unknown tenant, and given by a tenant's domain", async () => {
		expect((await tenant.login({}, "nobody.example")).body.error_codes).toEqual([90002]);
		expect((await tenant.login({}, "corp.onmicrosoft.example")).status).toBe(200);
	});

	it("are asked for by every operation", async () => {
		for (const token of [null, "rubbish", "a.b.c"]) {
			const answer = await tenant.ask(token, "/v1.0/users");
			expect(told(answer)).toEqual([401, "InvalidAuthenticationToken"]);
			expect(answer.headers.get("www-authenticate")).toContain("Bearer");
		}
	});

	it("run out", async () => {
		const { body } = await tenant.login();
		tenant.advance(3_700_000);
		expect(told(await tenant.ask(body.access_token, "/v1.0/users"))).toEqual([401, "InvalidAuthenticationToken"]);
		tenant.reset();
	});

	it("are no longer given for a disabled service principal", async () => {
		const { body } = await tenant.read(`/v1.0/servicePrincipals?$filter=appId eq '${tenant.system.auth.clientId}'`);
		expect((await tenant.act("PATCH", `/v1.0/servicePrincipals/${body.value[0].id}`, { accountEnabled: false })).status).toBe(204);
		expect((await tenant.login()).body.error_codes).toEqual([7000112]);
		tenant.reset();
	});
});

describe("tokens by a certificate", () => {
	let tenant: Tried;
	beforeAll(async () => {
		tenant = await tried({ credential: "certificate", users: 10 });
	});
	afterAll(() => tenant.close());

	function assertion(change: { alg?: string; exp?: number; aud?: string; print?: string; sub?: string } = {}): Promise<string> {
		const { clientId, privateKey, certificate, tenantId } = tenant.system.auth as Record<string, string>;
		const print = createHash("sha256")
			.update(new X509Certificate(certificate ?? "").raw)
			.digest("base64url");
		const now = Math.floor(builtAt / 1000);
		return new SignJWT({ jti: "1" })
			.setProtectedHeader({ alg: change.alg ?? "PS256", typ: "JWT", "x5t#S256": change.print ?? print })
			.setIssuer(clientId ?? "")
			.setSubject(change.sub ?? clientId ?? "")
			.setAudience(change.aud ?? `${tenant.system.url}/${tenantId}/oauth2/v2.0/token`)
			.setNotBefore(now)
			.setExpirationTime(change.exp ?? now + 600)
			.sign(createPrivateKey(privateKey ?? ""));
	}
	const ask = async (text: string) => tenant.login({ client_secret: null, client_assertion_type: assertionType, client_assertion: text });

	it("are given for either algorithm", async () => {
		expect((await ask(await assertion())).status).toBe(200);
		expect((await ask(await assertion({ alg: "RS256" }))).status).toBe(200);
	});

	it.each([
		["an unknown certificate", { print: "AAAA" }, 700027],
		["one that has run out", { exp: Math.floor(builtAt / 1000) - 900 }, 700024],
		["another audience", { aud: "https://other.example" }, 700023],
		["another subject", { sub: "somebody" }, 700021],
	])("are refused for %s", async (_, change, code) => {
		const { status, body } = await ask(await assertion(change));
		expect([status, body.error, body.error_codes]).toEqual([401, "invalid_client", [code]]);
	});

	it("are refused for a changed assertion and for none at all", async () => {
		const [head, claims] = (await assertion()).split(".");
		expect((await ask(`${head}.${claims}.${"A".repeat(342)}`)).body.error_codes).toEqual([700027]);
		expect((await ask("nothing")).body.error_codes).toEqual([50027]);
	});
});

describe("tokens by workload identity", () => {
	it("are given for the trusted subject, to the letter", async () => {
		const tenant = await tried({ credential: "workload-identity", users: 10 });
		const fields = { client_secret: null, client_assertion_type: assertionType, client_assertion: String(tenant.system.auth.token) };
		expect((await tenant.login(fields)).status).toBe(200);
		expect((await tenant.login({ ...fields, client_id: String(tenant.system.act.clientId) })).body.error_codes).toEqual([700213]);
		await tenant.close();
	});
});
