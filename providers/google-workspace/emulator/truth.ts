import type { Truth } from "../../../src/emulate/contract.js";
import { restorable } from "./find.js";
import type { State, Tenant } from "./types.js";

/** What the tenant truly holds. Privileged is who has a role, directly or through a group that holds one. */
export function truth({ state, world }: Tenant): Truth {
	const holders = roleHolders(state, world.now());
	const kept = [...state.users.values()].filter(({ deleted }) => deleted === null || deleted > world.now() - restorable);
	const groups = [...state.groups].map(([id, { members }]) => ({ id, members: [...members.values()] }));
	return {
		accounts: kept.map(({ id, body, deleted }) => ({
			id,
			login: body.primaryEmail,
			enabled: !body.suspended && !body.archived && deleted === null,
			privileged: deleted === null && holders.has(id),
		})),
		groups: groups.map(({ id }) => id),
		// People from outside have an id of the vendor's, or nothing but an address.
		memberships: groups.flatMap(({ id: group, members }) =>
			members.filter(({ type }) => type !== "CUSTOMER").map(({ id, email }) => `${group}/${id || email?.toLowerCase()}`),
		),
		computed: groups.filter(({ members }) => members.some(({ type }) => type === "CUSTOMER")).map(({ id }) => id),
	};
}

function roleHolders(state: State, now: number): Set<string> {
	const holders = new Set<string>();
	const add = (id: string) => {
		if (holders.has(id)) return;
		holders.add(id);
		for (const member of state.groups.get(id)?.members.values() ?? []) add(member.id);
	};
	for (const { assignedTo, expirationDetails } of state.assignments.values())
		if (!expirationDetails?.expireTime || Date.parse(expirationDetails.expireTime) >= now) add(assignedTo);
	return holders;
}
