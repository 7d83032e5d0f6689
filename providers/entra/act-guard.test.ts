import { afterEach, beforeEach, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AppRecord, GroupRecord, RoleAssignmentRecord } from "../../src/model/objects.js";
import { actions } from "./actions.js";
import type { EntraConnection } from "./connection.js";
import { connectTo, scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
let act: EntraConnection;
beforeEach(async () => {
	tenant = await startTenant();
	act = await connectTo(tenant, "act");
});
afterEach(async () => {
	await act.close();
	await tenant.close();
});

it("the role of a group that Keelson's own app is in is never taken away", async () => {
	const read = await scanTenant(tenant, { only: ["groups", "roleAssignments", "apps"] });
	const groups = new Map((await read.bodies<GroupRecord>("groups")).map((group) => [group.id, group]));
	const roles = await read.bodies<RoleAssignmentRecord>("roleAssignments");
	const role = roles.find(({ principalType, principal, assignment }) => principalType === "group" && groups.has(principal) && assignment === "active");
	if (!role) throw new Error("no group holds a role");
	const removal = actions.find(({ kind }) => kind === "remove-role");
	const target = { group: role.principal, assignment: role.id, role: role.role, ...(role.scope && { scope: role.scope }) };
	expect((await removal?.inspect(act, target))?.refused).toBeNull();
	const clientId = String(tenant.system.act.clientId).toLowerCase();
	const own = (await read.bodies<AppRecord>("apps")).find((app) => app.clientId?.toLowerCase() === clientId);
	const body = { "@odata.id": `${tenant.system.url}/v1.0/directoryObjects/${own?.id}` };
	await act.http.client.send({ method: "POST", path: "/v1.0/groups/{groupId}/members/$ref", params: { groupId: role.principal }, body });
	expect((await removal?.inspect(act, target))?.refused).toMatch(/Keelson's own app/);
	await expect(removal?.perform(act, target)).rejects.toThrow(/Keelson's own app/);
});
