import { departments } from "../../../src/emulate/names.js";
import { random as makeRandom, type Random } from "../../../src/emulate/random.js";
import { type Company, newTenant } from "./build.js";
import { addAccessPolicies } from "./gen-access.js";
import { addApp, addGraph } from "./gen-apps.js";
import { addPolicies } from "./gen-config.js";
import { addDevice, addGroup, push } from "./gen-groups.js";
import { addReview, addRisk, addRiskyApp, addScores } from "./gen-signals.js";
import { addPeople } from "./gen-users.js";
import { addRoles, assign, makeEligible, roleNamed } from "./role-catalogue.js";
import { guid, type State } from "./state.js";

/** An invented tenant of any size, the same for the same seed. */
export function generate(company: Company, users: number, permissions: readonly string[]): State {
	const state = newTenant(company, users);
	const random = makeRandom(`${company.seed}/people`);
	addRoles(state, company.now);
	addPolicies(state, company);
	addGraph(state, permissions);
	const ids = addPeople(state, company, users, random);
	const groups = addGroups(state, company, ids, random);
	addAdmins(state, company, ids, groups);
	addAccessPolicies(state, { now: company.now, emergency: [ids[7] ?? ""], exceptions: groups.exceptions });
	addApps(state, company, ids, random);
	addRisk(state, ids[8] ?? "", "high", company.now);
	for (const id of ids.slice(20)) if (random.chance(0.004)) addRisk(state, id, random.pick(["low", "medium"]), company.now);
	addScores(state, company, users);
	return state;
}

interface Made {
	exceptions: string;
	roles: string;
	nested: string;
}

function addGroups(state: State, company: Company, ids: readonly string[], random: Random): Made {
	const { now } = company;
	const some = (count: number): string[] => Array.from({ length: Math.min(count, ids.length) }, () => ids[random.int(ids.length)] ?? "");
	const everybody = addGroup(state, { name: "Everybody", members: ids, kind: "dynamic", rule: '(user.userType -eq "Member")', age: 1900 }, now);
	const byDepartment = new Map<string, string[]>();
	for (const user of state.users.values()) if (user.department) push(byDepartment, user.department, user.id);
	const own = Object.keys(departments).map((name) =>
		addGroup(state, { name, members: byDepartment.get(name) ?? [], kind: "unified", owners: (byDepartment.get(name) ?? []).slice(0, 1), age: 1500 }, now),
	);
	const inner = addGroup(state, { name: "Operators, night", members: ids.slice(1, 3) }, now);
	const nested = addGroup(state, { name: "Operators", members: [...ids.slice(0, 1), inner, ...own.slice(0, 1)], owners: ids.slice(0, 1) }, now);
	const machine = addDevice(state, { name: "LAPTOP-0001", system: "Windows", compliant: true, ...(ids[0] && { owner: ids[0] }) }, now);
	addDevice(state, { name: "Ada's phone", system: "iOS", compliant: null, ...(ids[0] && { owner: ids[0] }) }, now);
	addDevice(state, { name: "Old tablet", system: "Android", compliant: false, rooted: true, enabled: false, ...(ids[2] && { owner: ids[2] }) }, now);
	addDevice(state, { name: "KIOSK-01", system: "Linux", compliant: null, unused: true }, now);
	// Every second person's computer.
	for (let at = 3; at < ids.length; at += 2)
		addDevice(
			state,
			{ name: `LAPTOP-${String(at).padStart(4, "0")}`, system: at % 5 === 0 ? "MacMDM" : "Windows", compliant: at % 7 !== 0, owner: ids[at] ?? "" },
			now,
		);
	const bot = guid(state.seed, "principal", "Deployment");
	addGroup(state, { name: "Machines and robots", members: [machine, bot, ...ids.slice(8, 9)] }, now);
	addGroup(state, { name: "Empty", members: [], description: null }, now);
	addGroup(
		state,
		{
			name: "Staff (from the old servers)",
			members: [...state.users.values()].filter((user) => user.onPremisesSyncEnabled).map(({ id }) => id),
			kind: "synced",
		},
		now,
	);
	addGroup(state, { name: "News", members: [everybody], kind: "distribution" }, now);
	const roles = addGroup(state, { name: "Tier 0", members: ids.slice(0, 2), kind: "role", owners: ids.slice(0, 1) }, now);
	const exceptions = addGroup(state, { name: "MFA exceptions", members: ids.slice(2, 5) }, now);
	const teams = Math.floor(ids.length / 6);
	for (let at = 0; at < teams; at++)
		addGroup(
			state,
			{
				name: `Team ${at + 1} – ${random.pick(["Nord", "Süd", "Ost", "West"])}`,
				members: some(1 + random.int(14)),
				owners: some(1),
				kind: random.pick(["security", "unified"]),
				age: 1 + random.int(1500),
			},
			now,
		);
	return { exceptions, roles, nested };
}

/** Administrators: for good, eligible, through a group that holds a role, and through being eligible for that group. */
function addAdmins(state: State, company: Company, ids: readonly string[], groups: Made): void {
	const { now, licences } = company;
	const id = (at: number): string => ids[at] ?? ids[0] ?? "";
	assign(state, id(0), roleNamed("Global Administrator"));
	assign(state, id(7), roleNamed("Global Administrator"));
	assign(state, id(8), roleNamed("Exchange Administrator"));
	assign(state, groups.roles, roleNamed("Privileged Role Administrator"));
	assign(state, id(4), roleNamed("Directory Readers"));
	// Of somebody who is gone.
	assign(state, guid(state.seed, "gone"), roleNamed("Reports Reader"));
	if (licences !== "p2") return;
	const temporary = assign(state, id(1), roleNamed("Security Administrator"));
	const day = 86_400_000;
	state.activeSchedules.set(temporary, {
		id: temporary,
		principalId: id(1),
		target: roleNamed("Security Administrator"),
		directoryScopeId: "/",
		start: now - 3_600_000,
		end: now + 3 * 3_600_000,
		assignmentType: "Activated",
	});
	makeEligible(state, id(1), roleNamed("Security Administrator"), now, null);
	makeEligible(state, id(9), roleNamed("Global Administrator"), now, 200);
	makeEligible(state, groups.nested, roleNamed("Helpdesk Administrator"), now, null);
	const shared = { target: groups.roles, directoryScopeId: "/", start: now - 40 * day, end: now + 300 * day };
	const [eligible, active] = [guid(state.seed, "group eligible"), guid(state.seed, "group active")];
	state.groupEligible.set(eligible, { id: eligible, principalId: id(6), ...shared, accessId: "member" });
	state.groupActive.set(active, { id: active, principalId: id(1), ...shared, end: null, accessId: "member", assignmentType: "Assigned" });
	addReview(state, company, id(0));
}

function addApps(state: State, company: Company, ids: readonly string[], random: Random): void {
	const { now } = company;
	const owner = ids.slice(1, 2);
	const risky = addApp(
		state,
		{
			name: "Deployment",
			secrets: [
				{ ends: -20, began: 750, used: 21 },
				{ ends: 3400, began: 250, used: 1 },
			],
			permissions: ["Directory.ReadWrite.All"],
			used: 1,
		},
		now,
	);
	addApp(
		state,
		{
			name: "Backup",
			secrets: [{ ends: 300, began: 65 }],
			certificates: [{ ends: 40, began: 325 }],
			owners: owner,
			permissions: ["Mail.Read", "User.Read.All"],
			used: 0.2,
		},
		now,
	);
	addApp(
		state,
		{ name: "Old importer", secrets: [{ ends: 12, began: 718 }], permissions: ["RoleManagement.ReadWrite.Directory"], used: null, enabled: false },
		now,
	);
	addApp(
		state,
		{
			name: "Pipelines",
			federated: [{ name: "main", issuer: "https://token.actions.githubusercontent.com", subject: "repo:corp/infra:ref:refs/heads/main" }],
			owners: owner,
			used: 0.1,
		},
		now,
	);
	addApp(state, { name: "Calendar helper", foreign: true, delegated: { scope: " User.Read Mail.Read Files.ReadWrite.All" }, used: 2 }, now);
	addApp(state, { name: "Note taker", foreign: true, delegated: { scope: "User.Read", by: ids[2] ?? "" }, used: 300 }, now);
	addApp(state, { name: "func-orders", managed: true, certificates: [{ ends: 60, began: 30 }], permissions: ["User.Read.All"], used: 0.1 }, now);
	if (company.licences === "p2") addRiskyApp(state, risky.principal, now);
	for (let at = 0; at < Math.floor(ids.length / 20); at++)
		addApp(
			state,
			{
				name: `Service ${at + 1}`,
				secrets: random.chance(0.6) ? [{ ends: random.int(900) - 100, began: 200 }] : [],
				foreign: random.chance(0.3),
				used: random.chance(0.7) ? random.int(60) : null,
			},
			now,
		);
}
