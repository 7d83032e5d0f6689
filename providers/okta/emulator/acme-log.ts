import { raviGranted } from "./acme-access.js";
import { kimAdded } from "./acme-groups.js";
import { acmeId, acmeUserId } from "./acme-ids.js";
import { ruleLengthened } from "./acme-policies.js";
import { type Client, factorEvent, makeClient, makeEvent, membershipEvent, signIn, sortLog, systemActor, userActor, userTarget } from "./gen-log.js";
import { day, hour, minute, random } from "./gen-random.js";
import type { WireUser } from "./gen-users.js";
import type { TenantState } from "./state.js";

export const office: Client = makeClient("192.0.2.31", "Rotterdam", "Netherlands", 51.92, 4.48, "Mac OS X", "Offices");
const home: Client = makeClient("198.51.100.77", "Utrecht", "Netherlands", 52.09, 5.12, "Windows 10");
/** Where the intruder comes from. */
export const intruder: Client = makeClient("203.0.113.66", "Singapore", "Singapore", 1.35, 103.82, "Linux");

/** Ninety days of system log that agree with every object's own dates. */
export function addAcmeLog(state: TenantState, now: number): void {
	const user = (name: string): WireUser => found(state.users.get(acmeUserId(name)), name);
	const group = (name: string) => found(state.groups.get(acmeId("group", name)), name);
	const r = random("acme/log");

	for (const [i, one] of [...state.users.values()].entries()) {
		const last = one.lastLogin ? Date.parse(one.lastLogin) : 0;
		const created = Date.parse(one.created ?? "");
		const usual = i % 3 === 0 ? home : office;
		// Back from the last sign-in, every day or few, as far as the log is kept.
		for (let at = last; at > Math.max(created, now - 90 * day); at -= day * (1 + r.int(5)) + r.int(hour)) state.log.push(signIn(one, at, usual));
		if (created > now - 90 * day) {
			state.log.push(
				makeEvent({
					at: created,
					eventType: "user.lifecycle.create",
					message: "Create okta user",
					actor: userActor(user("svc-hr-sync")),
					target: [userTarget(one)],
					client: office,
				}),
			);
			for (const [groupId, members] of state.members)
				if (members.has(one.id ?? "") && state.groups.get(groupId)?.type === "OKTA_GROUP")
					state.log.push(membershipEvent("add", one, found(state.groups.get(groupId), groupId), created + 2 * minute));
			for (const factor of state.factors.get(one.id ?? "") ?? []) state.log.push(factorEvent("activate", one, factor, Date.parse(factor.created ?? ""), usual));
		}
	}

	// Tom's password is known to somebody who signs in at night; nothing asks for a second factor.
	const night = kimAdded(now);
	const tom = user("tom.becker");
	const kim = user("kim.novak");
	for (const name of ["ana.lopez", "leo.fischer", "nina.osei", "ida.eide", "greta.lind", "tom.becker"])
		state.log.push(signIn(user(name), night - hour + r.int(minute), intruder, "INVALID_CREDENTIALS"));
	state.log.push(
		signIn(tom, night - 6 * minute, intruder),
		makeEvent({
			at: night - 5 * minute,
			eventType: "user.session.access_admin_app",
			message: "User accessing Okta admin app",
			actor: userActor(tom),
			target: [userTarget(tom)],
			client: intruder,
		}),
		membershipEvent("add", kim, group("Super Admins"), night, userActor(tom), intruder),
		makeEvent({
			at: ruleLengthened(now),
			eventType: "policy.rule.update",
			message: "Update policy rule",
			actor: userActor(tom),
			target: ruleTarget(
				"Workforce",
				"Stay signed in",
				{ maxSessionLifetimeMinutes: 720, usePersistentCookie: false },
				{ maxSessionLifetimeMinutes: 43_200, usePersistentCookie: true },
			),
			client: office,
		}),
		makeEvent({
			at: raviGranted(now),
			eventType: "user.account.privilege.grant",
			message: "Grant user privilege",
			actor: userActor(tom),
			target: [userTarget(user("ravi.ito@partner.example"))],
			client: office,
			debug: { privilegeGranted: "Help Desk administrator" },
		}),
		makeEvent({
			at: now - 35 * day,
			eventType: "system.api_token.create",
			message: "Create API token",
			actor: userActor(user("svc-hr-sync")),
			target: [{ id: acmeId("token", "HR sync"), type: "Token", alternateId: "unknown", displayName: "HR sync" }],
			client: office,
		}),
	);
	for (const name of ["ana.lopez", "leo.fischer", "nina.osei"])
		state.log.push(
			makeEvent({
				at: Date.parse(user(name).lastLogin ?? "") + minute,
				eventType: "user.session.access_admin_app",
				message: "User accessing Okta admin app",
				actor: userActor(user(name)),
				target: [userTarget(user(name))],
				client: office,
			}),
		);

	const locked = user("lock.out");
	const lockedAt = Date.parse(locked.statusChanged ?? "");
	for (let i = 8; i > 0; i--) state.log.push(signIn(locked, lockedAt - i * 20_000, intruder, "INVALID_CREDENTIALS"));
	const lifecycle = (name: string, eventType: string, message: string): void =>
		void state.log.push(
			makeEvent({
				at: Date.parse(user(name).statusChanged ?? ""),
				eventType,
				message,
				actor: name === "lock.out" ? systemActor : userActor(user("ana.lopez")),
				target: [userTarget(user(name))],
				...(name === "lock.out" ? {} : { client: office }),
			}),
		);
	lifecycle("lock.out", "user.account.lock", "Max sign in attempts exceeded");
	lifecycle("sven.hagen", "user.lifecycle.suspend", "Suspend okta user");
	lifecycle("left.already", "user.lifecycle.deactivate", "Deactivate Okta user");
	lifecycle("left.finance", "user.lifecycle.deactivate", "Deactivate Okta user");
	sortLog(state.log);
}

/** Targets of a change to a sign-on rule, with what it was and became. */
export function ruleTarget(
	policy: string,
	rule: string,
	from: Record<string, unknown>,
	to: Record<string, unknown>,
): NonNullable<Parameters<typeof makeEvent>[0]["target"]> {
	const changeDetails = { from, to };
	return [
		{ id: acmeId("policy", policy), type: "PolicyEntity", alternateId: "unknown", displayName: policy, detailEntry: { policyType: "OktaSignOn" } },
		{ id: acmeId("policyRule", `sign-on/${policy}`), type: "PolicyRule", alternateId: acmeId("policy", policy), displayName: rule, changeDetails },
	];
}

function found<T>(value: T | undefined, name: string): T {
	if (value === undefined) throw new Error(`Acme has no "${name}"`);
	return value;
}
