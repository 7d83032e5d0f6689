import { iso } from "../../../src/emulate/random.js";
import { customerId, longId, shortId, userId } from "./ids.js";
import { makeRoles } from "./privileges.js";
import type { AssignmentBody, GroupRow, Membership, Person, State } from "./types.js";

const day = 86_400_000;

/** A tenant with its domains, roles and root unit, and nobody in it. */
export function emptyState(seed: string, domain: string, name: string, now: number): State {
	const root = `id:${shortId(`unit/${seed}/`)}`;
	return {
		customer: {
			id: customerId(seed),
			customerDomain: domain,
			customerCreationTime: iso(now - 2200 * day),
			alternateEmail: "owner@mail.example",
			language: "en",
			postalAddress: { organizationName: name, countryCode: "FI", locality: "Helsinki" },
		},
		users: new Map(),
		groups: new Map(),
		roles: new Map(makeRoles().map((role) => [role.roleId, role])),
		assignments: new Map(),
		orgUnits: new Map([["/", { name, description: name, orgUnitPath: "/", orgUnitId: root }]]),
		domains: new Map([[domain, { domainName: domain, isPrimary: true, verified: true, creationTime: String(now - 2200 * day) }]]),
		domainAliases: new Map(),
		mobiles: new Map(),
		chromes: new Map(),
		devices: new Map(),
		schemas: new Map(),
		policies: new Map(),
		samlProfiles: new Map(),
		oidcProfiles: new Map(),
		ssoAssignments: new Map(),
		licenses: new Map(),
		alerts: new Map(),
		transfers: new Map(),
		tokens: new Map(),
		asps: new Map(),
		codes: new Map(),
		events: new Map(),
		admin: "",
	};
}

/** Adds a unit below another. */
export function addUnit(state: State, seed: string, parentPath: string, name: string): void {
	const parent = state.orgUnits.get(parentPath);
	const orgUnitPath = `${parentPath === "/" ? "" : parentPath}/${name}`;
	const unit = {
		name,
		description: `Everybody in ${name}`,
		orgUnitPath,
		orgUnitId: `id:${shortId(`unit/${seed}${orgUnitPath}`)}`,
		parentOrgUnitPath: parentPath,
	};
	state.orgUnits.set(orgUnitPath, { ...unit, ...(parent && { parentOrgUnitId: parent.orgUnitId }) });
}

/** The unit's id as Cloud Identity writes it. */
export function cloudUnit(state: State, path: string): string {
	return `orgUnits/${state.orgUnits.get(path)?.orgUnitId.replace(/^id:/, "") ?? ""}`;
}

/** What is told of a person; the rest is filled in as the vendor does. */
export interface Told {
	key: string;
	email: string;
	given: string;
	family: string;
	orgUnitPath: string;
	created: number;
	lastLogin: number | null;
	enrolled: boolean;
	enforced: boolean;
	body?: Partial<Person["body"]>;
	more?: Partial<Person>;
}

export function makePerson(seed: string, told: Told): Person {
	const { key, email, given, family, orgUnitPath, created, lastLogin, enrolled, enforced } = told;
	return {
		id: userId(`${seed}/${key}`),
		body: {
			primaryEmail: email,
			name: { givenName: given, familyName: family, fullName: `${given} ${family}`.trim() },
			agreedToTerms: lastLogin !== null,
			suspended: false,
			archived: false,
			changePasswordAtNextLogin: false,
			ipWhitelisted: false,
			emails: [{ address: email, primary: true }],
			languages: [{ languageCode: "en", preference: "preferred" }],
			nonEditableAliases: [`${email}.test-google-a.com`],
			orgUnitPath,
			isMailboxSetup: lastLogin !== null,
			isEnrolledIn2Sv: enrolled,
			isEnforcedIn2Sv: enforced,
			includeInGlobalAddressList: true,
			isGuestUser: false,
			...told.body,
		},
		lastLogin,
		created,
		deleted: null,
		securityKeys: 0,
		passkeys: 0,
		apps: 0,
		appPasswords: 0,
		password: "STRONG",
		ready: 0,
		version: 1,
		...told.more,
	};
}

export function addGroup(
	state: State,
	seed: string,
	key: string,
	told: { email: string; name: string; description?: string; created: number } & Partial<Pick<GroupRow, "settings" | "dynamic" | "security">>,
): GroupRow {
	const { email, name, description, created, settings, dynamic, security } = told;
	const row: GroupRow = {
		id: shortId(`group/${seed}/${key}`),
		body: { email, name, description: description ?? "", adminCreated: true, nonEditableAliases: [`${email}.test-google-a.com`] },
		members: new Map(),
		settings: settings ?? {},
		dynamic: dynamic ?? null,
		security: security ?? false,
		created,
		version: 1,
	};
	state.groups.set(row.id, row);
	return row;
}

export function addMember(group: GroupRow, member: Pick<Membership, "id" | "type"> & Partial<Membership>): void {
	const status = member.type === "USER" || member.type === "GROUP" ? { status: "ACTIVE" } : {};
	group.members.set(member.id || (member.email ?? ""), { role: "MEMBER", delivery: "ALL_MAIL", created: group.created, expires: null, ...status, ...member });
}

export function assign(state: State, seed: string, roleName: string, assignedTo: string, more: Partial<AssignmentBody> = {}): void {
	const role = [...state.roles.values()].find((one) => one.roleName === roleName);
	if (!role) throw new Error(`there is no role ${roleName}`);
	const roleAssignmentId = longId(`assignment/${seed}/${roleName}/${assignedTo}`);
	const assigneeType = state.groups.has(assignedTo) ? "group" : "user";
	state.assignments.set(roleAssignmentId, { roleAssignmentId, roleId: role.roleId, assignedTo, assigneeType, scopeType: "CUSTOMER", ...more });
}

/** A licence of the suite for everybody who isn't archived. */
export function license(state: State): void {
	for (const { body, deleted } of state.users.values()) {
		if (deleted !== null || body.isGuestUser) continue;
		const skuId = body.archived ? "1010340001" : "1010020020";
		state.licenses.set(`${skuId}/${body.primaryEmail}`, { productId: body.archived ? "101034" : "Google-Apps", skuId, userId: body.primaryEmail });
	}
}
