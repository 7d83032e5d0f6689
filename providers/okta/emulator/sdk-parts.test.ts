import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_TOKEN, type Emulator, startEmulator } from "../emulator.js";
import { acmeStory, acmeTenant } from "./acme.js";

// The vendor's own client, as somebody else's program.
const sdk = createRequire(import.meta.url)("@okta/okta-sdk-nodejs") as typeof import("@okta/okta-sdk-nodejs");

const now = Date.UTC(2026, 10, 25, 12);
const { people, groups, apps, zones } = acmeStory;

let okta: Emulator;
let client: InstanceType<typeof sdk.Client>;
beforeEach(async () => {
	okta = await startEmulator({ state: acmeTenant(now), limits: "off", clock: () => now });
	client = new sdk.Client({ orgUrl: okta.url, token: DEFAULT_TOKEN, cacheMiddleware: null } as never);
});
afterEach(() => okta.close());

async function rows<T>(collection: { each: (visit: (item: T | null) => void) => Promise<unknown> }): Promise<T[]> {
	const found: T[] = [];
	await collection.each((item) => {
		if (item) found.push(item);
	});
	return found;
}

const notFound = expect.objectContaining({ status: 404, errorCode: "E0000007" });

describe("the vendor's own client", () => {
	it("reads and revokes a user's consents and refresh tokens", async () => {
		const userId = people.tom.id;
		const grants = await rows(await client.userApi.listUserGrants({ userId }));
		expect(grants.map(({ scopeId }) => scopeId)).toContain("okta.users.manage");
		expect((await rows(await client.userApi.listUserClients({ userId }))).map((one) => (one as { client_id?: string }).client_id)).toEqual([apps.payroll]);
		const grantId = grants[0]?.id ?? "";
		await client.userApi.revokeUserGrant({ userId, grantId });
		await expect(client.userApi.getUserGrant({ userId, grantId })).rejects.toEqual(notFound);
		expect(await rows(await client.userApi.listUserGrants({ userId }))).toHaveLength(grants.length - 1);

		const of = { userId, clientId: apps.payroll };
		const [token] = await rows(await client.userApi.listRefreshTokensForUserAndClient(of));
		expect(token?.lastUpdated?.getTime()).toBeLessThan(now - 400 * 86_400_000);
		await client.userApi.revokeTokenForUserAndClient({ ...of, tokenId: token?.id ?? "" });
		expect(await rows(await client.userApi.listRefreshTokensForUserAndClient(of))).toEqual([]);
	});

	it("reads identity providers and the certificate that ends soon", async () => {
		const [idp] = await rows(await client.identityProviderApi.listIdentityProviders({ type: "SAML2" } as never));
		const kid = (idp?.protocol as { credentials?: { trust?: { kid?: string } } } | undefined)?.credentials?.trust?.kid;
		const keys = await rows(await client.identityProviderApi.listIdentityProviderKeys());
		const key = keys.find((one) => one.kid === kid);
		expect(((key?.expiresAt?.getTime() ?? 0) - now) / 86_400_000).toBe(12);
		await client.identityProviderApi.deactivateIdentityProvider({ idpId: idp?.id ?? "" });
		expect((await client.identityProviderApi.getIdentityProvider({ idpId: idp?.id ?? "" })).status).toBe("INACTIVE");
	});

	it("makes, changes and removes a zone, in the order the vendor demands", async () => {
		const gateways = [{ type: "CIDR" as const, value: "198.51.100.0/24" }];
		const zone = await client.networkZoneApi.createNetworkZone({ zone: { type: "IP", name: "Branch", gateways } as never });
		const zoneId = zone.id ?? "";
		await client.networkZoneApi.replaceNetworkZone({ zoneId, zone: { type: "IP", name: "Branch office", gateways } as never });
		expect((await rows(await client.networkZoneApi.listNetworkZones())).map(({ name }) => name)).toContain("Branch office");
		await expect(client.networkZoneApi.deleteNetworkZone({ zoneId })).rejects.toMatchObject({ status: 400, errorCode: "E0000001" });
		await client.networkZoneApi.deactivateNetworkZone({ zoneId });
		await client.networkZoneApi.deleteNetworkZone({ zoneId });
		expect((await rows(await client.networkZoneApi.listNetworkZones())).map(({ id }) => id)).not.toContain(zoneId);
		await expect(client.networkZoneApi.deactivateNetworkZone({ zoneId: zones.offices })).rejects.toMatchObject({ status: 400 });
	});

	it("adds and removes a rule of the routing policy, whose default rule stays", async () => {
		const [policy] = await rows(await client.policyApi.listPolicies({ type: "IDP_DISCOVERY" } as never));
		const policyId = policy?.id ?? "";
		const names = async (): Promise<unknown[]> => (await rows(await client.policyApi.listPolicyRules({ policyId }))).map(({ name }) => name);
		expect(await names()).toEqual(["To Partner login", "Default Rule"]);
		const actions = { idp: { providers: [{ type: "OKTA" }] } };
		const policyRule = { type: "IDP_DISCOVERY", name: "Freelancers", priority: 1, conditions: { network: { connection: "ANYWHERE" } }, actions };
		const rule = await client.policyApi.createPolicyRule({ policyId, policyRule: policyRule as never });
		expect(await names()).toEqual(["Freelancers", "To Partner login", "Default Rule"]);
		await client.policyApi.deletePolicyRule({ policyId, ruleId: rule.id ?? "" });
		const last = (await rows(await client.policyApi.listPolicyRules({ policyId }))).at(-1);
		await expect(client.policyApi.deletePolicyRule({ policyId, ruleId: last?.id ?? "" })).rejects.toMatchObject({ status: 403 });
	});

	it("narrows a role to groups, and never widens it by taking the last away", async () => {
		const userId = people.ravi.id;
		const [role] = await rows(await client.roleAssignmentApi.listAssignedRolesForUser({ userId }));
		const of = { userId, roleId: (role as { id?: string } | undefined)?.id ?? "" };
		const targets = async (): Promise<unknown[]> => (await rows(await client.roleTargetApi.listGroupTargetsForRole(of))).map(({ id }) => id);
		const [sales = ""] = (await targets()) as string[];
		await client.roleTargetApi.assignGroupTargetToUserRole({ ...of, groupId: groups.finance });
		expect(await targets()).toEqual([sales, groups.finance]);
		await client.roleTargetApi.unassignGroupTargetFromUserAdminRole({ ...of, groupId: sales });
		expect(await targets()).toEqual([groups.finance]);
		await expect(client.roleTargetApi.unassignGroupTargetFromUserAdminRole({ ...of, groupId: groups.finance })).rejects.toMatchObject({ status: 400 });
	});

	it("pages through log events, each once", async () => {
		const until = new Date(now).toISOString();
		const since = new Date(now - 30 * 86_400_000).toISOString();
		const events = await rows(await client.systemLogApi.listLogEvents({ since, until, limit: 50 } as never));
		const wanted = okta.state.log.filter(({ published = "" }) => published >= since && published < until).map(({ uuid }) => uuid);
		expect(events.length).toBeGreaterThan(100);
		expect(new Set(events.map(({ uuid }) => uuid))).toEqual(new Set(wanted));
	});

	it("adds, stops and removes a trusted origin, which the log tells", async () => {
		const made = await client.trustedOriginApi.createTrustedOrigin({
			trustedOrigin: { name: "Second portal", origin: "https://second.example", scopes: [{ type: "CORS" }] } as never,
		});
		const trustedOriginId = made.id ?? "";
		expect((await client.trustedOriginApi.deactivateTrustedOrigin({ trustedOriginId })).status).toBe("INACTIVE");
		await client.trustedOriginApi.deleteTrustedOrigin({ trustedOriginId });
		expect((await rows(await client.trustedOriginApi.listTrustedOrigins())).map(({ id }) => id)).not.toContain(trustedOriginId);
		const told = okta.state.log.filter((event) => event.target?.some(({ id }) => id === trustedOriginId)).map(({ eventType }) => eventType);
		expect(told).toEqual(["create", "deactivate", "delete"].map((verb) => `security.trusted_origin.${verb}`));
	});

	it("reads the risk of a user", async () => {
		expect((await client.userApi.getUserRisk({ userId: people.tom.id })).riskLevel).toBe("HIGH");
	});
});
