import { afterEach, describe, expect, it } from "vitest";
import type { GroupRecord, MembershipRecord } from "../../src/model/objects.js";
import { type Answers, admin, base, memoryStore, type PathServer, refusal, scanTenant, servePaths, testNow, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const group = (id: string, count: number, more: object = {}) => ({
	id,
	email: `${id}@acme.example`,
	name: `Group ${id}`,
	directMembersCount: String(count),
	adminCreated: true,
	...more,
});
const members = (...all: object[]) => ({ kind: "admin#directory#members", ...(all.length > 0 && { members: all }) });
const noEvents = { kind: "admin#reports#activities" };
const logs = ["admin", "groups_enterprise", "groups"].map((name) => `/admin/reports/v1/activity/users/all/applications/${name}`);

function tenantOf(groups: object[], lists: Record<string, object>): Answers {
	return {
		...base([admin, user("eva"), user("bob")]),
		"/admin/directory/v1/groups": { kind: "admin#directory#groups", groups },
		...Object.fromEntries(Object.entries(lists).map(([id, body]) => [`/admin/directory/v1/groups/${id}/members`, body])),
		...Object.fromEntries(logs.map((path) => [path, noEvents])),
	};
}

const all = ["accounts", "groups", "groupRules", "memberships"] as const;

describe("groups and their members", () => {
	it("hold who is a member directly: groups as such, people from outside by their address, everybody spelled out", async () => {
		tenant = await servePaths(
			tenantOf([group("g1", 3), group("g2", 1), group("all", 1)], {
				g1: members({ type: "USER", id: "eva" }, { type: "GROUP", id: "g2" }, { type: "EXTERNAL", email: "Out@Partner.example" }),
				g2: members({ type: "USER", id: "bob" }),
				all: members({ type: "CUSTOMER", id: "C0acme" }),
			}),
		);
		const read = await scanTenant(tenant, await memoryStore(), [...all]);
		expect(read.coverage.memberships).toMatchObject({ state: "complete", reasons: [] });
		const found = await read.bodies<MembershipRecord>("memberships");
		expect(found.filter(({ group }) => group === "g1")).toEqual(
			expect.arrayContaining([
				{ group: "g1", account: "eva", source: "direct" },
				{ group: "g1", account: "g2", memberType: "group", source: "direct" },
				{ group: "g1", account: "out@partner.example", login: "Out@Partner.example", source: "direct" },
			]),
		);
		expect(
			found
				.filter(({ group }) => group === "all")
				.map(({ account, source }) => `${account} ${source}`)
				.sort(),
		).toEqual(["bob built-in", "eva built-in", "me built-in"]);
		expect(tenant.asked.some((call) => call.includes("Derived"))).toBe(false);
	});

	it("are dynamic where Cloud Identity says so, with the query as a rule", async () => {
		const answers = tenantOf([group("g1", 1), group("d1", 1)], { g1: members({ type: "USER", id: "eva" }), d1: members({ type: "USER", id: "bob" }) });
		answers["/v1/groups:search"] = {
			groups: [{ name: "groups/d1", displayName: "Dyn", dynamicGroupMetadata: { queries: [{ resourceType: "USER", query: "user.is_admin" }] } }],
		};
		tenant = await servePaths(answers);
		const read = await scanTenant(tenant, await memoryStore(), [...all]);
		expect((await read.bodies<GroupRecord>("groups")).map(({ id, source }) => `${id} ${source}`).sort()).toEqual(["d1 dynamic", "g1 direct"]);
		expect(await read.bodies("groupRules")).toEqual([
			{ id: "d1", name: "Dyn", active: true, groups: ["d1"], expression: "user.is_admin", excludedAccounts: [] },
		]);
		expect((await read.bodies<MembershipRecord>("memberships")).find(({ group }) => group === "d1")?.source).toBe("dynamic");
	});

	it("have an unknown source where Cloud Identity does not answer", async () => {
		const answers = tenantOf([group("g1", 0)], { g1: members() });
		answers["/v1/groups:search"] = () => refusal(403, "forbidden");
		tenant = await servePaths(answers);
		const read = await scanTenant(tenant, await memoryStore(), [...all]);
		expect(await read.bodies<GroupRecord>("groups")).toMatchObject([{ source: "unknown" }]);
		expect(read.coverage.groups?.state).toBe("complete");
		expect(read.coverage.groupRules?.state).toBe("unreadable");
	});

	it("are not whole where a count contradicts the list, a list breaks off, or a kind of member is new", async () => {
		const answers = tenantOf([group("g1", 2), group("g2", 1), group("g3", 1)], {
			g1: members(),
			g3: members({ type: "ROBOT", id: "x" }, { type: "USER", id: "eva" }),
		});
		answers["/admin/directory/v1/groups/g2/members"] = (url: URL) =>
			url.searchParams.has("pageToken") ? refusal(403, "forbidden") : { body: { ...members({ type: "USER", id: "bob" }), nextPageToken: "t" } };
		tenant = await servePaths(answers);
		const { coverage } = await scanTenant(tenant, await memoryStore(), [...all]);
		expect(coverage.memberships?.state).toBe("partial");
		expect(coverage.memberships?.reasons.map(({ cause }) => cause).sort()).toEqual(["floor", "quarantine", "role"]);
	});

	it("are asked again only where a log names the group or its count has changed", async () => {
		const answers = tenantOf([group("g1", 1), group("g2", 1), group("g3", 1)], {
			g1: members({ type: "USER", id: "eva" }),
			g2: members({ type: "USER", id: "eva" }),
			g3: members({ type: "USER", id: "eva" }),
		});
		tenant = await servePaths(answers);
		const store = await memoryStore();
		await scanTenant(tenant, store, [...all]);
		tenant.reset();
		tenant.now = testNow + 3600_000;
		const event = {
			id: { time: new Date(tenant.now).toISOString() },
			actor: {},
			events: [{ name: "ADD_GROUP_MEMBER", parameters: [{ name: "GROUP_EMAIL", value: "G2@acme.example" }] }],
		};
		answers[logs[0] ?? ""] = { ...noEvents, items: [event] };
		answers["/admin/directory/v1/groups"] = { kind: "admin#directory#groups", groups: [group("g1", 1), group("g2", 1), group("g3", 2)] };
		answers["/admin/directory/v1/groups/g2/members"] = members({ type: "USER", id: "bob" });
		answers["/admin/directory/v1/groups/g3/members"] = members({ type: "USER", id: "eva" }, { type: "USER", id: "bob" });
		const read = await scanTenant(tenant, store, [...all]);
		expect(tenant.asked.filter((call) => call.endsWith("/members")).sort()).toEqual(["g2", "g3"].map((id) => `GET /admin/directory/v1/groups/${id}/members`));
		expect(read.coverage.memberships?.state).toBe("complete");
		expect((await read.records("memberships")).map(({ id }) => id).sort()).toEqual(["g1/eva", "g2/bob", "g3/bob", "g3/eva"]);
	});

	it("are all asked again where a log can't say it all", async () => {
		const answers = tenantOf([group("g1", 1)], { g1: members({ type: "USER", id: "eva" }) });
		tenant = await servePaths(answers);
		const store = await memoryStore();
		await scanTenant(tenant, store, [...all]);
		answers[logs[1] ?? ""] = () => refusal(403, "forbidden");
		tenant.reset();
		tenant.now += 3600_000;
		await scanTenant(tenant, store, [...all]);
		expect(tenant.asked).toContain("GET /admin/directory/v1/groups/g1/members");
	});
});
