import { acmeDomain } from "../../../src/emulate/acme.js";
import { acmePresence, type Presence } from "../../../src/emulate/acme-presence.js";
import { iso } from "../../../src/emulate/random.js";
import { addGroup, addMember, addUnit, assign, emptyState, license, makePerson } from "./build.js";
import { makeAlerts } from "./gen-devices.js";
import { userId } from "./ids.js";
import { makeAsp, makeToken } from "./lazy.js";
import { setPolicies } from "./policies.js";
import { setSso } from "./sso.js";
import type { Person, State } from "./types.js";

const day = 86_400_000;
const seed = "acme";
/** Outside of single sign-on, and of the duty to enrol a second factor. */
const exempt = "/Shared mailboxes";

/** Acme's office suite: the same people as in its other systems, and some weaknesses of its own. */
export function acmeState(now: number): State {
	const state = emptyState(seed, acmeDomain, "Acme", now);
	const presences = acmePresence("suite", now);
	const departments = [...new Set(presences.flatMap(({ worker }) => (worker ? [worker.department] : [])))].sort();
	for (const name of departments) addUnit(state, seed, "/", name);
	addUnit(state, seed, "/", "Shared mailboxes");
	const heads = new Map(presences.map(({ key, login }) => [key, login]));
	for (const one of presences) {
		const person = personOf(one, heads, now);
		state.users.set(person.id, person);
		if (one.admin === "top") assign(state, seed, "_SEED_ADMIN_ROLE", person.id);
		if (one.admin === "limited") assign(state, seed, "_USER_MANAGEMENT_ADMIN_ROLE", person.id);
	}
	state.admin = heads.get("ana.lopez") ?? "";
	makeGroups(state, presences, departments, now);
	makeGrants(state, now);
	license(state);
	setPolicies(state, seed, [
		{ type: "security.two_step_verification_enforcement", value: { enforcedFrom: iso(now - 240 * day) } },
		{ type: "security.two_step_verification_enforcement", value: {}, unit: exempt },
		{ type: "security.two_step_verification_enforcement", value: {}, unit: "/Marketing" },
		{ type: "security.super_admin_account_recovery", value: { enableAccountRecovery: true } },
		{ type: "security.less_secure_apps", value: { allowLessSecureApps: true }, unit: exempt },
	]);
	setSso(state, seed, "https://acme.okta.example", [exempt, "/Legal"]);
	makeAlerts(state, seed, [...state.users.values()], now);
	return state;
}

const idOf = (key: string): string => userId(`${seed}/${key}`);

function personOf(one: Presence, heads: ReadonlyMap<string, string>, now: number): Person {
	const { key, worker, login, aliases, number, enabled, factor, seen, use, age } = one;
	const shared = use === "shared";
	const unit = shared ? exempt : worker ? `/${worker.department}` : "/";
	const manager = worker?.manager && heads.get(worker.manager);
	const enrolled = factor !== "none";
	return makePerson(seed, {
		key,
		email: login,
		given: one.first,
		family: one.last,
		orgUnitPath: unit,
		created: now - age * day,
		lastLogin: seen === null ? null : now - seen * day,
		enrolled,
		enforced: unit !== exempt && unit !== "/Marketing",
		body: {
			...(aliases.length > 0 && { aliases }),
			...(number !== null && { externalIds: [{ value: number, type: "organization" }] }),
			...(worker && { organizations: [{ title: worker.title, primary: true, customType: "", department: worker.department, description: worker.type }] }),
			...(manager && { relations: [{ value: manager, type: "manager" }] }),
			...(!enabled && { suspended: true, suspensionReason: "ADMIN", suspensionTime: iso((worker?.ended ?? now - 30 * day) + 3_600_000) }),
			...(one.external && { isGuestUser: true, guestAccountInfo: { primaryGuestEmail: login } }),
		},
		more: { securityKeys: factor === "phishing-resistant" ? 1 : 0, password: shared ? "WEAK" : "STRONG" },
	});
}

function makeGroups(state: State, presences: readonly Presence[], departments: readonly string[], now: number): void {
	const created = now - 1200 * day;
	const join = (group: ReturnType<typeof addGroup>, { key, login, enabled }: Presence) =>
		addMember(group, {
			id: idOf(key),
			email: login,
			type: "USER",
			role: group.members.size === 0 ? "OWNER" : "MEMBER",
			...(!enabled && { status: "SUSPENDED" }),
		});
	for (const name of departments) {
		const group = addGroup(state, seed, name, { email: `${name.toLowerCase()}@${acmeDomain}`, name, created });
		for (const one of presences) if (one.worker?.department === name) join(group, one);
	}
	const everyone = addGroup(state, seed, "everyone", { email: `everyone@${acmeDomain}`, name: "Everyone", created });
	addMember(everyone, { id: state.customer.id, type: "CUSTOMER" });
	const agency = addGroup(state, seed, "agency", {
		email: `agency@${acmeDomain}`,
		name: "Agency",
		description: "Briefings for the agency",
		created,
		settings: {
			allowExternalMembers: "true",
			whoCanJoin: "ANYONE_CAN_JOIN",
			whoCanPostMessage: "ANYONE_CAN_POST",
			whoCanViewGroup: "ANYONE_CAN_VIEW",
			whoCanDiscoverGroup: "ANYONE_CAN_DISCOVER",
		},
	});
	for (const one of presences.filter(({ worker }) => worker?.department === "Marketing").slice(0, 3)) join(agency, one);
	for (const name of ["studio@agency.example", "print@agency.example"])
		addMember(agency, { id: userId(`${seed}/external/${name}`), email: name, type: "EXTERNAL" });
	const project = addGroup(state, seed, "launch", { email: `launch@${acmeDomain}`, name: "Launch", created: now - 80 * day });
	for (const name of ["engineering", "marketing"]) {
		const inner = [...state.groups.values()].find(({ body }) => body.email === `${name}@${acmeDomain}`);
		if (inner) addMember(project, { id: inner.id, email: inner.body.email, type: "GROUP" });
	}
}

/** A grant that reads everybody's mail and files, and an app password that goes around the second factor. */
function makeGrants(state: State, now: number): void {
	const auth = "https://www.googleapis.com/auth/";
	const risky = state.users.get(idOf("luis.rojas"));
	if (risky) {
		risky.apps = 2;
		state.tokens.set(risky.id, [
			makeToken(risky.id, "Mail Merge Helper", ["https://mail.google.com/", `${auth}drive`, `${auth}contacts`]),
			makeToken(risky.id, "Board Planner", ["openid", `${auth}userinfo.email`]),
		]);
	}
	const old = [...state.users.values()].find(
		({ body, id }) => body.isEnrolledIn2Sv && !body.suspended && id !== risky?.id && body.orgUnitPath === "/Engineering",
	);
	if (old) {
		old.appPasswords = 1;
		state.asps.set(old.id, [makeAsp(old.id, 0, "Old mail client", now - 500 * day, now - 2 * day)]);
	}
}
