import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchange, send, tenantFor, tokenOf } from "./test-workspace.js";

const users = "/admin/directory/v1/users?customer=my_customer";

describe("the token endpoint", () => {
	let one: Awaited<ReturnType<typeof tenantFor>>;
	beforeAll(async () => {
		one = await tenantFor();
	});
	afterAll(() => one.tenant.close());

	it("gives a bearer token for an hour less a second", async () => {
		const { status, body } = await tokenOf(one.tenant);
		expect(status).toBe(200);
		expect(body).toEqual({ access_token: expect.stringMatching(/^ya29\./), expires_in: 3599, token_type: "Bearer" });
		expect(one.tenant.secrets()).toContain(body.access_token);
	});

	it("fails the whole token for one scope that is not delegated, even where a broader one is", async () => {
		const { status, body } = await tokenOf(one.tenant, { scopes: ["admin.directory.user.readonly", "admin.directory.user"] });
		expect(status).toBe(401);
		expect(body.error).toBe("unauthorized_client");
	});

	it("refuses a wrong signature, key, issuer, subject, time and audience by the vendor's words", async () => {
		const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
		const at = Math.floor(one.tenant.now() / 1000);
		const cases: [Parameters<typeof tokenOf>[1], string][] = [
			[{ pem: foreign }, "Invalid JWT Signature."],
			[{ kid: "0123" }, "Invalid JWT Signature."],
			[{ claims: { iss: "nobody@x.iam.gserviceaccount.com" } }, "Invalid grant: account not found"],
			[{ claims: { sub: "nobody@tenant-7.example" } }, "Invalid email or User ID"],
			[{ claims: { iat: at - 8000, exp: at - 5000 } }, "Invalid JWT: Token must be a short-lived token"],
			[{ claims: { iat: at + 900, exp: at + 1800 } }, "Invalid JWT: Token must be a short-lived token"],
			[{ claims: { exp: at + 7200 } }, "Invalid JWT: Token must be a short-lived token"],
			[{ claims: { aud: "https://elsewhere.example" } }, "Failed audience check."],
		];
		for (const [asked, text] of cases) {
			const { status, body } = await tokenOf(one.tenant, asked);
			expect([status, body.error]).toEqual([400, "invalid_grant"]);
			expect(body.error_description).toContain(text);
		}
	});

	it("refuses unknown scopes, grants and assertions that are none", async () => {
		expect((await tokenOf(one.tenant, { scopes: ["admin.directory.everything"] })).body.error).toBe("invalid_scope");
		expect((await exchange(one.tenant, "x.y.z")).body.error).toBe("invalid_request");
		expect((await exchange(one.tenant, "x", "password")).body.error).toBe("unsupported_grant_type");
	});

	it("denies a client that the administrators have blocked", async () => {
		one.tenant.choices.blocked = true;
		const { status, body } = await tokenOf(one.tenant);
		expect([status, body.error]).toEqual([403, "access_denied"]);
		one.tenant.reset();
	});

	it("refuses too many requests, and breaks, in the shape of OAuth", async () => {
		one.tenant.faults.push({ do: "throttle", path: /^\/token/ });
		for (const status of [429, 403] as const) {
			one.tenant.choices.tokenThrottle = status;
			const refused = await tokenOf(one.tenant);
			expect([refused.status, refused.body]).toEqual([status, { error: "rate_limit_exceeded", error_description: expect.any(String) }]);
		}
		one.tenant.choices.tokenThrottle = "page";
		const page = await fetch(`${one.tenant.system.url}/token`, { method: "POST", body: new URLSearchParams() });
		expect([page.status, page.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
		expect(await page.text()).toContain("User Rate Limit Exceeded");
		one.tenant.reset();
		one.tenant.faults.push({ do: "status", status: 503, path: /^\/token/, times: 1 });
		const broken = await tokenOf(one.tenant);
		expect([broken.status, broken.body]).toEqual([503, { error: "internal_failure" }]);
	});

	it("takes away what is withheld until the reset", async () => {
		one.tenant.withhold(["admin.directory.group.readonly"]);
		expect((await tokenOf(one.tenant, { scopes: ["admin.directory.group.readonly"] })).body.error).toBe("unauthorized_client");
		expect((await tokenOf(one.tenant, { scopes: ["admin.directory.user.readonly"] })).status).toBe(200);
		one.tenant.reset();
		expect((await tokenOf(one.tenant)).status).toBe(200);
	});

	it("signs an assertion without a key file, for its own workload only", async () => {
		const { serviceAccount, subject, token } = one.tenant.keyless as Record<string, string>;
		const at = Math.floor(one.tenant.now() / 1000);
		const payload = JSON.stringify({
			iss: serviceAccount,
			sub: subject,
			scope: "https://www.googleapis.com/auth/admin.directory.user.readonly",
			aud: "https://oauth2.googleapis.com/token",
			iat: at,
			exp: at + 3600,
		});
		const path = `/v1/projects/-/serviceAccounts/${serviceAccount}:signJwt`;
		const signed = await send(one.tenant, "POST", path, { payload }, { authorization: `Bearer ${token}` });
		expect(signed.body).toEqual({ keyId: expect.any(String), signedJwt: expect.any(String) });
		expect((await exchange(one.tenant, signed.body.signedJwt)).status).toBe(200);
		const other = await send(one.tenant, "POST", path.replace("-read@", "-act@"), { payload }, { authorization: `Bearer ${token}` });
		expect(other.body.error.status).toBe("PERMISSION_DENIED");
		expect((await send(one.tenant, "POST", path, { payload })).status).toBe(401);
	});
});

describe("a call", () => {
	it("is refused without a token, with a bad or old one, without the scope, and without a user to act as", async () => {
		const { tenant } = await tenantFor();
		const as = async (asked: Parameters<typeof tokenOf>[1]) => ({ authorization: `Bearer ${(await tokenOf(tenant, asked)).body.access_token}` });
		expect((await send(tenant, "GET", users)).body.error.errors[0].reason).toBe("required");
		expect((await send(tenant, "GET", users, undefined, { authorization: "Bearer x" })).body.error.errors[0].reason).toBe("authError");
		const narrow = await send(tenant, "GET", users, undefined, await as({ scopes: ["admin.directory.group.readonly"] }));
		expect([narrow.status, narrow.body.error.errors[0].reason, narrow.body.error.details[0].reason]).toEqual([
			403,
			"insufficientPermissions",
			"ACCESS_TOKEN_SCOPE_INSUFFICIENT",
		]);
		const alone = await send(tenant, "GET", users, undefined, await as({ claims: { sub: undefined } }));
		expect([alone.status, alone.body.error.message]).toEqual([403, "Not Authorized to access this resource/api"]);
		const fresh = await as({});
		expect((await send(tenant, "GET", users, undefined, fresh)).status).toBe(200);
		tenant.advance(3_601_000);
		expect((await send(tenant, "GET", users, undefined, fresh)).status).toBe(401);
		await tenant.close();
	});

	it("has the rights of the administrator's role: none of a plain user, some of a delegated one", async () => {
		const { tenant, read } = await tenantFor();
		const all = (await read(`${users}&maxResults=500`)).body.users;
		const as = async (fits: (user: Record<string, unknown>) => unknown) => {
			const subject = all.find((user: Record<string, unknown>) => fits(user) && !user.suspended && !user.archived).primaryEmail;
			return { authorization: `Bearer ${(await tokenOf(tenant, { claims: { sub: subject } })).body.access_token}` };
		};
		const plain = await as((user) => !user.isAdmin && !user.isDelegatedAdmin);
		expect((await send(tenant, "GET", users, undefined, plain)).body.error.errors[0].reason).toBe("forbidden");
		const manager = await as(
			(user) =>
				user.id ===
				all.find(
					(one: { id: string }) =>
						one.id === tenant.state.users.get(one.id)?.id && tenant.truth().accounts.find(({ id, privileged }) => id === one.id && privileged),
				)?.id,
		);
		expect((await send(tenant, "GET", users, undefined, manager)).status).toBe(200);
		await tenant.close();
	});

	it("to a path or method that nobody serves gets the front end's HTML page", async () => {
		const { tenant, read, call } = await tenantFor();
		for (const { status, body, headers } of [await read("/admin/directory/v1/nothing"), await call("PUT", "/admin/directory/v1/users")]) {
			expect(status).toBe(404);
			expect(headers.get("content-type")).toMatch(/^text\/html/);
			expect(body).toMatch(/^<!DOCTYPE html>/);
		}
		await tenant.close();
	});
});
