import { afterEach, describe, expect, it } from "vitest";
import { startTenant, type TestTenant } from "./test-tenant.js";

const open: TestTenant[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function start(...options: Parameters<typeof startTenant>): Promise<TestTenant> {
	const one = await startTenant(...options);
	open.push(one);
	return one;
}

type Change = NonNullable<Parameters<TestTenant["connect"]>[1]>;

/** What is wrong, as the doctor says it. */
async function wrong(one: TestTenant, change: Change = {}, purpose: "read" | "act" = "read") {
	const report = await (await one.connect(purpose, change)).doctor();
	const text = JSON.stringify(report);
	for (const secret of one.tenant.secrets()) expect(text).not.toContain(secret);
	const failed = report.checks.filter(({ ok }) => !ok);
	expect(report.ok).toBe(failed.length === 0);
	for (const { mend, detail } of failed) expect([detail.length > 10, mend?.length]).toEqual([true, expect.any(Number)]);
	return { report, failed };
}

describe("the doctor", () => {
	it("finds a tenant in order, counts it and reckons a read", async () => {
		const one = await start({ users: 60 });
		const { report } = await wrong(one);
		expect(report.checks.map(({ name }) => name)).toEqual(["credential", "SSPM", "THIRD_PARTY_APPS", "IDENTITY", "clock", "writes", "tickets"]);
		expect(report.unknowns).toEqual([]);
		const accounts = one.tenant.truth().accounts.length;
		expect(report.estimate?.detail).toContain(`${accounts} accounts`);
		const connection = await one.connect("read");
		await connection.doctor();
		const before = connection.requests();
		const { runScan } = await import("../../src/sync/scan.js");
		const { openStore } = await import("../../src/store/open.js");
		const { provider } = await import("./index.js");
		const store = await openStore("sqlite::memory:");
		const budget = { perAccountRequests: null, perAccountMaxAge: 1 };
		await runScan({ store, provider, connection, system: "sspm", stackDigest: "", budget, now: one.tenant.now });
		await store.close();
		const needed = connection.requests() - before;
		expect(report.estimate?.requests).toBeGreaterThan(needed / 2);
		expect(report.estimate?.requests).toBeLessThan(needed * 2);
	});

	it("sends nothing that changes anything", async () => {
		const one = await start();
		await wrong(one, {}, "act");
		expect(one.tenant.requests.filter(({ method, path }) => method !== "GET" && !path.includes("token"))).toEqual([]);
	});

	it("says of a wrong secret, once, where it stands", async () => {
		const { failed, report } = await wrong(await start(), { credential: { clientSecret: "not-the-secret" } });
		expect(failed).toEqual([
			{ name: "credential", ok: false, detail: expect.stringMatching(/401.*secret is wrong/), mend: expect.stringMatching(/systems\.sspm\.auth/) },
		]);
		expect(new Set(report.unknowns.map(({ collection }) => collection)).size).toBe(6);
		expect(report.estimate).toBe(null);
	});

	it("says of the writing credential that it is act's", async () => {
		const { failed } = await wrong(await start(), { credential: { clientSecret: "not-the-secret" } }, "act");
		expect(failed[0]?.mend).toMatch(/systems\.sspm\.act/);
	});

	it("says of a token that is refused again and again that the credential is", async () => {
		const one = await start();
		one.tenant.faults.push({ do: "status", status: 401, method: "GET", body: { _errors: [{ code: "E016", message: "Invalid Credential" }] } });
		const { failed } = await wrong(one);
		expect(failed.map(({ name }) => name)).toEqual(["credential"]);
		expect(failed[0]?.detail).toMatch(/token was refused/);
	});

	it("takes a new token where the old one has expired", async () => {
		const one = await start();
		const connection = await one.connect("read");
		expect((await connection.doctor()).ok).toBe(true);
		one.tenant.advance(16 * 60_000);
		expect((await connection.doctor()).ok).toBe(true);
		one.tenant.faults.push({ do: "status", status: 401, method: "GET", times: 1 });
		expect((await connection.doctor()).ok).toBe(true);
	});

	it("says of another tenant's tsgId, once, that it is that or the role", async () => {
		const { failed } = await wrong(await start(), { credential: { tsgId: "9999999999" } });
		expect(failed).toEqual([{ name: "access", ok: false, detail: expect.stringMatching(/tsgId/), mend: expect.stringMatching(/view_only_admin.*tsgId/) }]);
	});

	it("says of a missing role what it is", async () => {
		const one = await start();
		one.tenant.withhold(["view_only_admin"]);
		const { failed, report } = await wrong(one);
		expect(failed).toEqual([{ name: "access", ok: false, detail: expect.stringMatching(/view_only_admin/), mend: expect.stringMatching(/view_only_admin/) }]);
		expect(report.unknowns.every(({ reason }) => reason.scope === "view_only_admin")).toBe(true);
	});

	it("says of a missing part which one, and what stays unknown", async () => {
		const one = await start();
		one.tenant.withhold(["THIRD_PARTY_APPS"]);
		const { failed, report } = await wrong(one);
		expect(failed.map(({ name }) => name)).toEqual(["THIRD_PARTY_APPS"]);
		expect(report.unknowns.map(({ collection }) => collection).sort()).toEqual(["apps", "credentials"]);
	});

	it.each([
		["sspm", ["IDENTITY"]],
		["identity", ["SSPM", "THIRD_PARTY_APPS"]],
		["none", ["SSPM", "THIRD_PARTY_APPS", "IDENTITY"]],
	] as const)("names the licence that is missing where only %s is there", async (licensed, names) => {
		const { failed } = await wrong(await start({ choices: { licensed } }));
		expect(failed.map(({ name }) => name)).toEqual(names);
		for (const { detail, mend } of failed) expect(`${detail} ${mend}`).toMatch(/licence/);
	});

	it.each([
		[-400_000, /400 s behind/],
		[400_000, /400 s ahead of/],
	])("says of a clock that is off by %s ms which way", async (off, text) => {
		const one = await start();
		const { failed } = await wrong(one, { now: () => one.tenant.now() + off });
		expect(failed).toEqual([{ name: "clock", ok: false, detail: expect.stringMatching(text), mend: expect.stringMatching(/NTP/) }]);
	});

	it("says where tickets can't go", async () => {
		const one = await start();
		const { failed } = await wrong(one, { options: { ticketing: { integration: one.tenant.integrationId, project: "HR" } } });
		expect(failed).toEqual([expect.objectContaining({ name: "tickets", detail: expect.stringMatching(/no Jira project HR/) })]);
		expect((await wrong(one, { options: {} })).report.checks.map(({ name }) => name)).not.toContain("tickets");
	});

	it("says of an address where nothing answers that nothing does", async () => {
		const one = await start();
		const connection = await one.connect("read", { url: "http://127.0.0.1:9" });
		expect(await connection.doctor()).toMatchObject({ ok: false, unreached: true });
	});

	it("says of a tenant without apps that it may be the wrong one", async () => {
		const one = await start({ choices: { tenantHeader: "tsg_id" } });
		one.tenant.faults.push({ do: "truncate", method: "GET", path: /v1\/apps/ });
		const { failed } = await wrong(one);
		expect(failed.map(({ name, mend }) => [name, mend])).toEqual([["SSPM", expect.stringMatching(/tsgId/)]]);
	});
});
