import { afterEach, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import type { GrantPlace } from "../../src/provider/grants.js";
import { actions } from "./actions.js";
import type { EntraConnection } from "./connection.js";
import { roleNamed } from "./emulator/role-catalogue.js";
import { emulation } from "./emulator.js";
import { grantEnds } from "./grant-ends.js";
import { whole } from "./read.js";
import { at } from "./schema.js";
import { connectTo, testNow } from "./test-entra.js";

const hour = 3_600_000;
let tenant: EmulatedTenant;
let act: EntraConnection;
let read: EntraConnection;
afterEach(async () => {
	await act.close();
	await read.close();
	await tenant.close();
});

async function started(licences: "p2" | "p1" = "p2"): Promise<string> {
	tenant = await emulation.start({ users: 0, seed: 1, acme: true, now: testNow, limits: "off", licences });
	act = await connectTo(tenant, "act");
	read = await connectTo(tenant);
	return tenant.truth().accounts.find(({ login }) => login === "lena.roth@acme.example")?.id ?? "";
}

async function carryOut(kind: ActionKind, target: ActionTarget) {
	const action = actions.find((one) => one.kind === kind);
	if (!action) throw new Error(`there is no ${kind}`);
	const before = await action.inspect(act, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.done ? "done" : before.refused}`);
	await action.perform(act, target, before);
	return { verification: await action.verify(act, target, before), inverse: action.inverse(target, before) };
}

const iso = (at: number) => new Date(at).toISOString();
/** Vendors keep whole seconds. */
const soon = (ms: number) => Math.floor((tenant.now() + ms) / 1000) * 1000;
const groupNamed = async (name: string): Promise<string> => {
	const { items } = await whole(read, { method: "GET", path: "/v1.0/groups", query: { $select: "id,displayName" } }, undefined);
	return String(
		at(
			items.find((item) => at(item, "displayName") === name),
			"id",
		),
	);
};

it.each(["role", "group"] as const)("a %s is given with an end, moved, made lasting, and gone by itself at its end", async (kind) => {
	const account = await started();
	const place: GrantPlace = { kind, id: kind === "role" ? roleNamed("Reports Reader") : await groupNamed("Service desk, night") };
	const give = (until: string | null) => carryOut(kind === "role" ? "add-role" : "add-group-member", { account, [kind]: place.id, values: { until } });
	const end = async () => (await grantEnds(read, place)).ends.get(account);
	const first = soon(4 * hour);
	expect((await give(iso(first))).verification).toMatchObject({ holds: true });
	expect(await end()).toBe(first);
	const moved = await give(iso(first + hour));
	expect(moved.inverse?.target.values).toEqual({ until: iso(first) });
	expect(await end()).toBe(first + hour);
	const lasting = await give(null);
	expect(lasting.verification).toMatchObject({ holds: true, detail: "the access has no end" });
	expect(await end()).toBe(null);
	tenant.advance(24 * hour);
	expect(await end()).toBe(null);
	// What takes it back gives the end again that it had.
	expect(lasting.inverse?.target.values).toEqual({ until: iso(first + hour) });
	const again = soon(hour);
	await give(iso(again));
	tenant.advance(hour - 60_000);
	expect(await end()).toBe(again);
	tenant.advance(2 * 60_000);
	expect(await end()).toBe(undefined);
	if (kind === "group") expect(tenant.truth().memberships).not.toContain(`${place.id}/${account}`);
});

it("without the licence nothing is given for good instead: it is refused with who ends it", async () => {
	const account = await started("p1");
	const place: GrantPlace = { kind: "role", id: roleNamed("Reports Reader") };
	const { refused, ends } = await grantEnds(read, place);
	expect([refused, ends.size]).toEqual([expect.stringMatching(/licence of Entra ID P2/), 0]);
	await expect(carryOut("add-role", { account, role: place.id, values: { until: iso(tenant.now() + hour) } })).rejects.toThrow(/endBy: keelson/);
});

it("a list that is not read to its end tells no ends", async () => {
	await started();
	tenant.faults.push({ do: "status", status: 500, path: /ScheduleInstances/i });
	await expect(grantEnds(read, { kind: "role", id: roleNamed("Reports Reader") })).rejects.toThrow();
});

it("who activated a role has no end of a grant: the activation's own end is no drift", async () => {
	tenant = await emulation.start({ users: 300, seed: 1, now: testNow, limits: "off", licences: "p2" });
	[act, read] = [await connectTo(tenant, "act"), await connectTo(tenant)];
	const { items } = await whole(read, { method: "GET", path: "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances" }, undefined);
	const activated = items.filter((item) => at(item, "assignmentType") === "Activated");
	expect(activated.length).toBeGreaterThan(0);
	for (const item of activated) {
		const { ends } = await grantEnds(read, { kind: "role", id: String(at(item, "roleDefinitionId")) });
		expect(ends.get(String(at(item, "principalId"))) ?? null).toBe(null);
	}
});
