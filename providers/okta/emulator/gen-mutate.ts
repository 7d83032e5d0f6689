import { makeFactor } from "./gen-factors.js";
import { offices } from "./gen-history.js";
import { factorEvent, makeEvent, membershipEvent, signIn, sortLog, systemActor, userActor, userTarget, type WireEvent } from "./gen-log.js";
import { iso, minute, random } from "./gen-random.js";
import type { WireUser } from "./gen-users.js";
import type { TenantState } from "./state.js";

export interface MutateOptions {
	seed: number | string;
	/** Share of the users that change, over 0 to 1. */
	share: number;
	/** Milliseconds; the changes happened in the minute before. */
	now: number;
}

export interface Mutation {
	/** Users whose own object has a new `lastUpdated`. */
	users: Set<string>;
	/** Groups with a new `lastMembershipUpdated`. */
	groups: Set<string>;
	/** Users whose factors changed. */
	factors: Set<string>;
	events: number;
}

/**
 * Changes a share of the users, each in one way: profile, status, sign-in, membership or factor. The objects' dates move as the vendor
 * moves them, and the log tells of all of it. Returns what changed, as the oracle of an incremental read.
 */
export function mutateTenant(state: TenantState, { seed, share, now }: MutateOptions): Mutation {
	const r = random(`${seed}/mutate/${now}`);
	const ids = [...state.users.keys()];
	const groups = [...state.groups.values()].filter((g) => g.type === "OKTA_GROUP");
	const changed: Mutation = { users: new Set(), groups: new Set(), factors: new Set(), events: 0 };
	const events: WireEvent[] = [];
	const chosen = new Set<string>();
	const wanted = Math.min(ids.length, Math.max(1, Math.round(ids.length * share)));
	while (chosen.size < wanted) chosen.add(r.pick(ids));

	// Few groups take all the changes: one changed member costs a reader the whole group.
	const hot = groups.slice(-Math.max(1, Math.round(groups.length * share)));
	for (const id of chosen) {
		const user = state.users.get(id);
		if (!user) continue;
		const at = now - 1 - r.int(minute);
		const client = r.pick(offices);
		const replace = (part: Partial<WireUser>, updated: boolean): WireUser => {
			const next = { ...user, ...part, ...(updated ? { lastUpdated: iso(at) } : {}) };
			state.users.set(id, next);
			if (updated) changed.users.add(id);
			return next;
		};
		const live = user.status === "ACTIVE";
		const way = live ? r.int(5) : 0;
		if (way === 0) {
			replace({ profile: { ...user.profile, title: `${user.profile?.title ?? "Clerk"}, acting` } }, true);
			events.push(
				makeEvent({ at, eventType: "user.account.update_profile", message: "Update user profile for Okta", actor: systemActor, target: [userTarget(user)] }),
			);
		} else if (way === 1) {
			replace({ status: "SUSPENDED", statusChanged: iso(at) }, true);
			events.push(makeEvent({ at, eventType: "user.lifecycle.suspend", message: "Suspend okta user", actor: systemActor, target: [userTarget(user)] }));
		} else if (way === 2) {
			// A sign-in moves `lastLogin` only.
			events.push(signIn(replace({ lastLogin: iso(at) }, false), at, client));
		} else if (way === 3 && hot.length > 0) {
			const group = r.pick(hot);
			const old = state.members.get(group.id ?? "");
			if (!group.id || !old) continue;
			// A new set, not the old one changed: a reader may keep an index by the set's identity.
			const members = new Set(old);
			const change = members.delete(id) ? "remove" : "add";
			if (change === "add") members.add(id);
			state.members.set(group.id, members);
			const updated = Date.parse(state.groups.get(group.id)?.lastMembershipUpdated ?? "");
			state.groups.set(group.id, { ...group, lastMembershipUpdated: iso(Math.max(at, updated)) });
			changed.groups.add(group.id);
			events.push(membershipEvent(change, user, group, at));
		} else {
			const before = state.factors.get(id) ?? [];
			const lost = before[0];
			const gained = lost ? undefined : makeFactor("webauthn", user, at);
			state.factors.set(id, gained ? [gained] : before.slice(1));
			changed.factors.add(id);
			const factor = gained ?? lost;
			if (factor) events.push(factorEvent(gained ? "activate" : "deactivate", user, factor, at, client, userActor(user)));
		}
	}
	sortLog(events);
	for (const event of events) state.log.push(event);
	changed.events = events.length;
	return changed;
}
