import { afterEach, describe, expect, it } from "vitest";
import { estimate } from "./estimate.js";
import { serve, startTenant, type TestTenant } from "./test-tenant.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});
async function started(): Promise<TestTenant> {
	const one = await startTenant();
	open.push(one);
	return one;
}
const failed = (checks: { name: string; ok: boolean; detail: string; mend?: string }[]) => checks.filter(({ ok }) => !ok);

describe("doctor", () => {
	it("finds nothing wrong with a token that reads all and writes nothing", async () => {
		const one = await started();
		const report = await (await one.connect("read")).doctor();
		expect(failed(report.checks)).toEqual([]);
		expect(report).toMatchObject({ ok: true, canWrite: false, unknowns: [] });
		expect(report.estimate?.requests).toBeGreaterThan(40);
	});

	it("says that a wrong secret is refused, without showing it", async () => {
		const one = await started();
		const credential = { ...one.tenant.system.auth, clientSecret: "wrong-secret-wrong-secret" };
		const report = await (await one.connect("read", { credential })).doctor();
		expect(failed(report.checks)).toMatchObject([{ name: "credential", mend: expect.stringContaining("systems.isc.auth") }]);
		expect(failed(report.checks)[0]?.detail).toContain("Bad client credentials");
		// The vendor says the same of another tenant's.
		expect(failed(report.checks)[0]?.mend).toContain("made in the tenant of systems.isc.url");
		expect(JSON.stringify(report)).not.toContain("wrong-secret");
	});

	it("names a missing scope and what is unknown without it", async () => {
		const one = await started();
		one.tenant.withhold(["idn:campaign:read", "sp:auth-user:read"]);
		const report = await (await one.connect("read")).doctor();
		expect(failed(report.checks)).toMatchObject([{ name: "scopes", detail: "not granted: idn:campaign:read, sp:auth-user:read" }]);
		expect(report.unknowns.map(({ collection, reason }) => [collection, reason.scope])).toEqual([
			["roleAssignments", "sp:auth-user:read"],
			["settings", "idn:campaign:read"],
		]);
	});

	it("tells a missing user level from a missing scope", async () => {
		const one = await started();
		one.tenant.withhold(["ORG_ADMIN"]);
		const report = await (await one.connect("read")).doctor();
		const [level] = failed(report.checks);
		expect(level).toMatchObject({ name: "user level", mend: expect.stringContaining("ORG_ADMIN") });
		expect(level?.detail).toContain("user level of ORG_ADMIN");
	});

	it("says that the reading credential can write", async () => {
		const one = await started();
		const report = await (await one.connect("read", { credential: one.tenant.system.act })).doctor();
		expect(failed(report.checks)).toMatchObject([{ name: "writes", detail: expect.stringContaining("sp:scopes:all") }]);
		expect(report.canWrite).toBe(true);
		expect((await (await one.connect("act")).doctor()).ok).toBe(true);
	});

	it("says that this machine's clock is wrong, from five minutes on", async () => {
		const one = await started();
		const report = await (await one.connect("read", { now: () => one.tenant.now() - 6 * 60_000 })).doctor();
		expect(failed(report.checks)).toMatchObject([{ name: "clock", mend: "set the clock, by NTP" }]);
		expect((await (await one.connect("read", { now: () => one.tenant.now() - 60_000 })).doctor()).ok).toBe(true);
	});

	it("says that an API client has no user level, and that nothing answers", async () => {
		const plain = await serve(() => undefined);
		open.push(plain);
		const report = await plain.connection.doctor();
		expect(failed(report.checks).map(({ name }) => name)).toContain("user level");
		const one = await started();
		const nowhere = await (await one.connect("read", { url: "http://127.0.0.1:9" })).doctor();
		expect(nowhere).toMatchObject({ ok: false, unreached: true });
		expect(nowhere.checks[0]).toMatchObject({ name: "address", mend: expect.stringContaining("systems.isc.url") });
	});
});

describe("the estimate", () => {
	it("counts a request an identity, at ten a second", () => {
		const planned = estimate({ accounts: 100_000, groups: 500, memberships: 200_000, apps: 30, administrators: 20 });
		expect(planned.find(({ call }) => call.includes("auth-users"))).toMatchObject({ requests: 100_000, perSecond: 10 });
		expect(planned.every(({ requests, source }) => requests > 0 && source.startsWith("https://"))).toBe(true);
	});
});
