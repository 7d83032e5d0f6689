import { afterEach, describe, expect, it } from "vitest";
import type { IdentityConnection } from "./connection.js";
import { action } from "./test-acting.js";
import { type Answer, connectTo, fits, identity, listOf, type OddServer, oddSource, people, serveOdd } from "./test-api.js";

let server: OddServer;
let act: IdentityConnection;
afterEach(async () => {
	await act?.close();
	await server?.close();
});

async function acting(answer: Answer, options?: Record<string, unknown>): Promise<IdentityConnection> {
	server = await serveOdd(answer);
	act = await connectTo(oddSource(server, { purpose: "act", ...(options && { options }) }));
	return act;
}

const target = { account: "idn_one" };
const disable = action("suspend-account");
const none = { status: 404, body: { error: { code: "not_found" } } };

/** Serves the list, and `reply` to every action. */
const withReply =
	(rows: object[], reply: ReturnType<Answer>): Answer =>
	(url, request, asked) =>
		request.method === "POST" ? reply : url.pathname === "/v1/identity" ? listOf(rows)(url, request, asked) : none;

describe("an action's answer", () => {
	it.each([
		["a proxy's page", { body: "<html>Sign in</html>" }, "no answer of the Identity API"],
		["a list", { body: [] }, "no answer of the Identity API"],
		["another identity", { body: { data: identity("idn_two") } }, "of another identity"],
	])("that is %s proves nothing", async (_, reply, why) => {
		const connection = await acting(withReply([identity("idn_one")], reply));
		await expect(action("end-sessions").perform(connection, target)).rejects.toMatchObject({
			name: "ActionError",
			ambiguous: true,
			message: expect.stringContaining(why),
		});
		expect(server.asked.filter((asked) => asked.startsWith("POST"))).toHaveLength(1);
	});

	it.each([
		["without a body", { status: 204 }],
		["that says nothing of the identity", { body: { ok: true } }],
		["with the bare identity", { body: identity("idn_one") }],
	])("%s is taken for yes, and read back", async (_, reply) => {
		const connection = await acting(withReply([identity("idn_one")], reply));
		const before = await disable.inspect(connection, target);
		await disable.perform(connection, target, before);
		expect(await disable.verify(connection, target, before)).toMatchObject({ holds: false, detail: "its status is active" });
	});
});

describe("a status word of the API's own", () => {
	it("is accepted where it is new, and proves nothing where it was there before", async () => {
		let status = "active";
		const connection = await acting((url, request, asked) =>
			withReply([identity("idn_one", { status })], { body: { data: identity("idn_one") } })(url, request, asked),
		);
		const before = await disable.inspect(connection, target);
		await disable.perform(connection, target, before);
		status = "frozen";
		expect(await disable.verify(connection, target, before)).toMatchObject({
			holds: true,
			proof: "accepted",
			detail: expect.stringContaining("from active to frozen"),
		});
		const again = await disable.inspect(connection, target);
		expect(again).toMatchObject({ done: false, facts: { status: "frozen" } });
		expect(await disable.verify(connection, target, again)).toMatchObject({ holds: false });
		status = "locked";
		expect(await disable.verify(connection, target, before)).toMatchObject({ holds: false, detail: "its status is locked" });
	});

	it("that is missing is no reason to act", async () => {
		const connection = await acting(withReply([identity("idn_one", { status: undefined })], { body: {} }));
		expect(await disable.inspect(connection, target)).toMatchObject({ done: false, refused: expect.stringContaining("does not say what state") });
	});
});

describe("looking at one identity", () => {
	const single =
		(row: object): Answer =>
		(url) =>
			url.pathname === "/v1/identity/idn_one" ? { body: { data: row } } : none;

	it("asks for it alone where the API has an address for one", async () => {
		const connection = await acting(single(identity("idn_one")));
		expect(await disable.inspect(connection, target)).toMatchObject({ exists: true, refused: null });
		expect(server.asked).toEqual(["GET /v1/identity/idn_one"]);
	});

	it("refuses one of another tenant, or of nobody's", async () => {
		for (const tenant_id of ["ten_other", undefined, null]) {
			const connection = await acting(single(identity("idn_one", { tenant_id })));
			const { refused } = await disable.inspect(connection, target);
			expect(refused).toContain(tenant_id ? "belongs to tenant ten_other" : "does not say whose identity");
			expect(refused).toContain("ten_acme");
			await connection.close();
			await server.close();
		}
		expect(await disable.inspect(await acting(single(identity("idn_one", { tenant_id: "ten_other" })), {}), target)).toMatchObject({ refused: null });
	});

	it("refuses one of another provider than the stack file asks for", async () => {
		const connection = await acting(single(identity("idn_one", { provider: "okta" })), { tenantId: "ten_acme", provider: "local" });
		const { refused } = await disable.inspect(connection, target);
		expect(refused).toContain("belongs to tenant ten_acme and provider okta");
		expect(refused).toContain("of provider local");
	});

	it("shortens the list by what it was before, and reads all of it where that has changed", async () => {
		let rows = [identity("idn_one"), identity("idn_two", { privileged: true })];
		const connection = await acting((url, request, asked) => withReply(rows, {})(url, request, asked));
		const before = await disable.inspect(connection, target);
		server.asked.length = 0;
		rows = [identity("idn_one", { status: "disabled" })];
		expect(await disable.verify(connection, target, before)).toMatchObject({ holds: true });
		expect(server.asked).toHaveLength(1);
		for (const part of ["filter[privileged]=false", "filter[mfa_enrolled]=true", "filter[provider]=local", "filter[tenant_id]=ten_acme"])
			expect(server.asked[0]).toContain(part);
		rows = [identity("idn_one", { status: "disabled", privileged: true })];
		expect(await disable.verify(connection, target, before)).toMatchObject({ holds: true });
	});

	it("does not say that it is gone where the list was not read to its end", async () => {
		const cut: Answer = (url) =>
			url.pathname === "/v1/identity" ? { body: { data: people(5).filter((one) => fits(one, url)), pagination: { total: 9 } } } : none;
		await expect(disable.inspect(await acting(cut), target)).rejects.toThrow("not read to its end");
	});

	it("does not choose where the list says two things", async () => {
		const both = [identity("idn_one"), identity("idn_one", { status: "disabled" })];
		await expect(disable.inspect(await acting(withReply(both, none)), target)).rejects.toThrow("says two things of it");
	});
});
