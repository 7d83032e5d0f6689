import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { mostRequests } from "./read-activity.js";
import { memoryStore, noScope, type PathServer, type Reply, type Scanned, scanOrg, servePaths, testNow, user } from "./test-scan.js";

const only = ["accounts" as const, "activity" as const];
const hour = 3600_000;
const day = 24 * hour;
const sso = (id: string, at: number, eventType = "user.authentication.sso"): object => ({
	uuid: `${id}-${at}`,
	eventType,
	published: new Date(at).toISOString(),
	actor: { id, type: "User" },
	outcome: { result: "SUCCESS" },
});

let org: PathServer;
let store: Store;
beforeEach(async () => {
	store = await memoryStore();
	org = await servePaths({ "/api/v1/users": [user("00u1"), user("00u2")], "/api/v1/logs": [] });
});
afterEach(() => org.close());

const scan = (now = testNow, full = false): Promise<Scanned> => scanOrg(org, store, { only, now, full });
const bodies = async (read: Scanned): Promise<Record<string, object>> => Object.fromEntries((await read.records("activity")).map(({ id, body }) => [id, body]));
/** In whole seconds: that is how finely the org's clock is known. */
const second = (text: string | null): number => Math.floor(Date.parse(text ?? "") / 1000) * 1000;
const windows = (): { since: number; until: number; order: string | null }[] =>
	org.asked
		.filter((path) => path.startsWith("/api/v1/logs"))
		.map((path) => new URL(path, org.url).searchParams)
		.map((query) => ({ since: second(query.get("since")), until: second(query.get("until")), order: query.get("sortOrder") }));

/** A log that never ends: each page has one event, a minute before the last. */
const endless = (url: URL): Reply => {
	const place = Number(url.searchParams.get("after") ?? 0);
	const next = new URL(url);
	next.searchParams.set("after", String(place + 1));
	return { body: [sso("00u1", testNow - place * 60_000)], headers: { link: `<${next.href}>; rel="next"` } };
};

describe("activity", () => {
	it("is the newest sign-in of each account, from 90 days that end with the scan, newest first", async () => {
		org.answers["/api/v1/logs"] = [sso("00u1", testNow - hour, "user.session.start"), sso("00u2", testNow - day), sso("00u1", testNow - 2 * day)];
		const read = await scan();
		expect(await bodies(read)).toEqual({
			"00u1": { at: testNow - hour, signal: "user.session.start" },
			"00u2": { at: testNow - day, signal: "user.authentication.sso" },
		});
		expect(read.coverage.activity).toMatchObject({ state: "complete", known: 2, reasons: [] });
		expect(windows()).toEqual([{ since: testNow - 90 * day, until: testNow, order: "DESCENDING" }]);
	});

	it("later is what came since, with an overlap for late events; what did not change is not written", async () => {
		org.answers["/api/v1/logs"] = [sso("00u2", testNow - hour), sso("00u1", testNow - day)];
		await scan();
		org.reset();
		org.answers["/api/v1/logs"] = [sso("00u1", testNow + hour), sso("00u2", testNow - hour)];
		const read = await scan(testNow + 2 * hour);
		expect(windows()).toEqual([{ since: testNow - 15 * 60_000, until: testNow + 2 * hour, order: "DESCENDING" }]);
		expect(await bodies(read)).toMatchObject({ "00u1": { at: testNow + hour }, "00u2": { at: testNow - hour } });
		expect(await store.history("okta", "activity", "00u2")).toHaveLength(1);
		expect(await store.history("okta", "activity", "00u1")).toHaveLength(2);
		expect(read.coverage.activity).toMatchObject({ state: "complete", known: 2 });
	});

	it.each([
		["asked for everything", hour, true],
		["away for longer than the log is kept", 100 * day, false],
	])("when %s is read of 90 days again", async (_, later, full) => {
		await scan();
		org.reset();
		await scan(testNow + later, full);
		expect(windows()).toMatchObject([{ since: testNow + later - 90 * day }]);
	});

	it("never goes back, whatever the log answers in whatever order", async () => {
		const event = fc.tuple(fc.constantFrom("00u1", "00u2"), fc.integer({ min: 0, max: 30 })).map(([id, ago]) => ({ id, at: testNow - ago * hour }));
		await fc.assert(
			fc.asyncProperty(fc.array(fc.array(event, { maxLength: 6 }), { minLength: 1, maxLength: 3 }), async (scans) => {
				store = await memoryStore();
				const newest: Record<string, number> = {};
				for (const [index, events] of scans.entries()) {
					org.answers["/api/v1/logs"] = events.map(({ id, at }) => sso(id, at));
					for (const { id, at } of events) newest[id] = Math.max(newest[id] ?? 0, at);
					const found = await bodies(await scan(testNow + index * hour));
					expect(Object.fromEntries(Object.entries(found).map(([id, body]) => [id, Reflect.get(body, "at")]))).toEqual(newest);
				}
			}),
			{ numRuns: 20 },
		);
	});

	it("stops at its own budget, says so, and is whole for all that: the collection is the window that was read", async () => {
		org.answers["/api/v1/logs"] = endless;
		const read = await scan();
		expect(windows()).toHaveLength(mostRequests);
		expect(read.coverage.activity).toMatchObject({ state: "complete", reasons: [{ cause: "budget", detail: expect.stringContaining("2025-12-31T23:11") }] });
		org.reset();
		org.answers["/api/v1/logs"] = [];
		const next = await scan(testNow + hour);
		expect(windows()).toMatchObject([{ since: testNow - 15 * 60_000 }]);
		expect(next.coverage.activity).toMatchObject({ state: "complete", reasons: [] });
		expect(await bodies(next)).toMatchObject({ "00u1": { at: testNow } });
	});

	it("without the scope is unreadable and names it; what was known stays, and the window is read again", async () => {
		org.answers["/api/v1/logs"] = [sso("00u1", testNow - hour)];
		await scan();
		org.answers["/api/v1/logs"] = () => noScope;
		const read = await scan(testNow + hour);
		expect(read.coverage.activity).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.logs.read" }] });
		expect(await bodies(read)).toMatchObject({ "00u1": { at: testNow - hour } });
		org.reset();
		org.answers["/api/v1/logs"] = [];
		await scan(testNow + 5 * hour);
		expect(windows()).toMatchObject([{ since: testNow - 15 * 60_000 }]);
	});

	it("is partial with an event that can't be understood, and goes on after it", async () => {
		org.answers["/api/v1/logs"] = [sso("00u1", testNow - hour), { ...sso("00u2", testNow), published: "never" }, null];
		const read = await scan();
		expect(read.coverage.activity).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine" }] });
		org.reset();
		org.answers["/api/v1/logs"] = [];
		expect((await scan(testNow + hour)).coverage.activity).toMatchObject({ state: "complete" });
		expect(windows()).toMatchObject([{ since: testNow - 15 * 60_000 }]);
	});

	it("of a deleted account is neither kept nor written again", async () => {
		org.answers["/api/v1/logs"] = [sso("00u1", testNow - hour), sso("00u2", testNow - hour)];
		await scan();
		org.answers["/api/v1/users"] = [user("00u1")];
		expect(Object.keys(await bodies(await scan(testNow + hour)))).toEqual(["00u1"]);
	});
});
