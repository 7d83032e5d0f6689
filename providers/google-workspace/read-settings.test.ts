import { afterEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import { readScope } from "./scopes.js";
import { type Answers, base, memoryStore, notFound, type PathServer, scanTenant, servePaths } from "./test-paths.js";

let tenant: PathServer;
afterEach(() => tenant?.close());

const policy = (name: string, type: string, value: object, query: object = {}, system = false) => ({
	name: `policies/${name}`,
	customer: "customers/C0acme",
	type: system ? "SYSTEM" : "ADMIN",
	policyQuery: { orgUnit: "orgUnits/root", sortOrder: 1, ...query },
	setting: { type: `settings/${type}`, value },
});
const enforcement = "security.two_step_verification_enforcement";

function tenantOf(policies: object[], more: Answers = {}): Answers {
	return {
		...base(),
		"/v1/policies": { policies },
		"/v1/inboundSamlSsoProfiles": { inboundSamlSsoProfiles: [{ name: "inboundSamlSsoProfiles/p1", displayName: "Okta", idpConfig: { entityId: "e" } }] },
		"/v1/inboundOidcSsoProfiles": {},
		"/v1/inboundSsoAssignments": { inboundSsoAssignments: [{ name: "inboundSsoAssignments/a1", ssoMode: "SAML_SSO", targetOrgUnit: "orgUnits/sales" }] },
		"/admin/directory/v1/customer/my_customer/domains": {
			kind: "admin#directory#domains",
			domains: [{ domainName: "acme.example", isPrimary: true, verified: true }],
		},
		"/admin/directory/v1/groups": { kind: "admin#directory#groups", groups: [{ id: "g1", email: "g1@acme.example", name: "G1", directMembersCount: "0" }] },
		"/groups/v1/groups/g1@acme.example": {
			kind: "groupsSettings#groups",
			email: "g1@acme.example",
			whoCanJoin: "ANYONE_CAN_JOIN",
			allowExternalMembers: "true",
			customFooterText: "x",
			archiveOnly: "false",
		},
		...more,
	};
}

async function read(answers: Answers, without?: string) {
	tenant = await servePaths(answers);
	if (without) tenant.undelegated.add(without);
	const scan = await scanTenant(tenant, await memoryStore(), ["settings"]);
	return { coverage: scan.coverage.settings, of: Object.fromEntries((await scan.bodies<SettingRecord>("settings")).map((one) => [one.id, one])) };
}

describe("settings of Google", () => {
	it("are policies, SSO, org units, domains and what groups allow", async () => {
		const { coverage, of } = await read(tenantOf([policy("x", "security.password", { minimumLength: 12 })]));
		expect(coverage).toMatchObject({ state: "complete", reasons: [] });
		expect(Object.keys(of).sort()).toEqual([
			"domain/acme.example",
			"group-settings/g1",
			"org-unit/north",
			"org-unit/root",
			"org-unit/sales",
			"policy/security.password/x",
			"sso-assignment/a1",
			"sso-profile/p1",
		]);
		expect(of["group-settings/g1"]?.values).toEqual({ whoCanJoin: "ANYONE_CAN_JOIN", allowExternalMembers: "true", archiveOnly: "false" });
		expect(of["sso-assignment/a1"]?.name).toBe("SAML_SSO for /Sales");
	});

	it("say whether 2-step verification is enforced, from when, and for whom", async () => {
		const { of } = await read(
			tenantOf([
				policy("now", enforcement, { enforcedFrom: "2025-06-01T00:00:00Z" }),
				policy("later", enforcement, { enforcedFrom: "2026-06-01T00:00:00Z" }, { orgUnit: "orgUnits/sales" }),
				policy("off", enforcement, {}, { orgUnit: "orgUnits/north" }),
				policy("odd", enforcement, { enforcedFrom: "soon" }, { group: "groups/g1" }),
				policy("keys", "security.two_step_verification_enforcement_factor", { allowedSignInFactorSet: "PASSKEY_ONLY" }),
			]),
		);
		const facet = (name: string) => of[`policy/${enforcement}/${name}`]?.signIn;
		expect(facet("now")).toMatchObject({ allows: true, mfaRequired: true, phishingResistantRequired: true, otherConditions: false, includedGroups: [] });
		expect(facet("later")).toMatchObject({ mfaRequired: false, otherConditions: true });
		expect(facet("off")).toMatchObject({ mfaRequired: false });
		expect(facet("odd")).toMatchObject({ includedGroups: ["g1"] });
		expect(facet("odd")).not.toHaveProperty("mfaRequired");
	});

	it("say how long sessions last, and which of two policies at one place is in force", async () => {
		const { of } = await read(
			tenantOf([
				policy("system", "security.session_controls", { webSessionDuration: "1209600s" }, { sortOrder: 0 }, true),
				policy("ours", "security.session_controls", { webSessionDuration: "43200s" }, { sortOrder: 2 }),
			]),
		);
		expect(of["policy/security.session_controls/ours"]).toMatchObject({
			active: true,
			builtIn: false,
			session: { maxLifetimeMinutes: 720, maxIdleMinutes: null },
		});
		expect(of["policy/security.session_controls/system"]).toMatchObject({ active: false, builtIn: true });
	});

	it.each([readScope.policies, readScope.sso, readScope.orgUnits, readScope.domains, readScope.groupSettings])(
		"name %s where it is missing, and keep the rest",
		async (scope) => {
			const { coverage, of } = await read(tenantOf([policy("x", "security.password", {})]), scope);
			expect(coverage?.state).toBe("partial");
			expect(coverage?.reasons.map((reason) => reason.scope)).toContain(scope);
			expect(Object.keys(of).length).toBeGreaterThan(2);
		},
	);

	it("are not whole where there are no policies, or a group does not answer", async () => {
		expect((await read(tenantOf([]))).coverage?.reasons).toMatchObject([{ cause: "floor" }]);
		await tenant.close();
		const { coverage } = await read(
			tenantOf([policy("x", "security.password", {})], {
				"/groups/v1/groups/g1@acme.example": () => notFound,
				"/admin/directory/v1/groups/g1": { id: "g1" },
			}),
		);
		// The group is there: that its settings are not is no answer.
		expect(coverage?.state).toBe("partial");
	});
});
