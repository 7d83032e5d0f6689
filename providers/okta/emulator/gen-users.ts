import type { User } from "@okta/okta-sdk-nodejs";
import { idMaker, prefixes } from "./gen-ids.js";
import { day, iso, type Random, random } from "./gen-random.js";
import { departments, familyNames, givenNames, loginPart } from "./names.js";
import type { Wire } from "./state.js";

export type WireUser = Wire<User>;
type Status = NonNullable<WireUser["status"]>;
type Provider = keyof typeof providerNames;

const providerNames = {
	OKTA: "OKTA",
	ACTIVE_DIRECTORY: "corp.example",
	FEDERATION: "Partner IdP",
	LDAP: "ldap.example",
	SOCIAL: "GOOGLE",
	IMPORT: "IMPORT",
} as const;

/** One frozen credentials object per provider, shared by all its users: a million copies would not fit. */
const credentials: Record<string, NonNullable<WireUser["credentials"]>> = Object.fromEntries(
	Object.entries(providerNames).map(([type, name]) => [type, credentialsOf(type as Provider, name)]),
);

/** Credentials as the vendor shows them: no secret, an empty `password` where Okta holds one. Frozen, to be shared. */
export function credentialsOf(type: Provider, name: string = providerNames[type]): NonNullable<WireUser["credentials"]> {
	const provider = Object.freeze({ type, name });
	return Object.freeze(type === "OKTA" ? { password: Object.freeze({}), provider } : { provider });
}

const statuses: readonly Status[] = ["ACTIVE", "DEPROVISIONED", "PROVISIONED", "PASSWORD_EXPIRED", "SUSPENDED", "STAGED", "RECOVERY", "LOCKED_OUT"];
const statusShares: readonly [Status, number][] = [
	["ACTIVE", 0.78],
	["DEPROVISIONED", 0.87],
	["PROVISIONED", 0.9],
	["PASSWORD_EXPIRED", 0.93],
	["SUSPENDED", 0.955],
	["STAGED", 0.975],
	["RECOVERY", 0.99],
	["LOCKED_OUT", 1],
];
const providerShares: readonly [Provider, number][] = [
	["OKTA", 0.62],
	["ACTIVE_DIRECTORY", 0.82],
	["FEDERATION", 0.93],
	["LDAP", 0.96],
	["SOCIAL", 0.98],
	["IMPORT", 1],
];

export interface UserOptions {
	seed: number | string;
	users: number;
	/** Milliseconds since the epoch; every date lies before it. */
	now: number;
	domain: string;
}

/** The users of a tenant, in order of creation. The first two are plain, active OKTA accounts; from ten users on every status occurs. */
export function makeUsers({ seed, users: count, now, domain }: UserOptions): Map<string, WireUser> {
	const r = random(`${seed}/users`);
	const nextId = idMaker(seed, prefixes.user);
	const type = Object.freeze({ id: idMaker(seed, prefixes.userType)() });
	const given = givenNames.map((name) => ({ name, login: loginPart(name) }));
	const family = familyNames.map((name) => ({ name, login: loginPart(name) }));
	const departmentNames = Object.keys(departments);
	const span = 6 * 365 * day;
	const users = new Map<string, WireUser>();
	const ids: string[] = [];

	for (let i = 0; i < count; i++) {
		const id = nextId();
		const recent = i >= count - Math.ceil(count / 100);
		const created = recent ? now - Math.floor(r.next() * 7 * day) - 1 : now - 8 * day - Math.floor(span * (1 - (i + r.next()) / count));
		const status = i < 2 ? "ACTIVE" : i < 2 + statuses.length && count >= 10 ? (statuses[i - 2] ?? "ACTIVE") : share(r, statusShares);
		const provider = i < 2 ? "OKTA" : share(r, providerShares);
		const first = r.pick(given);
		const last = r.pick(family);
		const department = r.pick(departmentNames);
		const kind = i < 2 ? 1 : r.next();
		const userType = kind < 0.01 ? "Service" : kind < 0.09 ? "Contractor" : "Employee";
		const local = userType === "Service" ? ["svc-", last.login, "-", i] : [first.login, ".", last.login, i];
		// `join` makes one flat string; a template would leave a tree of parts.
		const login = [...local, "@", userType === "Contractor" ? "contractors.example" : domain].join("");
		const profile: NonNullable<WireUser["profile"]> = {
			firstName: first.name,
			lastName: last.name,
			login,
			email: login,
			department,
			title: r.pick(departments[department] ?? ["Clerk"]),
			managerId: i === 0 ? null : (ids[r.int(Math.max(1, i >> 3))] ?? null),
			userType,
			employeeNumber: String(100_000 + i),
		};
		if (status === "ACTIVE" && i > 1 && r.chance(0.005)) profile.employeeStatus = "terminated";
		users.set(id, { id, status, ...dates(r, { status, provider, created, now }), type, profile, credentials: credentials[provider] ?? {} });
		ids.push(id);
	}
	return users;
}

function dates(r: Random, of: { status: Status; provider: Provider; created: number; now: number }) {
	const { status, created, now } = of;
	const age = now - created;
	const within = (most: number): number => Math.min(now, created + Math.floor(r.next() * Math.min(most, age)));
	const activated = status === "STAGED" ? null : within(2 * day);
	const since = activated ?? created;
	const never = status === "STAGED" || status === "PROVISIONED" || r.chance(0.03);
	const back = r.next() < 0.7 ? 30 * day : r.next() < 0.5 ? 90 * day : 400 * day;
	const lastLogin = never ? null : Math.max(since, now - Math.floor(r.next() * back));
	const hasPassword = of.provider === "OKTA" && status !== "STAGED" && status !== "PROVISIONED";
	const passwordChanged = hasPassword ? since + Math.floor(r.next() * (now - since)) : null;
	const statusChanged = status === "ACTIVE" || status === "PROVISIONED" ? activated : status === "STAGED" ? null : since + Math.floor(r.next() * (now - since));
	const lastUpdated = Math.max(since, statusChanged ?? 0, passwordChanged ?? 0);
	const activatedText = activated === null ? null : iso(activated);
	return {
		created: iso(created),
		activated: activatedText,
		statusChanged: statusChanged === null ? null : statusChanged === activated ? activatedText : iso(statusChanged),
		lastLogin: lastLogin === null ? null : iso(lastLogin),
		lastUpdated: iso(lastUpdated),
		passwordChanged: passwordChanged === null ? null : iso(passwordChanged),
	};
}

function share<T>(r: Random, table: readonly [T, number][]): T {
	const at = r.next();
	for (const [value, upTo] of table) if (at < upTo) return value;
	throw new Error("share: the table does not end at 1");
}
