import { intruder, ruleTarget } from "./acme-log.js";
import { acmeStory } from "./acme-story.js";
import { makeEvent, membershipEvent, signIn, userActor } from "./gen-log.js";
import { iso, minute } from "./gen-random.js";
import type { TenantState } from "./state.js";

export interface ChangeBehindYourBack {
	/** Who did it (a hijacked session), who was made super administrator, and where. */
	actor: string;
	member: string;
	group: string;
	policy: string;
	rule: string;
}

/**
 * Somebody with a hijacked session works in the vendor's console: a freelancer joins Super Admins and the administrators' session rule
 * grows to 30 days. All within the three minutes before `now` (milliseconds), all in the system log.
 * @throws Error when the tenant is not Acme's, or the group or rule is gone
 */
export function changeBehindYourBack(state: TenantState, now: number): ChangeBehindYourBack {
	const { people, groups, policies, rules } = acmeStory;
	const actor = state.users.get(people.leo.id);
	const member = state.users.get(people.jonas.id);
	const group = state.groups.get(groups.superAdmins);
	const list = state.policyRules.get(policies.administrators);
	const rule: Record<string, unknown> | undefined = list?.find((one) => one.id === rules.administrators);
	if (!actor || !member || !group || !list || !rule)
		throw new Error("This tenant lacks Acme's Super Admins, Leo, Jonas, or the administrators' session rule; start from acmeTenant().");

	// New objects, not the old ones changed: a reader may hold the old ones.
	state.members.set(groups.superAdmins, new Set(state.members.get(groups.superAdmins)).add(people.jonas.id));
	state.groups.set(groups.superAdmins, { ...group, lastMembershipUpdated: iso(now - 2 * minute) });

	const longer = { maxSessionIdleMinutes: 10_080, maxSessionLifetimeMinutes: 43_200, usePersistentCookie: true };
	const signon = partOf(partOf(rule, "actions"), "signon");
	const changed = { ...rule, lastUpdated: iso(now - minute), actions: { signon: { ...signon, session: longer } } };
	state.policyRules.set(
		policies.administrators,
		list.map((one) => (one.id === rules.administrators ? changed : one)),
	);

	state.log.push(
		signIn(actor, now - 3 * minute, intruder),
		membershipEvent("add", member, group, now - 2 * minute, userActor(actor), intruder),
		makeEvent({
			at: now - minute,
			eventType: "policy.rule.update",
			message: "Update policy rule",
			actor: userActor(actor),
			target: ruleTarget("Administrators", String(rule.name), partOf(signon, "session"), longer),
			client: intruder,
		}),
	);
	return { actor: people.leo.id, member: people.jonas.id, group: groups.superAdmins, policy: policies.administrators, rule: rules.administrators };
}

function partOf(of: Record<string, unknown>, key: string): Record<string, unknown> {
	const value = of[key];
	return typeof value === "object" && value !== null ? { ...value } : {};
}
