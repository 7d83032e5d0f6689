import type { Group, Policy, PolicyRule, User, UserFactor } from "@okta/okta-sdk-nodejs";
import type { RoleAssignment, TenantState, Wire } from "./state.js";
import { iso, newId } from "./tenant.js";

/** Instant the builders date things with, unless told otherwise: 2025-01-15T09:00:00.000Z. */
export const BUILT_AT = Date.UTC(2025, 0, 15, 9);

/** An org with nothing in it. */
export function emptyTenant(): TenantState {
	return {
		org: { id: "00oEmulatorOrg000001", subdomain: "emulator", companyName: "Emulator", status: "ACTIVE", created: iso(BUILT_AT), lastUpdated: iso(BUILT_AT) },
		users: new Map(),
		factors: new Map(),
		groups: new Map(),
		members: new Map(),
		groupRules: new Map(),
		roles: [],
		customRoles: new Map(),
		resourceSets: new Map(),
		policies: new Map(),
		policyRules: new Map(),
		authenticators: new Map(),
		zones: new Map(),
		apps: new Map(),
		appUsers: new Map(),
		appGroups: new Map(),
		appGrants: new Map(),
		apiTokens: new Map(),
		trustedOrigins: new Map(),
		userGrants: new Map(),
		sessions: new Map(),
		log: [],
	};
}

/** Adds an active user with a password; `over` replaces top-level fields, its `profile` is merged. Returns the id. */
export function makeUser(state: TenantState, login: string, over: Record<string, unknown> = {}): string {
	const at = iso(BUILT_AT);
	const id = typeof over.id === "string" ? over.id : newId("00u");
	const profile = { firstName: login.split(/[.@]/)[0] ?? "First", lastName: "Tester", login, email: login, ...(over.profile as object | undefined) };
	const base = { id, status: "ACTIVE", created: at, activated: at, statusChanged: at, lastLogin: at, lastUpdated: at, passwordChanged: at };
	const credentials = { password: {}, provider: { type: "OKTA", name: "OKTA" } };
	state.users.set(id, { ...base, type: { id: "otyEmulatorDefault00" }, credentials, ...over, profile } as unknown as Wire<User>);
	return id;
}

/** Adds a group with the members given. Returns its id. */
export function makeGroup(state: TenantState, name: string, members: string[] = [], type: "OKTA_GROUP" | "APP_GROUP" | "BUILT_IN" = "OKTA_GROUP"): string {
	const at = iso(BUILT_AT);
	const id = newId("00g");
	const profile = { name, description: `${name} group` };
	const group = { id, created: at, lastUpdated: at, lastMembershipUpdated: at, objectClass: ["okta:user_group"], type, profile };
	state.groups.set(id, group as unknown as Wire<Group>);
	state.members.set(id, new Set(members));
	return id;
}

/** Adds a factor to a user. Returns its id. */
export function makeFactor(state: TenantState, userId: string, factorType: string, over: Record<string, unknown> = {}): string {
	const at = iso(BUILT_AT);
	const id = newId("fct");
	const provider = factorType === "webauthn" || factorType === "u2f" ? "FIDO" : "OKTA";
	const factor = { id, factorType, provider, vendorName: provider, status: "ACTIVE", created: at, lastUpdated: at, profile: {}, ...over };
	state.factors.set(userId, [...(state.factors.get(userId) ?? []), factor as unknown as Wire<UserFactor>]);
	return id;
}

/** Assigns a role. Returns the assignment's id. */
export function makeRole(
	state: TenantState,
	principalType: RoleAssignment["principalType"],
	principalId: string,
	type: string,
	over: Partial<RoleAssignment> = {},
): string {
	const at = iso(BUILT_AT);
	const id = newId("ra1");
	state.roles.push({ id, principalType, principalId, type, label: type, status: "ACTIVE", created: at, lastUpdated: at, ...over });
	return id;
}

/** Adds a custom role and a resource set to assign it in. Returns both ids. */
export function makeCustomRole(state: TenantState, label: string, permissions: string[], resources: string[] = []): { role: string; resourceSet: string } {
	const dates = { created: iso(BUILT_AT), lastUpdated: iso(BUILT_AT) };
	const role = newId("cr0");
	const resourceSet = newId("iam");
	state.customRoles.set(role, { id: role, label, description: label, permissions, ...dates });
	state.resourceSets.set(resourceSet, { id: resourceSet, label: `${label} set`, description: label, resources, ...dates });
	return { role, resourceSet };
}

/** Adds a policy with its rules in priority order. Returns its id. */
export function makePolicy(state: TenantState, type: string, name: string, over: Record<string, unknown> = {}, rules: Record<string, unknown>[] = []): string {
	const dates = { created: iso(BUILT_AT), lastUpdated: iso(BUILT_AT) };
	const id = newId("00p");
	const priority = [...state.policies.values()].filter((policy) => policy.type === type).length + 1;
	state.policies.set(id, { id, type, name, status: "ACTIVE", priority, system: false, conditions: {}, ...dates, ...over } as unknown as Wire<Policy>);
	const ruleType = type === "OKTA_SIGN_ON" ? "SIGN_ON" : type;
	const made = rules.map((rule, index) => ({
		id: newId("0pr"),
		type: ruleType,
		name: `Rule ${index + 1}`,
		status: "ACTIVE",
		priority: index + 1,
		system: false,
		...dates,
		...rule,
	}));
	state.policyRules.set(id, made as unknown as Wire<PolicyRule>[]);
	return id;
}

/** Adds a bookmark app. Returns its id. */
export function makeApp(state: TenantState, label: string, over: Record<string, unknown> = {}): string {
	const id = newId("0oa");
	const at = iso(BUILT_AT);
	state.apps.set(id, {
		id,
		name: "bookmark",
		label,
		status: "ACTIVE",
		created: at,
		lastUpdated: at,
		signOnMode: "BOOKMARK",
		settings: { app: { requestIntegration: false, url: "https://app.example" } },
		features: [],
		...over,
	});
	state.appUsers.set(id, new Map());
	state.appGroups.set(id, new Map());
	return id;
}
