import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { AccountRecord } from "../../src/model/account.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { type EntraOptions, emulation } from "./emulator.js";
import { connectTo, memoryStore, scanTenant, testNow } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

async function started(options: Partial<EntraOptions> = {}): Promise<EmulatedTenant> {
	tenant = await emulation.start({ users: 40, seed: 7, now: testNow, limits: "off", ...options } as EntraOptions);
	return tenant;
}

describe("a tenant without a paid licence", () => {
	it("is read as far as it goes: what needs one is unknown, and the licence is named", async () => {
		await started({ licences: "none" });
		const read = await scanTenant(tenant);
		for (const name of ["risks", "authenticators", "activity"] as const) {
			expect(read.coverage(name).state, name).not.toBe("complete");
			expect(read.coverage(name).reasons.map(({ cause }) => cause)).toContain("licence");
		}
		const told = (name: CollectionName): string => JSON.stringify(read.coverage(name).reasons);
		for (const name of ["authenticators", "activity", "credentials", "settings"] as const) expect(told(name)).toMatch(/a licence for Entra ID P1/);
		for (const name of ["risks", "roleAssignments", "settings"] as const) expect(told(name)).toMatch(/a licence for Entra ID P2/);
		expect(told("apps")).toMatch(/a licence for Microsoft Entra Workload ID Premium/);
		expect(read.coverage("accounts").state).toBe("complete");
		expect(read.coverage("roleAssignments").state).toBe("complete");
		expect(JSON.stringify(read.coverage("roleAssignments").reasons)).toMatch(/P2/);
		for (const account of await read.bodies<AccountRecord>("accounts")) expect(account).not.toHaveProperty("lastActivity");
	});
});

describe("the vendor's limits", () => {
	it("are kept: no call is refused for being one too many, and the reports service is asked slowly", async () => {
		await started({ limits: "vendor", users: 300 });
		const from = tenant.now();
		const read = await scanTenant(tenant);
		expect(tenant.requests.filter(({ status }) => status === 429)).toEqual([]);
		for (const { collection, state, reasons } of read.scan.coverage) expect(state, `${collection}: ${JSON.stringify(reasons)}`).toBe("complete");
		expect(tenant.now() - from).toBeGreaterThan(2000);
	});

	it("of a batch's parts are waited for part by part", async () => {
		await started();
		tenant.faults.push({ do: "throttle", path: /\/federatedIdentityCredentials/, times: 1, retryAfterSeconds: 1 });
		const read = await scanTenant(tenant);
		const parts = tenant.requests.filter(({ path }) => path.includes("federatedIdentityCredentials"));
		expect(parts.filter(({ status }) => status === 429)).toHaveLength(1);
		expect(parts.filter(({ status }) => status === 200)).toHaveLength(parts.length - 1);
		expect(read.coverage("credentials").state).toBe("complete");
	});
});

describe.each(["client-secret", "certificate", "workload-identity"] as const)("signing in by %s", (credential) => {
	it("works, and the token is asked for once", async () => {
		await started({ credential });
		const read = await scanTenant(tenant, { only: ["accounts"] });
		expect(read.coverage("accounts").state).toBe("complete");
		expect(tenant.requests.filter(({ path }) => path.endsWith("/token"))).toHaveLength(1);
	});
});

describe("a second read", () => {
	it("goes on from the changes, and reads all again when the link has run out", async () => {
		await started({ users: 200 });
		const store = await memoryStore();
		await scanTenant(tenant, { store });
		const lists = () => tenant.requests.filter(({ url }) => /\/v1\.0\/users\?/.test(url) && !url.includes("signInActivity")).length;
		const once = lists();
		tenant.mutate(0.05);
		const second = await scanTenant(tenant, { store });
		expect(lists()).toBe(once);
		expect(second.coverage("accounts").state).toBe("complete");
		tenant.advance(40 * 86_400_000);
		const third = await scanTenant(tenant, { store });
		expect(lists()).toBeGreaterThan(once);
		expect(third.coverage("accounts").state).toBe("complete");
		expect((await third.records("memberships")).map(({ id }) => id).sort()).toEqual([...tenant.truth().memberships].sort());
	});
});

describe("doctor", () => {
	const look = async (credential?: Record<string, unknown>) => {
		const connection = await connectTo(tenant, "read", credential ?? tenant.system.auth);
		try {
			return await connection.doctor();
		} finally {
			await connection.close();
		}
	};

	it("finds nothing wrong where nothing is, and estimates the read", async () => {
		await started();
		expect(await look()).toMatchObject({ ok: true, canWrite: false, unknowns: [], estimate: { requests: expect.any(Number) } });
	});

	it("says in one line what is wrong with the credential", async () => {
		await started();
		const { auth } = tenant.system;
		const detail = async (change: object) => (await look({ ...auth, ...change })).checks.find(({ ok }) => !ok);
		expect(await detail({ clientSecret: "wrong-secret-of-somebody" })).toMatchObject({
			name: "credential",
			detail: expect.stringContaining("client secret is wrong"),
		});
		expect(await detail({ tenantId: "11111111-1111-4111-8111-111111111111" })).toMatchObject({ detail: expect.stringContaining("no such tenant") });
		expect(await detail({ clientId: "11111111-1111-4111-8111-111111111111" })).toMatchObject({ detail: expect.stringContaining("not in this tenant") });
		expect(JSON.stringify(await look({ ...auth, clientSecret: "wrong-secret-of-somebody" }))).not.toContain("wrong-secret-of-somebody");
	});

	it("names the permission that is missing, and what is unknown without it", async () => {
		await started();
		tenant.withhold(["AuditLog.Read.All"]);
		const report = await look();
		expect(report.ok).toBe(false);
		expect(report.checks.find(({ name }) => name === "permissions")?.detail).toContain("AuditLog.Read.All");
		expect(report.unknowns.map(({ collection }) => collection)).toEqual(expect.arrayContaining(["activity", "authenticators"]));
	});

	it("warns of a reading credential that can write", async () => {
		await started();
		const report = await look(tenant.system.act);
		expect(report.canWrite).toBe(true);
		expect(report.checks.find(({ name }) => name === "writes")).toMatchObject({ ok: false, mend: expect.stringContaining("remove") });
	});
});
