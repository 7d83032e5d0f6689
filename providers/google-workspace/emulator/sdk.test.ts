import { admin, type admin_directory_v1, auth } from "@googleapis/admin";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EmulatedWorkspace, startGoogleWorkspace } from "../emulator.js";
import { actScopes, full } from "./scopes.js";

/** The client knows the vendor's hosts only: this one carries the requests out on the loopback. */
function clientOf(tenant: EmulatedWorkspace): admin_directory_v1.Admin {
	const fetchImplementation: typeof fetch = (input, init) => {
		const { pathname, search } = new URL(input instanceof Request ? input.url : input);
		return fetch(tenant.system.url + pathname + search, init);
	};
	const { key, subject } = tenant.system.act as { key: string; subject: string };
	const file = JSON.parse(key) as { client_email: string; private_key: string; private_key_id: string };
	const jwt = new auth.JWT({
		email: file.client_email,
		key: file.private_key,
		keyId: file.private_key_id,
		subject,
		scopes: actScopes.map(full),
		transporterOptions: { fetchImplementation },
	});
	return admin({ version: "directory_v1", auth: jwt });
}

/** What the client's error says: status, message and the vendor's reason. */
function said(error: unknown): unknown[] {
	const { message, status, response } = error as Error & { status: number; response: { data: { error: { errors: { reason: string }[] } } } };
	return [status, message, response.data.error.errors[0]?.reason];
}

describe("the vendor's client", () => {
	let tenant: EmulatedWorkspace;
	let client: admin_directory_v1.Admin;
	beforeAll(async () => {
		// The client signs with the clock of this machine.
		tenant = await startGoogleWorkspace({ users: 450, seed: 7, now: Date.now() });
	});
	afterAll(() => tenant.close());
	afterEach(() => tenant.reset());
	const fresh = () => {
		client = clientOf(tenant);
		return client;
	};

	it("pages", async () => {
		const { users } = fresh();
		const ids: string[] = [];
		let pageToken: string | undefined;
		do {
			const { data } = await users.list({ customer: "my_customer", maxResults: 200, orderBy: "email", ...(pageToken && { pageToken }) });
			ids.push(...(data.users ?? []).map(({ id }) => id ?? ""));
			pageToken = data.nextPageToken ?? undefined;
		} while (pageToken);
		expect(new Set(ids).size).toBe(450);
		expect(tenant.requests.filter(({ path }) => path === "/token")).toHaveLength(1);
		expect(tenant.requests.filter(({ path }) => path.endsWith("/users"))).toHaveLength(3);
	});

	it("tries again after a 429 by itself", async () => {
		tenant.choices.throttle = "rateLimitExceeded";
		tenant.faults.push({ do: "throttle", path: /\/domains/, times: 1 });
		const { data } = await fresh().domains.list({ customer: "my_customer" }, { retryConfig: { retryDelay: 1 } });
		expect(data.domains).toHaveLength(2);
		expect(tenant.requests.filter(({ path }) => path.endsWith("/domains")).map(({ status }) => status)).toEqual([429, 200]);
	});

	it("takes the usual refusal of too many requests for a lack of rights, unless told otherwise", async () => {
		tenant.faults.push({ do: "throttle", path: /\/domains/, times: 1 });
		const error = await fresh()
			.domains.list({ customer: "my_customer" })
			.catch((one: unknown) => one);
		expect(said(error)).toEqual([403, "User Rate Limit Exceeded", "userRateLimitExceeded"]);
		tenant.reset();
		tenant.faults.push({ do: "throttle", path: /\/domains/, times: 1 });
		const config = { retryConfig: { retry: 2, retryDelay: 1, statusCodesToRetry: [[403, 403]] } };
		expect((await fresh().domains.list({ customer: "my_customer" }, config)).data.domains).toHaveLength(2);
	});

	it("understands errors of the API and of the token endpoint", async () => {
		const missing = await fresh()
			.users.get({ userKey: "nobody@tenant-7.example" })
			.catch((one: unknown) => one);
		expect(said(missing)).toEqual([404, "Resource Not Found: userKey", "notFound"]);
		tenant.choices.blocked = true;
		const denied = await fresh()
			.users.get({ userKey: "nobody@tenant-7.example" })
			.catch((one: unknown) => one);
		expect(denied).toMatchObject({ response: { status: 403, data: { error: "access_denied" } } });
	});

	it("writes", async () => {
		const { users, members, groups } = fresh();
		const [user] = (await users.list({ customer: "my_customer", query: "isSuspended=false isAdmin=false", maxResults: 1 })).data.users ?? [];
		const userKey = user?.id ?? "";
		expect((await users.update({ userKey, requestBody: { suspended: true } })).data.suspended).toBe(true);
		expect((await users.get({ userKey })).data.suspensionReason).toBe("ADMIN");
		expect((await users.signOut({ userKey })).status).toBe(204);
		const made = await groups.insert({ requestBody: { email: "sdk@tenant-7.example", name: "Client" } });
		const groupKey = made.data.id ?? "";
		await members.insert({ groupKey, requestBody: { id: userKey, role: "OWNER" } });
		expect((await members.list({ groupKey })).data.members?.map(({ id }) => id)).toEqual([userKey]);
		expect((await members.delete({ groupKey, memberKey: userKey })).status).toBe(204);
	});

	it("is given the fields it asks for", async () => {
		const { data } = await fresh().users.list({ customer: "my_customer", maxResults: 2, fields: "users(id,emails)" });
		expect(data.users?.map((user) => Object.keys(user))).toEqual([
			["id", "emails"],
			["id", "emails"],
		]);
	});
});
