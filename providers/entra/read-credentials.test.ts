import { afterEach, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import { scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

it("credentials are not whole where a resource does not tell its application permissions", async () => {
	tenant = await startTenant();
	const value = [
		{
			id: "p1",
			appId: "11111111-1111-4111-8111-111111111111",
			accountEnabled: true,
			displayName: "Graph",
			passwordCredentials: [],
			keyCredentials: [],
			owners: [],
		},
	];
	tenant.faults.push({ do: "status", status: 200, body: { value }, path: /^\/v1\.0\/servicePrincipals\?/ });
	const { state, reasons } = (await scanTenant(tenant, { only: ["apps", "credentials"] })).coverage("credentials");
	expect(state).toBe("partial");
	expect(JSON.stringify(reasons)).toContain("appRoles");
});
