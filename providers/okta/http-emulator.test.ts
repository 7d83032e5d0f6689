import { setTimeout as pause } from "node:timers/promises";
import { exportJWK } from "jose";
import { afterEach, expect, test } from "vitest";
import { createJumpClock } from "../../src/provider/test-clock.js";
import { DEFAULT_TOKEN, type Emulator, type EmulatorOptions, emptyTenant, startEmulator } from "./emulator.js";
import { connectHttp, type OktaHttp } from "./http.js";
import { pages } from "./paging.js";
import { keys, pem } from "./test-token-org.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

interface Session {
	emulator: Emulator;
	http: OktaHttp;
	clock: ReturnType<typeof createJumpClock>;
}

async function connect(
	groups: number,
	options: Partial<EmulatorOptions>,
	credential: Record<string, unknown>,
	scopes = ["okta.groups.read"],
): Promise<Session> {
	const state = emptyTenant();
	for (let index = 0; index < groups; index++) {
		const id = `00g${String(index).padStart(17, "0")}`;
		const at = "2025-01-01T00:00:00.000Z";
		const group = {
			id,
			created: at,
			lastUpdated: at,
			lastMembershipUpdated: at,
			objectClass: ["okta:user_group"],
			type: "OKTA_GROUP",
			profile: { name: `Group ${index}`, description: "" },
		};
		state.groups.set(id, group as never);
		state.members.set(id, new Set());
	}
	const clock = createJumpClock(Math.floor(Date.now() / 1000) * 1000);
	const emulator = await startEmulator({ state, clock: clock.now, ...options });
	// Time passes only when the org has answered all that was sent: the pace must not depend on this machine's.
	const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
		do await pause(50, undefined, { signal });
		while (http.requests() > emulator.requests.length);
		await clock.sleep(ms, signal);
	};
	const config = { system: "okta", url: emulator.url, credential, options: {}, purpose: "read" as const, now: clock.now, log() {} };
	const http = await connectHttp(config, { scopes, sleep });
	open.push(http, emulator);
	return { emulator, http, clock };
}

const appCredential = { method: "private-key-jwt", clientId: "0oaREAD", key: pem, keyId: "k1" };

async function app(dpop: boolean, scopes: string[]): Promise<EmulatorOptions["auth"]> {
	const jwk = { ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "ES256" };
	return { clients: [{ clientId: "0oaREAD", jwks: { keys: [jwk] }, scopes, dpop }] };
}

async function readGroups(http: OktaHttp, limit: number): Promise<{ ids: Set<unknown>; closed: boolean | undefined }> {
	const ids = new Set<unknown>();
	let closed: boolean | undefined;
	for await (const page of pages(http.client, { method: "GET", path: "/api/v1/groups", query: { limit } })) {
		for (const item of page.items) ids.add(Reflect.get(item, "id"));
		closed = page.end?.closed;
	}
	return { ids, closed };
}

test.each([true, false])("a service app reads a list to its end (DPoP: %s)", async (dpop) => {
	const { http } = await connect(25, { auth: await app(dpop, ["okta.groups.read"]) }, appCredential, ["okta.groups.read", "okta.apps.read"]);
	const { ids, closed } = await readGroups(http, 10);
	expect(ids.size).toBeGreaterThanOrEqual(25);
	expect(closed).toBe(true);
	expect(await http.missingScopes()).toEqual(["okta.apps.read"]);
});

test("many callers at once: in the steady state no request is refused, and the limit is nearly used up", async () => {
	const credential = { method: "ssws", token: DEFAULT_TOKEN };
	const { http, emulator, clock } = await connect(600, { limits: { perMinute: { other: 120 }, clientPercent: 100 } }, credential);
	const { ids } = await readGroups(http, 200);
	const began = clock.now();
	await Promise.all([...ids].map((id) => http.client.send({ method: "GET", path: "/api/v1/groups/{groupId}/users", params: { groupId: String(id) } })));
	expect(emulator.requests.filter(({ status }) => status === 429)).toHaveLength(0);
	expect(clock.now() - began).toBeLessThanOrEqual(1.1 * (ids.size / 120) * 60_000);
});

test("an org that allows few requests at once is read without failure", async () => {
	const credential = { method: "ssws", token: DEFAULT_TOKEN };
	const { http, emulator } = await connect(120, { limits: { concurrent: 4 }, knobs: { latencyMs: 2 } }, credential);
	const { ids } = await readGroups(http, 200);
	await Promise.all([...ids].map((id) => http.client.send({ method: "GET", path: "/api/v1/groups/{groupId}/users", params: { groupId: String(id) } })));
	expect(emulator.requests.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(ids.size);
	const refused = emulator.requests.filter(({ status }) => status === 429).length;
	expect(refused).toBeGreaterThan(0);
	expect(http.client.stats()).toMatchObject({ concurrencyThrottled: refused });
});
