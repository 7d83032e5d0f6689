import { describe, expect, it } from "vitest";
import { linkPersons } from "../../src/link/link.js";
import type { AccountRecord, AuthenticatorStrength } from "../../src/model/account.js";
import type { RoleAssignmentRecord } from "../../src/model/objects.js";
import type { AuthenticatorsBody } from "../../src/model/snapshot.js";
import { identity, listOf, scanOdd } from "./test-api.js";

/** What is read of one identity with these fields. */
async function of(more: Parameters<typeof identity>[1]) {
	const found = await scanOdd(listOf([identity("idn_one", more)]));
	return {
		found,
		account: await found.body<AccountRecord>("accounts", "idn_one"),
		risk: await found.body("risks", "idn_one"),
		factors: (await found.body<AuthenticatorsBody>("authenticators", "idn_one"))?.items,
		roles: (await found.records("roleAssignments")).map(({ body }) => body as RoleAssignmentRecord),
	};
}

describe("risk", () => {
	it.each([
		[0, "low", "low"],
		[20, "low", "low"],
		[21, "medium", "medium"],
		[50, "medium", "medium"],
		[51, "high", "high"],
		[75, "high", "high"],
		[76, "critical", "high"],
		[100, "critical", "high"],
		[undefined, "medium", "medium"],
		[null, "high", "high"],
		[51, undefined, "high"],
	])("score %s with level %s is %s", async (risk_score, risk_level, level) => {
		const { risk, found } = await of({ risk_score, risk_level });
		expect(risk).toMatchObject({ level });
		expect(found.coverage("risks").state).toBe("complete");
	});

	it.each([
		[80, "low"],
		[20, "medium"],
		[21, "low"],
		[10, "severe"],
		[-1, "low"],
		[101, "critical"],
	])("score %s with level %s contradict each other", async (risk_score, risk_level) => {
		expect((await of({ risk_score, risk_level })).risk).toMatchObject({ level: "unknown", source: expect.stringContaining("they disagree") });
	});

	it("is not known beside a score that cannot be read, or where nothing is said", async () => {
		for (const more of [
			{ risk_score: "80", risk_level: "low" },
			{ risk_score: undefined, risk_level: undefined },
			{ risk_score: null, risk_level: null },
		]) {
			const { risk, found } = await of(more);
			expect(risk).toBeUndefined();
			expect(found.coverage("risks").state).not.toBe("complete");
		}
		expect((await of({ risk_score: null, risk_level: "dreadful" })).risk).toMatchObject({ level: "unknown" });
	});
});

describe("second factors", () => {
	it.each<[string, AuthenticatorStrength, boolean]>([
		["hardware_key", "phishing-resistant", false],
		["totp", "strong", false],
		["push", "strong", false],
		["sms", "weak", false],
		["email", "weak", true],
		["carrier_pigeon", "unknown", false],
		["constructor", "unknown", false],
	])("%s is %s", async (type, strength, recoveryOnly) => {
		expect((await of({ mfa_methods: [type] })).factors).toMatchObject([{ type, strength, recoveryOnly }]);
	});

	it("are none only where the API says so twice", async () => {
		expect((await of({ mfa_enrolled: false, mfa_methods: [] })).factors).toEqual([]);
		expect((await of({ mfa_enrolled: true, mfa_methods: [] })).factors).toMatchObject([{ type: "unknown", strength: "unknown" }]);
	});

	it.each([
		{ mfa_enrolled: false, mfa_methods: ["totp"] },
		{ mfa_enrolled: undefined, mfa_methods: [] },
		{ mfa_enrolled: false, mfa_methods: undefined },
		{ mfa_enrolled: false, mfa_methods: "totp" },
		{ mfa_enrolled: null, mfa_methods: null },
		{ mfa_enrolled: "true", mfa_methods: ["totp"] },
		{ mfa_enrolled: true, mfa_methods: ["totp", 7] },
	])("are not known from %j", async (more) => {
		const { factors, found } = await of(more);
		expect(factors).toBeUndefined();
		expect(found.coverage("authenticators")).toMatchObject({ reasons: [{ detail: expect.stringContaining("contradicts itself") }] });
	});
});

describe("privileges", () => {
	it("are the API's word, under the roles' names", async () => {
		expect((await of({ privileged: true, roles: ["Billing", "Help Desk", "Billing"] })).roles).toMatchObject([
			{ role: "Billing", level: "privileged", principal: "idn_one" },
			{ role: "Help Desk", level: "privileged" },
		]);
		expect((await of({ privileged: true, roles: [] })).roles).toMatchObject([{ level: "privileged" }]);
		expect((await of({ privileged: false, roles: ["Reader"] })).roles).toEqual([]);
	});

	it.each([
		{ privileged: undefined },
		{ privileged: null },
		{ privileged: "no" },
		{ privileged: false, roles: ["Global Administrator"] },
		{ privileged: false, roles: ["SUPER_ADMIN"] },
	])("are not known from %j", async (more) => {
		const { roles } = await of(more);
		expect(roles.map(({ level }) => level)).toEqual(["unknown"]);
	});
});

describe("status and times", () => {
	it.each([
		["active", true],
		["password_reset_required", true],
		["pending", false],
		["disabled", false],
		["locked", undefined],
		["frozen", undefined],
		["toString", undefined],
		[undefined, undefined],
		[null, undefined],
		[7, undefined],
	])("%s: can sign in? %s", async (status, enabled) => {
		expect((await of({ status })).account?.enabled).toBe(enabled);
	});

	it("null is never, and what cannot have been is not known", async () => {
		const never = { last_login_ip: null, last_login_country: null };
		expect((await of({ last_login_at: null, ...never })).account?.lastActivity).toBeNull();
		for (const more of [
			{ last_login_at: null },
			{ last_login_at: null, last_login_ip: null },
			{ ...never, last_login_at: undefined },
			{ last_login_at: "2031-01-01T00:00:00Z" },
			{ last_login_at: "0001-01-01T00:00:00Z" },
			{ last_login_at: "1970-01-01T00:00:00Z" },
			{ last_login_at: "2025-02-30T00:00:00Z" },
			{ last_login_at: "2025-12-01" },
			{ last_login_at: 1764576000 },
		]) {
			const { account } = await of(more);
			expect(account, JSON.stringify(more)).not.toHaveProperty("lastActivity");
			expect(account).not.toHaveProperty("activitySignal");
		}
		for (const created_at of ["2031-01-01T00:00:00Z", null, "x"]) expect((await of({ created_at })).account).not.toHaveProperty("created");
	});

	it("a clock a little ahead is no future", async () => {
		expect((await of({ last_login_at: "2026-01-01T00:03:00Z" })).account?.lastActivity).toBe(Date.UTC(2026, 0, 1, 0, 3));
	});

	it("missing fields stay unknown, and a record without id is set aside", async () => {
		const found = await scanOdd(() => ({
			body: { data: [{ id: "idn_bare", tenant_id: "ten_acme" }, { tenant_id: "ten_acme" }, null], pagination: { has_more: false } },
		}));
		expect(await found.body("accounts", "idn_bare")).toEqual({ id: "idn_bare", profile: { tenantId: "ten_acme" } });
		expect(found.coverage("accounts")).toMatchObject({ state: "partial", known: 1, reasons: [{ cause: "quarantine" }] });
		expect(found.states).not.toContain("complete");
	});
});

describe("links", () => {
	const guid = "0B1C2D3E-0000-4000-A000-000000000001";
	it.each([
		["azure_ad", guid, [{ provider: "entra", value: guid.toLowerCase() }]],
		["okta", "00u1aB", [{ provider: "okta", value: "00u1aB" }]],
		["google_workspace", "1123", [{ provider: "google-workspace", value: "1123" }]],
		["ping", "1123", [{ provider: "ping", value: "1123" }]],
		["local", "1123", []],
		["okta", null, []],
	])("%s %s", async (provider, provider_id, links) => {
		expect((await of({ provider, provider_id })).account?.links).toMatchObject(links);
	});

	it("are not known without a provider, nor from a number, whose last digits may be lost", async () => {
		expect((await of({ provider: undefined, provider_id: "1" })).account).not.toHaveProperty("links");
		expect((await of({ provider: "google_workspace", provider_id: 1123 })).account).not.toHaveProperty("links");
	});

	it("lead to the account at its provider, and to no other provider's of the same id", async () => {
		const person = (id: string, system: string, provider: string, links?: AccountRecord["links"]) =>
			({ id, key: `${system}/${id}`, system, provider, login: id, status: "", enabled: true, impersonal: false, ...(links && { links }) }) as const;
		for (const [word, system] of [
			["okta", "okta"],
			["google_workspace", "google"],
		]) {
			const { account } = await of({ provider: word, provider_id: "X1", email: "a@b.example" });
			const linked = linkPersons({
				accounts: [person("idn_one", "identity", "identity-api", account?.links), person("X1", "okta", "okta"), person("X1", "google", "google-workspace")],
				workers: [],
				manual: [],
			});
			expect(linked.personOf.get("identity/idn_one")?.accounts.sort()).toEqual([`${system}/X1`, "identity/idn_one"].sort());
		}
	});
});

describe("odd text", () => {
	it("survives, and keeps its characters", async () => {
		const name = `𝔄da 🧑🏽‍💻 \u0007\u0000 ${"x".repeat(20_000)}`;
		expect((await of({ display_name: name })).account?.displayName).toBe(name);
	});
});
