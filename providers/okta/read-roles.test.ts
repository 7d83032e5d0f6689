import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/store/store.js";
import { everyone, group, memoryStore, noRole, noScope, type PathServer, scanOrg, servePaths, user } from "./test-scan.js";

const only = ["accounts" as const, "groups" as const, "memberships" as const, "roleAssignments" as const];
const assignment = (type: string, id = type, more: object = {}): object => ({ id, type, label: type, status: "ACTIVE", assignmentType: "USER", ...more });
const withRole = { _embedded: { stats: { usersCount: 1, hasAdminPrivlege: true } } };
const uncounted = { _embedded: {} };

let org: PathServer;
let store: Store;
beforeEach(async () => {
	store = await memoryStore();
	org = await servePaths({
		"/api/v1/users": [user("00u1"), user("00u2")],
		"/api/v1/groups": [group("00g1", withRole), group("00g2"), everyone],
		"/api/v1/groups/00g1/users": [user("00u2")],
		"/api/v1/iam/assignees/users": { value: [{ id: "00u1" }], _links: {} },
		"/api/v1/iam/roles": { roles: [{ id: "cr0", label: "Helper" }] },
		"/api/v1/iam/roles/cr0/permissions": { permissions: [{ label: "okta.users.read" }] },
		"/api/v1/iam/resource-sets": { "resource-sets": [{ id: "iam0" }] },
		"/api/v1/iam/resource-sets/iam0/bindings": { roles: [{ id: "cr0" }] },
		"/api/v1/iam/resource-sets/iam0/bindings/cr0/members": { members: [] },
		"/api/v1/users/00u1/roles": [assignment("SUPER_ADMIN")],
		"/api/v1/groups/00g1/roles": [assignment("APP_ADMIN")],
		"/api/v1/groups/00g2/roles": [],
		"/api/v1/apps": [],
	});
});
afterEach(() => org.close());

const groupsAsked = (): string[] => org.asked.filter((path) => /\/groups\/[^/]+\/roles/.test(path)).sort();

describe("role assignments", () => {
	it("are those of users, of groups the vendor says carry a role, and of service apps", async () => {
		org.answers["/api/v1/apps"] = [
			{
				id: "0oa1",
				name: "oidc_client",
				label: "CI",
				status: "ACTIVE",
				credentials: { oauthClient: { client_id: "cid1" } },
				settings: { oauthClient: { application_type: "service" } },
			},
		];
		org.answers["/oauth2/v1/clients/cid1/roles"] = [assignment("READ_ONLY_ADMIN", "ra9", { assignmentType: "CLIENT" })];
		const { coverage, bodies } = await scanOrg(org, store, { only });
		expect(coverage.roleAssignments).toMatchObject({ state: "complete", reasons: [] });
		expect(await bodies("roleAssignments")).toMatchObject([
			{ principalType: "group", principal: "00g1", role: "APP_ADMIN", level: "privileged" },
			{ principalType: "account", principal: "00u1", role: "SUPER_ADMIN", level: "top", custom: false, scope: null },
			{ principalType: "client", principal: "cid1", role: "READ_ONLY_ADMIN", level: "limited" },
		]);
		expect(groupsAsked()).toEqual(["/api/v1/groups/00g1/roles"]);
	});

	it("of custom roles come from their bindings, once, with the level of their permissions", async () => {
		org.answers["/api/v1/iam/resource-sets/iam0/bindings/cr0/members"] = {
			members: [
				{ id: "irb1", _links: { self: { href: `${org.url}/api/v1/users/00u1` } } },
				{ id: "irb2", _links: { self: { href: `${org.url}/api/v1/groups/00g2` } } },
				{ id: "irb3", _links: {} },
			],
		};
		org.answers["/api/v1/users/00u1/roles"] = [
			assignment("SUPER_ADMIN"),
			assignment("CUSTOM", "irbX", { label: "Helper", role: "cr0", "resource-set": "iam0" }),
		];
		const { coverage, records } = await scanOrg(org, store, { only });
		const found = await records("roleAssignments");
		expect(found.map((record) => record.id)).toEqual(["00g1/APP_ADMIN", "00g2/cr0/iam0", "00u1/SUPER_ADMIN", "00u1/cr0/iam0"]);
		expect(found[1]?.body).toMatchObject({ id: "irb2", level: "limited", custom: true, scope: "iam0", label: "Helper" });
		expect(coverage.roleAssignments).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine" }] });
	});

	it("of every group are read where the vendor did not count, or where its count is contradicted", async () => {
		org.answers["/api/v1/groups"] = [group("00g1", uncounted), group("00g2", uncounted)];
		await scanOrg(org, store, { only });
		expect(groupsAsked()).toEqual(["/api/v1/groups/00g1/roles", "/api/v1/groups/00g2/roles"]);

		org.reset();
		org.answers["/api/v1/groups"] = [group("00g1"), group("00g2")];
		org.answers["/api/v1/iam/assignees/users"] = { value: [{ id: "00u1" }, { id: "00u2" }] };
		org.answers["/api/v1/users/00u2/roles"] = [];
		const { bodies } = await scanOrg(org, await memoryStore(), { only });
		expect(groupsAsked()).toEqual(["/api/v1/groups/00g1/roles", "/api/v1/groups/00g2/roles"]);
		expect(await bodies("roleAssignments")).toMatchObject([{ principal: "00g1" }, { principal: "00u1" }]);
	});

	it("page in the body", async () => {
		org.answers["/api/v1/iam/assignees/users"] = (url: URL) =>
			url.searchParams.has("after")
				? { body: { value: [{ id: "00u2" }] } }
				: { body: { value: [{ id: "00u1" }], _links: { next: { href: `${org.url}/api/v1/iam/assignees/users?after=1` } } } };
		org.answers["/api/v1/users/00u2/roles"] = [assignment("REPORT_ADMIN")];
		const { bodies } = await scanOrg(org, store, { only });
		expect(await bodies("roleAssignments")).toMatchObject([{ principal: "00g1" }, { principal: "00u1" }, { principal: "00u2", level: "limited" }]);
	});

	it("without okta.roles.read are unknown alone, and name the scope", async () => {
		for (const path of [
			"/api/v1/iam/assignees/users",
			"/api/v1/iam/roles",
			"/api/v1/iam/resource-sets",
			"/api/v1/users/00u1/roles",
			"/api/v1/groups/00g1/roles",
		])
			org.answers[path] = () => noScope;
		const { coverage } = await scanOrg(org, store, { only });
		expect(coverage.roleAssignments).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "okta.roles.read" }] });
		expect(coverage.accounts?.state).toBe("complete");
		expect(coverage.memberships?.state).toBe("complete");
	});

	it("without any super administrator are not believed", async () => {
		org.answers["/api/v1/users/00u1/roles"] = [];
		const { coverage } = await scanOrg(org, store, { only });
		expect(coverage.roleAssignments).toMatchObject({ state: "partial", reasons: [{ cause: "floor" }] });
	});

	it("of a principal that refuses make the list partial; those of one that is gone do not", async () => {
		org.answers["/api/v1/iam/assignees/users"] = { value: [{ id: "00u1" }, { id: "00u3" }] };
		const gone = await scanOrg(org, store, { only });
		expect(gone.coverage.roleAssignments).toMatchObject({ state: "complete" });
		expect(groupsAsked()).toEqual(["/api/v1/groups/00g1/roles"]);
		org.answers["/api/v1/users/00u3/roles"] = () => noRole;
		const refused = await scanOrg(org, store, { only });
		expect(refused.coverage.roleAssignments).toMatchObject({ state: "partial", reasons: [{ cause: "role" }] });
	});
});
