import { acmeDomain, acmeWorkers, type Worker } from "../../../src/emulate/acme.js";
import { acmePresence, type Presence } from "../../../src/emulate/acme-presence.js";
import { day, hash } from "../../../src/emulate/random.js";
import { addAcmeAccess } from "./acme-access.js";
import { acmeIdentityId, acmeOwner } from "./acme-people.js";
import { addSource, emptyState, idOf, makeAccount, makeIdentity } from "./build.js";
import type { Account, Identity, Source, State } from "./state.js";

const capabilities: Record<string, string[]> = {
	"ana.lopez": ["ORG_ADMIN"],
	"leo.fischer": ["ORG_ADMIN"],
	"tom.becker": ["SOURCE_ADMIN", "ROLE_ADMIN"],
	"kim.novak": ["HELPDESK"],
	"sara.holm": ["CERT_ADMIN", "REPORT_ADMIN"],
	// Left, and never taken out of the administrators.
	"left.already": ["ORG_ADMIN"],
};
const statuses: Record<string, Identity["status"]> = {
	"lock.out": "LOCKED",
	"never.started": "UNREGISTERED",
	"not.yet": "UNREGISTERED",
	"zoe.blanc": "PENDING",
};

/** The company Acme as its governance system knows it: everybody of personnel, and their accounts in the other systems. */
export function acmeState(now: number): State {
	const state = emptyState("acme");
	const workers = acmeWorkers(now);
	const heads = new Set(workers.map(({ manager }) => manager));
	for (const worker of workers) {
		const identity = identityOf(worker, heads.has(worker.key), now);
		state.identities.set(identity.id, identity);
	}
	const owner = acmeIdentityId("tom.becker");
	const hr = addSource(state, "HR", "file", acmeIdentityId("mira.kohl"), now, { authoritative: true });
	const okta = addSource(state, "Okta", "okta", acmeIdentityId(acmeOwner), now, { usage: true });
	const entra = addSource(state, "Entra ID", "entra", owner, now, { usage: true });
	const google = addSource(state, "Google Workspace", "google", owner, now, { healthy: false });
	for (const worker of workers) {
		add(state, hrAccount(hr, worker, now));
		if (worker.status !== "preboarding" && worker.key !== "left.clean") add(state, oktaAccount(okta, worker, now));
	}
	for (const presence of acmePresence("directory", now)) add(state, account(entra, presence, now));
	for (const presence of acmePresence("suite", now)) add(state, account(google, presence, now));
	addAcmeAccess(state, { okta, entra, google }, now);
	return state;
}

function add(state: State, account: Account): void {
	state.accounts.set(account.id, account);
}

function identityOf(worker: Worker, isManager: boolean, now: number): Identity {
	const { key, first, last, number, email, department, title, type, status } = worker;
	const gone = status === "terminated";
	// The tenant sees the end of a job by the next reading of the personnel file only.
	const late = gone && worker.ended !== null && worker.ended > now - 2 * day;
	const capable = capabilities[key] ?? [];
	return makeIdentity(key, now, {
		id: acmeIdentityId(key),
		name: `${first} ${last}`,
		email,
		status: statuses[key] ?? (gone && !late && key !== "left.already" ? "DISABLED" : "ACTIVE"),
		processingState: key === "olga.novak2" ? "ERROR" : hash(key, 4) % 3 === 0 ? "OK" : null,
		manager: worker.manager === null ? null : acmeIdentityId(worker.manager),
		isManager,
		created: worker.hired,
		lifecycle: status === "preboarding" ? "prehire" : gone && !late ? "inactive" : "active",
		protected: key === "ana.lopez",
		capabilities: capable,
		attributes: {
			firstname: first,
			lastname: last,
			identificationNumber: number,
			employeeNumber: number,
			department,
			title,
			employeeType: type,
			startDate: new Date(worker.hired).toISOString(),
			...(worker.ended !== null && { endDate: new Date(worker.ended).toISOString() }),
		},
		lastLogin: capable.length > 0 ? now - (1 + (hash(key, 6) % 5)) * day : null,
	});
}

function hrAccount(source: Source, worker: Worker, now: number): Account {
	const { key, number, email, first, last, department, title, status, manager } = worker;
	return makeAccount(source, number, now, {
		name: `${first} ${last}`,
		identityId: acmeIdentityId(key),
		created: worker.hired,
		// A file of personnel says who left in a column; the account itself stays enabled.
		attributes: { employeeNumber: number, email, firstName: first, lastName: last, department, title, status, manager },
	});
}

/** Two people of one name may have had the same personnel number once; the login is what tells them apart. */
function oktaAccount(source: Source, worker: Worker, now: number): Account {
	const { key, email, status, number } = worker;
	const login = key.includes("@") ? key : `${key}@${acmeDomain}`;
	return makeAccount(source, login, now, {
		identityId: acmeIdentityId(key),
		created: worker.hired,
		disabled: status !== "active",
		locked: key === "lock.out",
		attributes: { login, email, employeeNumber: number },
	});
}

function account(source: Source, presence: Presence, now: number): Account {
	const { worker, login, aliases, number, enabled, use } = presence;
	return makeAccount(source, login, now, {
		identityId: worker === null ? null : acmeIdentityId(worker.key),
		created: now - presence.age * day,
		disabled: !enabled,
		machine: use === "service",
		uuid: idOf("uuid", `${source.name}/${presence.key}`),
		// Correlated by hand where neither address nor number fits the personnel's.
		manuallyCorrelated: worker !== null && number === null && login !== worker.email && !aliases.includes(worker.email),
		attributes: { login, email: login, ...(number !== null && { employeeNumber: number }), ...(aliases.length > 0 && { aliases }) },
	});
}
