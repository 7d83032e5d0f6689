import { notFound } from "./errors.js";
import { once } from "./paging.js";
import type { GroupRow, Person, Tenant } from "./types.js";

/** How long the vendor keeps a deleted user, listed apart from the others [ms]. */
export const restorable = 20 * 86_400_000;

/** Users by id and by every address, as reads see them now. */
function usersByKey(tenant: Tenant): Map<string, Person> {
	return once(tenant, "users by key", () => {
		const found = new Map<string, Person>();
		for (const [id, person] of tenant.world.allSeen(tenant.state.users)) {
			if (person.deleted !== null) continue;
			found.set(id, person);
			for (const address of [person.body.primaryEmail, ...(person.body.aliases ?? []), ...(person.body.nonEditableAliases ?? [])]) found.set(address, person);
		}
		return found;
	});
}

/** A user by id or address; `me`-like words are not served. @throws Refusal 404 */
export function findUser(tenant: Tenant, key: string): Person {
	const found = maybeUser(tenant, key);
	if (!found) throw notFound("userKey");
	return found;
}

export function maybeUser(tenant: Tenant, key: string): Person | undefined {
	const id = key.toLowerCase();
	if (/^\d+$/.test(id)) {
		const person = tenant.world.seen(tenant.state.users, id);
		return person?.deleted === null ? person : undefined;
	}
	return usersByKey(tenant).get(id);
}

/** The user as it truly is, for writes: these never see old state. @throws Refusal 404 */
export function currentUser(tenant: Tenant, key: string): Person {
	const id = key.toLowerCase();
	const person = tenant.state.users.get(id) ?? [...tenant.state.users.values()].find(({ body }) => body.primaryEmail === id || body.aliases?.includes(id));
	if (person?.deleted !== null || !person) throw notFound("userKey");
	return person;
}

export function groups(tenant: Tenant): Map<string, GroupRow> {
	return once(tenant, "groups by key", () => {
		const found = new Map<string, GroupRow>();
		for (const [id, group] of tenant.world.allSeen(tenant.state.groups)) {
			found.set(id, group);
			for (const address of [group.body.email, ...(group.body.aliases ?? []), ...(group.body.nonEditableAliases ?? [])]) found.set(address, group);
		}
		return found;
	});
}

/** @throws Refusal 404 */
export function findGroup(tenant: Tenant, key: string): GroupRow {
	const found = groups(tenant).get(key) ?? groups(tenant).get(key.toLowerCase());
	if (!found) throw notFound("groupKey");
	return found;
}

/** @throws Refusal 404 */
export function currentGroup(tenant: Tenant, key: string): GroupRow {
	const low = key.toLowerCase();
	const group = tenant.state.groups.get(key) ?? [...tenant.state.groups.values()].find(({ body }) => body.email === low || body.aliases?.includes(low));
	if (!group) throw notFound("groupKey");
	return group;
}
