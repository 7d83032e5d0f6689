import { afterEach, describe, expect, it } from "vitest";
import type { ChangeQuery } from "../../src/provider/changes.js";
import { connect, type GoogleConnection } from "./connection.js";
import { now, send, tenantFor, tokenOf } from "./emulator/test-workspace.js";
import { provider } from "./index.js";

const hour = 3600_000;
let world: Awaited<ReturnType<typeof tenantFor>>;
let connection: GoogleConnection;
afterEach(async () => {
	await connection.close();
	await world.tenant.close();
});

async function start() {
	world = await tenantFor({ users: 0, acme: true });
	const { tenant } = world;
	connection = await connect({
		system: "google",
		url: tenant.system.url,
		credential: tenant.system.auth,
		options: tenant.system.options ?? {},
		purpose: "read",
		now: tenant.now,
		log() {},
		sleep: async (ms) => tenant.advance(ms),
	});
	const groups = [...tenant.state.groups.values()];
	const people = [...tenant.state.users.values()].filter(({ deleted }) => deleted === null);
	const group = groups.find(({ id }) => tenant.truth().memberships.some((one) => one.startsWith(`${id}/`)));
	const of = (id: string) => tenant.truth().memberships.includes(`${group?.id}/${id}`);
	const [inside, outside] = [people.find(({ id }) => of(id)), people.find(({ id }) => !of(id))];
	const top = [...tenant.state.assignments.values()]
		.filter(({ roleId }) => tenant.state.roles.get(roleId)?.isSuperAdminRole)
		.map(({ assignedTo }) => assignedTo);
	const other = people.find(({ id, body }) => top.includes(id) && body.primaryEmail !== tenant.state.admin && id !== outside?.id);
	if (!group || !inside || !outside || !other) throw new Error("Acme lacks somebody");
	return { group, inside, outside, other };
}

async function ask(query: Partial<ChangeQuery> & Pick<ChangeQuery, "kind" | "id">) {
	const log = await provider.changes?.(connection, { name: null, members: [], since: now - hour, until: world.tenant.now() + 1, ...query });
	if (!log) throw new Error("there is no log");
	return log;
}

type Person = { id: string; body: { primaryEmail: string } };
const named = ({ id, body }: Person) => ({ id, login: body.primaryEmail });

describe("who changed what, by the admin log", () => {
	it("names another administrator who put a member in, with address and country", async () => {
		const { group, outside, other } = await start();
		const { access_token: token } = (await tokenOf(world.tenant, { which: "act", claims: { sub: other.body.primaryEmail } })).body;
		const path = `/admin/directory/v1/groups/${group.id}/members`;
		const made = await send(world.tenant, "POST", path, { email: outside.body.primaryEmail, role: "MEMBER" }, { authorization: `Bearer ${token}` });
		expect(made.status).toBe(200);
		const { events, reasons } = await ask({ kind: "group", id: group.id, members: [named(outside)] });
		expect(reasons).toEqual([]);
		expect(events).toMatchObject([
			{
				type: "ADD_GROUP_MEMBER",
				what: "added",
				member: outside.id,
				actor: { type: "account", id: other.id, login: other.body.primaryEmail },
				ip: "203.0.113.10",
				country: "FI",
			},
		]);
	});

	it("newest first, and of the members that are asked for alone", async () => {
		const { group, inside, outside } = await start();
		await world.call("DELETE", `/admin/directory/v1/groups/${group.id}/members/${inside.id}`);
		world.tenant.advance(1000);
		await world.call("POST", `/admin/directory/v1/groups/${group.id}/members`, { email: inside.body.primaryEmail, role: "MEMBER" });
		await world.call("POST", `/admin/directory/v1/groups/${group.id}/members`, { email: outside.body.primaryEmail, role: "MEMBER" });
		const { events } = await ask({ kind: "group", id: group.id, members: [named(inside)] });
		expect(events.map(({ what, member }) => [what, member])).toEqual([
			["added", inside.id],
			["removed", inside.id],
		]);
	});

	it("knows what a group's owner does in Google Groups, which the admin log does not tell", async () => {
		const { group, inside, outside } = await start();
		const { state } = world.tenant;
		const parameters = [
			{ name: "group_id", value: group.body.email },
			{ name: "member_id", value: inside.body.primaryEmail },
		];
		state.events.set("q1", {
			application: "groups_enterprise",
			at: world.tenant.now() - 1000,
			qualifier: "q1",
			actor: { callerType: "USER", email: outside.body.primaryEmail, profileId: outside.id },
			events: [{ type: "moderator_action", name: "remove_member", parameters }],
		});
		const { events } = await ask({ kind: "group", id: group.id, members: [named(inside)] });
		expect(events).toMatchObject([{ what: "removed", member: inside.id, actor: { login: outside.body.primaryEmail } }]);
		expect(events[0]).not.toHaveProperty("ip");
	});

	it("names a group's setting that was changed", async () => {
		const { group } = await start();
		await world.call("PATCH", `/groups/v1/groups/${group.body.email}?alt=json`, { whoCanJoin: "ANYONE_CAN_JOIN" });
		const { events } = await ask({ kind: "setting", id: `group-settings/${group.id}` });
		expect(events).toMatchObject([{ what: "changed", type: "CHANGE_GROUP_SETTING", properties: ["whoCanJoin"] }]);
	});

	it("tells a role from others", async () => {
		const { outside } = await start();
		const roles = [...world.tenant.state.roles.values()];
		const [one, two] = [roles.find(({ roleName }) => roleName === "_GROUPS_ADMIN_ROLE"), roles.find(({ roleName }) => roleName === "_HELP_DESK_ADMIN_ROLE")];
		const given = await world.call("POST", "/admin/directory/v1/customer/my_customer/roleassignments", {
			roleId: one?.roleId,
			assignedTo: outside.id,
			scopeType: "CUSTOMER",
		});
		expect(given.status).toBe(200);
		const of = (id: string | undefined) => ask({ kind: "role", id: id ?? "", members: [named(outside)] });
		expect((await of(one?.roleId)).events).toMatchObject([{ what: "added", member: outside.id, type: "ASSIGN_ROLE" }]);
		expect((await of(two?.roleId)).events).toEqual([]);
	});

	it("a policy, which the log does not name, is unknown and not unchanged", async () => {
		await start();
		const { events, reasons } = await ask({ kind: "setting", id: "policy/security.password/p1" });
		expect([events, reasons.map(({ cause }) => cause)]).toEqual([[], ["unsupported"]]);
	});

	it("without the scope nothing is known, and it is named", async () => {
		const { group, outside } = await start();
		world.tenant.withhold(["https://www.googleapis.com/auth/admin.reports.audit.readonly"]);
		const { events, reasons } = await ask({ kind: "group", id: group.id, members: [named(outside)] });
		expect(events).toEqual([]);
		expect(JSON.stringify(reasons)).toContain("admin.reports.audit.readonly");
	});
});
