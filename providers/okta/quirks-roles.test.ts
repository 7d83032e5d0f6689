import { afterEach, describe, expect, it } from "vitest";
import { makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { closeQuirkOrgs, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

describe("a role too small for what it is asked", () => {
	it("gets an empty list of administrators with 200: roles are not taken for none", async () => {
		const org = await quirkOrg();
		org.emulator.knobs.faults = [{ do: "truncate", path: /\/iam\/assignees\/users/ }];
		const read = await org.scan();
		expect(read.coverage("roleAssignments").state).toBe("partial");
		expect(read.coverage("roleAssignments").reasons).toContainEqual({ cause: "floor", detail: expect.stringContaining("list of administrators is empty") });
	});

	it("gets an empty list of users with 200: no org has none, so accounts are unreadable", async () => {
		const org = await quirkOrg();
		org.emulator.knobs.faults = [{ do: "truncate", path: /\/api\/v1\/users\?/ }];
		const read = await org.scan({ only: ["accounts"] });
		expect(read.coverage("accounts")).toMatchObject({ state: "unreadable", reasons: [{ cause: "floor" }] });
	});

	it("gets an empty list of a group's members with 200, where the group's count says there are some: memberships are not whole, and asked for again", async () => {
		const state = smallTenant();
		const group = makeGroup(state, "Payroll", [makeUser(state, "pay@corp.example")]);
		const org = await quirkOrg({ state });
		org.emulator.knobs.faults = [{ do: "truncate", path: new RegExp(`/groups/${group}/users`) }];
		const read = await org.scan();
		expect(read.coverage("memberships")).toMatchObject({ state: "partial", reasons: [{ cause: "floor", detail: expect.stringContaining("Payroll") }] });
	});

	it("for some groups does not see Everyone: without it, the list of groups is not whole, nor what depends on it", async () => {
		const state = smallTenant();
		for (const [id, group] of state.groups) if (group.profile?.name === "Everyone") state.groups.delete(id);
		const org = await quirkOrg({ state });
		const read = await org.scan();
		expect(read.coverage("groups")).toMatchObject({ state: "partial", reasons: [{ cause: "floor", detail: expect.stringContaining("Everyone") }] });
		expect(read.coverage("memberships").state).toBe("partial");
		expect(read.coverage("roleAssignments").state).toBe("partial");
	});
});

describe("Okta's lists of roles", () => {
	it("refused with 403 for want of the scope make roles unknown, name okta.roles.read, and cost nothing else", async () => {
		const org = await quirkOrg({ without: ["okta.roles.read"] });
		const read = await org.scan();
		expect(read.coverage("roleAssignments")).toMatchObject({ state: "unreadable", known: 0, reasons: [{ cause: "scope", scope: "okta.roles.read" }] });
		for (const collection of ["accounts", "groups", "groupRules", "settings", "apps", "appAssignments", "credentials", "authenticators"] as const)
			expect(read.coverage(collection), collection).toMatchObject({ state: "complete" });
		// What needs the same scope is not asked for in vain.
		expect(org.calls(/\/iam\/(?:roles|resource-sets)|\/(?:users|groups|clients)\/[^/]+\/roles/)).toEqual([]);
	});

	it("of a user leave out what comes through a group: the group's own roles are read", async () => {
		const state = smallTenant();
		const member = makeUser(state, "through@corp.example");
		const group = makeGroup(state, "Operators", [member]);
		makeRole(state, "group", group, "APP_ADMIN");
		const org = await quirkOrg({ state });
		const read = await org.scan();
		const held = (await read.records("roleAssignments")).map(({ body }) => body);
		expect(held).toContainEqual(expect.objectContaining({ principalType: "group", principal: group, role: "APP_ADMIN", level: "privileged" }));
		expect(await read.body("memberships", `${group}/${member}`)).toBeDefined();
	});

	it("are not served for deactivated users (404): such an administrator is no gap", async () => {
		const state = smallTenant();
		const id = makeUser(state, "former@corp.example");
		makeRole(state, "user", id, "ORG_ADMIN");
		Object.assign(state.users.get(id) ?? {}, { status: "DEPROVISIONED" });
		const org = await quirkOrg({ state });
		const read = await org.scan();
		expect(org.calls(new RegExp(`/users/${id}/roles`))).toHaveLength(1);
		expect(read.coverage("roleAssignments")).toMatchObject({ state: "complete", reasons: [] });
	});

	it("are the members of the built-in group of administrators, whose members nobody may list", async () => {
		const state = smallTenant();
		const admin = makeUser(state, "boss@corp.example");
		makeRole(state, "user", admin, "SUPER_ADMIN");
		const found = [...state.groups.values()].find((group) => group.type === "BUILT_IN" && group.profile?.name === "Okta Administrators");
		const group = String(found?.id ?? makeGroup(state, "Okta Administrators", [], "BUILT_IN"));
		const org = await quirkOrg({ state });
		const read = await org.scan();
		expect(org.calls(new RegExp(`/groups/${group}/users`)).map(({ status }) => status)).toEqual([403]);
		expect(read.coverage("memberships")).toMatchObject({ state: "complete", reasons: [] });
		expect(await read.body("memberships", `${group}/${admin}`)).toMatchObject({ source: "built-in" });
	});
});
