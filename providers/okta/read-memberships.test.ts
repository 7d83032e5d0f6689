import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { everyone, group, memoryStore, noRole, noScope, type PathServer, scanOrg, servePaths, user } from "./test-scan.js";

const only = ["accounts" as const, "groups" as const, "groupRules" as const, "memberships" as const];
const day = 24 * 3600_000;
const now = Date.UTC(2026, 0, 1);

let org: PathServer;
let store: Store;
beforeEach(async () => {
	store = await memoryStore();
	org = await servePaths({
		"/api/v1/users": [user("00u1"), user("00u2"), user("00u3", { status: "DEPROVISIONED" })],
		"/api/v1/groups": [group("00g1"), group("00g2"), everyone],
		"/api/v1/groups/rules": [],
		"/api/v1/groups/00g1/users": [user("00u1")],
		"/api/v1/groups/00g2/users": [user("00u1"), user("00u2")],
	});
});
afterEach(() => org.close());

const membersAsked = (): string[] => org.asked.filter((path) => /\/groups\/[^/]+\/users/.test(path));

describe("memberships", () => {
	it("are read by group, and everyone's follow from the accounts", async () => {
		const { coverage, records } = await scanOrg(org, store, { only });
		expect(coverage.memberships).toMatchObject({ state: "complete", reasons: [] });
		expect((await records("memberships")).map((record) => record.id)).toEqual(["00g1/00u1", "00g2/00u1", "00g2/00u2", "00gE/00u1", "00gE/00u2"]);
		expect(membersAsked().sort()).toEqual(["/api/v1/groups/00g1/users?limit=1000", "/api/v1/groups/00g2/users?limit=1000"]);
	});

	it("of groups that did not change are confirmed without a request", async () => {
		await scanOrg(org, store, { only, now });
		org.reset();
		org.answers["/api/v1/groups"] = [group("00g1", { lastMembershipUpdated: new Date(now + 3600_000).toISOString() }), group("00g2"), everyone];
		org.answers["/api/v1/groups/00g1/users"] = [];
		const { coverage, records } = await scanOrg(org, store, { only, now: now + day });
		expect(membersAsked()).toEqual(["/api/v1/groups/00g1/users?limit=1000"]);
		expect((await records("memberships")).map((record) => record.id)).toEqual(["00g2/00u1", "00g2/00u2", "00gE/00u1", "00gE/00u2"]);
		expect(coverage.memberships).toMatchObject({ state: "complete" });
	});

	it("are read again where a change fell near the last scan, where the vendor's count moved, where rules did, and when all is asked for", async () => {
		await scanOrg(org, store, { only, now });
		const again = async (change: object, full = false): Promise<string[]> => {
			org.reset();
			Object.assign(org.answers, change);
			await scanOrg(org, store, { only, now: now + day, full });
			return membersAsked().sort();
		};
		expect(await again({})).toEqual([]);
		expect(await again({ "/api/v1/groups": [group("00g1", { _embedded: { stats: { usersCount: 9 } } }), group("00g2")] })).toEqual([
			"/api/v1/groups/00g1/users?limit=1000",
		]);
		const rule = { id: "0pr1", name: "r", status: "ACTIVE", actions: { assignUserToGroups: { groupIds: ["00g2"] } } };
		expect(await again({ "/api/v1/groups/rules": [rule] })).toEqual(["/api/v1/groups/00g2/users?limit=1000"]);
		expect(
			await again({
				"/api/v1/groups": [
					group("00g1", { lastMembershipUpdated: new Date(now + day - 60_000).toISOString(), _embedded: { stats: { usersCount: 9 } } }),
					group("00g2"),
				],
			}),
		).toEqual(["/api/v1/groups/00g1/users?limit=1000"]);
		expect(await again({}, true)).toHaveLength(2);
	});

	it("that could not be read make the collection partial, and are asked for again", async () => {
		org.answers["/api/v1/groups/00g1/users"] = () => noRole;
		const { coverage } = await scanOrg(org, store, { only, now });
		expect(coverage.memberships).toMatchObject({ state: "partial", reasons: [{ cause: "role" }] });
		org.reset();
		org.answers["/api/v1/groups/00g1/users"] = [user("00u1")];
		const next = await scanOrg(org, store, { only, now: now + day });
		expect(membersAsked()).toEqual(["/api/v1/groups/00g1/users?limit=1000"]);
		expect(next.coverage.memberships).toMatchObject({ state: "complete" });
	});

	it("of a group that was deleted meanwhile are none, and a page too large is asked for smaller", async () => {
		delete org.answers["/api/v1/groups/00g1/users"];
		org.answers["/api/v1/groups/00g2/users"] = (url: URL) =>
			url.searchParams.get("limit") === "1000" ? { status: 500, body: { errorCode: "E0000009", errorSummary: "timeout" } } : { body: [user("00u2")] };
		const { coverage, records } = await scanOrg(org, store, { only, now });
		expect(coverage.memberships).toMatchObject({ state: "complete" });
		expect((await records("memberships")).map((record) => record.id)).toContain("00g2/00u2");
	});

	it("whose later page is 404 broke off, whatever became of the group", async () => {
		org.answers["/api/v1/groups/00g1/users"] = (url: URL) =>
			url.searchParams.has("after")
				? { status: 404, body: { errorCode: "E0000007", errorSummary: "gone" } }
				: { body: [user("00u1")], headers: { link: `<${org.url}/api/v1/groups/00g1/users?after=1>; rel="next"` } };
		const { coverage } = await scanOrg(org, store, { only, now });
		expect(coverage.memberships).toMatchObject({ state: "partial", reasons: [{ detail: expect.stringContaining("404 E0000007") }] });
	});

	it("of the vendor's group of administrators are the holders of roles, where it does not list them", async () => {
		org.answers["/api/v1/groups"] = [group("00gA", { type: "BUILT_IN", profile: { name: "Okta Administrators" } }), everyone];
		org.answers["/api/v1/groups/00gA/users"] = () => noRole;
		org.answers["/api/v1/iam/assignees/users"] = { value: [{ id: "00u2" }], _links: {} };
		const first = await scanOrg(org, store, { only, now });
		expect(first.coverage.memberships).toMatchObject({ state: "complete" });
		expect((await first.bodies("memberships"))[0]).toEqual({ group: "00gA", account: "00u2", source: "built-in" });
		org.answers["/api/v1/iam/assignees/users"] = () => noScope;
		const second = await scanOrg(org, store, { only, now: now + day, full: true });
		expect(second.coverage.memberships).toMatchObject({ state: "partial", reasons: [{ cause: "role" }] });
	});

	it("have an unknown source in a group that an active rule fills", async () => {
		org.answers["/api/v1/groups/rules"] = [
			{
				id: "0pr1",
				name: "r",
				status: "ACTIVE",
				conditions: { people: { users: { exclude: ["00u2"] } } },
				actions: { assignUserToGroups: { groupIds: ["00g2"] } },
			},
		];
		const { bodies } = await scanOrg(org, store, { only, now });
		expect(await bodies("memberships")).toEqual(
			expect.arrayContaining([
				{ group: "00g1", account: "00u1", source: "direct" },
				{ group: "00g2", account: "00u1", source: "unknown" },
				{ group: "00g2", account: "00u2", source: "direct" },
			]),
		);
	});
});
