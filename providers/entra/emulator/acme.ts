import { acmeDomain } from "../../../src/emulate/acme.js";
import { acmePresence, type Presence } from "../../../src/emulate/acme-presence.js";
import { type Company, newTenant } from "./build.js";
import { addAccessPolicies } from "./gen-access.js";
import { addApp, addGraph } from "./gen-apps.js";
import { addPolicies } from "./gen-config.js";
import { addDevice, addGroup, push } from "./gen-groups.js";
import { addReview, addRisk, addRiskyApp, addScores } from "./gen-signals.js";
import { addPerson, userId } from "./person.js";
import { addRoles, assign, makeEligible, roleNamed } from "./role-catalogue.js";
import { guid, type State } from "./state.js";

/** The company of the demo: the same people as in its other systems. */
export function acme(company: Company, permissions: readonly string[]): State {
	const people = acmePresence("directory", company.now);
	const state = newTenant(company, people.length);
	addRoles(state, company.now);
	addPolicies(state, company);
	addGraph(state, permissions);
	for (const one of people) addAccount(state, company, one);
	for (const { key, worker } of people) {
		const boss = worker?.manager ? userId(state, worker.manager) : undefined;
		if (boss !== undefined && state.users.has(boss)) state.managers.set(userId(state, key), boss);
	}
	const id = (key: string): string => userId(state, key);
	const groups = addGroups(state, company, people);
	addAdmins(state, company, people, groups.tier0);
	addAccessPolicies(state, { now: company.now, emergency: [id("breakglass1")], exceptions: groups.exceptions });
	addApps(state, company);
	addRisk(state, id("tom.becker"), "high", company.now);
	addScores(state, company, people.length);
	if (company.licences === "p2") addReview(state, company, id("ana.lopez"));
	return state;
}

function addAccount(state: State, company: Company, one: Presence): void {
	const { worker } = one;
	addPerson(
		state,
		{
			...{
				key: one.key,
				first: one.first,
				last: one.last,
				login: one.login,
				enabled: one.enabled,
				synced: one.synced,
				number: one.number,
				age: one.age,
				seen: one.seen,
			},
			...{ factor: one.factor, aliases: one.aliases, guest: one.external ? "guest" : "no" },
			department: worker?.department ?? null,
			title: worker?.title ?? null,
			type: one.use === "person" ? (worker?.type ?? null) : one.use === "service" ? "service" : null,
			hired: worker?.hired ?? null,
			left: worker?.ended ?? null,
		},
		{ initial: company.initial, main: acmeDomain },
		company.now,
	);
}

function addGroups(state: State, company: Company, people: readonly Presence[]): { tier0: string; exceptions: string } {
	const { now } = company;
	const id = (key: string): string => userId(state, key);
	const departments = new Map<string, string[]>();
	for (const { key, worker } of people) if (worker) push(departments, worker.department, id(key));
	for (const [name, members] of departments) {
		const head = people.find(({ worker }) => worker?.department === name && worker.manager === null);
		addGroup(state, { name, members, kind: "unified", age: 1400, ...(head && { owners: [id(head.key)] }) }, now);
	}
	const all = people.filter(({ use }) => use === "person").map(({ key }) => id(key));
	const members = addGroup(state, { name: "All staff", members: all, kind: "dynamic", rule: '(user.userType -eq "Member")', age: 1900 }, now);
	addGroup(state, { name: "Newsletter", members: [members], kind: "distribution" }, now);
	addGroup(state, { name: "Guests", members: people.filter(({ external }) => external).map(({ key }) => id(key)) }, now);
	addGroup(state, { name: "Server operators (old servers)", members: people.filter(({ synced }) => synced).map(({ key }) => id(key)), kind: "synced" }, now);
	const inner = addGroup(state, { name: "Service desk, night", members: [id("kim.novak"), id("nina.osei")] }, now);
	addGroup(state, { name: "Service desk", members: [id("lena.roth"), inner] }, now);
	const laptop = addDevice(state, { name: "ACME-LT-0042", system: "Windows", compliant: false, owner: id("lena.roth") }, now);
	addGroup(state, { name: "Build machines", members: [laptop, guid(state.seed, "principal", "Release pipeline")] }, now);
	const tier0 = addGroup(state, { name: "Tier 0 operators", members: [id("leo.fischer")], kind: "role", owners: [id("tom.becker")] }, now);
	const exceptions = addGroup(state, { name: "MFA exceptions", members: [id("reception"), id("zoe.blanc"), id("svc-sync")], owners: [id("tom.becker")] }, now);
	return { tier0, exceptions };
}

const limited: Readonly<Record<string, string>> = {
	"nina.osei": "User Administrator",
	"kim.novak": "Helpdesk Administrator",
	"yuki.tan": "Application Administrator",
	"svc-sync": "Directory Synchronization Accounts",
};

/** Who administers what is told by `admin`; one is powerful through a group, and one is eligible only. */
function addAdmins(state: State, company: Company, people: readonly Presence[], tier0: string): void {
	const { now, licences } = company;
	const global = roleNamed("Global Administrator");
	assign(state, tier0, global);
	for (const { key, admin } of people) {
		const id = userId(state, key);
		if (admin === "top" && key === "leo.fischer") continue;
		if (admin === "top" && key === "ana.lopez" && licences === "p2") makeEligible(state, id, global, now, null);
		else if (admin === "top") assign(state, id, global);
		if (admin === "limited") assign(state, id, roleNamed(limited[key] ?? "Global Reader"));
	}
	assign(state, guid(state.seed, "gone"), roleNamed("Reports Reader"));
	if (licences !== "p2") return;
	const eligible = guid(state.seed, "group eligible");
	state.groupEligible.set(eligible, {
		id: eligible,
		principalId: userId(state, "peter.lang"),
		target: tier0,
		directoryScopeId: "/",
		start: now - 40 * 86_400_000,
		end: null,
		accessId: "member",
	});
}

function addApps(state: State, company: Company): void {
	const { now } = company;
	const id = (key: string): string => userId(state, key);
	const pipeline = addApp(
		state,
		{
			name: "Release pipeline",
			secrets: [{ ends: 3600, began: 50, used: 0.1 }],
			permissions: ["Directory.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"],
			used: 0.1,
		},
		now,
	);
	addApp(
		state,
		{ name: "Payroll export", secrets: [{ ends: -14, began: 744, used: 15 }], owners: [id("george.wren")], permissions: ["User.Read.All"], used: 15 },
		now,
	);
	addApp(
		state,
		{
			name: "Site backup",
			secrets: [{ ends: 180, began: 180 }],
			certificates: [{ ends: 21, began: 344 }],
			owners: [id("peter.lang")],
			permissions: ["Mail.Read"],
			used: null,
		},
		now,
	);
	addApp(
		state,
		{
			name: "Infrastructure",
			federated: [{ name: "main", issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/infrastructure:ref:refs/heads/main" }],
			owners: [id("leo.fischer")],
			used: 0.3,
		},
		now,
	);
	addApp(state, { name: "Meeting scribe", foreign: true, delegated: { scope: "User.Read Mail.Read Files.ReadWrite.All offline_access" }, used: 1 }, now);
	addApp(state, { name: "Travel desk", foreign: true, delegated: { scope: "User.Read", by: id("elin.dahl") }, used: 40 }, now);
	addApp(state, { name: "func-invoices", managed: true, certificates: [{ ends: 50, began: 40 }], permissions: ["User.Read.All"], used: 0.2 }, now);
	if (company.licences === "p2") addRiskyApp(state, pipeline.principal, now);
}
