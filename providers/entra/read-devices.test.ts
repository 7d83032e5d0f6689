import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AccountRecord } from "../../src/model/account.js";
import type { DeviceRecord } from "../../src/model/objects.js";
import { estimate } from "./estimate.js";
import { decodeDevice } from "./schema-device.js";
import { memoryStore, scanTenant, startTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

async function read(users = 40) {
	tenant = await startTenant({ users });
	const scanned = await scanTenant(tenant, { only: ["accounts", "devices"] });
	const devices = await scanned.bodies<DeviceRecord>("devices");
	const accounts = await scanned.bodies<AccountRecord>("accounts");
	return { coverage: scanned.coverage("devices"), devices, accounts, named: (name: string) => devices.find((device) => device.name === name) };
}

describe("devices", () => {
	it("are read with what Entra says of them, and who registered them", async () => {
		const { coverage, named, accounts } = await read();
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		const laptop = named("LAPTOP-0001");
		expect(laptop).toEqual({
			id: expect.any(String),
			name: "LAPTOP-0001",
			kind: "endpoint",
			model: null,
			os: "Windows",
			osVersion: "14.5",
			owners: [expect.any(String)],
			ownership: "company",
			managed: true,
			compliant: true,
			compromised: false,
			status: "AzureAd",
			enabled: true,
			lastSync: expect.any(Number),
		});
		expect(laptop?.lastSync).toBeLessThanOrEqual(testNow);
		expect(accounts.map(({ id }) => id)).toContain(laptop?.owners?.[0]);
		expect(named("Old tablet")).toMatchObject({ kind: "mobile", compliant: false, compromised: true, enabled: false, ownership: "personal" });
	});

	it("that no device management has written of are neither managed nor unmanaged", async () => {
		const { named } = await read();
		const phone = named("Ada's phone");
		expect(phone).toMatchObject({ kind: "mobile", ownership: "personal", status: "Workplace" });
		for (const key of ["managed", "compliant", "compromised"]) expect(phone).not.toHaveProperty(key);
		expect(named("KIOSK-01")).toMatchObject({ kind: "endpoint", owners: [], lastSync: null });
	});

	it.each([
		["iPhone", "mobile"],
		["IPad", "mobile"],
		["AndroidForWork", "mobile"],
		["WindowsPhone", "mobile"],
		["Windows", "endpoint"],
		["MacMDM", "endpoint"],
		["Linux", "endpoint"],
		["Unknown", "unknown"],
		[null, "unknown"],
	])("of the system %s are of the kind %s", (operatingSystem, kind) => {
		expect(decodeDevice({ id: "d", operatingSystem })).toMatchObject({ ok: { kind } });
	});

	it("whose owners or state did not come have unknown ones", () => {
		const decoded = decodeDevice({ id: "d", trustType: "AzureAd", deviceOwnership: "Unknown", isCompliant: "yes", approximateLastSignInDateTime: "soon" });
		expect(decoded).toEqual({ ok: { id: "d", name: "d", kind: "unknown", status: "AzureAd" } });
		expect(decodeDevice({ id: "d", registeredOwners: [{ id: "a" }, {}] })).toMatchObject({ ok: { owners: Object.assign(["a"], { partial: true }) } });
	});

	it("come page by page, each once, and a bad one is set aside", async () => {
		tenant = await startTenant({ users: 2300 });
		expect(new Set((await scanTenant(tenant, { only: ["devices"] })).scan.coverage.map(({ state }) => state))).toEqual(new Set(["complete"]));
		expect(tenant.requests.filter(({ path }) => path === "/v1.0/devices")).toHaveLength(2);
		tenant.faults.push({ do: "spoil", how: "missing-id", index: 1, path: /\/devices/ });
		const spoilt = await scanTenant(tenant, { only: ["devices"] });
		expect(spoilt.coverage("devices")).toMatchObject({ state: "partial", reasons: [{ cause: "quarantine" }] });
	});

	it("are not taken for gone when a second list is suddenly empty", async () => {
		tenant = await startTenant();
		const store = await memoryStore();
		const first = await scanTenant(tenant, { store, only: ["devices"] });
		tenant.faults.push({ do: "truncate", path: /\/devices/ });
		const second = await scanTenant(tenant, { store, only: ["devices"] });
		expect(second.coverage("devices").state).not.toBe("complete");
		expect((await second.records("devices")).length).toBe((await first.records("devices")).length);
	});

	it("name the permission where it is missing, and take nothing else along", async () => {
		tenant = await startTenant();
		tenant.withhold(["Device.Read.All"]);
		const scanned = await scanTenant(tenant, { only: ["accounts", "devices"] });
		expect(scanned.coverage("devices")).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: "Device.Read.All" }] });
		expect(scanned.coverage("accounts").state).toBe("complete");
	});

	it("are reckoned with in the estimate", () => {
		const parts = estimate({ accounts: 1000, groups: 0, memberships: 0, apps: 0, administrators: 1 });
		expect(parts.find(({ collection }) => collection === "devices")?.requests).toBe(3);
	});
});
