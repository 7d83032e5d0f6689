import { afterEach, describe, expect, it } from "vitest";
import { type Emulator, type EmulatorOptions, emptyTenant, startEmulator } from "../emulator.js";
import { BUILT_AT, makeUser } from "./build.js";
import { bucketOf } from "./limits.js";
import { clientOf } from "./test-client.js";

let emulator: Emulator | undefined;
afterEach(async () => {
	await emulator?.close();
	emulator = undefined;
});

async function start(options: Partial<EmulatorOptions>) {
	const state = emptyTenant();
	makeUser(state, "u@corp.example");
	const started = await startEmulator({ state, clock: () => BUILT_AT, ...options });
	emulator = started;
	return clientOf(started.url);
}

const rate = (headers: Headers): number[] => ["limit", "remaining", "reset"].map((name) => Number(headers.get(`x-rate-limit-${name}`)));

describe("rate limits", () => {
	it("give one token half a bucket, say so, and start anew a minute after the first request", async () => {
		const at = await start({ limits: { perMinute: { users: 6 } } });
		const seen = [];
		for (let i = 0; i < 4; i++) seen.push(await at("GET /api/v1/users"));
		expect(seen.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
		const reset = BUILT_AT / 1000 + 60;
		expect(seen.map((answer) => rate(answer.headers))).toEqual([3, 3, 3, 3].map((limit, i) => [limit, Math.max(0, 2 - i), reset]));
		expect(seen[3]?.body).toMatchObject({ errorCode: "E0000047", errorLink: "E0000047", errorCauses: [] });
		expect(seen[3]?.headers.get("date")).toBe(new Date(BUILT_AT).toUTCString());
		expect((await at("GET /api/v1/groups")).status).toBe(200);
		emulator?.advance(59_999);
		expect((await at("GET /api/v1/users")).status).toBe(429);
		emulator?.advance(1);
		expect((await at("GET /api/v1/users")).status).toBe(200);
		expect((await at("GET /api/v1/logs")).body.map((event: { eventType: string }) => event.eventType)).toEqual(["system.operation.rate_limit.violation"]);
	});

	it("answer too many requests at once with zeros", async () => {
		const at = await start({ limits: { concurrent: 2 }, knobs: { latencyMs: 100 } });
		const answers = await Promise.all(Array.from({ length: 5 }, () => at("GET /api/v1/users")));
		const refused = answers.filter((answer) => answer.status === 429);
		expect(refused.map((answer) => rate(answer.headers).slice(0, 2))).toEqual([
			[0, 0],
			[0, 0],
			[0, 0],
		]);
	});

	it("can be off, and are on every answer even so", async () => {
		const at = await start({ limits: "off" });
		for (let i = 0; i < 40; i++) expect((await at("GET /api/v1/apps")).status).toBe(200);
		expect(rate((await at("GET /api/v1/none")).headers)[1]).toBeGreaterThan(1000);
	});

	it.each([
		["GET", "/api/v1/users", "users"],
		["GET", "/api/v1/users/{id}", "user"],
		["POST", "/api/v1/users/{id}", "user-write"],
		["POST", "/api/v1/users/{id}/lifecycle/suspend", "other"],
		["GET", "/api/v1/groups/{groupId}/users", "other"],
		["GET", "/api/v1/apps/{appId}", "app"],
		["GET", "/api/v1/apps/{appId}/users", "apps"],
		["GET", "/api/v1/logs", "logs"],
		["GET", "/oauth2/v1/clients/{clientId}/roles", "clients"],
	])("%s %s draws from %s", (method, template, bucket) => {
		expect(bucketOf(method, template)).toBe(bucket);
	});
});
