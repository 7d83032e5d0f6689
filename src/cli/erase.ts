import pc from "picocolors";
import { findAccounts, findPerson } from "../assess/lookup.js";
import { minute } from "../model/time.js";
import { safeText } from "../report/sanitise.js";
import type { Erased } from "../store/erase.js";
import type { Store } from "../store/store.js";
import { refuseProposal } from "./base.js";
import { type Names, textsOf } from "./erase-names.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { colour } from "./output.js";
import { checkKept } from "./retention.js";
import { runner } from "./runner.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface EraseOptions extends CommonOptions {
	/** Without it, what would be erased is counted. */
	yes?: boolean;
	/** All accounts of the person whose account is named, and the personnel record. */
	person?: boolean;
	/** More logins, addresses and names to look for: what the store does not have of the account any more. */
	also?: string[];
}

interface Subject extends Names {
	system: string;
	id: string;
}

/** `keelson erase <account...>`: takes a person's accounts out of the store, for a request under GDPR Art. 17. 1: something of them is still there. */
export async function erase(accounts: string[], options: EraseOptions): Promise<ExitCode> {
	refuseProposal("nothing is erased");
	const workspace = await openWorkspace(options);
	const { stack, store } = workspace;
	try {
		const subjects = await subjectsOf(workspace, accounts, options);
		const dryRun = !options.yes;
		const lease = dryRun ? null : await store.acquireLease(stack.name, `${runner()}, erase ${process.pid}`, Date.now(), 10 * minute);
		if (!dryRun && !lease) throw new CliError(`somebody else is writing to ${stack.name}: one run at a time; try again`, exitCodes.refused);
		try {
			const done: { subject: Subject; erased: Erased }[] = [];
			for (const subject of subjects) {
				const { system, id, texts } = subject;
				const erased = await store.erase({ tenant: stack.name, system, id, texts, dryRun });
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
async function subjectsOf(workspace: Workspace, accounts: string[], { person = false, also = [] }: EraseOptions): Promise<Subject[]> {
	const { store, stack } = workspace;
	const subjects = new Map<string, Subject>();
	for (const account of accounts) {
		const found = await namedSo(store, account, Object.keys(stack.systems));
		const known = found[0] ?? (also.length > 0 ? erasedBefore(account, Object.keys(stack.systems)) : null);
		if (!known) throw new CliError(`${account}: the store knows no such account; name it <system>/<id>, or by a login that it had in a stored scan`);
		// Several that are there now are linked, or not; one that is gone may have had its login passed on.
		const twice = found.filter((one) => found.some((other) => other !== one && other.system === one.system));
		for (const { system } of twice) {
			const all = twice.filter((one) => one.system === system);
			const gone = await Promise.all(all.map((one) => lastHad(store, one.system, one.id)));
			if (gone.some((at) => at !== undefined))
				throw new CliError(
					`${account} was the login of ${all.map((one) => `${system}/${one.id}`).join(" and of ")}, which may be different people's: name each that is meant`,
				);
		}
		if (found.length > 1 && !person)
			throw new CliError(
				`${account} is an account in ${found.map((one) => one.system).join(" and ")}: add --person for all that are one person's, or name each, such as ${known.system}/${known.id}`,
			);
		for (const one of person && found.length > 0 ? await wholePerson(workspace, account, found) : [known]) subjects.set(`${one.system}/${one.id}`, one);
	}
	return [...subjects.values()].map((one) => ({ ...one, texts: [...new Set([...one.texts, ...also])] }));
}

/** An account that the store has nothing of any more: its names may still stand elsewhere. */
function erasedBefore(account: string, systems: string[]): Subject | null {
	const [system = "", ...rest] = account.split("/");
	const id = rest.join("/");
	// What is erased is journaled by its id, for good: a login is none.
	return systems.includes(system) && id !== "" && !id.includes("@") ? { system, id, texts: [], common: [] } : null;
}

/** The accounts, and what scans link with them. @throws CliError when they are different people's, or when nobody can say whose they are */
async function wholePerson(workspace: Workspace, account: string, found: Subject[]): Promise<Subject[]> {
	const { store } = workspace;
	const persons = new Map<string, Set<number | undefined>>();
	for (const { system, id } of found) {
		// Whoever is gone is linked as the last scans did that had them.
		const asOf = await lastHad(store, system, id);
		if (asOf !== undefined) await checkKept(store, Object.keys(workspace.stack.systems), asOf);
		const then = { ...workspace, ...(asOf === undefined ? {} : { asOf }) };
		const accounts = await findAccounts(then, `${system}/${id}`);
		// A personnel record is no account, and is the person's key itself.
		for (const key of accounts.length > 0 ? accounts.flatMap((one) => one.account.person ?? []) : [`${system}/${id}`])
			persons.set(key, (persons.get(key) ?? new Set()).add(asOf));
	}
	if (persons.size > 1) throw new CliError(`${account} is the name of different people's accounts: name each, as keelson explain ${account} lists them`);
	const subjects = [...found];
	for (const [key, times] of persons)
		for (const asOf of times) {
			const person = await findPerson({ ...workspace, ...(asOf === undefined ? {} : { asOf }) }, key);
			for (const held of [person?.worker ?? [], person?.accounts ?? []].flat()) {
				const [system = "", ...rest] = held.split("/");
				const id = rest.join("/");
				if (subjects.some((one) => one.system === system && one.id === id)) continue;
				subjects.push({ system, id, ...((await textsOf(store, system, id)) ?? { texts: [], common: [] }) });
			}
		}
	return subjects;
}

/** The last moment before the scan that no longer had it ended; undefined: the newest one has it. */
async function lastHad(store: Store, system: string, id: string): Promise<number | undefined> {
	const versions = [...(await store.history(system, "accounts", id)), ...(await store.history(system, "workers", id))];
	if (versions.length === 0 || versions.some(({ to }) => to === null)) return undefined;
	return Math.max(...versions.map(({ to }) => to ?? 0)) - 1;
}

/** By `<system>/<id>`, or by a login that the store knows. */
async function namedSo(store: Store, account: string, systems: string[]): Promise<Subject[]> {
	const [system = "", ...rest] = account.split("/");
	const id = rest.join("/");
	if (systems.includes(system) && id !== "") {
		const texts = await textsOf(store, system, id);
		if (texts !== null) return [{ system, id, ...texts }];
	}
	const found: Subject[] = [];
	for (const one of systems.includes(system) && id !== "" ? [system] : systems)
		for (const held of await byLogin(store, one, one === system ? id : account))
			found.push({ system: one, id: held, ...((await textsOf(store, one, held)) ?? { texts: [], common: [] }) });
	return found;
}

/** Every account that has ever had the login: it may have been given to somebody else. */
async function byLogin(store: Store, system: string, login: string): Promise<string[]> {
	const wanted = login.toLowerCase();
	const ids = new Set<string>();
	for (const { id, body } of await store.spans(system, "accounts", "")) if ("login" in body && String(body.login).toLowerCase() === wanted) ids.add(id);
	return [...ids];
}

function isLeft({ isCurrent, left }: Erased): boolean {
	return isCurrent || left.records + left.findings > 0;
}

function print(done: { subject: Subject; erased: Erased }[], dryRun: boolean, options: EraseOptions): void {
	if (options.json) {
		const erased = done.map(({ subject: { system, id, common }, erased: counts }) => ({ subject: `${system}/${id}`, ...counts, common }));
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
				`  ${c.yellow("!")} named in ${left.records} other records that are true now, and in ${left.findings} open findings: when that has changed, run this again${isCurrent ? "" : " with --also and the name"}\n`,
			);
		if (subject.common.length > 0)
			process.stdout.write(
				`  ${c.yellow("!")} a word like others, and not looked for elsewhere: ${safeText(subject.common.join(", "), "terminal")}; --also looks for it\n`,
			);
	}
	if (dryRun) process.stdout.write("Nothing was erased yet: add --yes\n");
}
