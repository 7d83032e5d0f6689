import { addServiceApp } from "./gen-apps.js";
import { addToken } from "./gen-config.js";
import { idMaker, prefixes } from "./gen-ids.js";
import { day, random } from "./gen-random.js";
import { addCustomRole, addResourceSet, assignRole, bindRole, type StandardRole, standardRoles } from "./gen-roles.js";
import type { TenantState } from "./state.js";

export interface AdminWorld {
	/** Ids of the users who hold a role directly or are members of a group that does. */
	admins: Set<string>;
}

/** Administrators (direct, through groups, on resource sets), service apps and API tokens. The first two users are super administrators. */
export function addAdministration(state: TenantState, options: { seed: number | string; now: number }): AdminWorld {
	const { seed, now } = options;
	const r = random(`${seed}/admin`);
	const userIds = [...state.users.keys()];
	const groupIds = [...state.groups.values()].flatMap((g) => (g.type === "OKTA_GROUP" && g.id ? [g.id] : []));
	const admins = new Set<string>();
	const past = (): number => now - 8 * day - r.int(700) * day;
	const types = Object.keys(standardRoles) as StandardRole[];

	const assigned = new Set<string>();
	const give = (principalType: "user" | "group", principalId: string, type: StandardRole): void => {
		if (assigned.has(`${principalId}/${type}`)) return;
		assigned.add(`${principalId}/${type}`);
		const narrowed = (type === "USER_ADMIN" || type === "HELP_DESK_ADMIN") && groupIds.length > 0 && r.chance(0.5);
		assignRole(state, { principalType, principalId, type, at: past(), ...(narrowed ? { targetGroups: [r.pick(groupIds)] } : {}) });
		for (const id of principalType === "user" ? [principalId] : (state.members.get(principalId) ?? [])) admins.add(id);
	};
	for (const id of userIds.slice(0, 2)) give("user", id, "SUPER_ADMIN");
	for (let i = Math.min(400, Math.max(3, Math.round(Math.sqrt(userIds.length) / 2))); i > 2; i--)
		give("user", r.pick(userIds), types[i % types.length] ?? "APP_ADMIN");
	// Small groups stand at the end; a role on a large one would make half the company administrators.
	for (const [i, id] of groupIds.slice(-4).entries())
		give("group", id, (["SUPER_ADMIN", "HELP_DESK_ADMIN", "APP_ADMIN", "READ_ONLY_ADMIN"] as const)[i] ?? "REPORT_ADMIN");

	addDelegation(state, { seed, now, userIds, groupIds, admins });
	addServiceApps(state, seed, now, userIds[0] ?? "");
	const nextToken = idMaker(seed, prefixes.token);
	const owners = [...admins];
	const zone = [...state.zones.values()].find((z) => z.type === "IP")?.id;
	for (let i = Math.min(200, Math.max(2, Math.round(userIds.length / 500))); i > 0; i--) {
		const used = now - r.int(29) * day - r.int(day);
		const bound = typeof zone === "string" && r.chance(0.4) ? { zones: [zone] } : {};
		addToken(state, { id: nextToken(), name: `Integration ${i}`, userId: r.pick(owners), created: used - r.int(500) * day, used, ...bound });
	}
	return { admins };
}

function addDelegation(state: TenantState, of: { seed: number | string; now: number; userIds: string[]; groupIds: string[]; admins: Set<string> }): void {
	const r = random(`${of.seed}/delegation`);
	const role = idMaker(of.seed, prefixes.customRole)();
	const resourceSet = idMaker(of.seed, prefixes.resourceSet)();
	const at = of.now - 200 * day;
	addCustomRole(state, {
		id: role,
		label: "Password operators",
		description: "Reset passwords of some people",
		permissions: ["okta.users.read", "okta.users.credentials.resetPassword"],
		at,
	});
	addResourceSet(state, { id: resourceSet, label: "Delegated people", description: "", groups: of.groupIds.slice(0, 2), at });
	const user = r.pick(of.userIds);
	bindRole(state, { principalType: "user", principalId: user, role, resourceSet, at });
	of.admins.add(user);
	const group = of.groupIds.at(-5);
	if (group === undefined) return;
	bindRole(state, { principalType: "group", principalId: group, role, resourceSet, at });
	for (const id of state.members.get(group) ?? []) of.admins.add(id);
}

function addServiceApps(state: TenantState, seed: number | string, now: number, grantedBy: string): void {
	const nextApp = idMaker(`${seed}/service`, prefixes.app);
	const apps: [label: string, scopes: string[], role: StandardRole | null][] = [
		["Log shipper", ["okta.logs.read"], "REPORT_ADMIN"],
		["User provisioning", ["okta.users.manage", "okta.groups.manage"], "SUPER_ADMIN"],
		["Inventory", ["okta.users.read", "okta.apps.read"], "READ_ONLY_ADMIN"],
		["Unused integration", ["okta.users.read"], null],
	];
	for (const [label, scopes, type] of apps) {
		const id = nextApp();
		addServiceApp(state, { id, label, created: now - 300 * day, scopes, grantedBy });
		if (type) assignRole(state, { principalType: "client", principalId: id, type, at: now - 299 * day });
	}
}
