import { afterEach, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import { userProperties } from "./schema-account.js";
import { scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

it("the vendor is asked to name changes of everything that an account is read with and that can change", async () => {
	tenant = await startTenant();
	expect((await scanTenant(tenant, { only: ["accounts"] })).coverage("accounts").state).toBe("complete");
	const asked = tenant.requests.find(({ url }) => /users\/delta\?.*deltatoken=latest/i.test(url));
	const watched = new URL(asked?.url ?? "", "http://x").searchParams.get("$select")?.split(",");
	expect(watched).toContain("manager");
	for (const name of userProperties.filter((one) => !["id", "createdDateTime", "creationType", "passwordProfile"].includes(one)))
		expect(watched, name).toContain(name);
});
