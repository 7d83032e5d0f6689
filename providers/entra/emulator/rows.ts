import type { Raw, State, Tables } from "./state.js";
import { raw, type Tenant, tableMap } from "./tenant.js";

/** Every object of a table, as reads see it now. */
export function rowsOf(tenant: Tenant, name: keyof Tables): readonly Raw[] {
	const map = tableMap(tenant, name);
	return tenant.world.knobs.lagMs > 0 ? tenant.world.allSeen(map).map(([, value]) => value) : [...map.values()];
}

/** One object of a table, as reads see it now. */
export function rowOf(tenant: Tenant, name: keyof Tables, id: string): Raw | undefined {
	return tenant.world.seen(tableMap(tenant, name), id.toLowerCase());
}

/** A user by id or by user principal name. */
export function userOf(tenant: Tenant, name: string): Raw | undefined {
	const byId = rowOf(tenant, "users", name);
	if (byId || !name.includes("@")) return byId;
	const wanted = name.toLowerCase();
	for (const user of tenant.state.users.values()) if (user.userPrincipalName?.toLowerCase() === wanted) return rowOf(tenant, "users", user.id);
	return undefined;
}

const directoryTables = ["users", "groups", "servicePrincipals", "devices", "applications"] as const;

/** Which table holds a directory object, as the state is now. */
export function tableOf(state: State, id: string): (typeof directoryTables)[number] | undefined {
	return directoryTables.find((name) => state[name].has(id));
}

/** Any directory object, as reads see it now. */
export function objectOf(tenant: Tenant, id: string): { table: (typeof directoryTables)[number]; entity: Raw } | undefined {
	for (const table of directoryTables) {
		const entity = rowOf(tenant, table, id);
		if (entity) return { table, entity };
	}
	return undefined;
}

/** Direct members or owners of an object, as reads see them now. */
export function linked(tenant: Tenant, links: "members" | "owners", id: string): readonly string[] {
	return tenant.world.seen(tenant.state[links], id) ?? [];
}

/** Members of a group and of the groups in it, each once. */
export function transitive(tenant: Tenant, group: string): string[] {
	const seen = new Set<string>();
	const groups = [group];
	for (const one of groups)
		for (const member of linked(tenant, "members", one)) {
			if (seen.has(member) || member === group) continue;
			seen.add(member);
			if (tenant.state.groups.has(member)) groups.push(member);
		}
	return [...seen];
}

/** Groups that an object is in; `all`: through other groups too. */
export function groupsOf(tenant: Tenant, id: string, all: boolean): string[] {
	const found = new Set<string>();
	const wanted = [id];
	for (const one of wanted)
		for (const group of tenant.state.groups.keys()) {
			if (found.has(group) || !linked(tenant, "members", group).includes(one)) continue;
			found.add(group);
			if (all) wanted.push(group);
		}
	return [...found];
}

/** The one object of its kind at a path. */
export function singleOf(tenant: Tenant, path: string): Raw {
	return tenant.world.seen(tenant.state.singles, path) ?? raw({});
}
