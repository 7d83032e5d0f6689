import { describe, expect, it } from "vitest";
import { acmeStory, acmeTenant, changeBehindYourBack } from "./acme.js";
import { brokenReferences } from "./gen-integrity.js";
import { day } from "./gen-random.js";

const now = Date.UTC(2026, 10, 25, 12);
const state = acmeTenant(now);
const { people, groups, policies, rules, apps, tokens, zones } = acmeStory;
type Name = keyof typeof people;

const user = (name: Name) => state.users.get(people[name].id);
const factors = (name: Name): string[] => (state.factors.get(people[name].id) ?? []).filter((f) => f.status === "ACTIVE").map((f) => String(f.factorType));
const roles = (id: string): string[] => state.roles.filter((r) => r.principalId === id).map((r) => r.type);
const seen = (name: Name): number | null => (user(name)?.lastLogin ? (now - Date.parse(user(name)?.lastLogin ?? "")) / day : null);
const inGroup = (group: keyof typeof groups): Set<string> => state.members.get(groups[group]) ?? new Set();
const topAdmins = new Set(
	state.roles
		.filter((r) => r.type === "SUPER_ADMIN")
		.flatMap((r) => (r.principalType === "user" ? [r.principalId] : r.principalType === "group" ? [...(state.members.get(r.principalId) ?? [])] : [])),
);
const ids = (...names: Name[]): string[] => names.map((name) => people[name].id);

describe("acmeTenant", () => {
	it("is whole, about 120 accounts, the same for the same now", () => {
		expect(brokenReferences(state)).toEqual([]);
		expect(state.users.size).toBeGreaterThan(110);
		expect(state.users.size).toBeLessThan(135);
		expect(acmeTenant(now)).toEqual(state);
	});

	it("has the same ids at any time, and other dates", () => {
		const later = acmeTenant(now + 10 * day);
		for (const key of ["users", "groups", "policies", "apps", "apiTokens", "zones"] as const) expect([...later[key].keys()]).toEqual([...state[key].keys()]);
		expect(later.users.get(people.ana.id)?.lastLogin).not.toBe(user("ana")?.lastLogin);
	});

	it("keeps 90 days of log, in order, no event twice", () => {
		const times = state.log.map((e) => Date.parse(e.published ?? ""));
		expect(times).toEqual([...times].sort((a, b) => a - b));
		expect(times.every((at) => at > now - 91 * day && at <= now)).toBe(true);
		expect(new Set(state.log.map((e) => e.uuid)).size).toBe(state.log.length);
	});

	it("lets the last sign-in of everyone stand in the log while it is kept", () => {
		const signIns = new Set(
			state.log.filter((e) => e.eventType === "user.session.start" && e.outcome?.result === "SUCCESS").map((e) => `${e.actor?.id}/${e.published}`),
		);
		const recent = [...state.users.values()].filter((u) => u.lastLogin && Date.parse(u.lastLogin) > now - 90 * day);
		expect(recent.filter((u) => !signIns.has(`${u.id}/${u.lastLogin}`))).toEqual([]);
	});

	it("names only objects that exist", () => {
		for (const person of Object.values(people)) expect(state.users.get(person.id)?.profile?.login).toBe(person.login);
		for (const id of Object.values(groups)) expect(state.groups.has(id)).toBe(true);
		for (const id of Object.values(policies)) expect(state.policies.has(id)).toBe(true);
		for (const id of Object.values(apps)) expect(state.apps.has(id)).toBe(true);
		for (const id of Object.values(tokens)) expect(state.apiTokens.has(id)).toBe(true);
		for (const id of Object.values(rules)) expect([...state.policyRules.values()].flat().some((r) => r.id === id)).toBe(true);
	});
});

describe("administrators of Acme", () => {
	it("are seven at the top, by two ways", () => {
		expect(topAdmins).toEqual(new Set(ids("emergency1", "emergency2", "ana", "leo", "kim", "tom", "svcDeploy")));
		expect(inGroup("superAdmins")).toEqual(new Set(ids("ana", "leo", "kim")));
		expect(acmeStory.intendedSuperAdmins).toEqual(ids("ana", "leo"));
	});

	it("differ in their second factors", () => {
		expect(factors("emergency1")).toEqual(["webauthn"]);
		expect(factors("emergency2")).toEqual([]);
		expect(factors("tom")).toEqual([]);
		expect(factors("nina")).toEqual(["sms"]);
		expect(factors("ana")).toContain("webauthn");
		expect(seen("emergency1")).toBeLessThan(30);
		expect(seen("emergency2")).toBeNull();
	});

	it("come through a rule, a consultancy and a custom role too", () => {
		expect(roles(groups.helpDesk)).toEqual(["USER_ADMIN"]);
		expect(state.groupRules.get(acmeStory.groupRules.helpDesk)?.actions?.assignUserToGroups?.groupIds).toEqual([groups.helpDesk]);
		expect(inGroup("helpDesk")).toContain(people.omar.id);
		expect(factors("omar")).toEqual([]);
		expect(roles(people.ravi.id)).toEqual(["HELP_DESK_ADMIN"]);
		expect(roles(people.dana.id)).toEqual(["CUSTOM"]);
		expect(roles(people.peter.id)).toEqual(["APP_ADMIN"]);
		expect(seen("peter")).toBeGreaterThan(139);
		expect(roles(apps.terraform)).toEqual(["SUPER_ADMIN"]);
		expect(state.appGrants.get(apps.terraform)?.map((g) => g.scopeId)).toContain("okta.users.manage");
	});

	it("show in the log who was added by hand, by whom and from where", () => {
		const event = state.log.find((e) => e.eventType === "group.user_membership.add" && e.target?.some((t) => t.id === groups.superAdmins));
		expect(event?.target?.map((t) => t.id)).toEqual([people.kim.id, groups.superAdmins]);
		expect(event?.actor?.id).toBe(people.tom.id);
		expect(event?.client?.ipAddress).toBe("203.0.113.66");
		expect(event?.published).toBe(state.groups.get(groups.superAdmins)?.lastMembershipUpdated);
	});
});

describe("what Acme let in", () => {
	it("has an old consent to nearly everything, unused for a year, next to a used one", () => {
		const payroll = { clientId: apps.payroll };
		const [token] = state.refreshTokens?.get(people.tom.id) ?? [];
		expect(token).toMatchObject({ ...payroll, scopes: expect.arrayContaining(["okta.users.manage", "okta.groups.manage", "okta.apps.manage"]) });
		expect((now - Date.parse(String(token?.lastUpdated))) / day).toBe(410);
		const [used] = state.refreshTokens?.get(people.dana.id) ?? [];
		expect((now - Date.parse(String(used?.lastUpdated))) / day).toBe(2);
	});

	it("has a partner's identity provider whose certificate ends in twelve days, and a way there", () => {
		const [key] = state.idpKeys?.values() ?? [];
		expect(JSON.stringify(state.idps?.get(acmeStory.idps.partner))).toContain(String(key?.kid));
		expect((Date.parse(String(key?.expiresAt)) - now) / day).toBe(12);
		const routing = state.policyRules.get(acmeStory.routing.policy) ?? [];
		expect(JSON.stringify(routing[0])).toContain(acmeStory.idps.partner);
		expect(routing.at(-1)).toMatchObject({ id: acmeStory.routing.defaultRule, system: true });
	});

	it("has one account at high risk, since the morning after the night", () => {
		expect([...(state.userRisk ?? [])]).toEqual([[people.tom.id, "HIGH"]]);
		expect(state.log.filter((event) => event.eventType === "user.risk.change").map((event) => event.target?.[0]?.id)).toEqual([people.tom.id]);
	});
});

describe("people of Acme", () => {
	it("left and can still sign in", () => {
		for (const name of ["marta", "george", "paul", "yuki"] as const) {
			expect(user(name)?.status).toBe("ACTIVE");
			expect(user(name)?.profile?.employeeStatus).toBe("terminated");
		}
		expect(state.sessions.has(people.yuki.id)).toBe(true);
	});

	it("sleep, never came, or came this week", () => {
		for (const name of ["carl", "elin", "hugo", "mira", "zoe"] as const) expect(seen(name)).toBeGreaterThan(60);
		for (const name of ["never1", "never2", "never3"] as const) expect([user(name)?.status, user(name)?.lastLogin]).toEqual(["ACTIVE", null]);
		for (const name of ["aisha", "ben", "chloe"] as const) {
			expect(now - Date.parse(user(name)?.created ?? "")).toBeLessThan(7 * day);
			expect(factors(name)).toEqual([]);
		}
	});

	it("have every status", () => {
		expect(new Set([...state.users.values()].map((u) => u.status)).size).toBe(8);
		expect(user("suspended")?.status).toBe("SUSPENDED");
		expect(user("locked")?.status).toBe("LOCKED_OUT");
	});

	it("left things behind when deactivated", () => {
		expect(user("goneWithRole")?.status).toBe("DEPROVISIONED");
		expect(roles(people.goneWithRole.id)).toEqual(["APP_ADMIN"]);
		expect(inGroup("githubDevelopers")).toContain(people.goneWithRole.id);
		expect(inGroup("financeApprovers")).toContain(people.goneInFinance.id);
		expect(state.appUsers.get(apps.payroll)?.has(people.goneInFinance.id)).toBe(true);
		expect([...state.members.values()].some((set) => set.has(people.goneClean.id))).toBe(false);
	});

	it("have sources, factors and names a reader must survive", () => {
		expect([user("federated")?.credentials?.provider?.type, factors("federated")]).toEqual(["FEDERATION", []]);
		expect(user("adUser")?.credentials?.provider?.type).toBe("ACTIVE_DIRECTORY");
		expect(factors("quinn")).toEqual(["push", "tac", "quantum:token"]);
		expect(state.factors.get(people.mei.id)?.map((f) => f.status)).toEqual(["PENDING_ACTIVATION", "PENDING_ACTIVATION"]);
		const name = user("mallory")?.profile?.displayName ?? "";
		for (const trick of ["\u202e", "<img", "\u001b[31m"]) expect(name).toContain(trick);
	});
});

describe("settings and tokens of Acme", () => {
	const session = (policy: string) => JSON.stringify(state.policyRules.get(policy));

	it("hold one session far too long beside a good one, and one rule with one factor", () => {
		expect(session(policies.workforce)).toContain('"usePersistentCookie":true,"maxSessionIdleMinutes":10080,"maxSessionLifetimeMinutes":43200');
		expect(session(policies.administrators)).toContain('"usePersistentCookie":false,"maxSessionIdleMinutes":15,"maxSessionLifetimeMinutes":720');
		expect(JSON.stringify(state.policyRules.get(policies.payroll)?.find((r) => r.id === rules.oneFactor))).toContain('"factorMode":"1FA"');
	});

	it("hold a stale token of a leaver, one usable anywhere, one bound to a zone", () => {
		const token = (id: string) => state.apiTokens.get(id);
		expect(token(tokens.staleOfLeaver)?.userId).toBe(people.marta.id);
		expect(now - Date.parse(String(token(tokens.staleOfLeaver)?.lastUpdated))).toBeGreaterThan(90 * day);
		expect(token(tokens.anywhereOfSuperAdmin)).toMatchObject({ userId: people.svcDeploy.id, network: { connection: "ANYWHERE" } });
		expect(token(tokens.boundToZone)).toMatchObject({ userId: people.svcHrSync.id, network: { connection: "ZONE", include: [zones.offices] } });
	});
});

describe("changeBehindYourBack", () => {
	it("adds a stranger to Super Admins and stretches the administrators' session, in the log", () => {
		const changed = acmeTenant(now);
		const at = now + day;
		const before = changed.log.length;
		expect(changeBehindYourBack(changed, at)).toMatchObject({ member: people.jonas.id, group: groups.superAdmins, rule: rules.administrators });
		expect(changed.members.get(groups.superAdmins)).toEqual(new Set([...inGroup("superAdmins"), people.jonas.id]));
		expect(JSON.stringify(changed.policyRules.get(policies.administrators))).toContain('"maxSessionLifetimeMinutes":43200');
		expect(Date.parse(changed.groups.get(groups.superAdmins)?.lastMembershipUpdated ?? "")).toBeGreaterThan(now);
		expect(changed.log.slice(before).map((e) => e.eventType)).toEqual(["user.session.start", "group.user_membership.add", "policy.rule.update"]);
		expect(brokenReferences(changed)).toEqual([]);
	});

	it("says what is missing when the tenant is another", () => {
		const other = acmeTenant(now);
		other.groups.delete(groups.superAdmins);
		expect(() => changeBehindYourBack(other, now)).toThrow(/lacks Acme's Super Admins/);
	});
});
