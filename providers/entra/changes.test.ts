import { afterEach, describe, expect, it } from "vitest";
import type { ChangeQuery } from "../../src/provider/changes.js";
import { changedProperties, namesRole } from "./changes-properties.js";
import type { EntraConnection } from "./connection.js";
import { builtAt, type Tried, tried } from "./emulator/test-tenant.js";
import { provider } from "./index.js";
import { connectTo } from "./test-entra.js";

const hour = 3600_000;
let tenant: Tried;
let connection: EntraConnection;
afterEach(async () => {
	await connection.close();
	await tenant.close();
});

async function start(options: Parameters<typeof tried>[0] = {}) {
	tenant = await tried({ licences: "p2", limits: "off", ...options });
	connection = await connectTo(tenant);
	const users = tenant.truth().accounts.map(({ id }) => id);
	const plain = (await tenant.all("/v1.0/groups")).filter(
		({ groupTypes, onPremisesSyncEnabled, isAssignableToRole, mailEnabled, securityEnabled }) =>
			groupTypes.length === 0 && !onPremisesSyncEnabled && !isAssignableToRole && !mailEnabled && securityEnabled,
	);
	const held = tenant.truth().memberships.filter((one) => plain.some(({ id }) => one.startsWith(`${id}/`)) && users.includes(one.split("/")[1] ?? ""));
	const [group = "", member = ""] = held[0]?.split("/") ?? [];
	const outside = users.find((id) => !tenant.truth().memberships.includes(`${group}/${id}`)) ?? "";
	return { users, group, member, outside };
}

/** As somebody at the console; the way in is the acting app's. */
async function byHand(user: string, method: string, path: string, body?: unknown): Promise<number> {
	const { access_token: token } = (await tenant.login({ client_id: String(tenant.system.act.clientId), client_secret: String(tenant.system.act.clientSecret) }))
		.body;
	const answer = await tenant.ask(token, path, { method, body, headers: { "x-console-user": user, "x-forwarded-for": "198.51.100.7" } });
	return answer.status;
}

async function ask(query: Partial<ChangeQuery> & Pick<ChangeQuery, "kind" | "id">) {
	const log = await provider.changes?.(connection, { name: null, members: [], since: builtAt - hour, until: tenant.now() + 1, ...query });
	if (!log) throw new Error("there is no log");
	return log;
}

const ref = (id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

describe("who changed what, by the directory's audit log", () => {
	it("names the person who put a member into a group, and the app that took one out", async () => {
		const { users, group, member, outside } = await start();
		const hand = users.find((id) => id !== outside && id !== member) ?? "";
		expect(await byHand(hand, "POST", `/v1.0/groups/${group}/members/$ref`, ref(outside))).toBe(204);
		tenant.advance(1000);
		expect((await tenant.act("DELETE", `/v1.0/groups/${group}/members/${member}/$ref`)).status).toBe(204);
		const { events, reasons } = await ask({ kind: "group", id: group, members: [] });
		expect(reasons).toEqual([]);
		expect(events.map(({ what, member: who }) => [what, who])).toEqual([
			["removed", member],
			["added", outside],
		]);
		expect(events[0]?.actor).toMatchObject({ type: "app", id: tenant.system.act.clientId, name: "Posture actor" });
		expect(events[0]).not.toHaveProperty("ip");
		expect(events[1]).toMatchObject({ actor: { type: "account", id: hand }, ip: "198.51.100.7", type: "Add member to group" });
	});

	it("names what of a policy was changed, and leaves other policies out", async () => {
		await start();
		const [one, other] = await tenant.all("/v1.0/identity/conditionalAccess/policies");
		await tenant.act("PATCH", `/v1.0/identity/conditionalAccess/policies/${other.id}`, { state: "disabled" });
		await tenant.act("PATCH", `/v1.0/identity/conditionalAccess/policies/${one.id}`, { state: one.state === "disabled" ? "enabled" : "disabled" });
		const { events } = await ask({ kind: "setting", id: `conditionalAccessPolicy/${one.id}` });
		expect(events).toMatchObject([{ what: "changed", type: "Update conditional access policy", properties: ["state"] }]);
	});

	it("finds the one authorization policy by its activity", async () => {
		await start();
		await tenant.act("PATCH", "/v1.0/policies/authorizationPolicy", { allowInvitesFrom: "everyone" });
		const { events } = await ask({ kind: "setting", id: "authorizationPolicy/authorizationPolicy" });
		expect(events).toMatchObject([{ what: "changed", type: "Update authorization policy" }]);
	});

	it("tells a role from others", async () => {
		const { users } = await start();
		const roles = await tenant.all("/v1.0/roleManagement/directory/roleDefinitions");
		const [reader, helpdesk] = ["Global Reader", "Helpdesk Administrator"].map((name) => roles.find(({ displayName }) => displayName === name)?.id);
		const principalId = users[5] ?? "";
		const given = await tenant.act("POST", "/v1.0/roleManagement/directory/roleAssignments", {
			principalId,
			roleDefinitionId: reader,
			directoryScopeId: "/",
		});
		expect(given.status).toBe(201);
		expect((await ask({ kind: "role", id: reader })).events).toMatchObject([{ what: "added", member: principalId }]);
		expect((await ask({ kind: "role", id: helpdesk })).events).toEqual([]);
	});

	it("without the permission nothing is known, and it is named", async () => {
		const { group } = await start();
		tenant.withhold(["AuditLog.Read.All"]);
		const { events, reasons } = await ask({ kind: "group", id: group });
		expect(events).toEqual([]);
		expect(reasons).toMatchObject([{ cause: "scope", scope: "AuditLog.Read.All" }]);
	});

	it("goes back 30 days", async () => {
		const { group } = await start();
		const { from } = await ask({ kind: "group", id: group, since: 0, until: builtAt });
		expect(from).toBe(builtAt - 30 * 24 * hour);
	});
});

describe("what an event says was modified", () => {
	const event = (properties: [string, unknown, unknown][], targets: object[] = []) => ({
		targetResources: [
			{
				id: "u",
				type: "User",
				modifiedProperties: properties.map(([displayName, from, to]) => ({
					displayName,
					oldValue: from === null ? null : JSON.stringify(from),
					newValue: to === null ? null : JSON.stringify(to),
				})),
			},
			...targets,
		],
	});

	it("takes a policy that stands there as a whole apart", () => {
		expect(changedProperties(event([["ConditionalAccessPolicy", { state: "enabled", a: [1] }, { state: "disabled", a: [1] }]]))).toEqual(["state"]);
		expect(changedProperties(event([["DisplayName", "a", "b"]]))).toEqual(["DisplayName"]);
		expect(changedProperties({ targetResources: [{ modifiedProperties: "odd" }] })).toEqual([]);
	});

	it("finds the role where it stands among the member's properties", () => {
		const role = { id: "62e90394-69f5-4237-9190-012177145e10", name: "Global Administrator" };
		expect(namesRole(event([["Role.TemplateId", null, "62E90394-69F5-4237-9190-012177145E10"]]), role)).toBe(true);
		expect(namesRole(event([["Role.DisplayName", "Global Administrator", null]]), role)).toBe(true);
		expect(namesRole(event([["Role.DisplayName", null, "Global Reader"]]), role)).toBe(false);
	});
});
