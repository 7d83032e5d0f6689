import { describe, expect, it } from "vitest";
import { decodeUser } from "./schema-account.js";
import { decodeFactor, decodeFactors } from "./schema-factor.js";

const user = {
	id: "00u1",
	status: "ACTIVE",
	created: "2024-01-02T03:04:05.678Z",
	activated: "2024-01-03T00:00:00.000Z",
	statusChanged: null,
	lastLogin: "2026-05-06T07:08:09.000Z",
	lastUpdated: "2026-05-06T07:08:09.000Z",
	passwordChanged: null,
	profile: {
		login: "ana@example.com",
		email: "ana@example.com",
		firstName: "Ana",
		lastName: "Ek",
		department: "Finance",
		managerId: "m-7",
		employeeNumber: "17",
		employeeStatus: "active",
		mobilePhone: "+1",
		badges: ["a"],
	},
	credentials: { provider: { type: "OKTA", name: "OKTA" } },
};

function decoded(item: unknown) {
	const found = decodeUser(item);
	if ("bad" in found) throw new Error(found.bad);
	return found.ok;
}

describe("a user", () => {
	it("becomes an account with times in milliseconds", () => {
		expect(decoded(user)).toEqual({
			id: "00u1",
			login: "ana@example.com",
			email: "ana@example.com",
			displayName: "Ana Ek",
			status: "ACTIVE",
			enabled: true,
			created: Date.UTC(2024, 0, 2, 3, 4, 5, 678),
			activated: Date.UTC(2024, 0, 3),
			statusChanged: null,
			updated: Date.UTC(2026, 4, 6, 7, 8, 9),
			passwordChanged: null,
			lastActivity: Date.UTC(2026, 4, 6, 7, 8, 9),
			activitySignal: "lastLogin",
			credentialProvider: "local",
			userType: null,
			department: "Finance",
			title: null,
			manager: "m-7",
			employeeId: "17",
			profile: { employeeStatus: "active" },
		});
	});

	it.each([
		["ACTIVE", true],
		["PASSWORD_EXPIRED", true],
		["LOCKED_OUT", true],
		["RECOVERY", true],
		["PROVISIONED", false],
		["STAGED", false],
		["SUSPENDED", false],
		["DEPROVISIONED", false],
		["ACTIVATING", undefined],
	])("of status %s is enabled: %s", (status, enabled) => {
		expect(decoded({ ...user, status })).toMatchObject({ status });
		expect(decoded({ ...user, status }).enabled).toBe(enabled);
	});

	it("on the way from one status to another is known only where both agree", () => {
		expect(decoded({ ...user, status: "STAGED", transitioningToStatus: "PROVISIONED" }).enabled).toBe(false);
		expect(decoded({ ...user, status: "PROVISIONED", transitioningToStatus: "ACTIVE" }).enabled).toBeUndefined();
		expect(decoded({ ...user, transitioningToStatus: "DEPROVISIONED" }).enabled).toBeUndefined();
	});

	it("without lastLogin never signed in, for Okta leaves nulls out", () => {
		const { lastLogin: _, ...never } = user;
		expect(decoded(never).lastActivity).toBeNull();
		expect(decoded({ ...user, lastLogin: null }).lastActivity).toBeNull();
	});

	it("that came as a projection leaves the rest unknown, not never", () => {
		const account = decoded({ id: "00u1", profile: { login: "ana@example.com" } });
		expect(account).toEqual({ id: "00u1", login: "ana@example.com" });
	});

	it("has an unknown credential provider where credentials were left out", () => {
		const { credentials: _, ...bare } = user;
		expect("credentialProvider" in decoded(bare)).toBe(false);
	});

	it.each(["2026-13-45T00:00:00.000Z", "2026-02-31T00:00:00.000Z", "2021-06-14 14:45:46", "yesterday", "", 1716962189000, {}, true])(
		"with the nonsense time %s has it unknown",
		(lastLogin) => {
			const account = decoded({ ...user, lastLogin });
			expect("lastActivity" in account).toBe(false);
			expect("activitySignal" in account).toBe(false);
		},
	);

	it("with fields of wrong types has only these unknown", () => {
		const account = decoded({ ...user, status: 7, profile: { ...user.profile, department: ["x"], login: 5, managerId: {} } });
		for (const key of ["status", "enabled", "department", "login", "manager"]) expect(account).not.toHaveProperty(key);
		expect(account.email).toBe("ana@example.com");
	});

	it.each([null, undefined, [], "00u1", {}, { id: "" }, { id: 5 }])("that is %j is set aside", (item) => {
		expect(decodeUser(item)).toMatchObject({ bad: expect.any(String), id: null });
	});
});

describe("a factor", () => {
	const factor = { id: "f1", factorType: "push", provider: "OKTA", status: "ACTIVE", created: "2025-01-01T00:00:00.000Z" };

	it.each([
		["webauthn", "FIDO", "phishing-resistant", false],
		["u2f", "FIDO", "phishing-resistant", false],
		["signed_nonce", "OKTA", "phishing-resistant", false],
		["push", "OKTA", "strong", false],
		["token:software:totp", "GOOGLE", "strong", false],
		["token:hotp", "CUSTOM", "strong", false],
		["token:hardware", "YUBICO", "strong", false],
		["token", "RSA", "strong", false],
		["sms", "OKTA", "weak", false],
		["call", "OKTA", "weak", false],
		["email", "OKTA", "weak", true],
		["question", "OKTA", "weak", true],
		["web", "DUO", "unknown", false],
		["brain_wave", "ACME", "unknown", false],
	])("%s of %s is %s", (factorType, provider, strength, recoveryOnly) => {
		expect(decodeFactor({ ...factor, factorType, provider })).toEqual({
			ok: { id: "f1", type: factorType, provider, strength, source: "local", created: Date.UTC(2025, 0, 1), recoveryOnly },
		});
	});

	it.each(["PENDING_ACTIVATION", "NOT_SETUP", "INACTIVE", "EXPIRED", "DISABLED", "ENROLLED", "SOMETHING_NEW"])("of status %s does not count", (status) => {
		expect(decodeFactor({ ...factor, status })).toEqual({ ok: null });
	});

	it("that can't be understood makes the whole list unknown", () => {
		expect(decodeFactors([factor, null])).toHaveProperty("bad");
		expect(decodeFactors([factor, { ...factor, status: undefined }])).toHaveProperty("bad");
		expect(decodeFactors({ error: 1 })).toHaveProperty("bad");
		expect(decodeFactors([])).toEqual({ ok: [] });
	});
});
