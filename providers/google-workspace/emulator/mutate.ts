import { random } from "../../../src/emulate/random.js";
import { changed } from "./audit.js";
import type { Person, Tenant } from "./types.js";
import { edited, withPast } from "./user-edit.js";

/** Somebody changes about `share` of the users by hand: suspends or restores them, renames them, moves them out of a group. The log tells of it. */
export function mutate(tenant: Tenant, share: number): string[] {
	const { state, world } = tenant;
	const draw = random(`mutate/${tenant.seed}/${tenant.version}`);
	const people = [...state.users.values()].filter(({ deleted, body }) => deleted === null && body.primaryEmail !== state.admin);
	const count = Math.max(1, Math.round(people.length * share));
	const picked = new Set<Person>();
	while (picked.size < Math.min(count, people.length)) picked.add(draw.pick(people));
	for (const person of picked) {
		const USER_EMAIL = person.body.primaryEmail;
		const kind = draw.int(4);
		const put = (next: Person) => world.put(state.users, person.id, withPast(tenant, { ...next, version: person.version + 1 }));
		const group = [...state.groups.values()].find(({ members, dynamic }) => dynamic === null && members.has(person.id));
		if (kind === 0 && group) {
			world.drop(group.members, person.id);
			changed(tenant, null, "GROUP_SETTINGS", "REMOVE_GROUP_MEMBER", { USER_EMAIL, GROUP_EMAIL: group.body.email });
		}
		if (kind === 1 && person.body.suspensionReason !== "ABUSE") {
			put(edited(tenant, person, { suspended: !person.body.suspended }).next);
			changed(tenant, null, "USER_SETTINGS", person.body.suspended ? "UNSUSPEND_USER" : "SUSPEND_USER", { USER_EMAIL });
		} else {
			put(edited(tenant, person, { name: { familyName: `${person.body.name?.familyName} Nyström` } }).next);
			changed(tenant, null, "USER_SETTINGS", "CHANGE_LAST_NAME", { USER_EMAIL });
		}
	}
	return [...picked].map(({ id }) => id);
}
