import type { Truth } from "../../../src/emulate/contract.js";
import type { Identity, Tenant } from "./state.js";

const OFF: readonly Identity["status"][] = ["DISABLED", "DEACTIVATED", "TERMINATED"];

/**
 * What stands in the tenant: identities as accounts; roles and access profiles as groups; assignments in effect, and roles in the
 * access profiles that come with them, as memberships. Privileged: an elevated user level.
 */
export function truth(tenant: Tenant): Truth {
	const now = tenant.world.now();
	const effective = [...tenant.assignments.values()].filter(({ start, remove }) => (start ?? 0) <= now && (remove ?? Number.POSITIVE_INFINITY) > now);
	const nested = [...tenant.roles.values()].flatMap(({ id, accessProfiles }) => accessProfiles.map((profile) => `${profile}/${id}`));
	return {
		accounts: [...tenant.identities.values()].map(({ id, alias, status, capabilities }) => ({
			id,
			login: alias,
			enabled: !OFF.includes(status),
			privileged: capabilities.length > 0,
		})),
		groups: [...tenant.roles.keys(), ...tenant.accessProfiles.keys()],
		memberships: [...effective.map(({ roleId, identityId }) => `${roleId}/${identityId}`), ...nested],
	};
}

/** Somebody else at work: some people get a new title, some their right to sign in taken or given. Ids that changed. */
export function mutate(tenant: Tenant, share: number): string[] {
	const { world, identities } = tenant;
	const chosen = [...identities.values()].filter(() => world.knobs.random() < share);
	for (const [at, identity] of chosen.entries()) {
		const status = at % 3 !== 0 || identity.protected ? identity.status : OFF.includes(identity.status) ? "ACTIVE" : "DISABLED";
		const attributes = { ...identity.attributes, title: `${identity.attributes.title ?? "Employee"} (changed)` };
		world.put(identities, identity.id, { ...identity, status, attributes, modified: world.now() });
	}
	return chosen.map(({ id }) => id);
}
