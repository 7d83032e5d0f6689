import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, emptyTenant, startEmulator, type TenantState } from "../emulator.js";
import { BUILT_AT, makeGroup, makeUser } from "./build.js";
import type { Fault, Spoil } from "./knobs.js";
import { type Client, clientOf } from "./test-client.js";

let emulator: Emulator;
let state: TenantState;
let at: Client;
let ids: string[];

beforeEach(async () => {
	state = emptyTenant();
	ids = Array.from({ length: 9 }, (_, i) => makeUser(state, `u${i}@corp.example`)).sort();
	emulator = await startEmulator({ state, limits: "off", clock: () => BUILT_AT });
	at = clientOf(emulator.url);
});
afterEach(() => emulator.close());

const fault = (given: Fault): void => {
	emulator.knobs.faults = [given];
};
const idsOf = (rows: ({ id?: string } | null)[]): (string | undefined)[] => rows.map((row) => row?.id);

describe("faults", () => {
	it("touch only what matches, after some and for some", async () => {
		fault({ do: "status", status: 503, method: "GET", path: /users/, after: 1, times: 2 });
		const seen: number[] = [];
		for (let i = 0; i < 5; i++) seen.push((await at("GET /api/v1/users")).status, (await at("GET /api/v1/groups")).status);
		expect(seen).toEqual([200, 200, 503, 200, 503, 200, 200, 200, 200, 200]);
	});

	it("answer 429 in every form", async () => {
		fault({ do: "throttle", retryAfterSeconds: 7 });
		expect((await at("GET /api/v1/users")).headers.get("retry-after")).toBe("7");
		fault({ do: "throttle", retryAfterSeconds: 7, retryAfterForm: "date" });
		expect((await at("GET /api/v1/users")).headers.get("retry-after")).toBe(new Date(BUILT_AT + 7000).toUTCString());
		fault({ do: "throttle", zero: true });
		const { headers } = await at("GET /api/v1/users");
		expect([headers.get("retry-after"), headers.get("x-rate-limit-limit"), headers.get("x-rate-limit-remaining")]).toEqual([null, "0", "0"]);
	});

	it("send pages of HTML", async () => {
		fault({ do: "status", status: 502, body: "<html>Bad gateway</html>" });
		const answer = await at("GET /api/v1/users");
		expect([answer.status, answer.headers.get("content-type"), answer.text]).toEqual([502, "text/html", "<html>Bad gateway</html>"]);
	});

	it("cut the connection before the answer and within it", async () => {
		for (const where of ["before-headers", "mid-body"] as const) {
			fault({ do: "cut", at: where });
			await expect(at("GET /api/v1/users")).rejects.toThrow();
		}
		expect(emulator.requests.map((request) => request.status)).toEqual([0, 0]);
	});

	it("carry a write out and then cut, or answer 202", async () => {
		fault({ do: "cut", at: "after-write", method: "POST" });
		await expect(at(`POST /api/v1/users/${ids[0]}/lifecycle/suspend`)).rejects.toThrow();
		fault({ do: "status", status: 202, perform: true, method: "POST" });
		expect((await at(`POST /api/v1/users/${ids[1]}/lifecycle/suspend`)).status).toBe(202);
		fault({ do: "status", status: 200, method: "POST" });
		expect((await at(`POST /api/v1/users/${ids[2]}/lifecycle/suspend`)).status).toBe(200);
		const statuses = ids.slice(0, 3).map((id) => state.users.get(id)?.status);
		expect(statuses).toEqual(["SUSPENDED", "SUSPENDED", "ACTIVE"]);
	});

	it("spoil paging", async () => {
		const first = await at("GET /api/v1/users?limit=4");
		fault({ do: "expired-cursor" });
		expect((await at(`GET ${first.next}`)).body.errorCode).toBe("E0000031");
		fault({ do: "session", path: /after=/ });
		expect((await at(`GET ${first.next}`)).body.errorCode).toBe("E0000005");
		fault({ do: "repeat-page", how: "loop" });
		expect((await at(`GET ${first.next}`)).next).toBe(first.next);
		fault({ do: "foreign-next", origin: "https://elsewhere.example" });
		expect(new URL((await at("GET /api/v1/users?limit=4")).next ?? "").origin).toBe("https://elsewhere.example");
		fault({ do: "truncate" });
		const empty = await at("GET /api/v1/users?limit=4");
		expect([empty.status, empty.body, empty.next]).toEqual([200, [], undefined]);
	});

	it("serve a page twice, or an empty one, and then go on to the end", async () => {
		fault({ do: "repeat-page", how: "again", path: /after=/, times: 1 });
		const rows: string[] = [];
		for (let next: string | undefined = "/api/v1/users?limit=4"; next !== undefined; ) {
			const answer = await at(`GET ${next}`);
			rows.push(...answer.body.map((row: { id: string }) => row.id));
			next = answer.next;
		}
		expect(rows).toEqual([...ids.slice(0, 4), ...ids]);
		fault({ do: "empty-page", times: 1 });
		const empty = await at("GET /api/v1/users?limit=4");
		expect(empty.body).toEqual([]);
		expect(idsOf((await at(`GET ${empty.next}`)).body)).toEqual(ids.slice(0, 4));
	});

	it.each<[Spoil, (rows: Record<string, unknown>[]) => unknown, unknown]>([
		["null-item", (rows) => rows[1], null],
		["missing-id", (rows) => "id" in (rows[1] ?? {}), false],
		["unknown-enum", (rows) => rows[1]?.status, "SOMETHING_NEW"],
		["bad-date", (rows) => rows[1]?.created, "0000-13-45T99:99:99.999Z"],
		["extra-field", (rows) => "addedLater" in (rows[1] ?? {}), true],
		["missing-field", (rows) => "status" in (rows[1] ?? {}), false],
		["duplicate-item", (rows) => rows.length, 10],
		["number-string", (rows) => (rows[1]?.type as { id: unknown } | undefined)?.id ?? rows[1]?.type, expect.anything()],
	])("spoil records: %s", async (how, look, expected) => {
		fault({ do: "spoil", how, index: 1, path: /users/ });
		const { body } = await at("GET /api/v1/users");
		expect(look(body)).toEqual(expected);
		expect(body[0].status).toBe("ACTIVE");
	});

	it("write rate headers twice, or not at all", async () => {
		fault({ do: "rate-headers", how: "joined" });
		expect((await at("GET /api/v1/users")).headers.get("x-rate-limit-reset")).toMatch(/^\d+, \d+$/);
		fault({ do: "rate-headers", how: "absent" });
		expect((await at("GET /api/v1/users")).headers.get("x-rate-limit-reset")).toBeNull();
	});
});

describe("lags", () => {
	it("let search see the past while reads by id are fresh", async () => {
		emulator.knobs.searchLagMs = 10_000;
		emulator.advance(20_000);
		await at(`POST /api/v1/users/${ids[0]}/lifecycle/suspend`);
		const found = async (): Promise<number> => (await at(`GET /api/v1/users?search=${encodeURIComponent('status eq "SUSPENDED"')}`)).body.length;
		expect(await found()).toBe(0);
		expect((await at(`GET /api/v1/users/${ids[0]}`)).body.status).toBe("SUSPENDED");
		expect((await at(`GET /api/v1/users?filter=${encodeURIComponent('status eq "SUSPENDED"')}`)).body).toHaveLength(1);
		emulator.advance(10_001);
		expect(await found()).toBe(1);
	});

	it("delay what reads show of status, memberships and roles", async () => {
		const group = makeGroup(state, "G", [ids[0] ?? ""]);
		Object.assign(emulator.knobs, { statusLagMs: 5000, membersLagMs: 5000, rolesLagMs: 5000 });
		emulator.advance(20_000);
		await at(`POST /api/v1/users/${ids[0]}/lifecycle/suspend`);
		await at(`DELETE /api/v1/groups/${group}/users/${ids[0]}`);
		await at(`PUT /api/v1/groups/${group}/users/${ids[1]}`);
		await at(`POST /api/v1/users/${ids[1]}/roles`, { type: "ORG_ADMIN" });
		const seen = async () => [
			(await at(`GET /api/v1/users/${ids[0]}`)).body.status,
			idsOf((await at(`GET /api/v1/groups/${group}/users`)).body),
			(await at(`GET /api/v1/users/${ids[1]}/roles`)).body.length,
		];
		expect(await seen()).toEqual(["ACTIVE", [ids[0]], 0]);
		emulator.advance(5001);
		expect(await seen()).toEqual(["SUSPENDED", [ids[1]], 1]);
	});

	it("skew the org's clock", async () => {
		emulator.knobs.clockSkewMs = 120_000;
		expect((await at("GET /api/v1/users")).headers.get("date")).toBe(new Date(BUILT_AT + 120_000).toUTCString());
	});
});
