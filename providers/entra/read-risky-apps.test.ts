import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AppRecord } from "../../src/model/objects.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { scanTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

async function read(more: Partial<EntraOptions> = {}, prepare: () => void = () => {}) {
	tenant = await emulation.start({ users: 40, seed: 7, now: testNow, limits: "off", ...more } as EntraOptions);
	prepare();
	const scanned = await scanTenant(tenant, { only: ["apps"] });
	const apps = await scanned.bodies<AppRecord>("apps");
	return { coverage: scanned.coverage("apps"), apps, named: (name: string) => apps.find((app) => app.name === name) };
}

const path = /riskyServicePrincipals/;

describe("the risk of apps", () => {
	it("is what Entra ID Protection says of their service principals; of managed identities nothing is said", async () => {
		const { coverage, named } = await read();
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(named("Deployment")?.risk).toEqual({ level: "medium", since: expect.any(Number), source: null });
		expect(named("Backup")?.risk).toEqual({ level: "none", source: null });
		expect(named("func-orders")).toBeDefined();
		expect(named("func-orders")).not.toHaveProperty("risk");
	});

	it("is unknown without the licence, which is named, and the apps are whole", async () => {
		const { coverage, apps } = await read({ licences: "p1" });
		expect(coverage).toMatchObject({ state: "complete", reasons: [{ cause: "licence", detail: expect.stringContaining("Workload ID Premium") }] });
		for (const app of apps) expect(app).not.toHaveProperty("risk");
	});

	it("is unknown without the permission, which is named", async () => {
		const { coverage, apps } = await read({}, () => tenant.withhold(["IdentityRiskyServicePrincipal.Read.All"]));
		expect(coverage).toMatchObject({ state: "complete", reasons: [{ cause: "scope", scope: "IdentityRiskyServicePrincipal.Read.All" }] });
		for (const app of apps) expect(app).not.toHaveProperty("risk");
	});

	it("is never called none when the list was cut off, or names somebody who can't be told", async () => {
		const cut = await read({}, () => tenant.faults.push({ do: "cut", at: "mid-body", path }));
		expect(cut.coverage.state).toBe("partial");
		for (const app of cut.apps) expect(app).not.toHaveProperty("risk");
		await tenant.close();
		const odd = await read({}, () => tenant.faults.push({ do: "spoil", how: "missing-id", path }));
		expect(odd.coverage.state).toBe("partial");
		for (const app of odd.apps) expect(app.risk?.level).not.toBe("none");
	});

	it("of a level that nobody here knows is unknown, not none", async () => {
		const { named } = await read({}, () => tenant.faults.push({ do: "spoil", how: "unknown-enum", path }));
		expect(named("Deployment")).toBeDefined();
		expect(named("Deployment")?.risk?.level).not.toBe("none");
	});
});
