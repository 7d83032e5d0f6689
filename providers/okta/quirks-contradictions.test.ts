import { afterEach, describe, expect, it } from "vitest";
import { indexRoles, rolesOf } from "../../src/assess/roles.js";
import { openSnapshot } from "../../src/assess/snapshot.js";
import { openStore } from "../../src/store/open.js";
import { makeCustomRole, makeGroup, makeRole, makeUser } from "./emulator/build.js";
import type { Fault } from "./emulator/knobs.js";
import { closeQuirkOrgs, type QuirkOrg, quirkOrg, smallTenant } from "./test-quirks.js";

afterEach(closeQuirkOrgs);

const gone = { errorCode: "E0000007", errorSummary: "Not found: Resource not found" };
const refused = (path: RegExp): Fault => ({ do: "status", status: 404, body: gone, path });

/** An org where leo is Super Administrator through a group, stands in the list of assignees, and ana is one herself. */
async function superOrg(): Promise<{ org: QuirkOrg; leo: string; ana: string; group: string }> {
	const state = smallTenant();
	const [leo, ana] = [makeUser(state, "leo@corp.example"), makeUser(state, "ana@corp.example")];
	const group = makeGroup(state, "Super", [leo]);
	makeRole(state, "group", group, "SUPER_ADMIN");
	makeRole(state, "user", ana, "SUPER_ADMIN");
	// As some orgs do, the list of assignees names who holds a role through a group too.
	makeRole(state, "user", leo, "REPORT_ADMIN");
	const org = await quirkOrg({ state });
	org.emulator.knobs.faults = [{ do: "truncate", path: new RegExp(`/users/${leo}/roles`) }];
	return { org, leo, ana, group };
}

/** Whether the scan leaves it open that the account is privileged, as the policies and the plan see it. */
async function couldBeAdministrator(org: QuirkOrg, account: string): Promise<{ partial: boolean; reasons: string[] }> {
	const store = await openStore("sqlite::memory:");
	const read = await org.scan({ only: ["accounts", "groups", "groupRules", "memberships", "roleAssignments"], store });
	const index = await indexRoles(openSnapshot(store, read.scan));
	const reasons = [...read.coverage("memberships").reasons, ...read.coverage("roleAssignments").reasons].map(({ detail }) => detail);
	const partial = rolesOf(index.ofAccount, account, index.partial).partial === true;
	await store.close();
	return { partial, reasons };
}

describe("an administrator through a group", () => {
	it("is known as one where nothing is missing", async () => {
		const { org, leo } = await superOrg();
		expect(await couldBeAdministrator(org, leo)).toEqual({ partial: false, reasons: [] });
	});

	it.each([
		["whose group shows no role", "truncate", (group: string) => new RegExp(`/groups/${group}/roles`), "group Super carries a role"],
		["whose group's roles are 404", "gone", (group: string) => new RegExp(`/groups/${group}/roles`), "/groups/{groupId}/roles: 404"],
		["whose group's members are 404", "gone", (group: string) => new RegExp(`/groups/${group}/users`), "/groups/{groupId}/users: 404"],
	] as const)("%s is not taken for an ordinary account", async (_name, how, path, reason) => {
		const { org, leo, group } = await superOrg();
		org.emulator.knobs.faults.push(how === "truncate" ? { do: "truncate", path: path(group) } : refused(path(group)));
		const { partial, reasons } = await couldBeAdministrator(org, leo);
		expect(partial).toBe(true);
		expect(reasons).toContainEqual(expect.stringContaining(reason));
		expect(reasons).toContainEqual(expect.stringContaining(`names account ${leo} as an administrator`));
	});

	it("whom the group's members lack is not taken for an ordinary account: the list of administrators names him", async () => {
		const { org, leo, ana, group } = await superOrg();
		org.state.members.set(group, new Set([ana]));
		const { partial, reasons } = await couldBeAdministrator(org, leo);
		expect(partial).toBe(true);
		expect(reasons).toEqual([expect.stringContaining(`names account ${leo} as an administrator`)]);
	});

	it("is gone with the group: a 404 by its own address is believed", async () => {
		const { org, leo, group } = await superOrg();
		org.emulator.knobs.faults.push(refused(new RegExp(`/groups/${group}/roles`)), refused(new RegExp(`/groups/${group}$`)));
		org.state.roles = org.state.roles.filter(({ principalId }) => principalId !== leo);
		expect(await couldBeAdministrator(org, leo)).toEqual({ partial: false, reasons: [] });
	});
});

describe("an administrator by himself", () => {
	it.each([
		["shows no role", (ana: string): Fault => ({ do: "truncate", path: new RegExp(`/users/${ana}/roles`) }), "names account"],
		["is 404 and still there", (ana: string) => refused(new RegExp(`/users/${ana}/roles`)), "/users/{userId}/roles: 404"],
	])("whose own list %s is not taken for an ordinary account", async (_name, fault, reason) => {
		const { org, ana } = await superOrg();
		org.emulator.knobs.faults.push(fault(ana));
		const { partial, reasons } = await couldBeAdministrator(org, ana);
		expect(partial).toBe(true);
		expect(reasons).toEqual([expect.stringContaining(reason)]);
	});

	it("who was deleted since he was listed holds none, and that is no gap", async () => {
		const { org, ana } = await superOrg();
		org.emulator.knobs.faults.push(refused(new RegExp(`/users/${ana}`)));
		expect((await couldBeAdministrator(org, ana)).partial).toBe(false);
	});
});

describe("a custom role", () => {
	const withBinding = async () => {
		const state = smallTenant();
		const holder = makeUser(state, "helper@corp.example");
		const custom = makeCustomRole(state, "Helper", ["okta.users.manage"]);
		makeRole(state, "user", holder, "CUSTOM", { role: custom.role, resourceSet: custom.resourceSet, label: "Helper" });
		return { org: await quirkOrg({ state }), ...custom };
	};
	const read = async (org: QuirkOrg) =>
		(await org.scan({ only: ["accounts", "groups", "groupRules", "memberships", "roleAssignments"] })).coverage("roleAssignments");

	it.each([
		["bindings", ({ resourceSet }: { resourceSet: string; role: string }) => `/resource-sets/${resourceSet}/bindings`],
		["binding's members", ({ resourceSet, role }: { resourceSet: string; role: string }) => `/resource-sets/${resourceSet}/bindings/${role}/members`],
	])("whose %s are 404 while they are still there makes role assignments partial", async (_name, path) => {
		const made = await withBinding();
		expect(await read(made.org)).toMatchObject({ state: "complete", reasons: [] });
		made.org.emulator.knobs.faults = [refused(new RegExp(`${path(made)}$`))];
		expect(await read(made.org)).toMatchObject({ state: "partial", reasons: [{ detail: expect.stringContaining("bindings") }] });
	});
});
