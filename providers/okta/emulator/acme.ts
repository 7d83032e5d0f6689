import { addAcmeApps, addAcmeCredentials, addAcmeRoles } from "./acme-access.js";
import { acmePeople, addAcmeGroups } from "./acme-groups.js";
import { acmeDomain, acmeId, acmeUserId } from "./acme-ids.js";
import { addAcmeLog } from "./acme-log.js";
import { addPerson } from "./acme-person.js";
import { addAcmePolicies } from "./acme-policies.js";
import { addAcmeSignals } from "./acme-signals.js";
import { emptyTenant } from "./gen-config.js";
import type { WireFactor } from "./gen-factors.js";
import { idOf } from "./gen-ids.js";
import { day, iso } from "./gen-random.js";
import type { TenantState } from "./state.js";

export { changeBehindYourBack } from "./acme-change.js";
export { acmeStory } from "./acme-story.js";

/**
 * The demo company: Acme, about 120 accounts, each trouble of a real org once. `acmeStory` names who has what.
 * @param now milliseconds since the epoch: every date counts back from it; ids do not depend on it
 */
export function acmeTenant(now: number): TenantState {
	const state = emptyTenant({ id: acmeId("org", "acme"), subdomain: "acme", companyName: "Acme", created: now - 2000 * day });
	state.org.website = `https://${acmeDomain}`;
	for (const person of acmePeople) addPerson(state, person, now);
	addUnknownFactors(state, now);
	addAcmeGroups(state, now);
	addAcmePolicies(state, now);
	addAcmeRoles(state, now);
	addAcmeApps(state, now);
	addAcmeCredentials(state, now);
	addAcmeSignals(state, now);
	addAcmeLog(state, now);
	return state;
}

/** Types and statuses newer than any published client: they must pass through a reader unharmed. */
function addUnknownFactors(state: TenantState, now: number): void {
	const quinn = acmeUserId("quinn.ada");
	const at = iso(now - 20 * day);
	const strange = (id: string, factorType: string, status: string): WireFactor =>
		({
			id: idOf(id, `${quinn}/${factorType}`),
			factorType,
			provider: "NEW_VENDOR",
			vendorName: "NEW_VENDOR",
			status,
			created: at,
			lastUpdated: at,
			profile: {},
		}) as unknown as WireFactor;
	state.factors.set(quinn, [
		...(state.factors.get(quinn) ?? []),
		strange("tac", "tac", "ACTIVE"),
		strange("qtm", "quantum:token", "ACTIVE"),
		strange("hol", "hologram", "AWAITING_DELIVERY"),
	]);
}
