import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, describe, expect, it } from "vitest";
import type { DoctorReport } from "../../src/provider/provider.js";
import { provider } from "./index.js";
import { readScopes } from "./readers.js";
import { type Emulated, emulateAcme } from "./test-emulated.js";
import { testNow } from "./test-scan.js";

let acme: Emulated;
afterEach(() => acme?.emulator.close());

async function doctor(credential: Record<string, unknown>, now = testNow): Promise<DoctorReport> {
	const connection = await provider.connect({
		system: "okta",
		url: acme.emulator.url,
		credential,
		options: {},
		purpose: "read",
		now: () => now,
		log: () => {},
	});
	try {
		return await connection.doctor();
	} finally {
		await connection.close();
	}
}

const check = (report: DoctorReport, name: string) => report.checks.find((one) => one.name === name);

describe("doctor", () => {
	it("finds nothing wrong with a reading app that has what it needs, and estimates the full read", async () => {
		acme = await emulateAcme(testNow, { roles: ["READ_ONLY_ADMIN", "ORG_ADMIN"] });
		const report = await doctor(acme.credential);
		expect(report).toMatchObject({ ok: true, canWrite: false, unknowns: [] });
		expect(report.scopes?.sort()).toEqual(readScopes);
		expect(report.estimate?.requests).toBeGreaterThan(acme.emulator.state.users.size);
		expect(report.estimate?.seconds).toBeGreaterThan(0);
		expect(acme.emulator.requests.every((request) => request.method === "GET" || request.path === "/oauth2/v1/token")).toBe(true);
	});

	it("names missing scopes and what will be unknown without them", async () => {
		acme = await emulateAcme(testNow, { without: ["okta.roles.read", "okta.logStreams.read"] });
		const report = await doctor(acme.credential);
		expect(report.ok).toBe(false);
		expect(check(report, "scopes")).toMatchObject({
			ok: false,
			detail: expect.stringMatching(/okta\.logStreams\.read, okta\.roles\.read|okta\.roles\.read, okta\.logStreams\.read/),
			mend: expect.stringContaining("0oaReader"),
		});
		expect(report.unknowns).toEqual(
			expect.arrayContaining([
				{ collection: "roleAssignments", reason: expect.objectContaining({ cause: "scope", scope: "okta.roles.read" }) },
				{ collection: "settings", reason: expect.objectContaining({ cause: "scope", scope: "okta.logStreams.read" }) },
			]),
		);
	});

	it("says what the administrator's role does not reach", async () => {
		acme = await emulateAcme(testNow);
		const report = await doctor(acme.credential);
		expect(report.unknowns).toMatchObject([{ collection: "credentials", reason: { cause: "role" } }]);
		expect(check(report, "administrator's role")).toMatchObject({ ok: false, detail: expect.stringContaining("credentials") });
	});

	it("warns of a clock that is off", async () => {
		acme = await emulateAcme(testNow, { roles: ["SUPER_ADMIN"] });
		const report = await doctor(acme.credential, testNow - 90_000);
		expect(check(report, "clock")).toMatchObject({ ok: false, detail: expect.stringContaining("behind") });
		expect(report.clockSkew).toBeGreaterThan(60_000);
	});

	it("warns of a reading credential that can write", async () => {
		acme = await emulateAcme(testNow, { roles: ["SUPER_ADMIN"] });
		const scopes = [...readScopes, "okta.users.manage"];
		acme.emulator.close();
		acme = await emulateAcme(testNow, { roles: ["SUPER_ADMIN"], extra: ["okta.users.manage"] });
		const report = await doctor({ ...acme.credential, scopes });
		expect(report.canWrite).toBe(true);
		expect(check(report, "writes")).toMatchObject({ ok: false, detail: expect.stringContaining("okta.users.manage") });
	});

	it("ends at a credential that gives no token, and shows no key", async () => {
		acme = await emulateAcme(testNow);
		const report = await doctor({ ...acme.credential, clientId: "0oaOther" });
		expect(report).toMatchObject({ ok: false, scopes: null, estimate: null });
		expect(check(report, "credential")).toMatchObject({ ok: false, mend: expect.stringContaining("systems.okta.auth") });
		expect(JSON.stringify(report)).not.toContain(JSON.parse(String(acme.credential.key)).d);
	});
});

describe("the stack file's part", () => {
	const ajv = new Ajv2020({ allErrors: true, strict: false });
	const valid = ajv.compile(provider.configSchema);
	const auth = { method: "private-key-jwt", clientId: "0oa1", key: "k" };

	it.each([
		["an org with a service app", { url: "https://acme.okta.com", auth }, true],
		["two credentials", { url: "https://acme.okta.com/", auth, act: { method: "ssws", token: "t" } }, true],
		["an emulator on this machine", { url: "http://127.0.0.1:4000", auth }, true],
		["plain http elsewhere", { url: "http://acme.okta.com", auth }, false],
		["an address with a path", { url: "https://acme.okta.com/admin", auth }, false],
		["an address with credentials", { url: "https://a:b@acme.okta.com", auth }, false],
		["the address of the administrators' console", { url: "https://acme-admin.okta.com", auth }, false],
		["that of a preview org's", { url: "https://acme-admin.oktapreview.com/", auth }, false],
		["a name that only looks like it", { url: "https://acme-admin.example.com", auth }, true],
		["no credential", { url: "https://acme.okta.com" }, false],
		["an unknown method", { url: "https://acme.okta.com", auth: { method: "password", user: "u" } }, false],
		["a misspelt field", { url: "https://acme.okta.com", auth: { ...auth, clientID: "x" } }, false],
	])("may be %s", (_, config, ok) => {
		expect(valid(config)).toBe(ok);
	});

	it("marks every secret", () => {
		const text = JSON.stringify(provider.configSchema);
		expect(text.match(/"secret":true/g)).toHaveLength(4);
	});
});
