import { departments } from "../../../src/emulate/names.js";
import { day, type Random } from "../../../src/emulate/random.js";
import { addEntitlement, idOf } from "./build.js";
import { addCampaign, addProfile, addRole, assign, grant } from "./build-access.js";
import type { Identity, Source, State } from "./state.js";

/** What invented people hold. More than a page of roles and of entitlements in a large tenant. */
export function addInventedAccess(state: State, sources: { directory: Source; cloud: Source }, people: Identity[], chance: Random, now: number): void {
	const { directory, cloud } = sources;
	const owners = people.slice(0, Math.max(4, Math.ceil(people.length / 50)));
	const ownerId = () => chance.pick(owners).id;
	const everyone = addEntitlement(state, directory, "Domain Users", now, { requestable: false });
	const admins = addEntitlement(state, directory, "Domain Admins", now, { level: "HIGH", owner: ownerId(), description: "All rights in the domain" });
	const crm = addEntitlement(state, cloud, "System Administrator", now, { level: "HIGH", attribute: "Profiles" });
	const names = Object.keys(departments);
	const teams = new Map(names.map((name) => [name, addEntitlement(state, directory, `${name} Staff`, now, { parent: everyone.id })]));
	const projects = Array.from({ length: Math.min(600, Math.max(6, Math.ceil(people.length / 10))) }, (_, at) =>
		addEntitlement(state, at % 3 === 0 ? cloud : directory, `Project ${at} – Übersicht`, now, {
			level: chance.pick(["NONE", "NONE", "LOW", "MEDIUM"]),
			owner: chance.chance(0.3) ? ownerId() : null,
		}),
	);
	for (const account of state.accounts.values()) {
		const identity = state.identities.get(account.identityId ?? "");
		if (account.sourceId === directory.id) {
			grant(account, everyone);
			const team = teams.get(String(identity?.attributes.department));
			if (team) grant(account, team);
			if (identity?.capabilities.includes("ORG_ADMIN") || chance.chance(0.004)) grant(account, admins);
		}
		if (account.sourceId === cloud.id && chance.chance(0.01)) grant(account, crm);
		const project = chance.pick(projects);
		if (account.sourceId === project.sourceId && chance.chance(0.5)) grant(account, project);
	}
	const profiles = names.map((name) => addProfile(state, `${name} Access`, ownerId(), [everyone, ...[teams.get(name) ?? everyone]], now));
	const adminProfile = addProfile(state, "Domain Administration", people[0]?.id ?? "", [admins], now);
	const byDepartment = new Map(
		names.map((name, at) => {
			const criteria = { attribute: "department", operation: "EQUALS", value: name };
			return [name, addRole(state, name, ownerId(), profiles.slice(at, at + 1), now, { criteria })];
		}),
	);
	const extra = Array.from({ length: Math.min(90, Math.max(3, Math.ceil(people.length / 40))) }, (_, at) =>
		addRole(state, `Extra Duty ${at}`, chance.chance(0.05) ? null : ownerId(), [], now, {
			requestable: true,
			enabled: at % 9 !== 8,
			entitlements: [chance.pick(projects).id],
		}),
	);
	const adminRole = addRole(state, "Domain Administrators", people[1]?.id ?? "", [adminProfile], now, { requestable: true });
	for (const identity of people) {
		const role = byDepartment.get(String(identity.attributes.department));
		if (role && identity.lifecycle === "active") assign(state, role, identity, now);
		if (chance.chance(0.1))
			assign(state, chance.pick(extra), identity, now, { assigner: people[0]?.id ?? null, remove: chance.chance(0.3) ? now + 30 * day : null });
		if (identity.capabilities.includes("ORG_ADMIN")) assign(state, adminRole, identity, now);
	}
	const late = people[2];
	if (late) assign(state, adminRole, late, now, { start: now + 9 * day, added: now - day });
	const managers = people.filter(({ isManager }) => isManager).slice(0, 40);
	addCampaign(state, "Access review", "ACTIVE", managers, now);
	addCampaign(state, "Earlier access review", "SIGNED", managers.slice(0, 20), now);
	const id = idOf(`${state.name}/task`, "aggregation");
	const target = { id: directory.id, type: "APPLICATION", name: directory.name } as const;
	const about = { id, uniqueName: "Directory aggregation", description: "Reads all accounts", kind: "CLOUD_ACCOUNT_AGGREGATION", launcher: "system", target };
	state.tasks.set(id, { ...about, created: now - day, completed: now - day + 60_000, status: "WARNING", message: null });
}
