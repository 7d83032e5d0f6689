import { describe, expect, it } from "vitest";
import { assurance } from "./schema-assurance.js";
import { decodePolicy, decodePolicyRule } from "./schema-policy.js";

function policy(raw: object, type = "OKTA_SIGN_ON") {
	const found = decodePolicy({ id: "00p1", type, status: "ACTIVE", name: "P", priority: 1, system: false, conditions: null, ...raw }, type);
	if ("bad" in found) throw new Error(found.bad);
	return found.ok;
}

function rule(raw: object, of = policy({}), appliesTo: string | null | undefined = null) {
	const found = decodePolicyRule({ id: "0pr1", status: "ACTIVE", name: "R", priority: 1, system: false, conditions: null, ...raw }, of, appliesTo);
	if ("bad" in found) throw new Error(found.bad);
	return found.ok;
}

describe("a session rule", () => {
	const signon = (more: object) =>
		rule({
			actions: {
				signon: {
					access: "ALLOW",
					requireFactor: true,
					session: { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 720 },
					...more,
				},
			},
		});

	it("has the session's bounds in minutes and asks for a factor", () => {
		const found = signon({});
		expect(found).toMatchObject({ id: "rule/OKTA_SIGN_ON/00p1/0pr1", kind: "rule/OKTA_SIGN_ON", parent: "00p1", active: true });
		expect(found.session).toEqual({ maxLifetimeMinutes: 720, maxIdleMinutes: 120, persistentCookie: false });
		expect(found.signIn).toMatchObject({
			allows: true,
			mfaRequired: true,
			phishingResistantRequired: false,
			networkBound: false,
			appliesTo: null,
			excludedAccounts: [],
		});
	});

	it("takes 0 minutes for no limit", () => {
		expect(signon({ session: { maxSessionLifetimeMinutes: 0, usePersistentCookie: true } }).session).toEqual({
			maxLifetimeMinutes: null,
			maxIdleMinutes: null,
			persistentCookie: true,
		});
	});

	it("that denies has no session, and one of wrong types is unknown", () => {
		expect(signon({ access: "DENY" }).session).toBeNull();
		expect(signon({ session: null })).not.toHaveProperty("session");
		expect(signon({ access: "DENY" }).signIn?.allows).toBe(false);
		expect(signon({ requireFactor: "yes" }).signIn).not.toHaveProperty("mfaRequired");
		expect(signon({ session: { maxSessionLifetimeMinutes: "long" } }).session).not.toHaveProperty("maxLifetimeMinutes");
	});

	it("of an inactive policy is not active, and is unknown where the policy's status is", () => {
		expect(rule({}, policy({ status: "INACTIVE" })).active).toBe(false);
		expect(rule({ status: "INACTIVE" }).active).toBe(false);
		expect(rule({}, policy({ status: null }))).not.toHaveProperty("active");
	});

	it("takes exclusions of its policy too, and the policy's groups where it names none", () => {
		const of = policy({ conditions: { people: { groups: { include: ["00g1"] }, users: { exclude: ["00u1"] } } } });
		const found = rule(
			{ conditions: { people: { users: { exclude: ["00u2"] }, groups: { exclude: ["00g9"] } }, network: { connection: "ZONE", include: ["nzo1"] } } },
			of,
		);
		expect(found.signIn).toMatchObject({ excludedAccounts: ["00u1", "00u2"], excludedGroups: ["00g9"], includedGroups: ["00g1"], networkBound: true });
		expect(rule({ conditions: { people: { users: { exclude: [5] } } } }, of).signIn).not.toHaveProperty("excludedAccounts");
	});

	it("of another policy type has no sign-in facet", () => {
		expect(rule({ actions: { passwordChange: { access: "ALLOW" } } }, policy({}, "PASSWORD"))).toMatchObject({ signIn: null });
	});
});

describe("an app's sign-on rule", () => {
	const twoFactors = { type: "ASSURANCE", factorMode: "2FA" };
	const oneFactor = { type: "ASSURANCE", factorMode: "1FA" };
	const possession = (more: object) => ({ constraints: [{ possession: more }] });

	it.each([
		["two factors", twoFactors, true, false],
		["one factor", oneFactor, false, false],
		["one factor, phishing-resistant, only touched", { ...oneFactor, ...possession({ phishingResistant: "REQUIRED" }) }, false, true],
		["a passkey that checks its holder", { ...oneFactor, ...possession({ phishingResistant: "REQUIRED", userVerification: "REQUIRED" }) }, true, true],
		["lower-case words", { type: "assurance", factorMode: "2fa", ...possession({ phishingResistant: "required" }) }, true, true],
		["possession that is optional", { ...twoFactors, ...possession({ phishingResistant: "REQUIRED", required: false }) }, true, false],
		[
			"one alternative that can be phished",
			{ ...twoFactors, constraints: [{ possession: { phishingResistant: "REQUIRED" } }, { knowledge: { types: ["password"] } }] },
			true,
			false,
		],
		["named methods that resist", { ...twoFactors, ...possession({ authenticationMethods: [{ key: "webauthn", method: "webauthn" }] }) }, true, true],
		["an unknown factor mode", { type: "ASSURANCE", factorMode: "3FA" }, undefined, false],
		["constraints of a wrong type", { ...twoFactors, constraints: "none" }, undefined, undefined],
		["an unknown kind of verification", { type: "ID_PROOFING" }, undefined, undefined],
		[
			"a chain of two steps",
			{
				type: "AUTH_METHOD_CHAIN",
				chains: [
					{
						authenticationMethods: [{ key: "okta_password", method: "password" }],
						next: [{ authenticationMethods: [{ key: "webauthn", method: "webauthn" }] }],
					},
				],
			},
			true,
			true,
		],
		[
			"a chain of a password alone",
			{ type: "AUTH_METHOD_CHAIN", chains: [{ authenticationMethods: [{ key: "okta_password", method: "password" }] }] },
			false,
			false,
		],
		[
			"a chain of FastPass with biometrics",
			{ type: "AUTH_METHOD_CHAIN", chains: [{ authenticationMethods: [{ key: "okta_verify", method: "signed_nonce", userVerification: "REQUIRED" }] }] },
			true,
			false,
		],
		["no verification method", undefined, undefined, undefined],
	])("%s", (_, method, mfaRequired, phishingResistantRequired) => {
		expect(assurance(method)).toEqual({ mfaRequired, phishingResistantRequired });
	});

	it("says which apps it is for, and nothing where the apps are unknown", () => {
		const of = policy({}, "ACCESS_POLICY");
		const raw = { actions: { appSignOn: { access: "ALLOW", verificationMethod: twoFactors } } };
		expect(rule(raw, of, "saasure").signIn).toMatchObject({ appliesTo: "saasure", mfaRequired: true });
		expect(rule(raw, of, undefined).signIn).toMatchObject({ mfaRequired: true });
		const unknownApps = decodePolicyRule({ id: "r", ...raw }, of, undefined);
		expect("ok" in unknownApps && unknownApps.ok.signIn && "appliesTo" in unknownApps.ok.signIn).toBe(false);
	});

	it("tells a rule that applies to every sign-in from one that may not", () => {
		const other = (conditions: object) => rule({ conditions, actions: { signon: { access: "ALLOW" } } }, policy({}, "OKTA_SIGN_ON")).signIn?.otherConditions;
		expect(other({ authContext: { authType: "ANY" }, riskScore: { level: "ANY" }, risk: { behaviors: [] }, identityProvider: { provider: "ANY" } })).toBe(
			false,
		);
		expect(other({ network: { connection: "ANYWHERE" }, people: { groups: { include: ["00g1"] } }, device: null })).toBe(false);
		expect(other({ platform: { include: [{ type: "ANY", os: { type: "ANY" } }], exclude: [] } })).toBe(false);
		expect(other({ riskScore: { level: "HIGH" } })).toBe(true);
		expect(other({ device: { registered: true } })).toBe(true);
		expect(other({ people: { users: { include: ["00u1"] } } })).toBe(true);
		expect(other({ platform: { include: [{ type: "MOBILE", os: { type: "IOS" } }] } })).toBe(true);
		expect(other({ somethingNew: {} })).toBe(true);
	});
});
