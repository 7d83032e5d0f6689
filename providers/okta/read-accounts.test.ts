import { afterEach, describe, expect, it } from "vitest";
import { memoryStore, noRole, noScope, type PathServer, scanOrg, servePaths, user } from "./test-scan.js";

let org: PathServer;
afterEach(() => org.close());

const only = ["accounts" as const];

describe("accounts", () => {
	it("are read to the end, deactivated ones too, and what the search index has not yet is read fresh", async () => {
		org = await servePaths({
			"/api/v1/users": (url: URL) => {
				if (url.searchParams.has("filter")) return { body: [user("00u2", { status: "SUSPENDED" }), user("00u4")] };
				if (url.searchParams.get("after") === "2") return { body: [user("00u3", { status: "DEPROVISIONED" })] };
				return { body: [user("00u1"), user("00u2")], headers: { link: `<${org.url}/api/v1/users?after=2&limit=200&search=status+pr>; rel="next"` } };
			},
		});
		const { coverage, bodies } = await scanOrg(org, await memoryStore(), { only });
		expect(coverage.accounts).toMatchObject({ state: "complete", reasons: [], known: 4 });
		expect(await bodies("accounts")).toMatchObject([
			{ id: "00u1", enabled: true },
			{ id: "00u2", status: "SUSPENDED", enabled: false },
			{ id: "00u3", enabled: false },
			{ id: "00u4" },
		]);
		expect(org.asked).toEqual([
			"/api/v1/users?limit=200&search=status pr",
			"/api/v1/users?after=2&limit=200&search=status pr",
			expect.stringContaining('/api/v1/users?limit=200&filter=lastUpdated gt "2025-12-31T23:55:0'),
			"/api/v1/iam/assignees/users",
		]);
	});

	it("without an id, or null, are set aside and make the list partial", async () => {
		org = await servePaths({ "/api/v1/users": [user("00u1"), null, { status: "ACTIVE" }, "x"] });
		const { coverage, bodies } = await scanOrg(org, await memoryStore(), { only });
		expect(await bodies("accounts")).toHaveLength(1);
		expect(coverage.accounts).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine", detail: expect.stringContaining("6 records") }] });
	});

	it("are unreadable when the list is empty, which no org's is", async () => {
		org = await servePaths({ "/api/v1/users": [] });
		const { coverage } = await scanOrg(org, await memoryStore(), { only });
		expect(coverage.accounts).toMatchObject({ state: "unreadable", reasons: [{ cause: "floor" }] });
	});

	it("name the scope that is missing, or the role that is too small", async () => {
		org = await servePaths({ "/api/v1/users": () => noScope });
		const first = await scanOrg(org, await memoryStore(), { only });
		expect(first.coverage.accounts).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.users.read" }, { cause: "scope" }] });
		org.answers["/api/v1/users"] = () => noRole;
		const second = await scanOrg(org, await memoryStore(), { only });
		expect(second.coverage.accounts).toMatchObject({
			state: "unreadable",
			reasons: [{ cause: "role", requestId: expect.stringMatching(/^req-/) }, { cause: "role" }],
		});
	});

	it("keep what a cut chain brought, and are partial", async () => {
		org = await servePaths({
			"/api/v1/users": (url: URL) => {
				if (url.searchParams.has("after")) return { status: 404, body: { errorCode: "E0000007", errorSummary: "gone" } };
				return { body: [user("00u1")], ...(url.searchParams.has("search") && { headers: { link: `<${org.url}/api/v1/users?after=2>; rel="next"` } }) };
			},
		});
		const { coverage } = await scanOrg(org, await memoryStore(), { only });
		expect(coverage.accounts).toMatchObject({ state: "partial", known: 1 });
	});
});
