import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { memoryStore, scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

const only: CollectionName[] = ["accounts", "groups", "roleAssignments"];
const broken = {
	do: "status" as const,
	status: 400,
	body: { error: { code: "BadRequest", message: "not now" } },
	path: /roleManagement\/directory\/roleAssignments\b/,
};
const held = (records: RoleAssignmentRecord[]) =>
	records
		.filter(({ assignment, scope, custom }) => assignment === "active" && scope === null && !custom)
		.map(({ principalType, principal, label, level }) => ({ principalType, principal, label, level }))
		.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("role assignments that can't be listed", () => {
	it("are told by the older list of roles as far as it goes, and it is said that eligible ones are unknown", async () => {
		tenant = await startTenant();
		const whole = await (await scanTenant(tenant, { only })).bodies<RoleAssignmentRecord>("roleAssignments");
		tenant.faults.push(broken);
		const read = await scanTenant(tenant, { only });
		const { state, reasons } = read.coverage("roleAssignments");
		expect(state).toBe("partial");
		expect(reasons.map(({ detail }) => detail).join("\n")).toMatch(/eligible ones, ends, custom roles .* are unknown/);
		const found = await read.bodies<RoleAssignmentRecord>("roleAssignments");
		// Whose account is gone for good is left out by that list.
		const ids = new Set(tenant.truth().accounts.map(({ id }) => id));
		expect(held(found)).toEqual(held(whole.filter(({ principalType, principal }) => principalType !== "account" || ids.has(principal))));
		expect(found.some(({ level }) => level === "top")).toBe(true);
		expect(found.some(({ principalType }) => principalType === "group")).toBe(true);
		for (const record of found) for (const key of ["ends", "governed"]) expect(record).not.toHaveProperty(key);
	});

	it("keep the ids they were read with before, and eligible ones are not taken for gone", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		const first = await scanTenant(tenant, { store, only });
		tenant.faults.push(broken);
		const second = await scanTenant(tenant, { store, only });
		expect((await second.records("roleAssignments")).map(({ id }) => id)).toEqual((await first.records("roleAssignments")).map(({ id }) => id));
		const unseen = new Set(second.coverage("roleAssignments").unseen);
		const eligible = (await first.bodies<RoleAssignmentRecord>("roleAssignments")).filter(({ assignment }) => assignment === "eligible");
		expect(eligible.length).toBeGreaterThan(0);
		for (const { principal, id } of eligible) expect(unseen).toContain(`${principal}/${id}`);
	});

	it("are unreadable where the older list is refused too, and the permission is named", async () => {
		tenant = await startTenant();
		tenant.withhold(["RoleManagement.Read.Directory"]);
		const read = await scanTenant(tenant, { only });
		expect(read.coverage("roleAssignments").state).toBe("unreadable");
		expect(read.coverage("roleAssignments").reasons.map(({ scope }) => scope)).toContain("RoleManagement.Read.Directory");
	});
});
