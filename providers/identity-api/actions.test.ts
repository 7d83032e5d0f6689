import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { IdentityConnection } from "./connection.js";
import { startIdentityApi } from "./emulator.js";
import { action, connectToEmulated, type Emulated } from "./test-acting.js";
import { testNow } from "./test-api.js";
import type { WireIdentity } from "./wire.js";

let server: Emulated;
let able: string;
let disabled: string;
let foreign: string;
const open: IdentityConnection[] = [];
beforeAll(async () => {
	server = await startIdentityApi({ users: 60, seed: 3, now: testNow });
	const { url, auth, options } = server.system;
	const answer = await fetch(`${url}/v1/identity?page[limit]=200`, { headers: { authorization: `Bearer ${auth.token}` } });
	const { data } = (await answer.json()) as { data: WireIdentity[] };
	const mine = data.filter(({ tenant_id }) => tenant_id === options?.tenantId);
	able = mine.find(({ status }) => status === "active")?.id ?? "";
	disabled = mine.find(({ status }) => status === "disabled")?.id ?? "";
	foreign = data.find(({ tenant_id, status }) => tenant_id !== options?.tenantId && status === "active")?.id ?? "";
	expect([able, disabled, foreign]).not.toContain("");
});
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	server.reset();
});
afterAll(() => server.close());

async function connected(purpose: "read" | "act" = "act", change: Parameters<typeof connectToEmulated>[2] = {}) {
	const connection = await connectToEmulated(server, purpose, change);
	open.push(connection);
	return connection;
}

const posts = () => server.requests.filter(({ method }) => method === "POST");

describe.each([
	["suspend-account", "disable", "disabled"],
	["expire-password", "force-password-reset", "password_reset_required"],
] as const)("%s", (kind, call, status) => {
	const spec = action(kind);

	it("is made once, seen in the list, and then done", async () => {
		const act = await connected();
		const before = await spec.inspect(act, { account: able });
		expect(before).toMatchObject({ exists: true, done: false, refused: null, facts: { status: "active" } });
		expect(posts()).toEqual([]);
		const ref = await spec.perform(act, { account: able }, before);
		expect(ref.call).toBe(`POST /v1/identity/{id}/${call}`);
		expect(await spec.verify(act, { account: able }, before)).toMatchObject({ holds: true, proof: "read-back" });
		expect(await spec.inspect(act, { account: able })).toMatchObject({ done: true, refused: null, facts: { status } });
		expect(server.log()).toMatchObject([{ id: able, action: call, reason: expect.stringContaining("keelson") }]);
		expect(spec.inverse({ account: able }, before)).toBeNull();
	});

	it("waits for a list that lags, and does not claim what never shows", async () => {
		const act = await connected();
		const before = await spec.inspect(act, { account: able });
		server.knobs.lagMs = 4_000;
		await spec.perform(act, { account: able }, before);
		expect(await spec.verify(act, { account: able }, before)).toMatchObject({ holds: true, proof: "read-back" });
		server.reset();
		server.knobs.lagMs = 3_600_000;
		await spec.perform(act, { account: able }, before);
		expect(await spec.verify(act, { account: able }, before)).toMatchObject({ holds: false, detail: "its status is active" });
	});

	it("is sent once where the connection is cut after it, and then read back", async () => {
		const act = await connected();
		const before = await spec.inspect(act, { account: able });
		server.faults.push({ do: "cut", at: "after-write", method: "POST" });
		await expect(spec.perform(act, { account: able }, before)).rejects.toMatchObject({ name: "HttpError", ambiguous: true });
		expect(posts()).toHaveLength(1);
		expect(await spec.verify(act, { account: able }, before)).toMatchObject({ holds: true, proof: "read-back" });
	});

	it.each([408, 500, 503])("is not repeated after %i, which may come after it was made", async (refused) => {
		const act = await connected();
		server.faults.push({ do: "status", status: refused, body: {}, method: "POST" });
		await expect(spec.perform(act, { account: able })).rejects.toMatchObject({ status: refused });
		expect(posts()).toHaveLength(1);
	});

	it("is sent again after 429, which says that nothing was made", async () => {
		const act = await connected();
		server.faults.push({ do: "throttle", retryAfterSeconds: 3, times: 1, method: "POST" });
		await spec.perform(act, { account: able });
		expect(posts().map((one) => one.status)).toEqual([429, 200]);
	});
});

describe("what is refused", () => {
	it("a new password of a disabled identity: before it is asked for, and by the API's 409", async () => {
		const act = await connected();
		const spec = action("expire-password");
		expect(await spec.inspect(act, { account: disabled })).toMatchObject({ done: false, refused: expect.stringContaining("disabled") });
		expect(spec.refusesStatus?.("disabled")).toContain("disabled");
		expect(spec.refusesStatus?.("active")).toBeNull();
		await expect(spec.perform(act, { account: disabled })).rejects.toMatchObject({ status: 409, ambiguous: false });
		expect(server.log()).toEqual([]);
	});

	it("nothing where 409 means that it holds already", async () => {
		const act = await connected();
		await expect(action("suspend-account").perform(act, { account: disabled })).resolves.toMatchObject({ call: "POST /v1/identity/{id}/disable" });
	});

	it("an identity that there is not, and one that the target does not name", async () => {
		const act = await connected();
		expect(await action("suspend-account").inspect(act, { account: "idn_none" })).toMatchObject({ exists: false, refused: expect.any(String) });
		await expect(action("suspend-account").inspect(act, {})).rejects.toThrow("names no account");
	});

	it("another tenant's identity", async () => {
		expect(await action("suspend-account").inspect(await connected(), { account: foreign })).toMatchObject({ exists: false });
		const all = await connected("act", { options: {} });
		expect(await action("suspend-account").inspect(all, { account: foreign })).toMatchObject({ exists: true, refused: null });
	});

	it("whatever the credential that reads is asked to change", async () => {
		const reading = await connected("read");
		for (const kind of ["suspend-account", "expire-password", "end-sessions"] as const)
			await expect(action(kind).perform(reading, { account: able })).rejects.toThrow("systems.identity.auth only reads");
		expect(posts()).toEqual([]);
	});

	it("a token without the permission, named", async () => {
		const act = await connected("act", { credential: server.system.auth });
		await expect(action("end-sessions").perform(act, { account: able })).rejects.toMatchObject({ status: 403, scope: "identity:write", ambiguous: false });
	});
});

describe("end-sessions", () => {
	const spec = action("end-sessions");

	it("is accepted and no more, again and again, and for disabled identities too", async () => {
		const act = await connected();
		for (const account of [able, able, disabled]) {
			const before = await spec.inspect(act, { account });
			expect(before).toMatchObject({ exists: true, done: false, refused: null });
			await spec.perform(act, { account }, before);
			expect(await spec.verify(act, { account }, before)).toMatchObject({ holds: true, proof: "accepted" });
		}
		expect(server.log()).toHaveLength(3);
	});
});

it("only an operator disables: nothing here enables again", () => {
	expect(["suspend-account", "expire-password", "end-sessions"].map((kind) => action(kind as "end-sessions").operatorOnly)).toEqual([true, false, false]);
});
