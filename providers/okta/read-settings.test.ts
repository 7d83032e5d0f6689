import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SettingRecord } from "../../src/model/objects.js";
import type { Store } from "../../src/store/store.js";
import { memoryStore, noRole, noScope, type PathServer, scanOrg, servePaths } from "./test-scan.js";

let org: PathServer;
let store: Store;
const policies: Record<string, object[]> = {
	OKTA_SIGN_ON: [{ id: "00p1", type: "OKTA_SIGN_ON", name: "Default", status: "ACTIVE", system: true, priority: 1 }],
	ACCESS_POLICY: [{ id: "rst1", type: "ACCESS_POLICY", name: "Admin Console", status: "ACTIVE", priority: 1 }],
	USER_LIFECYCLE: [{ id: "rst2", type: "USER_LIFECYCLE", name: "Inactivity", status: "INACTIVE", priority: 1 }],
};
const refusedType = { status: 400, body: { errorCode: "E0000001", errorSummary: "Api validation failed: type" } };

beforeEach(async () => {
	store = await memoryStore();
	org = await servePaths({
		"/api/v1/policies": (url: URL) => {
			const type = url.searchParams.get("type") ?? "";
			return type === "ENTITY_RISK" ? refusedType : { body: policies[type] ?? [] };
		},
		"/api/v1/policies/00p1/rules": [
			{
				id: "0pr1",
				type: "SIGN_ON",
				name: "Default Rule",
				status: "ACTIVE",
				system: true,
				priority: 1,
				actions: { signon: { access: "ALLOW", requireFactor: false, session: { maxSessionLifetimeMinutes: 0 } } },
			},
		],
		"/api/v1/policies/rst1/rules": [
			{
				id: "rul1",
				type: "ACCESS_POLICY",
				name: "Any",
				status: "ACTIVE",
				priority: 0,
				actions: { appSignOn: { access: "ALLOW", verificationMethod: { type: "ASSURANCE", factorMode: "2FA" } } },
			},
		],
		"/api/v1/policies/rst2/rules": [{ id: "rul2", name: "35 days", status: "ACTIVE", priority: 0 }],
		"/api/v1/apps": [
			{
				id: "0oa1",
				name: "saasure",
				label: "Okta Admin Console",
				status: "ACTIVE",
				signOnMode: "OPENID_CONNECT",
				_links: { accessPolicy: { href: "https://x/api/v1/policies/rst1" } },
			},
		],
		"/api/v1/zones": [{ id: "nzo1", type: "IP", name: "Office", status: "INACTIVE", system: false, gateways: null }],
		"/api/v1/authenticators": [],
		"/api/v1/trustedOrigins": [],
		"/api/v1/eventHooks": [{ id: "who1", name: "Hook", status: "ACTIVE", channel: { config: { authScheme: { type: "HEADER", key: "k", value: "hush" } } } }],
		"/api/v1/org": { id: "00o1", subdomain: "acme", status: "ACTIVE" },
		"/api/v1/org/privacy/oktaSupport": { support: "ENABLED", expiration: "2026-01-02T00:00:00.000Z" },
		"/api/v1/first-party-app-settings/admin-console": { sessionIdleTimeoutMinutes: 15, sessionMaxLifetimeMinutes: 720 },
	});
});
afterEach(() => org.close());

describe("settings", () => {
	it("an org whose Admin Console shows no access policy leaves it open which rules guard it", async () => {
		const other = { id: "0oa2", name: "oidc_client", label: "Other", status: "ACTIVE", _links: { accessPolicy: { href: "https://x/api/v1/policies/rst1" } } };
		org.answers["/api/v1/apps"] = [other];
		const { bodies } = await scanOrg(org, store, { only: ["settings"] });
		const rule = (await bodies("settings")).map((body) => body as SettingRecord).find(({ id }) => id === "rule/ACCESS_POLICY/rst1/rul1");
		expect(rule?.signIn).not.toHaveProperty("appliesTo");
	});

	it("are policies with their rules and the org's objects; what the org does not have is no gap", async () => {
		const { coverage, bodies } = await scanOrg(org, store, { only: ["settings"] });
		expect(coverage.settings).toMatchObject({ state: "complete", reasons: [] });
		expect(await bodies("settings")).toMatchObject([
			{ id: "admin-console/org", session: { maxIdleMinutes: 15, maxLifetimeMinutes: 720 } },
			{ id: "event-hook/who1", active: true },
			{ id: "org/org", values: { subdomain: "acme" } },
			{ id: "policy-order/MFA_ENROLL", values: { order: [] } },
			{ id: "policy-order/OKTA_SIGN_ON", values: { order: [] } },
			{ id: "policy-order/PASSWORD", values: { order: [] } },
			{ id: "policy/ACCESS_POLICY/rst1", active: true },
			{ id: "policy/OKTA_SIGN_ON/00p1", builtIn: true },
			{ id: "policy/USER_LIFECYCLE/rst2", active: false },
			{ id: "rule-order/00p1", parent: "00p1", values: { order: [] } },
			{ id: "rule-order/rst1", parent: "rst1", values: { order: ["rul1"], names: { rul1: "Any" } } },
			{ id: "rule/ACCESS_POLICY/rst1/rul1", parent: "rst1", signIn: { mfaRequired: true, appliesTo: "saasure" } },
			{ id: "rule/OKTA_SIGN_ON/00p1/0pr1", session: { maxLifetimeMinutes: null }, signIn: { mfaRequired: false, appliesTo: null } },
			{ id: "rule/USER_LIFECYCLE/rst2/rul2", active: false },
			{ id: "support-access/org", values: { support: "ENABLED" } },
			{ id: "zone/nzo1", active: false, name: "Office" },
		]);
		expect(JSON.stringify(await bodies("settings"))).not.toContain("hush");
	});

	it("name each scope that is missing, and keep the rest", async () => {
		org.answers["/api/v1/zones"] = () => noScope;
		org.answers["/api/v1/policies/rst1/rules"] = () => noRole;
		const { coverage } = await scanOrg(org, store, { only: ["settings"] });
		expect(coverage.settings?.state).toBe("partial");
		expect(coverage.settings?.reasons).toMatchObject([{ cause: "scope", scope: "okta.networkZones.read" }, { cause: "role" }]);
	});

	it("have no order where the list of what it ranks is not whole", async () => {
		org.answers["/api/v1/policies/rst1/rules"] = () => noRole;
		const { bodies } = await scanOrg(org, store, { only: ["settings"] });
		const orders = (await bodies("settings")).flatMap((body) => ("kind" in body && body.kind === "rule-order" ? [(body as SettingRecord).id] : []));
		expect(orders).toEqual(["rule-order/00p1"]);
	});

	it("do not say which apps a rule is for when the apps are unread", async () => {
		org.answers["/api/v1/apps"] = () => noScope;
		const { bodies } = await scanOrg(org, store, { only: ["settings"] });
		const rule = (await bodies("settings")).find((body) => "kind" in body && body.kind === "rule/ACCESS_POLICY");
		expect(rule).toMatchObject({ signIn: { mfaRequired: true } });
		expect(rule).not.toHaveProperty("signIn.appliesTo");
	});
});
