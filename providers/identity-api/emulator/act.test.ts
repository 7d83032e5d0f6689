import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startIdentityApi } from "../emulator.js";
import type { WireIdentity } from "../wire.js";
import { at, everything, post, type Started, send } from "./test-client.js";

let server: Started;
let active: WireIdentity;
beforeAll(async () => {
	server = await startIdentityApi({ users: 20, seed: 5, now: at, limits: "vendor" });
	const found = (await everything(server)).find((one) => one.status === "active");
	if (!found) throw new Error("no active identity");
	active = found;
});
afterEach(() => server.reset());
afterAll(() => server.close());

const stateOf = async (id: string) => (await everything(server)).find((one) => one.id === id)?.status;

describe("actions", () => {
	it("disables once, and takes it back on reset", async () => {
		const first = await post(server, `/v1/identity/${active.id}/disable`, { reason: "left" });
		expect([first.status, first.body]).toMatchObject([200, { data: { id: active.id, status: "disabled" } }]);
		const second = await post(server, `/v1/identity/${active.id}/disable`, { reason: "left" });
		expect([second.status, second.body.error?.code]).toEqual([409, "conflict"]);
		expect(server.log()).toMatchObject([{ id: active.id, action: "disable", reason: "left" }]);
		server.reset();
		expect(await stateOf(active.id)).toBe("active");
		expect(server.log()).toEqual([]);
	});

	it("does not let a password reset enable a disabled identity", async () => {
		await post(server, `/v1/identity/${active.id}/disable`, { reason: "left" });
		expect((await post(server, `/v1/identity/${active.id}/force-password-reset`, { reason: "x" })).status).toBe(409);
		expect((await post(server, `/v1/identity/${active.id}/revoke-sessions`, { reason: "x" })).status).toBe(200);
		expect(await stateOf(active.id)).toBe("disabled");
	});

	it("forces a new password", async () => {
		await post(server, `/v1/identity/${active.id}/force-password-reset`, { reason: "leak" });
		expect(await stateOf(active.id)).toBe("password_reset_required");
	});

	it("shows a write to lists after the lag only", async () => {
		server.knobs.lagMs = 5000;
		await post(server, `/v1/identity/${active.id}/disable`, { reason: "left" });
		expect(await stateOf(active.id)).toBe("active");
		server.advance(5001);
		expect(await stateOf(active.id)).toBe("disabled");
	});

	it.each([{}, { reason: " " }, { reason: 4 }, []])("wants a reason, not %j", async (body) => {
		expect((await post(server, `/v1/identity/${active.id}/disable`, body)).status).toBe(422);
	});

	it("refuses what it does not know", async () => {
		expect((await post(server, "/v1/identity/idn_none/disable", { reason: "x" })).status).toBe(404);
		expect((await post(server, `/v1/identity/${active.id}/enable`, { reason: "x" })).status).toBe(404);
		expect((await send(server, `/v1/identity/${active.id}`)).status).toBe(404);
		expect((await send(server, "/v1/identity", { method: "DELETE" })).status).toBe(405);
		expect((await send(server, `/v1/identity/${active.id}/disable`, { method: "POST", body: "{", as: "act" })).status).toBe(400);
	});
});

describe("tokens and limits", () => {
	it("refuses a wrong token and a missing permission", async () => {
		const wrong = await send(server, "/v1/identity", { token: "nonsense" });
		expect([wrong.status, wrong.body.error?.code]).toEqual([401, "unauthorized"]);
		const reading = await post(server, `/v1/identity/${active.id}/disable`, { reason: "x" }, "auth");
		expect([reading.status, reading.body.error?.message]).toEqual([403, "The token has no permission identity:write."]);
		expect(reading.body.error?.request_id).toBe(reading.headers.get("x-request-id"));
		server.withhold(["identity:read"]);
		expect((await send(server, "/v1/identity")).status).toBe(403);
		expect((await send(server, "/v1/identity", { as: "act" })).status).toBe(200);
	});

	it("holds the limit by token and says when to come again", async () => {
		let got = await send(server, "/v1/identity?page[limit]=1");
		for (let left = Number(got.headers.get("ratelimit-remaining")); left >= 0; left--) got = await send(server, "/v1/identity?page[limit]=1");
		expect([got.status, got.body.error?.code, got.headers.get("ratelimit-remaining")]).toEqual([429, "rate_limited", "0"]);
		expect((await send(server, "/v1/identity?page[limit]=1", { as: "act" })).status).toBe(200);
		server.advance(1000 * Number(got.headers.get("retry-after")));
		expect((await send(server, "/v1/identity?page[limit]=1")).status).toBe(200);
	});
});

describe("Acme", () => {
	it("has its people at three providers under stable ids, and a neighbour", async () => {
		const [one, two] = await Promise.all([1, 2].map((seed) => startIdentityApi({ users: 10, seed, acme: true, now: at })));
		try {
			const all = await everything(one as Started);
			expect(await everything(two as Started)).toEqual(all);
			expect(new Set(all.map(({ provider }) => provider))).toEqual(new Set(["azure_ad", "okta", "google_workspace", "local"]));
			const leo = all.filter(({ display_name }) => display_name === "Leo Fischer");
			expect(leo.map(({ provider, email, mfa_enrolled }) => [provider, email, mfa_enrolled]).sort()).toEqual([
				["azure_ad", "leo.fischer@acme.example", true],
				["google_workspace", "leo.fischer@acme.example", false],
				["okta", "leo.fischer@acme.example", true],
			]);
			expect(all.filter(({ last_login_at }) => last_login_at === null).length).toBeGreaterThan(2);
			expect(all.filter(({ tenant_id }) => tenant_id !== one?.system.options?.tenantId)).toHaveLength(3);
		} finally {
			await Promise.all([one?.close(), two?.close()]);
		}
	});
});
