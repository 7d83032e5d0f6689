import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AccountRecord } from "../../src/model/account.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import type { IdentityConnection } from "./connection.js";
import { startIdentityApi } from "./emulator.js";
import { connectTo, scan, testNow } from "./test-api.js";
import type { WireIdentity } from "./wire.js";

let server: Awaited<ReturnType<typeof startIdentityApi>>;
let store: Store;
const open: IdentityConnection[] = [];
beforeAll(async () => {
	server = await startIdentityApi({ users: 230, seed: 11, now: testNow });
});
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	await store?.close();
	server.reset();
});
afterAll(() => server.close());

async function reading(change: { options?: Record<string, unknown>; credential?: Record<string, unknown> } = {}) {
	const { url, auth, options = {} } = server.system;
	const connection = await connectTo({ url, credential: auth, options, now: server.now, advance: server.advance, ...change });
	open.push(connection);
	return connection;
}

async function read(into?: Store, change?: Parameters<typeof reading>[0]) {
	if (!into) store = await openStore("sqlite::memory:");
	return scan(await reading(change), into ?? store, server.now());
}

async function wire(): Promise<WireIdentity[]> {
	const { url, auth, options } = server.system;
	const found: WireIdentity[] = [];
	for (let cursor = ""; ; ) {
		const address = `${url}/v1/identity?filter[tenant_id]=${options?.tenantId}&page[limit]=200${cursor && `&page[cursor]=${cursor}`}`;
		const body = (await (await fetch(address, { headers: { authorization: `Bearer ${auth.token}` } })).json()) as {
			data: WireIdentity[];
			pagination: { next_cursor: string | null };
		};
		found.push(...body.data);
		if (body.pagination.next_cursor === null) return found;
		cursor = body.pagination.next_cursor;
	}
}

describe("reading the Identity API", () => {
	it("finds the tenant's identities and nobody else's, field by field", async () => {
		const found = await read();
		const accounts = new Map((await found.records("accounts")).map(({ id, body }) => [id, body as AccountRecord]));
		expect([...accounts.keys()].sort()).toEqual(
			server
				.truth()
				.accounts.map(({ id }) => id)
				.sort(),
		);
		expect(["accounts", "risks", "authenticators", "roleAssignments"].map((name) => found.coverage(name as "accounts").state)).toEqual(
			Array(4).fill("complete"),
		);
		for (const one of await wire()) {
			const at = one.last_login_at === null ? null : Date.parse(one.last_login_at);
			expect(accounts.get(one.id)).toMatchObject({
				id: one.id,
				login: one.email,
				email: one.email,
				displayName: one.display_name,
				status: one.status,
				lastActivity: at,
				activitySignal: "last_login_at",
				created: Date.parse(one.created_at),
				credentialProvider: one.provider === "local" ? "local" : "unknown",
				profile: {
					tenantId: one.tenant_id,
					riskScore: one.risk_score,
					riskLevel: one.risk_level,
					mfaEnrolled: one.mfa_enrolled,
					mfaMethods: JSON.stringify(one.mfa_methods),
					privileged: one.privileged,
					roles: JSON.stringify(one.roles),
					provider: one.provider,
					providerId: one.provider_id,
					lastLoginIp: one.last_login_ip,
					lastLoginCountry: one.last_login_country,
				},
			});
		}
		for (const { id, enabled } of server.truth().accounts) {
			const account = accounts.get(id);
			expect(account?.enabled).toBe(account?.status === "locked" ? undefined : enabled);
		}
	});

	it.each([{ shape: "array" }, { shape: "unpaged" }, { pagingKey: "meta" }] as const)("understands an API with %j", async (choice) => {
		Object.assign(server.choices, choice);
		const found = await read();
		expect(found.coverage("accounts")).toMatchObject({ state: "complete", known: 230 });
	});

	it("reads again the next time, and tells who is gone", async () => {
		await read();
		const gone = new Set(server.truth().accounts.map(({ id }) => id));
		server.mutate(0.05);
		for (const { id } of server.truth().accounts) gone.delete(id);
		expect(gone.size).toBeGreaterThan(0);
		const second = await read(store);
		expect(second.coverage("accounts").state).toBe("complete");
		const ids = (await second.records("accounts")).map(({ id }) => id);
		for (const id of gone) expect(ids).not.toContain(id);
	});

	it("does not believe that everybody is gone, nor more than half", async () => {
		await read();
		server.faults.push({ do: "truncate" });
		const empty = await read(store);
		expect(empty.coverage("accounts").state).not.toBe("complete");
		expect(await empty.records("accounts")).toHaveLength(230);
	});

	it("names the permission that is missing", async () => {
		server.withhold(["identity:read"]);
		const found = await read();
		expect(found.coverage("accounts")).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "identity:read" }] });
		expect(found.coverage("authenticators").reasons[0]?.cause).toBe("depends");
	});

	it("keeps what came before a token was refused in the middle, and calls it partial", async () => {
		server.faults.push({ do: "status", status: 401, body: { error: { code: "unauthorized", message: "x" } }, after: 1 });
		const found = await read();
		expect(found.coverage("accounts")).toMatchObject({ state: "partial", known: 200 });
		expect(found.coverage("risks").state).toBe("partial");
	});

	it.each(["loop", "again"] as const)("does not go round in a circle of pages (%s)", async (how) => {
		server.faults.push({ do: "repeat-page", how, after: 1 });
		const found = await read();
		expect(found.coverage("accounts").state).toBe("partial");
		expect(found.coverage("accounts").reasons[0]?.cause).toBe("cut-off");
	});

	it("says that a tenant is another, not that it is empty", async () => {
		const found = await read(undefined, { options: { tenantId: "ten_other" } });
		expect(found.coverage("accounts")).toMatchObject({ state: "unreadable", reasons: [{ cause: "floor" }] });
		expect(found.coverage("accounts").reasons[0]?.detail).toContain("ten_other");
	});

	it("waits when it is told to, and reads on", async () => {
		server.faults.push({ do: "throttle", retryAfterSeconds: 7, times: 2 });
		expect((await read()).coverage("accounts").state).toBe("complete");
	});

	it("opens no connection without TLS to another machine, nor with a token that cannot be sent", async () => {
		const at = { now: () => testNow, advance: () => {} };
		await expect(connectTo({ url: "http://identity.acme.example", ...at })).rejects.toThrow("must begin with https://");
		await expect(connectTo({ url: server.system.url, credential: { method: "bearer", token: " " }, ...at })).rejects.toThrow("auth is missing");
		const secret = "idt_secret\u0001x";
		const refused = await connectTo({ url: server.system.url, credential: { method: "bearer", token: secret }, ...at }).catch((error: Error) => error);
		expect(String(refused)).toContain("cannot be sent");
		expect(String(refused)).not.toContain("idt_secret");
		await expect(connectTo({ url: server.system.url, credential: { method: "basic" }, ...at })).rejects.toThrow("must be bearer");
	});
});
