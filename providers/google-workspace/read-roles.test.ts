import { afterEach, describe, expect, it } from "vitest";
import type { AppRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import { decodeRole } from "./roles.js";
import { type Answers, admin, base, memoryStore, type PathServer, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const roles = [
	{ roleId: "1", roleName: "_SEED_ADMIN_ROLE", isSystemRole: true, isSuperAdminRole: true },
	{ roleId: "2", roleName: "_HELP_DESK_ADMIN_ROLE", isSystemRole: true },
	{ roleId: "3", roleName: "Auditor", rolePrivileges: [{ privilegeName: "REPORTS_ACCESS" }, { privilegeName: "USERS_RETRIEVE" }] },
	{ roleId: "4", roleName: "Desk", rolePrivileges: [{ privilegeName: "USER_SECURITY_ALL" }] },
	{ roleId: "5", roleName: "_TIME_TRAVEL_ADMIN_ROLE", isSystemRole: true },
];
const held = (id: string, roleId: string, assignedTo: string, more: object = {}) => ({
	roleAssignmentId: id,
	roleId,
	assignedTo,
	scopeType: "CUSTOMER",
	...more,
});
const of = "/admin/directory/v1/customer/my_customer";

function tenantOf(items: object[], users: object[] = [admin, user("eva")]): Answers {
	return {
		...base(users),
		"/admin/directory/v1/groups": { kind: "admin#directory#groups", groups: [{ id: "g1", email: "g1@acme.example", name: "G1", directMembersCount: "1" }] },
		"/admin/directory/v1/groups/g1/members": { kind: "admin#directory#members", members: [{ type: "USER", id: "eva" }] },
		[`${of}/roles`]: { kind: "admin#directory#roles", items: roles },
		[`${of}/roleassignments`]: { kind: "admin#directory#roleAssignments", items },
	};
}

async function read(answers: Answers) {
	tenant = await servePaths(answers);
	const scan = await scanTenant(tenant, await memoryStore(), ["accounts", "groups", "memberships", "roleAssignments", "apps"]);
	return {
		coverage: scan.coverage.roleAssignments,
		found: await scan.bodies<RoleAssignmentRecord>("roleAssignments"),
		apps: await scan.bodies<AppRecord>("apps"),
	};
}

describe("roles of Google", () => {
	it.each([
		["top", 0],
		["privileged", 1],
		["limited", 2],
		["privileged", 3],
		["unknown", 4],
	] as const)("are %s by what they can do (%i)", (level, index) => {
		expect(decodeRole(roles[index])?.role.level).toBe(level);
	});

	it("are held by users, groups and service accounts, in the tenant or an org unit, for a time or for good", async () => {
		const { coverage, found, apps } = await read(
			tenantOf([
				held("a1", "1", "me"),
				held("a2", "2", "g1", { assigneeType: "group" }),
				held("a3", "4", "100777", { assigneeType: "user" }),
				held("a4", "3", "eva", { scopeType: "ORG_UNIT", orgUnitId: "id:sales", expirationDetails: { expireTime: "2026-02-01T00:00:00Z" } }),
			]),
		);
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		const by = Object.fromEntries(found.map((one) => [one.id, one]));
		expect(by.a1).toMatchObject({ principalType: "account", level: "top", label: "Super Admin", scope: null, ends: null, custom: false });
		expect(by.a2).toMatchObject({ principalType: "group", principal: "g1" });
		expect(by.a3).toMatchObject({ principalType: "client", principal: "100777", custom: true });
		expect(by.a4).toMatchObject({ scope: "sales", ends: Date.UTC(2026, 1, 1), level: "limited" });
		expect(apps).toMatchObject([{ id: "100777", clientId: "100777", nonHuman: true, type: "service-account" }]);
	});

	it("keep what they do not understand as unknown", async () => {
		const { found } = await read(tenantOf([held("a1", "1", "me"), held("a2", "99", "eva", { scopeType: "PLANET" })]));
		const odd = found.find(({ id }) => id === "a2");
		expect(odd).toMatchObject({ level: "unknown", label: "99" });
		expect(odd).not.toHaveProperty("scope");
	});

	it("are not whole where a user says that it is an administrator and the list does not", async () => {
		expect((await read(tenantOf([held("a2", "2", "g1")]))).coverage).toMatchObject({ state: "partial", reasons: [{ cause: "floor" }] });
		await tenant.close();
		const delegated = [admin, user("eva"), user("del", { isDelegatedAdmin: true })];
		expect((await read(tenantOf([held("a1", "1", "me")], delegated))).coverage?.reasons[0]?.detail).toContain("del is marked");
	});

	it("agree with the flag where a delegated administrator's role comes through a group", async () => {
		const users = [admin, user("eva", { isDelegatedAdmin: true })];
		expect((await read(tenantOf([held("a1", "1", "me"), held("a2", "2", "g1")], users))).coverage?.state).toBe("complete");
	});

	it("are never an empty list", async () => {
		expect((await read(tenantOf([]))).coverage).toMatchObject({ state: "unreadable", reasons: [{ cause: "floor" }] });
	});
});
