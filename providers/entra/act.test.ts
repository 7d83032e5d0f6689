import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AccountRecord } from "../../src/model/account.js";
import type { AppRecord, CredentialRecord, GroupRecord, MembershipRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import { actions } from "./actions.js";
import type { EntraConnection } from "./connection.js";
import { memberRef } from "./member-ref.js";
import { connectTo, type Scanned, scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
let act: EntraConnection;
let read: Scanned;
beforeEach(async () => {
	tenant = await startTenant({ users: 60 });
	read = await scanTenant(tenant);
	act = await connectTo(tenant, "act");
});
afterEach(async () => {
	// Deleting a member without /$ref would delete the user.
	const deletions = tenant.requests.filter(({ method, path }) => method === "DELETE" && /\/members\//.test(path));
	for (const { path, url } of deletions) expect(decodeURIComponent(url || path)).toMatch(/\/members\/[^/]+\/\$ref$/);
	await act.close();
	await tenant.close();
});

const actionOf = (kind: ActionKind) => {
	const found = actions.find((action) => action.kind === kind);
	if (!found) throw new Error(`there is no ${kind}`);
	return found;
};

async function carryOut(kind: ActionKind, target: ActionTarget) {
	const action = actionOf(kind);
	const before = await action.inspect(act, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.done ? "done" : before.refused}`);
	await action.perform(act, target, before);
	return { verification: await action.verify(act, target, before), inverse: action.inverse(target, before) };
}

async function plainAccount(): Promise<AccountRecord> {
	const admins = new Set((await read.bodies<RoleAssignmentRecord>("roleAssignments")).map(({ principal }) => principal));
	const accounts = await read.bodies<AccountRecord>("accounts");
	const found = accounts.find(({ id, status, profile, guest }) => status === "enabled" && !guest && !admins.has(id) && profile?.onPremisesSyncEnabled !== true);
	if (!found) throw new Error("there is no plain account");
	return found;
}

describe("a membership", () => {
	it("has one maker of its requests, whose path always ends with /$ref", () => {
		for (const id of ["a", "a/../b", "", "?", "#x", "$ref"])
			for (const change of ["add", "remove"] as const)
				expect(memberRef(change, "https://graph.microsoft.com", "g", id).path).toMatch(/\/members(\/\{memberId\})?\/\$ref$/);
	});

	it("is taken away and put back, and the user stays", async () => {
		const groups = new Map((await read.bodies<GroupRecord>("groups")).map((group) => [group.id, group]));
		const admins = new Set((await read.bodies<RoleAssignmentRecord>("roleAssignments")).map(({ principal }) => principal));
		const membership = (await read.bodies<MembershipRecord>("memberships")).find(
			({ source, memberType, group }) => source === "direct" && !memberType && !admins.has(group),
		);
		const target = { group: membership?.group ?? "", account: membership?.account ?? "" };
		expect(groups.has(target.group)).toBe(true);
		const done = await carryOut("remove-group-member", target);
		expect(done.verification).toMatchObject({ holds: true, proof: "read-back" });
		expect(tenant.truth().accounts.some(({ id }) => id === target.account)).toBe(true);
		expect(tenant.truth().memberships).not.toContain(`${target.group}/${target.account}`);
		await carryOut(done.inverse?.kind ?? "end-sessions", done.inverse?.target ?? {});
		expect(tenant.truth().memberships).toContain(`${target.group}/${target.account}`);
	});

	it("of a group that a rule fills is refused with where it is mended", async () => {
		const dynamic = (await read.bodies<GroupRecord>("groups")).find(({ source }) => source === "dynamic");
		const account = await plainAccount();
		const held = tenant.truth().memberships.includes(`${dynamic?.id}/${account.id}`);
		const kind = held ? "remove-group-member" : "add-group-member";
		const seen = await actionOf(kind).inspect(act, { group: dynamic?.id ?? "", account: account.id });
		expect(seen.refused).toMatch(/a rule fills .*: change the rule/);
	});
});

describe("an account", () => {
	it("of another directory is not changed here", async () => {
		const synced = (await read.bodies<AccountRecord>("accounts")).find(({ profile, enabled }) => profile?.onPremisesSyncEnabled === true && enabled);
		if (!synced)
			return expect(await read.bodies<AccountRecord>("accounts")).not.toContainEqual(
				expect.objectContaining({ profile: expect.objectContaining({ onPremisesSyncEnabled: true }) }),
			);
		expect((await actionOf("suspend-account").inspect(act, { account: synced.id })).refused).toMatch(/synchronized/);
	});

	it("is named by its id, and nothing else", async () => {
		const account = await plainAccount();
		await expect(actionOf("suspend-account").inspect(act, { account: account.login ?? "" })).rejects.toThrow(/must name the account's id/);
	});
});

describe("a role", () => {
	it.each(["pim-active", "pim-eligible"])("that is %s is taken away by a request and given back", async (way) => {
		const roles = await read.bodies<RoleAssignmentRecord>("roleAssignments");
		const role = roles.find(({ id, principalType, level }) => id.startsWith(`${way}:`) && principalType === "account" && level !== "top");
		if (!role) throw new Error(`nobody holds a role that is ${way}`);
		const target = { account: role.principal, assignment: role.id, role: role.role, ...(role.scope ? { scope: role.scope } : {}) };
		const done = await carryOut("remove-role", target);
		expect(done.verification.holds).toBe(true);
		expect(tenant.requests.some(({ method, path }) => method === "POST" && /Schedule(Request)s$/.test(path))).toBe(true);
		expect(done.inverse?.kind).toBe("add-role");
		const back = await carryOut("add-role", done.inverse?.target ?? {});
		expect(back.verification.holds).toBe(true);
	});
});

describe("Keelson's own app", () => {
	it("is never touched: neither it, nor its secrets", async () => {
		const clientId = String(tenant.system.act.clientId);
		const own = (await read.bodies<AppRecord>("apps")).find((app) => app.clientId === clientId);
		expect((await actionOf("disable-app").inspect(act, { app: own?.id ?? "" })).refused).toMatch(/Keelson itself/);
		await expect(actionOf("disable-app").perform(act, { app: own?.id ?? "" })).rejects.toThrow(/Keelson itself/);
		const secret = (await read.bodies<CredentialRecord>("credentials")).find(({ owner, kind }) => owner === own?.id && kind === "app-secret");
		await expect(actionOf("revoke-credential").perform(act, { credential: secret?.id ?? "" })).rejects.toThrow(/Keelson itself/);
	});
});

describe("a certificate", () => {
	it("is said not to be revoked here", async () => {
		const certificate = (await read.bodies<CredentialRecord>("credentials")).find(({ kind }) => kind === "certificate");
		if (!certificate) throw new Error("no app has a certificate");
		expect((await actionOf("revoke-credential").inspect(act, { credential: certificate.id })).refused).toMatch(/certificate can't be revoked here/);
	});
});
