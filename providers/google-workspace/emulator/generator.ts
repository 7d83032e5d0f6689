import { departments, familyNames, givenNames, loginPart } from "../../../src/emulate/names.js";
import { iso, type Random, random } from "../../../src/emulate/random.js";
import { addUnit, assign, emptyState, license, makePerson } from "./build.js";
import { makeDevices } from "./gen-devices.js";
import { makeGroups } from "./gen-groups.js";
import { opaque } from "./ids.js";
import { setPolicies } from "./policies.js";
import { setSso, tryOidc } from "./sso.js";
import type { Person, State } from "./types.js";

const day = 86_400_000;
const units = Object.keys(departments);

/** An invented tenant: the same for the same seed and size, with awkward cases in every field. */
export function generate(users: number, seed: string, now: number): State {
	const domain = `tenant-${seed}.example`;
	const state = emptyState(seed, domain, `Tenant ${seed}`, now);
	const second = `subsidiary-${seed}.example`;
	state.domains.set(second, { domainName: second, isPrimary: false, verified: true, creationTime: String(now - 500 * day) });
	const alias = `alias-${seed}.example`;
	state.domainAliases.set(alias, { domainAliasName: alias, parentDomainName: domain, verified: true, creationTime: String(now - 400 * day) });
	for (const name of units) addUnit(state, seed, "/", name);
	addUnit(state, seed, "/Engineering", "Contractors");
	addUnit(state, seed, "/", "No SSO");
	const draw = random(`workspace/${seed}`);
	const used = new Set<string>();
	for (let at = 0; at < Math.max(10, users); at++) {
		const person = invented(state, seed, at, draw, now, draw.chance(0.06) ? second : domain, used);
		state.users.set(person.id, at % 31 === 30 ? lately(person, now) : person);
	}
	const people = [...state.users.values()];
	for (let at = 0; at < Math.ceil(users / 200); at++) {
		const person = invented(state, seed, users + at, draw, now, domain, used);
		state.users.set(person.id, { ...person, deleted: now - (at % 19) * day - 3_600_000 });
	}
	makeAdmins(state, seed, people, now);
	makeGroups(state, seed, draw, people, domain, now);
	makeDevices(state, seed, draw, people, now);
	license(state);
	setPolicies(state, seed, [
		{ type: "security.two_step_verification_enforcement", value: { enforcedFrom: iso(now - 300 * day) } },
		{ type: "security.two_step_verification_enforcement", value: {}, unit: "/No SSO" },
		{
			type: "security.password",
			value: {
				allowedStrength: "STRONG",
				minimumLength: 12,
				maximumLength: 100,
				enforceRequirementsAtLogin: true,
				allowReuse: false,
				expirationDuration: "0s",
			},
		},
		{ type: "security.session_controls", value: { webSessionDuration: "72000s" }, unit: "/Finance" },
	]);
	setSso(state, seed, `https://${seed}.idp.example`, ["/No SSO"]);
	tryOidc(state, seed, `https://${seed}.idp.example`);
	return state;
}

function invented(state: State, seed: string, at: number, draw: Random, now: number, domain: string, used: Set<string>): Person {
	const given = draw.pick(givenNames);
	const family = draw.pick(familyNames);
	const wanted = `${loginPart(given)}.${loginPart(family)}`;
	let email = `${wanted}@${domain}`;
	for (let number = 2; used.has(email); number++) email = `${wanted}${number > 9 ? at : number}@${domain}`;
	used.add(email);
	const department = draw.pick(units);
	const created = now - draw.int(1500) * day - draw.int(day);
	const first = at < 4;
	const seen = first ? 1 : draw.chance(0.06) ? null : draw.chance(0.12) ? 90 + draw.int(600) : draw.int(30);
	const lastLogin = seen === null ? null : Math.max(created + 60_000, now - seen * day - draw.int(day));
	const exempt = !first && draw.chance(0.04);
	const enrolled = first || (lastLogin !== null && draw.chance(0.85));
	const keys = enrolled && draw.chance(0.12) ? 1 + draw.int(2) : 0;
	const chosen = draw.next();
	const guest = !first && chosen > 0.985;
	const title = draw.pick(departments[department] ?? ["Specialist"]);
	const body: Partial<Person["body"]> = {
		...(draw.chance(0.2) && { aliases: [`${loginPart(given).charAt(0)}${loginPart(family)}${at}@${domain}`] }),
		...(draw.chance(0.85) && { externalIds: [{ value: String(10_000 + at), type: "organization" }] }),
		...(draw.chance(0.9) && {
			organizations: [
				{
					title,
					primary: true,
					customType: "",
					department,
					description: draw.chance(0.1) ? "Contractor" : "Employee",
					...(draw.chance(0.5) && { costCenter: `CC-${100 + draw.int(40)}` }),
				},
			],
		}),
		...(draw.chance(0.3) && { phones: [{ value: `+3584${String(10_000_000 + draw.int(89_999_999))}`, type: "work" }] }),
		...(draw.chance(0.1) && { recoveryEmail: `${wanted}@mail.example` }),
		...(at > 20 && draw.chance(0.8) && { relations: [{ value: managerOf(state, draw.int(20)), type: "manager" }] }),
		...(!first && chosen < 0.05 && { suspended: true, ...suspension(draw, now) }),
		...(!first && chosen >= 0.05 && chosen < 0.08 && { archived: true, archivalTime: iso(now - 40 * day) }),
		...(guest && { isGuestUser: true, guestAccountInfo: { primaryGuestEmail: `${wanted}@partner.example` } }),
		...(draw.chance(0.03) && { changePasswordAtNextLogin: true }),
	};
	return makePerson(seed, {
		key: String(at),
		email,
		given,
		family,
		orgUnitPath: exempt
			? "/No SSO"
			: draw.chance(0.05)
				? "/"
				: department === "Engineering" && draw.chance(0.2)
					? "/Engineering/Contractors"
					: `/${department}`,
		created,
		lastLogin,
		enrolled,
		enforced: !exempt,
		body,
		more: {
			securityKeys: keys,
			passkeys: enrolled && draw.chance(0.1) ? 1 : 0,
			apps: draw.chance(0.4) ? 1 + draw.int(4) : 0,
			appPasswords: enrolled && draw.chance(0.05) ? 1 : 0,
			...(at % 7 === 3 && { photo: opaque(`photo/${seed}/${at}`) }),
			password: draw.chance(0.05) ? "WEAK" : draw.chance(0.1) ? "UNKNOWN" : "STRONG",
		},
	});
}

/** Enrolled a second factor yesterday at the earliest: the Directory knows, reports don't yet. */
function lately(person: Person, now: number): Person {
	if (!person.body.isEnrolledIn2Sv) return person;
	const body = { ...person.body, isEnrolledIn2Sv: false };
	return { ...person, before: { until: now - 6 * 3_600_000, person: { ...person, body, securityKeys: 0, passkeys: 0 } } };
}

/** Who was invented early manages others. */
function managerOf(state: State, at: number): string {
	let index = 0;
	for (const { body } of state.users.values()) if (index++ === at) return body.primaryEmail;
	return "";
}

/** Where Google suspended it itself the reason can be empty, and older suspensions have no time. */
function suspension(draw: Random, now: number): Partial<Person["body"]> {
	const reason = draw.pick(["ADMIN", "ADMIN", "ADMIN", "WEB_LOGIN_REQUIRED", "ABUSE", ""]);
	return { suspensionReason: reason, ...(draw.chance(0.7) && { suspensionTime: iso(now - draw.int(200) * day) }) };
}

/** Direct administrators of every kind, one of a unit only, one for a while, and a role that nobody is left to hold. */
function makeAdmins(state: State, seed: string, people: Person[], now: number): void {
	const [first, second, third, fourth, ...rest] = people;
	if (!first || !second || !third || !fourth) throw new Error("a tenant has at least 10 users");
	state.admin = first.body.primaryEmail;
	for (const one of [first, second, third]) assign(state, seed, "_SEED_ADMIN_ROLE", one.id);
	assign(state, seed, "_USER_MANAGEMENT_ADMIN_ROLE", fourth.id);
	const unit = state.orgUnits.get("/Sales")?.orgUnitId.replace(/^id:/, "");
	const limited: [string, object][] = [
		["_HELP_DESK_ADMIN_ROLE", { scopeType: "ORG_UNIT", orgUnitId: unit }],
		["_GROUPS_ADMIN_ROLE", {}],
		["Security Auditor", { expirationDetails: { expireTime: iso(now + 20 * day) } }],
		[
			"Service Desk",
			{
				condition:
					"api.getAttribute('cloudidentity.googleapis.com/groups.labels', []).hasAny(['groups.security']) && resource.type == 'cloudidentity.googleapis.com/Group'",
			},
		],
	];
	limited.forEach(([role, more], at) => {
		const one = rest[at];
		if (one) assign(state, seed, role, one.id, more);
	});
	assign(state, seed, "_MOBILE_ADMIN_ROLE", "100000000000000000042");
}
