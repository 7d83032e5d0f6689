import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { VendorRisk } from "../../src/model/account.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import type { Store } from "../../src/store/store.js";
import { type Answers, everyone, memoryStore, noRole, noScope, type PathServer, type ScanOptions, scanOrg, servePaths, testNow, user } from "./test-scan.js";

const hour = 3600_000;
const day = 24 * hour;
const only: CollectionName[] = ["accounts", "groups", "roleAssignments", "risks"];
const people = ["00u1", "00u2", "00u3", "00u4"];
const path = (id: string): string => `/api/v1/users/${id}/risk`;
const unlicensed = { status: 401, body: { errorCode: "E0000015", errorSummary: "You do not have permission to access the feature you are requesting" } };

let org: PathServer;
let store: Store;
let answers: Answers;

beforeEach(async () => {
	answers = {
		"/api/v1/users": [...people.map((id) => user(id)), user("00u9", { status: "SUSPENDED" })],
		"/api/v1/groups": [everyone],
		"/api/v1/logs": [],
		"/api/v1/apps": [],
		"/api/v1/iam/assignees/users": { value: [{ id: "00u3" }] },
		"/api/v1/iam/roles": { roles: [] },
		"/api/v1/iam/resource-sets": { "resource-sets": [] },
		"/api/v1/users/00u3/roles": [{ id: "ra1", type: "SUPER_ADMIN", label: "Super", status: "ACTIVE", assignmentType: "USER" }],
	};
	for (const id of people) answers[path(id)] = { riskLevel: "NONE" };
	answers[path("00u2")] = { riskLevel: "HIGH", reason: "override.by.admin" };
	org = await servePaths(answers);
	store = await memoryStore();
});
afterEach(async () => {
	await store.close();
	await org.close();
});

const scan = async (options: ScanOptions = {}) => {
	const read = await scanOrg(org, store, { only, ...options });
	return { ...read, found: new Map((await read.records("risks")).map(({ id, body }) => [id, body])) };
};
const asked = (): string[] => org.asked.filter((one) => one.endsWith("/risk")).map((one) => one.split("/")[4] ?? "");
const event = (id: string, at: number, debugData: object = {}, eventType = "user.risk.change"): object => ({
	eventType,
	published: new Date(at).toISOString(),
	target: [{ id, type: "User" }],
	debugContext: { debugData },
});
const risk = (level: string, previous: string) => ({ Risk: `{level=${level}, reasons=Admin reported, previousLevel=${previous}}` });

describe("the risk of users", () => {
	it("is read of everyone who can sign in, administrators first, and says since when it holds", async () => {
		answers["/api/v1/logs"] = [event("00u2", testNow - 30 * hour, risk("HIGH", "LOW"))];
		const { found, coverage } = await scan();
		expect(asked()[0]).toBe("00u3");
		expect(coverage.risks).toMatchObject({ state: "complete", known: 4, eligible: 4 });
		expect(found.get("00u2")).toEqual({ level: "high", source: "override.by.admin", since: testNow - 30 * hour });
	});

	it("is older than the log when the log tells no change, and of unknown age when the log can't be read or does not tell enough", async () => {
		const { since } = (await scan()).found.get("00u2") as VendorRisk;
		expect(Math.round((testNow - (since ?? 0)) / day)).toBe(89);
		for (const answer of [[event("00u2", testNow - hour, {}, "user.risk.detect")], [event("00u2", testNow - hour, risk("LOW", "HIGH"))], () => noScope]) {
			answers["/api/v1/logs"] = answer;
			expect((await scan({ full: true })).found.get("00u2")).toEqual({ level: "high", source: "override.by.admin" });
		}
	});

	it("that is only detected again keeps its age; a change without levels is a change", async () => {
		answers["/api/v1/logs"] = [event("00u2", testNow - 50 * hour), event("00u2", testNow - hour, risk("HIGH", "HIGH"), "user.risk.detect")];
		expect((await scan()).found.get("00u2")).toMatchObject({ since: testNow - 50 * hour });
	});

	it("costs one request, and stays unknown, where the licence is missing; which is no gap", async () => {
		for (const id of people) answers[path(id)] = () => unlicensed;
		const { found, coverage } = await scan();
		expect(asked()).toHaveLength(1);
		expect(found.size).toBe(0);
		expect(coverage.risks).toMatchObject({ state: "complete", known: 0, requests: 1, reasons: [{ cause: "licence" }] });
		expect(coverage.risks?.reasons[0]?.detail).toContain("Identity Threat Protection");
	});

	it.each([
		["the scope is missing", noScope, { cause: "scope", scope: "okta.userRisk.read" }],
		["the role is too small", noRole, { cause: "role" }],
	])("is unreadable, after one request, where %s", async (_, reply, reason) => {
		for (const id of people) answers[path(id)] = () => reply;
		const { coverage } = await scan();
		expect(asked()).toHaveLength(1);
		expect(coverage.risks).toMatchObject({ state: "unreadable", reasons: [reason] });
	});

	it("is read again of those whom the log names, and confirmed of the others", async () => {
		await scan();
		org.reset();
		answers["/api/v1/logs"] = [event("00u1", testNow + hour, risk("MEDIUM", "NONE"))];
		answers[path("00u1")] = { riskLevel: "MEDIUM", reason: "detected" };
		const { found, coverage } = await scan({ now: testNow + 2 * hour });
		expect(asked()).toEqual(["00u1"]);
		expect(found.get("00u1")).toEqual({ level: "medium", source: "detected", since: testNow + hour });
		expect(found.get("00u2")).toMatchObject({ level: "high" });
		expect(coverage.risks?.state).toBe("complete");
	});

	it.each([
		["is refused", () => noScope],
		["has an event that names no user", [{ eventType: "user.risk.change", published: new Date(testNow).toISOString(), target: [] }]],
	])("is read again of everyone when the log %s", async (_, answer) => {
		await scan();
		org.reset();
		answers["/api/v1/logs"] = answer;
		await scan({ now: testNow + 2 * hour });
		expect(asked().toSorted()).toEqual(people);
	});

	it("takes a quarter of the budget for single accounts; whoever is left is unknown until a later scan", async () => {
		const { found, coverage } = await scan({ budget: { perAccountRequests: 9 } });
		expect([...found.keys()].toSorted()).toEqual(["00u1", "00u3"]);
		expect(coverage.risks).toMatchObject({ state: "partial", reasons: [{ cause: "budget" }] });
		const second = await scan({ now: testNow + hour, budget: { perAccountRequests: 9 } });
		expect(second.coverage.risks).toMatchObject({ state: "complete", known: 4 });
		expect(second.found.get("00u2")).toMatchObject({ level: "high" });
	});
});
