import { afterEach, describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/model/objects.js";
import { estimate } from "./estimate.js";
import { readScope } from "./scopes.js";
import { type Answers, admin, base, memoryStore, type PathServer, scanTenant, servePaths, user } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const path = "/admin/directory/v1/customer/my_customer/devices/mobile";
const phone = (resourceId: string, more: object = {}) => ({
	kind: "admin#directory#mobiledevice",
	resourceId,
	model: "Pixel 9",
	os: "Android 16",
	email: ["ana@acme.example"],
	type: "ANDROID",
	status: "APPROVED",
	lastSync: "2025-12-30T00:00:00.000Z",
	devicePasswordStatus: "On",
	encryptionStatus: "Encrypted",
	deviceCompromisedStatus: "No compromise detected",
	...more,
});
const listed = (...mobiledevices: unknown[]) => ({ kind: "admin#directory#mobiledevices", mobiledevices });
const ana = user("ana", { aliases: ["ana.lopez@acme.example"] });

async function read(devices: Answers[string]) {
	tenant = await servePaths({ ...base([admin, ana]), [path]: devices });
	const scan = await scanTenant(tenant, await memoryStore(), ["accounts", "devices"]);
	const bodies = await scan.bodies<DeviceRecord>("devices");
	return { coverage: scan.coverage.devices, of: Object.fromEntries(bodies.map((body) => [body.id, body])) };
}

describe("devices", () => {
	it("are read with what Google says of them, and whose they are", async () => {
		const { coverage, of } = await read(listed(phone("d1"), phone("d2", { email: ["Ana.Lopez@acme.example"], status: "BLOCKED" })));
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(of.d1).toEqual({
			id: "d1",
			name: "Pixel 9",
			kind: "mobile",
			model: "Pixel 9",
			os: "Android",
			osVersion: "16",
			owners: ["ana"],
			ownership: "personal",
			compromised: false,
			encrypted: true,
			screenLock: true,
			status: "APPROVED",
			enabled: true,
			lastSync: Date.UTC(2025, 11, 30),
		});
		expect(of.d2).toMatchObject({ owners: ["ana"], enabled: false, status: "BLOCKED" });
	});

	it.each([
		["Compromised", true],
		["NOT_COMPROMISED", false],
		["something else", undefined],
		[undefined, undefined],
		["", undefined],
		[true, undefined],
	])("%s as Google's word for its lock being broken", async (deviceCompromisedStatus, compromised) => {
		expect((await read(listed(phone("d1", { deviceCompromisedStatus })))).of.d1?.compromised).toBe(compromised);
	});

	it("of a status that nobody here knows are neither in nor out", async () => {
		const { of } = await read(listed(phone("d1", { status: "WIPING" }), phone("d2", { status: "constructor" })));
		expect(of.d1).not.toHaveProperty("enabled");
		expect(of.d2).not.toHaveProperty("enabled");
		expect(of.d1?.status).toBe("WIPING");
	});

	it("of an address that is no account's have an owner who is not known", async () => {
		const { of } = await read(listed(phone("d1", { email: ["gone@acme.example"] }), phone("d2", { email: undefined })));
		expect(of.d1?.owners).toEqual(Object.assign([], { partial: true }));
		expect(of.d2).not.toHaveProperty("owners");
	});

	it("without an id are set aside, and the list is not whole", async () => {
		const { coverage, of } = await read(listed(phone("d1"), { model: "no id" }, null));
		expect(Object.keys(of)).toEqual(["d1"]);
		expect(coverage).toMatchObject({ state: "partial" });
	});

	it("come page by page, a hundred asked for", async () => {
		const sizes: (string | null)[] = [];
		const { coverage, of } = await read((url) => {
			sizes.push(url.searchParams.get("maxResults"));
			return { body: url.searchParams.has("pageToken") ? listed(phone("d2")) : { ...listed(phone("d1")), nextPageToken: "p2" } };
		});
		expect(Object.keys(of)).toEqual(["d1", "d2"]);
		expect(sizes).toEqual(["100", "100"]);
		expect(coverage?.state).toBe("complete");
	});

	it("name the scope where it is not delegated, and take nothing else along", async () => {
		tenant = await servePaths({ ...base([admin, ana]), [path]: listed(phone("d1")) });
		tenant.undelegated.add(readScope.devices);
		const { coverage } = await scanTenant(tenant, await memoryStore(), ["accounts", "devices"]);
		expect(coverage.devices).toMatchObject({ state: "unreadable", reasons: [{ cause: "scope", scope: readScope.devices }] });
		expect(coverage.accounts?.state).toBe("complete");
	});

	it("are reckoned with in the estimate", () => {
		const parts = estimate({ accounts: 1000, groups: 0, memberships: 0, apps: 0, administrators: 1 });
		expect(parts.find(({ collection }) => collection === "devices")?.requests).toBe(12);
	});
});
