import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type Client, startClient } from "./test-client.js";

let client: Client;
beforeAll(async () => {
	client = await startClient({ users: 12, limits: "vendor" });
});
afterEach(() => client.tenant.reset());
afterAll(() => client.tenant.close());

async function ask(body: BodyInit): Promise<{ status: number; body: Record<string, unknown> }> {
	const response = await fetch(`${client.tenant.system.url}/oauth/token`, { method: "POST", body });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
function form(over: Record<string, string> = {}): Record<string, string> {
	const { clientId, clientSecret } = client.tenant.system.auth as { clientId: string; clientSecret: string };
	return { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, ...over };
}

it("gives a token for a form, a multipart body and a query", async () => {
	const multipart = new FormData();
	for (const [name, value] of Object.entries(form())) multipart.append(name, value);
	const bodies = [await ask(new URLSearchParams(form())), await ask(multipart)];
	for (const { status, body } of bodies) expect([status, body.token_type, body.expires_in]).toEqual([200, "bearer", 749]);
	const response = await fetch(`${client.tenant.system.url}/oauth/token?${new URLSearchParams(form())}`, { method: "POST" });
	expect(response.status).toBe(200);
});

it("refuses a wrong secret, grant and scope in the words of OAuth", async () => {
	const errors = [form({ client_secret: "x" }), form({ grant_type: "password" }), form({ scope: "idn:identity:manage" })];
	const answers = await Promise.all(errors.map((one) => ask(new URLSearchParams(one))));
	expect(answers.map(({ status, body }) => [status, body.error])).toEqual([
		[401, "invalid_client"],
		[400, "unsupported_grant_type"],
		[400, "invalid_scope"],
	]);
});

it("refuses no token, garbage and an expired token", async () => {
	const bare = await fetch(`${client.tenant.system.url}/beta/identities`);
	expect([bare.status, typeof ((await bare.json()) as { error: string }).error]).toEqual([401, "string"]);
	expect((await client.call("GET", "/beta/identities", undefined, "auth", { authorization: "Bearer x.y.z" })).status).toBe(401);
	const token = await client.token();
	client.tenant.advance(800_000);
	const late = await client.call("GET", "/beta/identities", undefined, "auth", { authorization: `Bearer ${token}` });
	expect([late.status, late.body]).toEqual([401, { error: "JWT validation failed: JWT is expired" }]);
});

it("refuses a write by the reading credential, a scope and a level withheld", async () => {
	const [identity] = (await client.get("/beta/identities?limit=1")).body;
	const refused = await client.call("POST", `/beta/identities/${identity.id}/reset`);
	expect([refused.status, refused.body.detailCode]).toEqual([403, "403 Forbidden"]);
	expect(refused.body.trackingId).toBe(refused.headers.get("slpt-request-id"));
	expect((await client.call("POST", `/beta/identities/${identity.id}/synchronize-attributes`)).status).toBe(403);
	client.tenant.withhold(["idn:identity:read"]);
	expect((await client.get("/beta/identities")).status).toBe(403);
	expect((await client.get("/beta/accounts")).status).toBe(200);
	client.tenant.withhold(["ORG_ADMIN"]);
	expect((await client.get("/beta/accounts")).status).toBe(403);
});

it("holds the limit of 100 requests in ten seconds and says how long to wait", async () => {
	const statuses = new Map<number, number>();
	for (let at = 0; at < 101; at++) {
		const { status } = await client.get("/beta/identities?limit=1");
		statuses.set(status, (statuses.get(status) ?? 0) + 1);
	}
	expect([...statuses]).toEqual([
		[200, 100],
		[429, 1],
	]);
	const refused = await client.get("/beta/identities?limit=1");
	expect(refused.body).toEqual({ message: " Rate Limit Exceeded " });
	client.tenant.advance(Number(refused.headers.get("retry-after")) * 1000);
	expect((await client.get("/beta/identities?limit=1")).status).toBe(200);
});

it("knows no other path and no other method", async () => {
	expect([(await client.get("/beta/nothing")).status, (await client.call("PUT", "/beta/identities")).status]).toEqual([404, 405]);
});
