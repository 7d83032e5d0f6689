import { describe, expect, it } from "vitest";
import { factorKinds } from "./gen-factors.js";
import { brokenReferences } from "./gen-integrity.js";
import { generateTenant } from "./generator.js";
import type { TenantState } from "./state.js";

const now = Date.UTC(2026, 0, 1);
const memberships = (state: TenantState): number => [...state.members.values()].reduce((sum, set) => sum + set.size, 0);

describe("generateTenant", () => {
	it("makes the same tenant from the same seed", () => {
		expect(generateTenant({ seed: 5, users: 300, now })).toEqual(generateTenant({ seed: 5, users: 300, now }));
	});

	it("makes another tenant from another seed, size or time", () => {
		const ids = (of: { seed?: number; users?: number; now?: number }): string =>
			JSON.stringify([...generateTenant({ seed: 5, users: 50, now, ...of }).users.values()].slice(0, 20));
		expect(new Set([ids({}), ids({ seed: 6 }), ids({ users: 51 }), ids({ now: now + 1 })]).size).toBe(4);
	});

	it.each([10, 11, 37, 400, 3000])("refers to nothing that is not there, with %i users", (users) => {
		const state = generateTenant({ seed: users, users, now });
		expect(brokenReferences(state)).toEqual([]);
		expect(state.users.size).toBe(users);
	});

	it("refuses sizes it was not made for", () => {
		for (const users of [9, 1_000_001, 10.5, Number.NaN]) expect(() => generateTenant({ seed: 1, users, now })).toThrow(/users must be a whole number/);
	});

	it("has every status from ten users on, and two sound first administrators", () => {
		const state = generateTenant({ seed: 2, users: 10, now });
		const users = [...state.users.values()];
		expect(new Set(users.map((u) => u.status)).size).toBe(8);
		expect(users.slice(0, 2).map((u) => u.status)).toEqual(["ACTIVE", "ACTIVE"]);
		const top = state.roles.filter((r) => r.type === "SUPER_ADMIN" && r.principalType === "user").map((r) => r.principalId);
		expect(top).toEqual(expect.arrayContaining(users.slice(0, 2).map((u) => u.id)));
	});

	it("has 500 groups and about five memberships a user for 10,000 users", () => {
		const state = generateTenant({ seed: 3, users: 10_000, now });
		expect(state.groups.size).toBe(500);
		expect(memberships(state) / 10_000).toBeGreaterThan(4);
		expect(memberships(state) / 10_000).toBeLessThan(6);
		expect(generateTenant({ seed: 3, users: 100, now, groups: 77 }).groups.size).toBe(77);
	});

	it("holds the variety of a real org", () => {
		const state = generateTenant({ seed: 4, users: 3000, now });
		const factors = [...state.factors.values()].flat();
		expect(new Set(factors.map((f) => f.factorType))).toEqual(new Set(Object.values(factorKinds).map((k) => k.factorType)));
		expect(new Set(factors.map((f) => f.status))).toEqual(new Set(["ACTIVE", "PENDING_ACTIVATION"]));
		const users = [...state.users.values()];
		expect(new Set(users.map((u) => u.credentials?.provider?.type))).toEqual(new Set(["OKTA", "ACTIVE_DIRECTORY", "FEDERATION", "LDAP", "SOCIAL", "IMPORT"]));
		expect(new Set([...state.groups.values()].map((g) => g.type))).toEqual(new Set(["OKTA_GROUP", "APP_GROUP", "BUILT_IN"]));
		expect(new Set([...state.policies.values()].map((p) => p.type))).toEqual(
			new Set(["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY", "IDP_DISCOVERY"]),
		);
		expect(new Set(state.roles.map((r) => r.principalType))).toEqual(new Set(["user", "group", "client"]));
		expect(state.roles.some((r) => r.type === "CUSTOM")).toBe(true);
		expect([state.refreshTokens?.size, state.userRisk?.size].every((size) => (size ?? 0) > 0)).toBe(true);
		expect([state.idps?.size, state.idpKeys?.size]).toEqual([1, 1]);
		expect([...state.apps.values()].filter((a) => a.name === "saasure")).toHaveLength(1);
		const events = new Set(state.log.map((e) => e.eventType));
		for (const type of ["user.session.start", "user.mfa.factor.activate", "group.user_membership.add"]) expect(events).toContain(type);
	});

	it("has dates that can be true", () => {
		for (const user of generateTenant({ seed: 8, users: 2000, now }).users.values()) {
			const { created = "", activated, lastLogin, passwordChanged, statusChanged, lastUpdated = "" } = user;
			for (const later of [activated, lastLogin, passwordChanged, statusChanged, lastUpdated])
				if (later) expect(later >= created && Date.parse(later) <= now).toBe(true);
			if (user.status === "STAGED") expect([activated, lastLogin, passwordChanged]).toEqual([null, null, null]);
			if (user.credentials?.provider?.type !== "OKTA") expect(passwordChanged).toBeNull();
			if (activated && lastLogin) expect(lastLogin >= activated).toBe(true);
		}
	});

	it("gives every object a distinct id of twenty characters with the vendor's prefix", () => {
		const state = generateTenant({ seed: 9, users: 2000, now });
		const ids = [
			...state.users.keys(),
			...state.groups.keys(),
			...state.apps.keys(),
			...state.policies.keys(),
			...[...state.policyRules.values()].flat().map((r) => r.id ?? ""),
			...state.roles.map((r) => r.id),
			...[...state.factors.values()].flat().map((f) => f.id ?? ""),
		];
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.filter((id) => !/^[A-Za-z0-9]{20}$/.test(id))).toEqual([]);
		expect([...state.users.keys()].every((id) => id.startsWith("00u"))).toBe(true);
	});

	it("makes the same factors late as early", () => {
		const early = generateTenant({ seed: 10, users: 500, now, lazyFactors: false });
		const late = generateTenant({ seed: 10, users: 500, now, lazyFactors: true, logEvents: 1 });
		expect(late.factors.size).toBe(early.factors.size);
		for (const id of early.users.keys()) expect(late.factors.get(id)).toEqual(early.factors.get(id));
	});

	it("keeps the log in order and within its bound", () => {
		const { log } = generateTenant({ seed: 11, users: 2000, now, logEvents: 300 });
		expect(log.length).toBeGreaterThan(100);
		expect(log.length).toBeLessThan(320);
		const times = log.map((e) => e.published ?? "");
		expect(times).toEqual([...times].sort());
		expect(new Set(log.map((e) => e.uuid)).size).toBe(log.length);
	});
});
