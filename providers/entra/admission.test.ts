import { describe, expect, it } from "vitest";
import type { Account, Authenticator } from "../../src/model/account.js";
import type { SettingRecord } from "../../src/model/objects.js";
import { admission } from "./admission.js";
import { decodeSetting } from "./schema-setting.js";

const kindOf = (kind: string) => ({ kind, title: "", path: "" });
function setting(kind: string, raw: object): SettingRecord {
	const found = decodeSetting(raw, kind === "authenticationMethodConfiguration" ? { ...kindOf(kind), name: "id" } : kindOf(kind));
	if ("bad" in found) throw new Error(found.bad);
	return found.ok;
}

const method = (id: string, more: object = {}) =>
	setting("authenticationMethodConfiguration", { id, state: "enabled", includeTargets: [{ id: "all_users" }], ...more });
const defaults = (isEnabled: boolean) => setting("identitySecurityDefaultsEnforcementPolicy", { id: "d", displayName: "Security defaults", isEnabled });
const policy = (more: object = {}, conditions: object = {}) =>
	setting("conditionalAccessPolicy", {
		id: "p",
		displayName: "P",
		state: "enabled",
		conditions: { users: { includeUsers: ["All"] }, applications: { includeApplications: ["All"] }, clientAppTypes: ["all"], ...conditions },
		grantControls: { operator: "OR", builtInControls: ["mfa"] },
		...more,
	});

const push: Authenticator = { id: "1", type: "microsoftAuthenticatorPush", strength: "strong", source: "local", recoveryOnly: false };
const key: Authenticator = { id: "2", type: "fido2SecurityKey", strength: "phishing-resistant", source: "local", recoveryOnly: false };
const ana = { id: "ana", key: "entra/ana", login: "ana@acme.example", guest: false, groups: [], roles: [], risk: { level: "none" } } as unknown as Account;
const base = [method("MicrosoftAuthenticator"), method("Fido2")];

function ask(settings: SettingRecord[], account: Account = ana, factors: Authenticator[] = [push]): string {
	const found = admission([...base, ...settings])(account, factors);
	return "rules" in found ? `in: ${found.rules.join(", ")}` : found.why;
}

describe("admission", () => {
	it("lets in whoever meets every policy in force", () => {
		expect(ask([defaults(false), policy()])).toBe("in: Conditional Access policy P");
		expect(ask([defaults(false)])).toMatch(/^in: no Conditional Access policy/);
		expect(ask([defaults(true)])).toBe("in: security defaults");
	});

	it("says nothing where security defaults are unknown", () => {
		expect(ask([policy()])).toMatch(/security defaults/);
	});

	it("lets a block win, and passes over what is not enforced or not for the account", () => {
		const block = { grantControls: { operator: "OR", builtInControls: ["block"] } };
		expect(ask([defaults(false), policy(), policy(block)])).toMatch(/P blocks it/);
		expect(ask([defaults(false), policy({ ...block, state: "enabledForReportingButNotEnforced" })])).toMatch(/^in/);
		expect(ask([defaults(false), policy(block, { users: { includeUsers: ["All"], excludeUsers: ["ana"] } })])).toMatch(/^in/);
		expect(ask([defaults(false), policy(block, { users: { includeGroups: ["g"] } })])).toMatch(/^in/);
		expect(ask([defaults(false), policy(block, { clientAppTypes: ["exchangeActiveSync", "other"] })])).toMatch(/^in/);
	});

	it("counts on nobody whom a policy may keep out", () => {
		const block = { grantControls: { operator: "OR", builtInControls: ["block"] } };
		expect(ask([defaults(false), policy(block, { locations: { includeLocations: ["All"], excludeLocations: ["AllTrusted"] } })])).toMatch(
			/may apply, and blocks/,
		);
		expect(ask([defaults(false), policy(block, { signInRiskLevels: ["high"] })])).toMatch(/may apply/);
		const { groups: _groups, ...unknown } = ana;
		expect(ask([defaults(false), policy(block, { users: { includeGroups: ["g"] } })], unknown as Account)).toMatch(/may apply/);
		expect(ask([defaults(false), policy({ grantControls: { operator: "AND", builtInControls: ["mfa", "compliantDevice"] } })])).toMatch(
			/asks for compliantDevice/,
		);
		expect(ask([defaults(false), policy({ grantControls: { operator: "OR", builtInControls: ["mfa", "compliantDevice"] } })])).toMatch(/^in/);
	});

	it("is sure of a role only where it is held over the whole tenant, now and later", () => {
		const block = { grantControls: { operator: "OR", builtInControls: ["block"] } };
		const but = [defaults(false), policy(block, { users: { includeUsers: ["All"], excludeRoles: ["r"] } })];
		const held = (more: object) => ({ ...ana, roles: [{ role: "r", assignment: "active", scope: null, ends: null, ...more }] }) as unknown as Account;
		expect(ask(but, held({}))).toMatch(/^in/);
		expect(ask(but, held({ scope: "/administrativeUnits/1" }))).toMatch(/may apply/);
		expect(ask(but, held({ ends: Date.UTC(2026, 0, 1) }))).toMatch(/may apply/);
		expect(ask(but, held({ ends: undefined }))).toMatch(/may apply/);
		expect(ask(but, held({ assignment: "eligible" }))).toMatch(/may apply/);
		expect(ask([defaults(false), policy(block, { users: { includeRoles: ["r"] } })], held({ scope: "/administrativeUnits/1" }))).toMatch(/may apply/);
	});

	it("does not take a member from another tenant for one of its own", () => {
		const block = { grantControls: { operator: "OR", builtInControls: ["block"] } };
		const guests = [defaults(false), policy(block, { users: { includeGuestsOrExternalUsers: { guestOrExternalUserTypes: "b2bCollaborationMember" } } })];
		expect(ask(guests)).toMatch(/^in/);
		expect(ask(guests, { ...ana, login: "ana_other.example#EXT#@acme.onmicrosoft.com" })).toMatch(/may apply/);
	});

	it("asks an authentication strength for a combination that an authenticator gives", () => {
		const strength = {
			operator: "OR",
			builtInControls: [],
			authenticationStrength: { id: "s", displayName: "Phishing-resistant", allowedCombinations: ["fido2", "windowsHelloForBusiness"] },
		};
		expect(ask([defaults(false), policy({ grantControls: strength })])).toMatch(/Phishing-resistant/);
		expect(ask([defaults(false), policy({ grantControls: strength })], ana, [key])).toMatch(/^in/);
		const narrowed = { ...strength, authenticationStrength: { ...strength.authenticationStrength, combinationConfigurations: [{ id: "c" }] } };
		expect(ask([defaults(false), policy({ grantControls: narrowed })], ana, [key])).toMatch(/Phishing-resistant/);
	});

	it("believes in no authenticator that the methods policy has switched off, or has for others", () => {
		expect(admission([defaults(false), method("MicrosoftAuthenticator", { state: "disabled" })])(ana, [push])).toHaveProperty("why");
		expect(admission([defaults(false), method("MicrosoftAuthenticator", { includeTargets: [{ id: "g" }] })])(ana, [push])).toHaveProperty("why");
		expect(admission([defaults(false), method("MicrosoftAuthenticator", { excludeTargets: [{ id: "all_users" }] })])(ana, [push])).toHaveProperty("why");
	});
});
