import { afterEach, describe, expect, it } from "vitest";
import type { IdentityConnection } from "./connection.js";
import { startIdentityApi } from "./emulator.js";
import { connectToEmulated, type Emulated } from "./test-acting.js";
import { type Answer, connectTo, identity, listOf, type OddServer, oddSource, people, serveOdd, testNow } from "./test-api.js";

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of closing.splice(0).reverse()) await one.close();
});

async function emulated(): Promise<Emulated> {
	const server = await startIdentityApi({ users: 250, seed: 2, now: testNow });
	closing.push(server);
	return server;
}

async function report(connection: IdentityConnection) {
	closing.push(connection);
	const found = await connection.doctor();
	const bad = found.checks.filter(({ ok }) => !ok);
	for (const { mend, detail } of bad) if (!detail.startsWith("not checked")) expect(mend, detail).toBeTruthy();
	expect(found.ok).toBe(bad.length === 0);
	return { found, bad: bad.map(({ name }) => name), text: JSON.stringify(bad) };
}

async function odd(
	answer: Answer,
	more: Parameters<typeof oddSource>[1] = {},
	now = testNow,
): Promise<Awaited<ReturnType<typeof report>> & { server: OddServer }> {
	const server = await serveOdd(answer);
	server.now = now;
	closing.push(server);
	return { ...(await report(await connectTo(oddSource(server, more)))), server };
}

const jwt = (claims: object) => ["eyJhbGciOiJub25lIn0", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2lnbmF0dXJlLW9mLXRoZS10ZXN0cw"].join(".");
const bearer = (token: string) => ({ credential: { method: "bearer", token } });

describe("doctor of an Identity API", () => {
	it("is content with one small request, and says what a read costs", async () => {
		const server = await emulated();
		const { found, bad } = await report(await connectToEmulated(server, "read"));
		expect(bad).toEqual([]);
		expect(found).toMatchObject({ ok: true, unknowns: [], canWrite: null, scopes: null, estimate: { requests: 2, seconds: 1 } });
		expect(server.requests).toHaveLength(1);
	});

	it("tells a wrong token, without showing it", async () => {
		const { found, bad, text } = await report(await connectToEmulated(await emulated(), "read", bearer("idt_secret-but-wrong")));
		expect(bad).toEqual(["credential"]);
		expect(text).toContain("wrong, expired or revoked");
		expect(text).toContain("systems.identity.auth.token");
		expect(JSON.stringify(found)).not.toContain("idt_secret");
		expect(found.unknowns.map(({ collection }) => collection)).toEqual(["accounts", "roleAssignments", "risks", "authenticators"]);
	});

	it("tells since when a token is expired, where it says so itself", async () => {
		const token = jwt({ exp: Date.UTC(2025, 11, 31, 12) / 1000 });
		const refused: Answer = () => ({ status: 401, body: { error: { code: "unauthorized" } } });
		const { bad, text } = await odd(refused, bearer(token));
		expect(bad).toEqual(["credential"]);
		expect(text).toContain("expired at 2025-12-31T12:00:00.000Z");
		expect(text).not.toContain(token.split(".")[1]);
		expect((await odd(refused, bearer(jwt({ exp: Date.UTC(2026, 11, 31) / 1000 })))).text).toContain("wrong, expired or revoked");
	});

	it("names a missing permission", async () => {
		const server = await emulated();
		server.withhold(["identity:read"]);
		const { found, bad, text } = await report(await connectToEmulated(server, "read"));
		expect(bad).toEqual(["permission"]);
		expect(text).toContain("identity:read");
		expect(found.unknowns[0]?.reason).toMatchObject({ cause: "scope", scope: "identity:read" });
	});

	it("tells a tenant that is another", async () => {
		const { found, bad, text } = await report(await connectToEmulated(await emulated(), "read", { options: { tenantId: "ten_wrong" } }));
		expect(bad).toEqual(["tenant"]);
		expect(text).toContain("no identity of tenant ten_wrong");
		expect(text).toContain("systems.identity.options.tenantId");
		expect(found.unknowns[0]?.reason.cause).toBe("floor");
		const heedless = await odd(() => ({ body: { data: [identity("idn_one", { tenant_id: "ten_other" })], pagination: { total: 9 } } }));
		expect(heedless.bad).toEqual(["tenant"]);
		expect(heedless.text).toContain("does not honour filter[tenant_id]");
		expect((await odd(() => ({ status: 422, body: { error: { code: "unprocessable", message: "no such tenant" } } }))).text).toContain("options.tenantId");
	});

	it("tells a token that sees nobody", async () => {
		const { bad, text } = await odd(listOf([]), { options: {} });
		expect(bad).toEqual(["tenant"]);
		expect(text).toContain("a token of the right tenant");
	});

	it.each([
		["behind", 10],
		["ahead of", -10],
	])("sees a clock that is ten minutes %s the API's", async (word, minutes) => {
		const { bad, text } = await odd(listOf(people(3)), { now: () => testNow }, testNow + minutes * 60_000);
		expect(bad).toEqual(["clock"]);
		expect(text).toMatch(new RegExp(`60[01] s ${word} the API's`));
	});

	it("lets four minutes pass", async () => expect((await odd(listOf(people(3)), { now: () => testNow }, testNow + 240_000)).bad).toEqual([]));

	it.each([{ scope: "identity:read identity:write" }, { scp: ["identity:write"] }, { permissions: ["identity:read", "identity:write"] }])(
		"warns of a reading token that can write, where it says so: %j",
		async (claims) => {
			const { found, bad, text } = await odd(listOf(people(3)), bearer(jwt(claims)));
			expect(bad).toEqual(["writes"]);
			expect(found.canWrite).toBe(true);
			expect(text).toContain("without identity:write");
		},
	);

	it("knows a reading token that says it cannot, and an acting one", async () => {
		const reads = bearer(jwt({ scope: "identity:read" }));
		const writes = bearer(jwt({ scope: "identity:read identity:write" }));
		expect((await odd(listOf(people(3)), reads)).found).toMatchObject({ ok: true, canWrite: false, scopes: ["identity:read"] });
		expect((await odd(listOf(people(3)), { ...writes, purpose: "act" })).found).toMatchObject({ ok: true, canWrite: null });
		const short = await odd(listOf(people(3)), { ...reads, purpose: "act" });
		expect(short.bad).toEqual(["writes"]);
		expect(short.text).toContain("systems.identity.act");
	});

	it("reads an API that refuses page sizes", async () => {
		const all = listOf(people(3));
		const { found, bad } = await odd((url, ...rest) => (url.searchParams.has("page[limit]") ? { status: 400, body: {} } : all(url, ...rest)));
		expect(bad).toEqual([]);
		expect(found.estimate?.requests).toBe(1);
	});

	it.each<[string, Answer]>([
		["nothing is served at the path", () => ({ status: 404, body: {} })],
		["a web site", () => ({ body: "<html>Welcome</html>" })],
		["something else", () => ({ body: { users: [] } })],
	])("asks for the address: %s", async (_, answer) => {
		const { bad, text } = await odd(answer);
		expect(bad).toEqual(["answer"]);
		expect(text).toContain("must end before /v1/identity");
	});

	it("says that nothing answers, and checks no more", async () => {
		const gone = await serveOdd(listOf([]));
		await gone.close();
		const { found, bad } = await report(await connectTo(oddSource(gone)));
		expect(found).toMatchObject({ unreached: true });
		expect(bad[0]).toBe("address");
	});
});
