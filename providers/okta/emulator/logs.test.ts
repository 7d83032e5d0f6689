import { afterEach, beforeEach, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator } from "../emulator.js";
import { BUILT_AT, makeUser } from "./build.js";
import { all, type Client, clientOf } from "./test-client.js";

let emulator: Emulator;
let at: Client;
let user: string;

beforeEach(async () => {
	const state = emptyTenant();
	user = makeUser(state, "u@corp.example");
	emulator = await startEmulator({ state, limits: "off", clock: () => BUILT_AT });
	at = clientOf(emulator.url);
});
afterEach(() => emulator.close());

const iso = (offset: number): string => new Date(BUILT_AT + offset).toISOString();
const hour = 3_600_000;

async function suspendAndBack(times: number): Promise<void> {
	for (let i = 0; i < times; i++) {
		emulator.advance(1000);
		await at(`POST /api/v1/users/${user}/lifecycle/suspend`);
		await at(`POST /api/v1/users/${user}/lifecycle/unsuspend`);
	}
}

it("polls without end, and goes on where it stopped", async () => {
	await suspendAndBack(3);
	const first = await at("GET /api/v1/logs?limit=4");
	expect(first.body).toHaveLength(4);
	const second = await at(`GET ${first.next}`);
	const empty = await at(`GET ${second.next}`);
	expect([second.body.length, empty.body.length]).toEqual([2, 0]);
	await suspendAndBack(1);
	expect((await at(`GET ${empty.next}`)).body.map((event: { eventType: string }) => event.eventType)).toEqual([
		"user.lifecycle.suspend",
		"user.lifecycle.unsuspend",
	]);
});

it("ends a bounded query, in both orders", async () => {
	await suspendAndBack(5);
	const bounds = `since=${iso(-hour)}&until=${iso(hour)}&limit=3`;
	const up = (await all(at, `/api/v1/logs?${bounds}`)).rows as unknown as { uuid: string; published: string }[];
	const down = (await all(at, `/api/v1/logs?${bounds}&sortOrder=DESCENDING`)).rows as unknown as { uuid: string }[];
	expect(up).toHaveLength(10);
	expect(up.map((event) => event.published)).toEqual(up.map((event) => event.published).sort());
	expect(down.map((event) => event.uuid)).toEqual(up.map((event) => event.uuid).reverse());
});

it("filters by event type and target", async () => {
	await suspendAndBack(2);
	const count = async (filter: string): Promise<number> => (await at(`GET /api/v1/logs?filter=${encodeURIComponent(filter)}`)).body.length;
	expect(await count('eventType eq "user.lifecycle.suspend"')).toBe(2);
	expect(await count('eventType sw "user.lifecycle"')).toBe(4);
	expect(await count(`target.id eq "${user}" and eventType ew "unsuspend"`)).toBe(2);
	expect(await count('target.id eq "00u"')).toBe(0);
	expect((await at(`GET /api/v1/logs?filter=${encodeURIComponent('published gt "2025-01-01T00:00:00Z"')}`)).body.errorCode).toBe("E0000053");
});

it("refuses a start more than 180 days back and a date that is none", async () => {
	expect((await at(`GET /api/v1/logs?since=${iso(-181 * 24 * hour)}`)).body.errorCode).toBe("E0000053");
	expect((await at(`GET /api/v1/logs?since=${iso(-179 * 24 * hour)}`)).status).toBe(200);
	expect((await at("GET /api/v1/logs?since=yesterday")).body.errorCode).toBe("E0000001");
});

it("shows a late event to a poll that has passed its time, but dates it when it happened", async () => {
	emulator.knobs.logDelayMs = 60_000;
	await suspendAndBack(1);
	emulator.knobs.logDelayMs = 0;
	emulator.advance(5000);
	await at(`DELETE /api/v1/users/${user}/sessions`);
	const first = await at("GET /api/v1/logs");
	expect(first.body.map((event: { eventType: string }) => event.eventType)).toEqual(["user.session.clear"]);
	emulator.advance(60_000);
	const late = (await at(`GET ${first.next}`)).body;
	expect(late).toHaveLength(2);
	expect(late[0].published < first.body[0].published).toBe(true);
});
