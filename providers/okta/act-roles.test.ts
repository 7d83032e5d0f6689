import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCustomRole, makeGroup, makeRole, makeUser } from "./emulator/build.js";
import { type Acting, actClient, acting, actionOf, carryOut, takeBack } from "./test-act.js";

let org: Acting;
let account: string;

beforeEach(async () => {
	org = await acting();
	account = makeUser(org.state, "ana@acme.example");
});
afterEach(() => org.close());

const held = (id = account) => org.state.roles.filter((role) => role.principalId === id).map((role) => role.role ?? role.type);
const inspect = (target: object) => actionOf("remove-role").inspect(org.connection, target);

describe("a standard role", () => {
	it("is taken from an account and given back", async () => {
		const assignment = makeRole(org.state, "user", account, "SUPER_ADMIN");
		makeRole(org.state, "user", account, "APP_ADMIN");
		const done = await carryOut(org, "remove-role", { account, assignment, role: "SUPER_ADMIN" });
		expect(done.before.facts).toMatchObject({ role: "SUPER_ADMIN", assignment, targets: { groups: [], apps: [] } });
		expect([held(), done.verification.holds]).toEqual([["APP_ADMIN"], true]);
		expect((await takeBack(org, done)).verification.holds).toBe(true);
		expect(held()).toEqual(["APP_ADMIN", "SUPER_ADMIN"]);
	});

	it("given by us can be taken back although its id was not known before", async () => {
		const done = await carryOut(org, "add-role", { account, role: "READ_ONLY_ADMIN" });
		expect(await actionOf("add-role").inspect(org.connection, { account, role: "READ_ONLY_ADMIN" })).toMatchObject({ done: true });
		await takeBack(org, done);
		expect(held()).toEqual([]);
	});

	it("is taken from a group, and not from its members", async () => {
		const group = makeGroup(org.state, "Admins", [account]);
		const assignment = makeRole(org.state, "group", group, "ORG_ADMIN");
		const done = await carryOut(org, "remove-role", { group, assignment, role: "ORG_ADMIN" });
		expect(held(group)).toEqual([]);
		await takeBack(org, done);
		expect(held(group)).toEqual(["ORG_ADMIN"]);
		await expect(inspect({ group, account, role: "ORG_ADMIN" })).rejects.toThrow("names both");
	});

	it("that is gone needs nothing, and one given again since it was read is not taken", async () => {
		expect(await inspect({ account, assignment: "ra1Gone", role: "ORG_ADMIN" })).toMatchObject({ exists: true, done: true });
		const now = makeRole(org.state, "user", account, "ORG_ADMIN");
		const target = { account, assignment: "ra1Gone", role: "ORG_ADMIN" };
		expect((await inspect(target)).refused).toContain(`was given again since it was read, as ${now}`);
		await expect(actionOf("remove-role").perform(org.connection, target)).rejects.toMatchObject({ ambiguous: false });
		expect(held()).toEqual(["ORG_ADMIN"]);
	});

	it("of a deactivated account is gone, and of nobody is not taken for gone", async () => {
		org.state.users.set(account, { ...org.state.users.get(account), status: "DEPROVISIONED" } as never);
		expect(await inspect({ account, role: "ORG_ADMIN" })).toMatchObject({ exists: true, done: true });
		expect(await inspect({ account: "00uNobody00000000000", role: "ORG_ADMIN" })).toMatchObject({
			exists: false,
			done: false,
			refused: "Okta has no such account",
		});
		expect(await actionOf("add-role").inspect(org.connection, { account, role: "ORG_ADMIN" })).toMatchObject({ refused: "the account is deactivated" });
	});

	it("narrowed to groups is given back only as it was", async () => {
		const group = makeGroup(org.state, "Sales");
		makeRole(org.state, "user", account, "HELP_DESK_ADMIN", { targetGroups: [group] });
		const target = { account, role: "HELP_DESK_ADMIN" };
		expect((await inspect(target)).facts.targets).toEqual({ groups: [group], apps: [] });
		const before = await inspect(target);
		expect(actionOf("remove-role").inverse(target, before)?.target.values).toEqual({ targets: { groups: [group], apps: [] } });
		org.emulator.knobs.faults = [{ do: "status", status: 403, path: /targets/, body: { errorCode: "E0000006", errorSummary: "no" } }];
		const blind = await inspect(target);
		expect([blind.refused, actionOf("remove-role").inverse(target, blind)]).toEqual([null, null]);
	});
});

it("that can't be read stands in nobody's way but its own", async () => {
	makeRole(org.state, "user", account, "CUSTOM", { role: "cr0Odd" });
	const assignment = makeRole(org.state, "user", account, "ORG_ADMIN");
	await expect(inspect({ account, role: "APP_ADMIN" })).rejects.toThrow("it may be the one");
	org.state.roles.pop();
	makeRole(org.state, "user", account, "ORG_ADMIN", { id: assignment });
	expect(await inspect({ account, assignment, role: "ORG_ADMIN" })).toMatchObject({ done: false, refused: null });
});

describe("a custom role", () => {
	it.each(["binding's member", "role and resource set"])("is taken at its binding, by the %s", async (by) => {
		const { role, resourceSet } = makeCustomRole(org.state, "Desk", ["okta.users.manage"]);
		const member = makeRole(org.state, "user", account, "CUSTOM", { role, resourceSet });
		const done = await carryOut(org, "remove-role", { account, role, scope: resourceSet, ...(by.startsWith("binding") && { assignment: member }) });
		expect(org.writes()).toEqual(["DELETE /api/v1/iam/resource-sets/{resourceSetIdOrLabel}/bindings/{roleIdOrLabel}/members/{memberId} 204"]);
		expect(held()).toEqual([]);
		await takeBack(org, done);
		expect(org.state.roles).toMatchObject([{ principalId: account, role, resourceSet }]);
	});

	it("in another resource set stays", async () => {
		const { role, resourceSet } = makeCustomRole(org.state, "Desk", []);
		const other = makeCustomRole(org.state, "Other", []);
		makeRole(org.state, "user", account, "CUSTOM", { role, resourceSet });
		makeRole(org.state, "user", account, "CUSTOM", { role, resourceSet: other.resourceSet });
		await carryOut(org, "remove-role", { account, role, scope: resourceSet });
		expect(org.state.roles).toMatchObject([{ resourceSet: other.resourceSet }]);
	});

	it("needs its resource set to be given", async () => {
		const { role } = makeCustomRole(org.state, "Desk", []);
		expect((await actionOf("add-role").inspect(org.connection, { account, role })).refused).toContain("needs the resource set");
		await expect(actionOf("add-role").perform(org.connection, { account, role })).rejects.toThrow("needs the resource set");
		expect(org.writes()).toEqual([]);
	});
});

it("never touches the role of the app that Keelson signs in as", async () => {
	const target = { account: actClient, role: "SUPER_ADMIN", assignment: "ra1" };
	await expect(actionOf("remove-role").perform(org.connection, target)).rejects.toThrow("the app that Keelson itself signs in as");
	expect(org.writes()).toEqual([]);
});
