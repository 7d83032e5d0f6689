import type { TenantState } from "./state.js";

/** Everything in a tenant that names an object the tenant does not have, one line each; empty when all is sound. For tests. */
export function brokenReferences(state: TenantState): string[] {
	const broken: string[] = [];
	const check = (exists: boolean, what: string): void => {
		if (!exists) broken.push(what);
	};
	const principals = { user: state.users, group: state.groups, client: state.apps };

	for (const [id, user] of state.users) {
		check(user.id === id, `user ${id} is kept under another id`);
		const manager = user.profile?.managerId;
		if (manager) check(state.users.has(manager), `manager ${manager} of ${id}`);
	}
	for (const id of state.factors.keys()) check(state.users.has(id), `factors of ${id}`);
	for (const [group, members] of state.members) {
		check(state.groups.has(group), `members of group ${group}`);
		check(state.groups.get(group)?.type !== "BUILT_IN", `stored members of built-in group ${group}`);
		for (const id of members) check(state.users.has(id), `member ${id} of ${group}`);
	}
	for (const rule of state.groupRules.values())
		for (const id of rule.actions?.assignUserToGroups?.groupIds ?? []) check(state.groups.get(id)?.type === "OKTA_GROUP", `group ${id} of rule ${rule.id}`);
	for (const role of state.roles) {
		check(principals[role.principalType].has(role.principalId), `${role.principalType} ${role.principalId} of role ${role.id}`);
		if (role.type === "CUSTOM") {
			check(state.customRoles.has(role.role ?? ""), `custom role ${role.role} of ${role.id}`);
			check(state.resourceSets.has(role.resourceSet ?? ""), `resource set ${role.resourceSet} of ${role.id}`);
		}
		for (const id of role.targetGroups ?? []) check(state.groups.has(id), `target group ${id} of role ${role.id}`);
	}
	for (const set of state.resourceSets.values())
		for (const orn of set.resources) check(state.groups.has(/:groups:([^:]+)/.exec(orn)?.[1] ?? ""), `resource ${orn} of ${set.id}`);
	for (const id of state.policyRules.keys()) check(state.policies.has(id), `rules of policy ${id}`);
	for (const id of state.policies.keys()) check((state.policyRules.get(id)?.length ?? 0) > 0, `a rule in policy ${id}`);
	for (const id of namedIn([...state.policies.values(), ...state.policyRules.values()], "00g")) check(state.groups.has(id), `group ${id} of a policy`);
	for (const id of namedIn([...state.policyRules.values()], "00u")) check(state.users.has(id), `user ${id} of a policy rule`);
	for (const id of namedIn([...state.policyRules.values(), ...state.apiTokens.values()], "nzo")) check(state.zones.has(id), `zone ${id}`);
	for (const id of namedIn([...state.apps.values()], "rst")) check(state.policies.has(id), `access policy ${id} of an app`);
	for (const [app, users] of state.appUsers) {
		check(state.apps.has(app), `users of app ${app}`);
		for (const id of users.keys()) check(state.users.has(id), `user ${id} of app ${app}`);
	}
	for (const [app, groups] of state.appGroups) {
		check(state.apps.has(app), `groups of app ${app}`);
		for (const id of groups.keys()) check(state.groups.has(id), `group ${id} of app ${app}`);
	}
	for (const id of state.appGrants.keys()) check(state.apps.has(id), `grants of app ${id}`);
	for (const token of state.apiTokens.values()) check(state.users.has(String(token.userId)), `owner of token ${token.id}`);
	for (const token of [...(state.refreshTokens?.values() ?? []), ...state.userGrants.values()].flat()) {
		check(state.users.has(String(token.userId)), `user of grant or token ${token.id}`);
		check(state.apps.has(String(token.clientId)), `client of grant or token ${token.id}`);
	}
	for (const [id, idp] of state.idps ?? []) {
		const kid = /"trust":\{[^}]*"kid":"([^"]+)"/.exec(JSON.stringify(idp))?.[1] ?? "";
		check(state.idpKeys?.has(kid) ?? false, `certificate ${kid} of identity provider ${id}`);
		for (const user of state.idpUsers?.get(id)?.keys() ?? []) check(state.users.has(user), `user ${user} of identity provider ${id}`);
	}
	for (const id of state.userRisk?.keys() ?? []) check(state.users.has(id), `risk of ${id}`);
	for (const id of [...state.userGrants.keys(), ...state.sessions.keys()]) check(state.users.has(id), `grants or sessions of ${id}`);
	for (const id of namedIn(state.log, "00u")) check(state.users.has(id), `user ${id} of a log event`);
	for (const id of namedIn(state.log, "00g")) check(state.groups.has(id), `group ${id} of a log event`);
	return broken;
}

/** Every id with a prefix that stands anywhere in some objects. */
function namedIn(objects: unknown[], prefix: string): Set<string> {
	return new Set(JSON.stringify(objects).match(new RegExp(`(?<![A-Za-z0-9])${prefix}[A-Za-z0-9]{17}(?![A-Za-z0-9])`, "g")));
}
