import pc from "picocolors";
import { findAccounts, findPerson } from "../assess/lookup.js";
import { minute } from "../model/time.js";
import { safeText } from "../report/sanitise.js";
import type { Erased } from "../store/erase.js";
import type { Store } from "../store/store.js";
import { refuseProposal } from "./base.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { colour } from "./output.js";
import { runner } from "./runner.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface EraseOptions extends CommonOptions {
	/** Without it, what would be erased is counted. */
	yes?: boolean;
	/** All accounts of the person whose account is named, and the personnel record. */
	person?: boolean;
}

interface Subject {
	system: string;
	id: string;
	/** Logins, addresses and names by which it was known. */
	texts: string[];
}

/** `keelson erase <account...>`: takes a person's accounts out of the store, for a request under GDPR Art. 17. 1: something of them is still there. */
export async function erase(accounts: string[], options: EraseOptions): Promise<ExitCode> {
	refuseProposal("nothing is erased");
	const workspace = await openWorkspace(options);
	const { stack, store } = workspace;
	try {
		const subjects = await subjectsOf(workspace, accounts, options.person ?? false);
		const dryRun = !options.yes;
		const lease = dryRun ? null : await store.acquireLease(stack.name, `${runner()}, erase ${process.pid}`, Date.now(), 10 * minute);
		if (!dryRun && !lease) throw new CliError(`somebody else is writing to ${stack.name}: one run at a time; try again`, exitCodes.refused);
		try {
			const done: { subject: Subject; erased: Erased }[] = [];
			for (const subject of subjects) {
				const erased = await store.erase({ tenant: stack.name, ...subject, dryRun });
				done.push({ subject, erased });
				if (!dryRun)
					await store.appendJournal({
						tenant: stack.name,
						at: Date.now(),
						plan: "erase",
						action: null,
						event: "erased",
						data: { subject: `${subject.system}/${subject.id}`, versions: erased.versions, findings: erased.findings, keys: erased.keys },
					});
			}
			print(done, dryRun, options);
			return dryRun ? exitCodes.fine : worst(done.map(({ erased }) => (isLeft(erased) ? exitCodes.findings : exitCodes.fine)));
		} finally {
			if (lease) await store.releaseLease(lease).catch(() => {});
		}
	} finally {
		await workspace.close();
	}
}

/** Each once. @throws CliError for an account that the store does not know, or that is several */
async function subjectsOf(workspace: Workspace, accounts: string[], person: boolean): Promise<Subject[]> {
	const { store, stack } = workspace;
	const subjects = new Map<string, Subject>();
	for (const account of accounts) {
		const found = await namedSo(store, account, Object.keys(stack.systems));
		const [first, second] = found;
		if (!first) throw new CliError(`${account}: the store knows no such account; name it <system>/<id>, or by a login that it had in a stored scan`);
		if (second && !person)
			throw new CliError(
				`${account} is an account in ${found.map((one) => one.system).join(" and ")}: add --person for all that are one person's, or name each, such as ${first.system}/${first.id}`,
			);
		for (const one of person ? await wholePerson(workspace, account, found) : found) subjects.set(`${one.system}/${one.id}`, one);
	}
	return [...subjects.values()];
}

/** The accounts, and what the newest scans link with them. @throws CliError when they are different people's */
async function wholePerson(workspace: Workspace, account: string, found: Subject[]): Promise<Subject[]> {
	const persons = new Set<string>();
	for (const { system, id } of found)
		for (const one of await findAccounts(workspace, `${system}/${id}`)) if (one.account.person) persons.add(one.account.person);
	if (persons.size > 1) throw new CliError(`${account} is the name of different people's accounts: name each, as keelson explain ${account} lists them`);
	const subjects = [...found];
	for (const key of persons) {
		const person = await findPerson(workspace, key);
		for (const held of [person?.worker ?? [], person?.accounts ?? []].flat()) {
			const [system = "", ...rest] = held.split("/");
			const id = rest.join("/");
			if (subjects.some((one) => one.system === system && one.id === id)) continue;
			subjects.push({ system, id, texts: (await textsOf(workspace.store, system, id)) ?? [] });
		}
	}
	return subjects;
}

/** By `<system>/<id>`, or by a login that the store knows: the newest scans are looked at first. */
async function namedSo(store: Store, account: string, systems: string[]): Promise<Subject[]> {
	const [system = "", ...rest] = account.split("/");
	const id = rest.join("/");
	if (systems.includes(system) && id !== "") {
		const texts = await textsOf(store, system, id);
		if (texts !== null) return [{ system, id, texts }];
	}
	const found: Subject[] = [];
	for (const one of systems.includes(system) && id !== "" ? [system] : systems) {
		const held = await byLogin(store, one, one === system ? id : account);
		if (held !== null) found.push({ system: one, id: held, texts: (await textsOf(store, one, held)) ?? [] });
	}
	return found;
}

async function byLogin(store: Store, system: string, login: string): Promise<string | null> {
	const wanted = login.toLowerCase();
	for (const scan of await store.scans({ system }))
		for await (const batch of store.records(scan, "accounts"))
			for (const { id, body } of batch) if ("login" in body && String(body.login).toLowerCase() === wanted) return id;
	return null;
}

/** Every login, address and name that any stored version has; null: the store has never had the subject. */
async function textsOf(store: Store, system: string, id: string): Promise<string[] | null> {
	const versions = [...(await store.history(system, "accounts", id)), ...(await store.history(system, "workers", id))];
	if (versions.length === 0) return null;
	const texts = new Set<string>();
	for (const { body } of versions) collect(body, "", texts);
	return [...texts];
}

/** Whatever is an address, and whatever stands under a key that says that it is a login or a name. Short words would be met everywhere. */
function collect(value: unknown, key: string, texts: Set<string>): void {
	if (Array.isArray(value)) for (const item of value) collect(item, key, texts);
	else if (typeof value === "object" && value !== null) for (const [name, item] of Object.entries(value)) collect(item, name, texts);
	else if (
		typeof value === "string" &&
		value.length >= 6 &&
		(/^[^\s@]+@[^\s@]+$/.test(value) || (/^(login|displayname|name)$/i.test(key) && /[\s.@]/.test(value)))
	)
		texts.add(value);
}

function isLeft({ isCurrent, left }: Erased): boolean {
	return isCurrent || left.records + left.findings > 0;
}

function print(done: { subject: Subject; erased: Erased }[], dryRun: boolean, options: EraseOptions): void {
	if (options.json) {
		const erased = done.map(({ subject: { system, id }, erased: counts }) => ({ subject: `${system}/${id}`, ...counts }));
		process.stdout.write(`${JSON.stringify({ erased, dryRun }, null, 2)}\n`);
		return;
	}
	const c = pc.createColors(colour(process.stdout));
	for (const { subject, erased } of done) {
		const { versions, findings, keys, isCurrent, left } = erased;
		const clean = safeText(`${subject.system}/${subject.id}`, "terminal");
		process.stdout.write(
			`${c.bold(clean)}: ${dryRun ? "would erase" : "erased"} ${versions} stored values, ${findings} findings, ${keys} keys of the journal\n`,
		);
		if (isCurrent)
			process.stdout.write(`  ${c.yellow("!")} ${subject.system} still has it, and so has the newest scan: delete it there, scan, and run this again\n`);
		if (left.records + left.findings > 0)
			process.stdout.write(
				`  ${c.yellow("!")} named in ${left.records} other records that are true now, and in ${left.findings} open findings: they go when that changes\n`,
			);
	}
	if (dryRun) process.stdout.write("Nothing was erased yet: add --yes\n");
}
