import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { GroupRecord, SettingRecord } from "../../src/model/objects.js";
import { readScopes } from "./emulator/clients.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { connectTo, memoryStore, scanTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

async function started(...more: string[]): Promise<void> {
	const options: EntraOptions = { users: 30, seed: 7, now: testNow, limits: "off", readScopes: [...readScopes, ...more] };
	tenant = await emulation.start(options);
}

async function remove(path: string, id: string): Promise<void> {
	const act = await connectTo(tenant, "act");
	try {
		await act.http.client.send({ method: "DELETE", path, params: { id } });
	} finally {
		await act.close();
	}
}

async function removeOneOfEach(): Promise<{ group: GroupRecord; app: string }> {
	const read = await scanTenant(tenant, { only: ["groups"] });
	const group = (await read.bodies<GroupRecord>("groups")).find(({ type }) => /Unified/.test(type));
	if (!group) throw new Error("the tenant has no group that can be restored");
	await remove("/v1.0/groups/{id}", group.id);
	const reader = await connectTo(tenant);
	const { body } = await reader.http.client.send({ method: "GET", path: "/v1.0/applications", query: { $filter: "displayName eq 'Old importer'" } });
	await reader.close();
	const [{ id: app }] = (body as { value: [{ id: string }] }).value;
	await remove("/v1.0/applications/{id}", app);
	return { group, app };
}

describe("deleted groups and applications", () => {
	it("are settings that are not in force, with the day they were deleted", async () => {
		await started("Group.Read.All");
		const { group, app } = await removeOneOfEach();
		const read = await scanTenant(tenant, { only: ["settings"] });
		expect(read.coverage("settings")).toMatchObject({ state: "complete", reasons: [] });
		const found = (await read.bodies<SettingRecord>("settings")).filter(({ kind }) => kind.startsWith("deleted-"));
		expect(found.map(({ id }) => id)).toEqual([`deleted-application/${app}`, `deleted-group/${group.id}`]);
		for (const record of found) expect(record).toMatchObject({ active: false, builtIn: false, signIn: null, session: null });
		expect(found[0]?.values).toMatchObject({ displayName: "Old importer", deletedDateTime: expect.stringMatching(/^2026-/) });
		expect(found[1]).toMatchObject({ name: group.name });
		for (const record of found) expect(record).not.toHaveProperty("verdict");
	});

	it("are said not to be read where the permission was left out, and everything else is whole", async () => {
		await started();
		const read = await scanTenant(tenant, { only: ["settings"] });
		const { state, reasons } = read.coverage("settings");
		expect(state).toBe("complete");
		expect(reasons).toMatchObject([{ cause: "scope", scope: "Group.Read.All", detail: expect.stringContaining("may be left out") }]);
	});

	it("are not taken for gone when the permission is taken away, until they are", async () => {
		await started("Group.Read.All");
		const { group } = await removeOneOfEach();
		const store = await memoryStore();
		await scanTenant(tenant, { store, only: ["settings"] });
		tenant.withhold(["Group.Read.All"]);
		const second = await scanTenant(tenant, { store, only: ["settings"] });
		expect(second.coverage("settings")).toMatchObject({ state: "partial", unseen: [`deleted-group/${group.id}`] });
		tenant.advance(31 * 86_400_000);
		const third = await scanTenant(tenant, { store, only: ["settings"] });
		expect(third.coverage("settings").state).toBe("complete");
		expect((await third.records("settings")).filter(({ id }) => id.startsWith("deleted-group/"))).toEqual([]);
	});

	it("whose list fails leave the settings partial", async () => {
		await started("Group.Read.All");
		tenant.faults.push({ do: "cut", at: "mid-body", path: /deletedItems\/microsoft\.graph\.application/ });
		const read = await scanTenant(tenant, { only: ["settings"] });
		expect(read.coverage("settings").state).toBe("partial");
	});
});
