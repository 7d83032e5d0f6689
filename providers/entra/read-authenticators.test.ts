import { afterEach, describe, expect, it } from "vitest";
import type { EmulatedTenant } from "../../src/emulate/contract.js";
import type { Authenticator } from "../../src/model/account.js";
import type { KnownList } from "../../src/model/known.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { CollectionName } from "../../src/model/snapshot.js";
import { scanTenant, startTenant } from "./test-entra.js";

let tenant: EmulatedTenant;
afterEach(() => tenant?.close());

const only: CollectionName[] = ["accounts", "groups", "roleAssignments", "settings", "authenticators"];
const password = { "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", id: "28c10230-6103-485e-b985-444c60001490" };
const key = { "@odata.type": "#microsoft.graph.fido2AuthenticationMethod", id: "new-key", createdDateTime: "2025-12-31T23:00:00Z" };

async function administrator(): Promise<string> {
	tenant = await startTenant();
	const roles = await (await scanTenant(tenant, { only })).bodies<RoleAssignmentRecord>("roleAssignments");
	const enabled = new Set(tenant.truth().accounts.flatMap((account) => (account.enabled ? [account.id] : [])));
	const found = roles.find(({ principalType, principal, level }) => principalType === "account" && level === "top" && enabled.has(principal));
	if (!found) throw new Error("the tenant has no administrator");
	return found.principal;
}

/** What is known of the administrator's factors when the report and its own list say this. */
async function factors(admin: string, own: object[], report?: { isMfaCapable: boolean; methodsRegistered: string[] }) {
	const body = report ? { value: [{ id: admin, ...report }] } : { error: { code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message: "no" } };
	tenant.faults.push({ do: "status", status: report ? 200 : 403, body, path: /userRegistrationDetails/ });
	tenant.faults.push({ do: "status", status: 200, body: { value: own }, path: new RegExp(`${admin}/authentication/methods`) });
	const read = await scanTenant(tenant, { only });
	const record = (await read.records("authenticators")).find(({ id }) => id === admin);
	return (record?.body as { items: KnownList<Authenticator> } | undefined)?.items;
}

describe("an administrator's own list of methods", () => {
	it("with a method that the report does not know yet is no list without a second factor", async () => {
		const items = await factors(await administrator(), [password, key], { isMfaCapable: false, methodsRegistered: [] });
		expect(items?.partial).toBe(true);
	});

	it("with a method that the report knows and calls forbidden has no second factor", async () => {
		const items = await factors(await administrator(), [password, key], { isMfaCapable: false, methodsRegistered: ["fido2SecurityKey"] });
		expect(items).toEqual([]);
		expect(items).not.toHaveProperty("partial");
	});

	it("without any, where the report says that a second factor is there, is not whole: certificates are not listed", async () => {
		const items = await factors(await administrator(), [password], { isMfaCapable: true, methodsRegistered: [] });
		expect(items?.partial).toBe(true);
	});

	it("is whole without the report only where certificates are switched off", async () => {
		const admin = await administrator();
		expect(await factors(admin, [password])).toEqual([]);
		tenant.faults.length = 0;
		const certificates = { "@odata.type": "#microsoft.graph.x509CertificateAuthenticationMethodConfiguration", id: "X509Certificate", state: "enabled" };
		const body = { id: "authenticationMethodsPolicy", authenticationMethodConfigurations: [certificates] };
		tenant.faults.push({ do: "status", status: 200, body, path: /policies\/authenticationMethodsPolicy$/ });
		expect((await factors(admin, [password]))?.partial).toBe(true);
	});
});
