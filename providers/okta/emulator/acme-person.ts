import { acmeDomain, acmeId, acmeLogin, acmeUserId } from "./acme-ids.js";
import { type FactorName, makeFactor } from "./gen-factors.js";
import { day, hash, iso } from "./gen-random.js";
import { credentialsOf, type WireUser } from "./gen-users.js";
import type { TenantState } from "./state.js";

/** One person of the story. Days count back from now; null is the vendor's never. */
export interface AcmePerson {
	/** Login before `@acme.example`, or the whole login. */
	name: string;
	first: string;
	last: string;
	department: string;
	title: string;
	/** `profile.userType`; default Employee. */
	type?: string;
	status?: NonNullable<WireUser["status"]>;
	created: number;
	login: number | null;
	/** Default: null unless Okta holds the password. */
	password?: number | null;
	statusChanged?: number;
	provider?: ["ACTIVE_DIRECTORY" | "FEDERATION" | "LDAP" | "SOCIAL" | "IMPORT", string];
	/** Names of factor kinds; `?` after a name means enrolment not finished. */
	factors: string;
	manager?: string;
	profile?: Record<string, string>;
}

type Days = [created: number, login: number | null, password?: number];

/** A person in one line. */
export function row(
	name: string,
	first: string,
	last: string,
	department: string,
	title: string,
	[created, login, password]: Days,
	factors: string,
	more: Partial<AcmePerson> = {},
): AcmePerson {
	return { name, first, last, department, title, created, login, ...(password === undefined ? {} : { password }), factors, ...more };
}

/** Adds a person and their factors. Times of day differ from person to person but not from start to start. */
export function addPerson(state: TenantState, of: AcmePerson, now: number): void {
	const login = acmeLogin(of.name);
	const id = acmeUserId(of.name);
	const ago = (days: number, what: string): number => now - Math.floor(days * day) - (days >= 2 ? hash(`${login}/${what}`) % (day / 2) : 0);
	const created = ago(of.created, "created");
	const status = of.status ?? "ACTIVE";
	const activated = status === "STAGED" ? null : created + 60_000;
	const password = of.provider || of.password === undefined || of.password === null ? null : Math.max(created, ago(of.password, "password"));
	const statusChanged = of.statusChanged === undefined ? activated : ago(of.statusChanged, "status");
	const user: WireUser = {
		id,
		status,
		created: iso(created),
		activated: activated === null ? null : iso(activated),
		statusChanged: statusChanged === null ? null : iso(statusChanged),
		lastLogin: of.login === null ? null : iso(Math.max(activated ?? created, ago(of.login, "login"))),
		lastUpdated: iso(Math.max(created, activated ?? 0, statusChanged ?? 0, password ?? 0)),
		passwordChanged: password === null ? null : iso(password),
		type: { id: acmeId("userType", "default") },
		profile: {
			firstName: of.first,
			lastName: of.last,
			login,
			email: login,
			department: of.department,
			title: of.title,
			managerId: of.manager ? acmeUserId(of.manager) : null,
			userType: of.type ?? "Employee",
			employeeNumber: String(10_000 + (hash(login) % 90_000)),
			...(login.endsWith(`@${acmeDomain}`) ? {} : { organization: login.slice(login.indexOf("@") + 1).split(".")[0] }),
			...of.profile,
		},
		credentials: of.provider ? credentialsOf(of.provider[0], of.provider[1]) : credentialsOf("OKTA"),
	};
	state.users.set(id, user);
	const enrolled = Math.max(created, Math.min(now - 3_600_000, created + 3_600_000));
	const factors = of.factors
		.split(" ")
		.filter(Boolean)
		.map((word) => makeFactor(word.replace("?", "") as FactorName, user, enrolled, word.endsWith("?") ? "PENDING_ACTIVATION" : "ACTIVE"));
	if (factors.length > 0) state.factors.set(id, factors);
}
