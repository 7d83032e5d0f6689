import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { isDue } from "./moment.js";
import { memoryStore, noRole, noScope, type PathServer, scanOrg, servePaths, testNow, user } from "./test-scan.js";

const only = ["accounts" as const, "roleAssignments" as const, "authenticators" as const];
const day = 24 * 3600_000;
const push = { id: "f1", factorType: "push", provider: "OKTA", status: "ACTIVE", created: "2025-01-01T00:00:00.000Z" };
const ids = ["00u1", "00u2", "00u3", "00u4"];
const changeOf = (id: string): object => ({
	eventType: "user.mfa.factor.deactivate",
	actor: { id: "00u9", type: "User" },
	target: [
		{ id, type: "User" },
		{ id: "f1", type: "Factor" },
	],
});

let org: PathServer;
let store: Store;
beforeEach(async () => {
	store = await memoryStore();
	org = await servePaths({
		"/api/v1/users": [...ids.map((id) => user(id)), user("00u5", { status: "SUSPENDED" }), user("00u6", { status: "DEPROVISIONED" })],
		"/api/v1/iam/assignees/users": { value: [{ id: "00u4" }] },
		"/api/v1/users/00u4/roles": [{ id: "ra1", type: "SUPER_ADMIN", label: "Super", status: "ACTIVE" }],
		"/api/v1/logs": [],
		...Object.fromEntries(ids.map((id) => [`/api/v1/users/${id}/factors`, [push]])),
	});
});
afterEach(() => org.close());

const asked = (): string[] => org.asked.filter((path) => path.endsWith("/factors")).map((path) => path.split("/")[4] ?? "");

describe("authenticators", () => {
	it("are read of every account that can sign in, administrators first", async () => {
		const { coverage, records } = await scanOrg(org, store, { only });
		expect(coverage.authenticators).toMatchObject({ state: "complete", eligible: 4, known: 4, reasons: [] });
		expect(asked()[0]).toBe("00u4");
		expect((await records("authenticators"))[0]).toMatchObject({ id: "00u1", body: { items: [{ id: "f1", strength: "strong" }] } });
	});

	it("beyond the budget stay unknown, and come in later scans", async () => {
		const budget = { perAccountRequests: 2 };
		const first = await scanOrg(org, store, { only, budget });
		expect(first.coverage.authenticators).toMatchObject({
			state: "partial",
			eligible: 4,
			known: 2,
			reasons: [{ cause: "budget", detail: expect.stringContaining("2 accounts") }],
		});
		org.reset();
		const second = await scanOrg(org, store, { only, budget, now: testNow + day });
		expect(second.coverage.authenticators).toMatchObject({ state: "complete", known: 4 });
		expect(asked()).toHaveLength(2);
	});

	it("of administrators and of those about to be changed are read again before a write, whatever the log says", async () => {
		await scanOrg(org, store, { only });
		org.reset();
		await scanOrg(org, store, { only, budget: { recheck: new Set(["00u2"]) }, now: testNow + 60_000 });
		expect(asked().sort()).toEqual(["00u2", "00u4"]);
	});

	it("that the log does not name are confirmed without a request", async () => {
		await scanOrg(org, store, { only });
		org.reset();
		org.answers["/api/v1/logs"] = [changeOf("00u2")];
		org.answers["/api/v1/users/00u2/factors"] = [];
		const { coverage, records } = await scanOrg(org, store, { only, now: testNow + 3600_000 });
		expect(asked()).toEqual(["00u2"]);
		expect(coverage.authenticators).toMatchObject({ state: "complete", eligible: 4, known: 4 });
		expect((await records("authenticators")).map((record) => record.confirmedAt)).toEqual(ids.map(() => testNow + 3600_000));
		expect((await records("authenticators"))[1]?.body).toEqual({ items: [] });
		const log = org.asked.find((path) => path.startsWith("/api/v1/logs"));
		expect(log).toContain('filter=eventType sw "user.mfa.factor"');
		// The window begins before the last scan: events may come late.
		expect(new Date(new URLSearchParams(log?.split("?")[1]).get("since") ?? 0).getTime()).toBeLessThan(testNow - 10 * 60_000);
	});

	it.each([
		["refused", () => noScope],
		["with an event that names nobody", [{ eventType: "user.mfa.factor.update", target: null }]],
		["with a record that is null", [null]],
	])("are all read again when the log is %s", async (_, answer) => {
		await scanOrg(org, store, { only });
		org.reset();
		org.answers["/api/v1/logs"] = answer;
		const { coverage } = await scanOrg(org, store, { only, now: testNow + 3600_000 });
		expect(asked().sort()).toEqual(ids);
		expect(coverage.authenticators?.state).toBe("complete");
	});

	it("not confirmed since the log was last read are read, though no event names them", async () => {
		await scanOrg(org, store, { only });
		// The change is known, and there is no budget left to read it: the next scan must, although its log is silent.
		org.answers["/api/v1/logs"] = [changeOf("00u2")];
		const second = await scanOrg(org, store, { only, now: testNow + 3600_000, budget: { perAccountRequests: 0 } });
		expect(second.coverage.authenticators).toMatchObject({ state: "partial", unseen: ["00u2"] });
		org.reset();
		org.answers["/api/v1/logs"] = [];
		await scanOrg(org, store, { only, now: testNow + 2 * 3600_000 });
		expect(asked()).toEqual(["00u2"]);
	});

	it("of an account that can no longer sign in are gone", async () => {
		await scanOrg(org, store, { only });
		org.answers["/api/v1/users"] = ids.map((id) => user(id, id === "00u1" ? { status: "SUSPENDED" } : {}));
		delete org.answers["/api/v1/users/00u2/factors"];
		org.answers["/api/v1/logs"] = [changeOf("00u2")];
		const { coverage, records } = await scanOrg(org, store, { only, now: testNow + 3600_000 });
		expect((await records("authenticators")).map((record) => record.id)).toEqual(["00u3", "00u4"]);
		expect(coverage.authenticators?.reasons).toEqual([]);
	});

	it("that can't be understood are unknown, not none", async () => {
		org.answers["/api/v1/users/00u1/factors"] = [push, null];
		const { coverage, records } = await scanOrg(org, store, { only });
		expect(coverage.authenticators).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine" }] });
		expect((await records("authenticators")).map((record) => record.id)).toEqual(["00u2", "00u3", "00u4"]);
	});

	it("of one refused account are unknown; a missing scope stops the reading", async () => {
		org.answers["/api/v1/users/00u1/factors"] = () => noRole;
		const one = await scanOrg(org, store, { only });
		expect(one.coverage.authenticators).toMatchObject({ state: "partial", known: 3, reasons: [{ cause: "role" }] });
		for (const id of ids) org.answers[`/api/v1/users/${id}/factors`] = () => noScope;
		const none = await scanOrg(org, await memoryStore(), { only });
		expect(none.coverage.authenticators).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.users.read" }] });
	});
});

describe("the moment of an account", () => {
	it("comes once in every period, at another time for each", () => {
		const hours = Array.from({ length: 24 }, (_, hour) => hour * 3600_000);
		const many = Array.from({ length: 500 }, (_, index) => `00u${index}`);
		const dueIn = (id: string): number[] => hours.filter((hour) => isDue(id, testNow + hour, testNow + hour + 3600_000, day));
		for (const id of many) expect(dueIn(id)).toHaveLength(1);
		expect(new Set(many.flatMap(dueIn)).size).toBe(24);
	});
});
