import { departments, familyNames, givenNames, loginPart } from "../../../src/emulate/names.js";
import { day, type Random, random } from "../../../src/emulate/random.js";
import { addSource, emptyState, idOf, makeAccount, makeIdentity } from "./build.js";
import { addInventedAccess } from "./generator-access.js";
import type { Account, Identity, Source, State } from "./state.js";

/** An invented tenant: the same for the same seed and time. The first two identities administer it and hold its tokens. */
export function inventState(users: number, seed: number, now: number): State {
	const chance = random(seed);
	const state = emptyState(`emulated-${seed}`);
	const people = Array.from({ length: Math.max(10, users) }, (_, at) => person(at, seed, chance, now));
	people.forEach((identity, at) => {
		state.identities.set(identity.id, identity);
		const manager = at < 2 || chance.chance(0.04) ? undefined : people[chance.int(Math.max(1, Math.ceil(people.length / 12)))];
		if (!manager || manager === identity) return;
		identity.manager = manager.id;
		manager.isManager = true;
	});
	const owner = people[0]?.id ?? "";
	const hr = addSource(state, "Personnel", "direct", owner, now, { authoritative: true, features: [] });
	const directory = addSource(state, "Corporate Directory", "directory", owner, now, { usage: true });
	const cloud = addSource(state, "Sales Cloud", "cloud", people[1]?.id ?? owner, now, { healthy: false });
	const badges = addSource(state, "Door Badges", "file", people[3]?.id ?? owner, now);
	for (const identity of people) {
		if (identity.correlated) put(state, accountOf(hr, identity, chance, now, 1));
		if (chance.chance(0.92)) put(state, accountOf(directory, identity, chance, now, 0.9));
		if (chance.chance(0.4)) put(state, accountOf(cloud, identity, chance, now, 0.9));
		if (chance.chance(0.3)) put(state, accountOf(badges, identity, chance, now, 0.95));
	}
	// Accounts without a person: one in fifty, and a service account.
	for (let at = 0; at < Math.max(2, people.length / 50); at++) {
		const machine = at === 0 || chance.chance(0.3);
		const name = machine ? `svc-job-${at}` : `ghost.${at}`;
		put(state, makeAccount(directory, `CN=${name},OU=Users,DC=corp,DC=example`, now, { name, machine, origin: null }));
	}
	addInventedAccess(state, { directory, cloud }, people, chance, now);
	return state;
}

function put(state: State, account: Account): void {
	state.accounts.set(account.id, account);
}

function person(at: number, seed: number, chance: Random, now: number): Identity {
	const [first, last] = [chance.pick(givenNames), chance.pick(familyNames)];
	const department = chance.pick(Object.keys(departments));
	const alias = `${loginPart(first)}.${loginPart(last)}.${at}`;
	const admin = at < 2;
	const correlated = admin || !chance.chance(0.02);
	const drawn = admin ? (["ACTIVE", "active"] as const) : states(chance);
	// However small the tenant, somebody has still to be invited.
	const [status, lifecycle] = at === 4 ? (["UNREGISTERED", "prehire"] as const) : drawn;
	const number = String(100_000 + at);
	const created = now - (30 + chance.int(1800)) * day;
	const capabilities = admin ? ["ORG_ADMIN"] : chance.chance(0.01) ? [chance.pick(["HELPDESK", "SOURCE_ADMIN", "ROLE_ADMIN", "CERT_ADMIN"])] : [];
	return makeIdentity(alias, now, {
		id: idOf(`identity/${seed}`, at),
		name: chance.chance(0.003) ? `${first} ${last} ${"von der Lange ".repeat(12).trim()}` : `${first} ${last}`,
		email: chance.chance(0.03) && !admin && at !== 4 ? null : `${alias}@corp.example`,
		status,
		processingState: chance.chance(0.02) ? "ERROR" : chance.chance(0.4) ? "OK" : null,
		created,
		correlated,
		protected: admin || chance.chance(0.002),
		lifecycle: correlated ? lifecycle : null,
		lifecycleByHand: chance.chance(0.03),
		capabilities,
		lastLogin: capabilities.length > 0 && !chance.chance(0.2) ? now - chance.int(90) * day : null,
		attributes: {
			firstname: first,
			...(!chance.chance(0.01) && { lastname: last }),
			...(correlated && !chance.chance(0.04) && { identificationNumber: number, employeeNumber: number }),
			...(!chance.chance(0.05) && { department }),
			title: chance.pick(departments[department] ?? ["Employee"]),
			...(chance.chance(0.01) && { country: "" }),
		},
	});
}

function states(chance: Random): [Identity["status"], string] {
	const draw = chance.next();
	if (draw < 0.72) return ["ACTIVE", "active"];
	if (draw < 0.8) return ["REGISTERED", "active"];
	if (draw < 0.86) return ["UNREGISTERED", chance.chance(0.3) ? "prehire" : "active"];
	if (draw < 0.88) return ["PENDING", "active"];
	if (draw < 0.9) return ["LOCKED", "active"];
	if (draw < 0.91) return ["ERROR", "active"];
	if (draw < 0.92) return ["WARNING", "leave"];
	if (draw < 0.97) return ["DISABLED", "inactive"];
	return [draw < 0.985 ? "TERMINATED" : "DEACTIVATED", "inactive"];
}

function accountOf(source: Source, identity: Identity, chance: Random, now: number, enabled: number): Account {
	const { alias, name, email, attributes } = identity;
	const inactive = identity.lifecycle === "inactive";
	const native = source.authoritative
		? String(attributes.employeeNumber ?? alias)
		: source.type.startsWith("Active")
			? `CN=${alias},OU=Users,DC=corp,DC=example`
			: alias;
	return makeAccount(source, native, now, {
		name: alias,
		identityId: identity.id,
		created: identity.created,
		disabled: !source.authoritative && (inactive ? !chance.chance(0.1) : chance.next() > enabled),
		locked: source.features.includes("UNLOCK") && chance.chance(0.02),
		uuid: source.type.startsWith("Active") ? idOf("uuid", alias) : null,
		manuallyCorrelated: chance.chance(0.01),
		attributes: {
			displayName: name,
			...(email !== null && { email }),
			...(attributes.employeeNumber !== undefined && { employeeNumber: attributes.employeeNumber }),
		},
	});
}
