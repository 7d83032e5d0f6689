import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AccountRecord } from "../../src/model/account.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import { scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

describe("a first read", () => {
	it("finds what there is and calls every collection complete", async () => {
		tenant = await startTenant({ users: 130 });
		const read = await scanTenant(tenant);
		for (const { collection, state, reasons } of read.scan.coverage) expect(state, `${collection}: ${JSON.stringify(reasons)}`).toBe("complete");
		const truth = tenant.truth();
		const accounts = await read.bodies<AccountRecord>("accounts");
		const live = accounts.filter(({ status }) => status !== "deleted");
		expect(live.map(({ id, login, enabled }) => ({ id, login, enabled })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
			truth.accounts
				.filter(({ id }) => live.some((one) => one.id === id))
				.map(({ id, login, enabled }) => ({ id, login, enabled }))
				.sort((a, b) => (a.id < b.id ? -1 : 1)),
		);
		expect((await read.records("groups")).map(({ id }) => id).sort()).toEqual([...truth.groups].sort());
		expect((await read.records("memberships")).map(({ id }) => id).sort()).toEqual([...truth.memberships].sort());
		const roles = await read.bodies<RoleAssignmentRecord>("roleAssignments");
		expect(roles.some(({ level }) => level === "top")).toBe(true);
	});
});
