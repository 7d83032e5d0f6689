import { createRequire } from "node:module";
import { exportJWK } from "jose";
import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_TOKEN, type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { makeFactor, makeGroup, makeRole, makeUser } from "./build.js";
import { makeKey } from "./test-client.js";

// The vendor's own client, as somebody else's program.
const sdk = createRequire(import.meta.url)("@okta/okta-sdk-nodejs") as typeof import("@okta/okta-sdk-nodejs");

let emulator: Emulator;
afterEach(() => emulator.close());

function tenant() {
	const state = emptyTenant();
	const users = Array.from({ length: 450 }, (_, i) => makeUser(state, `u${i}@corp.example`));
	const user = users[7] ?? "";
	makeFactor(state, user, "webauthn");
	makeRole(state, "user", user, "HELP_DESK_ADMIN");
	const group = makeGroup(state, "Engineers", users.slice(0, 30));
	state.sessions.set(user, [{ id: "s", created: "2025-01-01T00:00:00.000Z" }]);
	return { state, user, group };
}

async function ids(collection: { each: (visit: (item: { id?: string } | null) => void) => Promise<unknown> }): Promise<(string | undefined)[]> {
	const found: (string | undefined)[] = [];
	await collection.each((item) => {
		found.push(item?.id);
	});
	return found;
}

type SdkClient = InstanceType<typeof sdk.Client>;

async function walk(client: SdkClient, { state, user, group }: ReturnType<typeof tenant>): Promise<void> {
	expect(new Set(await ids(await client.userApi.listUsers())).size).toBe(450);
	expect(await ids(await client.groupApi.listGroups())).toEqual([group]);
	expect(await ids(await client.groupApi.listGroupUsers({ groupId: group }))).toHaveLength(30);
	expect(await ids(await client.userFactorApi.listFactors({ userId: user }))).toHaveLength(1);
	expect(await ids(await client.roleAssignmentApi.listAssignedRolesForUser({ userId: user }))).toHaveLength(1);
	await client.userApi.suspendUser({ userId: user });
	expect((await client.userApi.getUser({ userId: user })).status).toBe("SUSPENDED");
	await client.userApi.revokeUserSessions({ userId: user });
	expect(state.sessions.has(user)).toBe(false);
}

describe("the vendor's own client", () => {
	it("works with an API token", async () => {
		const made = tenant();
		emulator = await startEmulator({ state: made.state, limits: "off" });
		const client = new sdk.Client({ orgUrl: emulator.url, token: DEFAULT_TOKEN, cacheMiddleware: null } as never);
		await walk(client, made);
		const refusal = await client.userApi.suspendUser({ userId: made.user }).catch((error: unknown) => error);
		expect(refusal).toMatchObject({ status: 400, errorCode: "E0000001" });
	});

	it("waits out a 429 by the reset header, as the vendor tells it to", async () => {
		const made = tenant();
		emulator = await startEmulator({ state: made.state, limits: "off" });
		emulator.knobs.faults = [{ do: "throttle", times: 1 }];
		const waits: number[] = [];
		const requestExecutor = new sdk.DefaultRequestExecutor();
		requestExecutor.on("backoff", (_request: unknown, _response: unknown, _id: unknown, delayMs: number) => {
			waits.push(delayMs);
		});
		// Nobody waits a minute here.
		(requestExecutor as unknown as { getRetryDelayMs: () => number }).getRetryDelayMs = () => 1;
		const client = new sdk.Client({ orgUrl: emulator.url, token: DEFAULT_TOKEN, requestExecutor, cacheMiddleware: null } as never);
		expect(await ids(await client.groupApi.listGroups())).toEqual([made.group]);
		expect([waits, emulator.requests.map((request) => request.status)]).toEqual([[1], [429, 200]]);
	});

	it.each([
		["bearer tokens", false],
		["DPoP", true],
	])("works with private_key_jwt and %s", async (_, dpop) => {
		const made = tenant();
		const { key, jwk } = await makeKey("sdk", "RS256");
		const scopes = ["okta.users.manage", "okta.groups.read", "okta.roles.read"];
		emulator = await startEmulator({ state: made.state, limits: "off", auth: { clients: [{ clientId: "0oaSdk", jwks: { keys: [jwk] }, scopes, dpop }] } });
		const privateKey = { ...(await exportJWK(key.privateKey)), kid: "sdk", alg: "RS256" };
		const options = {
			orgUrl: emulator.url,
			authorizationMode: "PrivateKey",
			clientId: "0oaSdk",
			scopes,
			privateKey: JSON.stringify(privateKey),
			keyId: "sdk",
			cacheMiddleware: null,
		};
		await walk(new sdk.Client(options as never), made);
		const tokenCalls = emulator.requests.filter((request) => request.path === "/oauth2/v1/token").map((request) => request.status);
		expect(tokenCalls).toEqual(dpop ? [400, 200] : [200]);
	});
});
