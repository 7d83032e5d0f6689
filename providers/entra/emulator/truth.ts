import type { Truth } from "../../../src/emulate/contract.js";
import { random } from "../../../src/emulate/random.js";
import { stamp } from "./moment.js";
import { privilegedOf } from "./privileged.js";
import { guid } from "./state.js";
import { changed, patch, type Tenant } from "./tenant.js";

/** What a right reader finds: every account, and direct memberships of users and groups (those of devices and applications are no account's). */
export function truthOf(tenant: Tenant): Truth {
	const { state } = tenant;
	const privileged = privilegedOf(tenant);
	return {
		accounts: [...state.users.values()].map(({ id, userPrincipalName, accountEnabled }) => ({
			...{ id, login: userPrincipalName ?? "", enabled: accountEnabled === true, privileged: privileged.has(id) },
		})),
		groups: [...state.groups.keys()],
		memberships: [...state.members].flatMap(([group, members]) =>
			state.groups.has(group) ? members.filter((id) => state.users.has(id) || state.groups.has(id)).map((id) => `${group}/${id}`) : [],
		),
	};
}

/** Somebody works in the portal: accounts are switched, renamed, moved and deleted, and one is made. */
export function mutate(tenant: Tenant, share: number, round: number): string[] {
	const { state, world } = tenant;
	const draw = random(`${state.seed}/mutate/${round}`);
	const ids: string[] = [];
	for (const user of [...state.users.values()]) {
		if (!draw.chance(share)) continue;
		ids.push(user.id);
		const kind = draw.int(5);
		if (kind === 0) patch(tenant, "users", user.id, { accountEnabled: !user.accountEnabled });
		else if (kind === 1) patch(tenant, "users", user.id, { department: "Moved", jobTitle: "Moved" });
		else if (kind === 2) moveGroup(tenant, user.id);
		else if (kind === 3 && user.accountEnabled) patch(tenant, "users", user.id, { lastPasswordChangeDateTime: stamp(world.now()) });
		else patch(tenant, "users", user.id, { displayName: `${user.displayName} (renamed)` });
	}
	return ids;
}

function moveGroup(tenant: Tenant, id: string): void {
	const { state, world } = tenant;
	const group = [...state.groups.values()].find((one) => one.displayName === "MFA exceptions") ?? [...state.groups.values()][0];
	if (!group) return;
	const members = state.members.get(group.id) ?? [];
	const gone = members.includes(id);
	world.put(state.members, group.id, gone ? members.filter((one) => one !== id) : [...members, id]);
	changed(tenant, "groups", group.id, { id, gone, type: "user" });
}

/** Secrets of an emulated tenant follow from its seed. */
export function secretOf(seed: string, name: string): string {
	return `${guid("secret", seed, name).slice(0, 3)}8Q~${guid("secret", seed, name).replaceAll("-", "")}${guid(name, seed).slice(0, 2)}`;
}
