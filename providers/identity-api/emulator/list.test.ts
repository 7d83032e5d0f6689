import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startIdentityApi } from "../emulator.js";
import { at, everything, type Started, send } from "./test-client.js";

let server: Started;
beforeAll(async () => {
	server = await startIdentityApi({ users: 60, seed: 4, now: at });
});
afterEach(() => server.reset());
afterAll(() => server.close());

describe("the list", () => {
	it("gives every identity of both tenants once, by id", async () => {
		const all = await everything(server);
		const ids = all.map(({ id }) => id);
		expect(ids).toEqual([...new Set(ids)].sort());
		expect(new Set(all.map((one) => one.tenant_id)).size).toBe(2);
		expect(all).toHaveLength(66);
	});

	it("agrees with truth in the tenant of the stack entry", async () => {
		const all = await everything(server, `&filter[tenant_id]=${server.system.options?.tenantId}`);
		expect(all.map(({ id, privileged }) => [id, privileged])).toEqual(
			server
				.truth()
				.accounts.map(({ id, privileged }) => [id, privileged])
				.sort(),
		);
	});

	it("holds all filters at once and says the total", async () => {
		const { body } = await send(server, "/v1/identity?filter[privileged]=true&filter[mfa_enrolled]=false&page[limit]=1");
		const fitting = (await everything(server)).filter((one) => one.privileged && !one.mfa_enrolled);
		expect(body.pagination?.total).toBe(fitting.length);
		expect(body.data).toHaveLength(Math.min(1, fitting.length));
	});

	it("keeps scores, levels and factors in agreement", async () => {
		for (const one of await everything(server)) {
			const band = one.risk_score <= 20 ? "low" : one.risk_score <= 50 ? "medium" : one.risk_score <= 75 ? "high" : "critical";
			expect(one.risk_level).toBe(band);
			expect(one.mfa_enrolled).toBe(one.mfa_methods.length > 0);
			expect(one.last_login_ip === null).toBe(one.last_login_at === null);
		}
	});

	it.each(["page[limit]=0", "page[limit]=201", "page[limit]=x", "filter[email]=a", "filter[risk_level]=awful", "sort=id", "page[cursor]=zzz"])(
		"refuses ?%s",
		async (query) => {
			const { status, body } = await send(server, `/v1/identity?${query}`);
			expect([status, body.error?.code]).toEqual([400, "bad_request"]);
		},
	);

	it("binds a cursor to its filters", async () => {
		const { body } = await send(server, "/v1/identity?page[limit]=5");
		const other = await send(server, `/v1/identity?filter[provider]=okta&page[cursor]=${body.pagination?.next_cursor}`);
		expect(other.status).toBe(400);
	});

	it("goes on after an identity that vanished meanwhile", async () => {
		const first = await send(server, "/v1/identity?page[limit]=5");
		const before = await everything(server);
		server.mutate(0.5);
		const rest = await send(server, `/v1/identity?page[limit]=200&page[cursor]=${first.body.pagination?.next_cursor}`);
		const now = new Set((await everything(server)).map(({ id }) => id));
		expect(rest.body.data?.map(({ id }) => id)).toEqual(before.flatMap(({ id }, place) => (place >= 5 && now.has(id) ? [id] : [])));
	});

	it("answers in the other shapes that the contract allows", async () => {
		server.choices.shape = "array";
		expect((await send(server, "/v1/identity")).body).toHaveLength(66);
		server.choices.shape = "unpaged";
		const { body } = await send(server, "/v1/identity");
		expect(Object.keys(body)).toEqual(["data"]);
		server.reset();
		server.choices.pagingKey = "meta";
		expect((await send(server, "/v1/identity")).body).toHaveProperty("meta.has_more", true);
	});

	it("repeats a page when told to", async () => {
		server.faults.push({ do: "repeat-page", how: "loop", after: 1 });
		const first = await send(server, "/v1/identity?page[limit]=5");
		const second = await send(server, `/v1/identity?page[limit]=5&page[cursor]=${first.body.pagination?.next_cursor}`);
		expect(second.body.pagination?.next_cursor).toBe(first.body.pagination?.next_cursor);
	});
});
