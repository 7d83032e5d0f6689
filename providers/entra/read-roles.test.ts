import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

const only: CollectionName[] = ["accounts", "groups", "roleAssignments"];
const broken = { do: "status" as const, status: 400, body: { error: { code: "BadRequest", message: "not now" } } };
const active = (records: RoleAssignmentRecord[]) => records.filter(({ assignment }) => assignment === "active");

describe("active role assignments", () => {
	it("have neither an end nor none, where the list that bounds them can't be read", async () => {
		tenant = await startTenant();
		const bounded = active(await (await scanTenant(tenant, { only })).bodies<RoleAssignmentRecord>("roleAssignments")).filter(({ ends }) => ends !== null);
		expect(bounded.length).toBeGreaterThan(0);
		tenant.faults.push({ ...broken, path: /roleAssignmentScheduleInstances/ });
		const read = await scanTenant(tenant, { only });
		expect(read.coverage("roleAssignments").state).toBe("partial");
		const found = active(await read.bodies<RoleAssignmentRecord>("roleAssignments"));
		expect(found.length).toBeGreaterThan(bounded.length);
		for (const record of found) for (const key of ["ends", "governed"]) expect(record).not.toHaveProperty(key);
	});

	it("have the bounds that were read, and others none that could be told, where that list breaks off", async () => {
		tenant = await startTenant();
		const cut = { value: [], "@odata.nextLink": 7 };
		tenant.faults.push({ do: "status", status: 200, body: cut, path: /roleAssignmentScheduleInstances/ });
		const read = await scanTenant(tenant, { only });
		expect(read.coverage("roleAssignments").state).toBe("partial");
		for (const record of active(await read.bodies<RoleAssignmentRecord>("roleAssignments"))) expect(record).not.toHaveProperty("ends");
	});
});
