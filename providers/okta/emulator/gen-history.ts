import { factorEvent, makeClient, makeEvent, membershipEvent, signIn, sortLog, systemActor, userTarget } from "./gen-log.js";
import { day, hour, random } from "./gen-random.js";
import type { TenantState } from "./state.js";

/** The vendor keeps 90 days of log. */
const kept = 90 * day;

export const offices = [
	makeClient("192.0.2.17", "Rotterdam", "Netherlands", 51.92, 4.48, "Mac OS X", "Offices"),
	makeClient("192.0.2.84", "Rotterdam", "Netherlands", 51.92, 4.48, "Windows 10", "Offices"),
	makeClient("198.51.100.23", "Lisbon", "Portugal", 38.72, -9.14, "Mac OS X", "Offices"),
	makeClient("203.0.113.9", "Utrecht", "Netherlands", 52.09, 5.12, "Windows 10"),
];

/** A log and live sessions that agree with the users' own dates: last sign-ins, enrolments, memberships, lock-outs. */
export function addHistory(state: TenantState, of: { seed: number | string; now: number; most: number }): void {
	const r = random(`${of.seed}/history`);
	const from = of.now - kept;
	const groups = [...state.members.keys()];
	// Spread over all users when there are more events than room.
	const take = Math.min(1, of.most / (2 * state.users.size));
	for (const user of state.users.values()) {
		if (user.id === undefined || state.log.length >= of.most || !r.chance(take)) continue;
		const client = r.pick(offices);
		const login = user.lastLogin ? Date.parse(user.lastLogin) : 0;
		if (login > from) state.log.push(signIn(user, login, client));
		if (login > of.now - 12 * hour) state.sessions.set(user.id, [{ id: `102${user.id.slice(3)}`, created: user.lastLogin ?? "" }]);
		const created = Date.parse(user.created ?? "");
		if (created > from) {
			state.log.push(
				makeEvent({ at: created, eventType: "user.lifecycle.create", message: "Create okta user", actor: systemActor, target: [userTarget(user)] }),
			);
			for (const factor of state.factors.get(user.id) ?? []) state.log.push(factorEvent("activate", user, factor, Date.parse(factor.created ?? ""), client));
		}
		if (user.status === "LOCKED_OUT" && login > from)
			state.log.push(
				makeEvent({
					at: Date.parse(user.statusChanged ?? ""),
					eventType: "user.account.lock",
					message: "Max sign in attempts exceeded",
					actor: systemActor,
					target: [userTarget(user)],
				}),
			);
		const groupId = r.pick(groups);
		const group = state.groups.get(groupId);
		if (group && state.members.get(groupId)?.has(user.id)) state.log.push(membershipEvent("add", user, group, Date.parse(group.lastMembershipUpdated ?? "")));
	}
	sortLog(state.log);
}
