import type { LinkedPerson } from "../link/link.js";
import type { Scan } from "../model/snapshot.js";
import { type JudgedAccount, joinAccounts } from "./accounts.js";
import type { AssessInput } from "./assess.js";
import { linkSystems } from "./link-systems.js";
import { peopleRules } from "./people.js";
import { indexRoles } from "./roles.js";
import { openSnapshot } from "./snapshot.js";

/** One account as policies see it, with the scan it stands in. */
export interface FoundAccount extends JudgedAccount {
	scan: Scan;
}

type Input = Pick<AssessInput, "store" | "stack" | "compile" | "asOf">;

/** A person of the newest scans by key: the accounts, and why they belong together. Null: there is none, or nothing to link. */
export async function findPerson(input: Input, key: string): Promise<(LinkedPerson & { name: string | null }) | null> {
	const links = await linkSystems({ ...input, scans: await newestScans(input) });
	const person = links?.linked.persons.find(({ worker, accounts }) => (worker ?? accounts[0]) === key);
	if (!links || !person) return null;
	return { ...person, name: person.worker === null ? null : (links.worker(person.worker)?.displayName ?? null) };
}

async function newestScans({ stack, store, asOf }: Input): Promise<Scan[]> {
	const scans: Scan[] = [];
	for (const system of Object.keys(stack.systems)) {
		const [scan] = await store.scans({ system, limit: 1, ...(asOf === undefined ? {} : { asOf }) });
		if (scan) scans.push(scan);
	}
	return scans;
}

/** Finds accounts of the newest scans by `<system>/<id>`, by id or by login (any case). Several: the name is ambiguous. */
export async function findAccounts(input: Input, name: string): Promise<FoundAccount[]> {
	const found: FoundAccount[] = [];
	const wanted = name.toLowerCase();
	const scans = await newestScans(input);
	const links = await linkSystems({ ...input, scans });
	for (const scan of scans) {
		const { system } = scan;
		const snapshot = openSnapshot(input.store, scan);
		const roles = await indexRoles(snapshot);
		const people = peopleRules(input.stack, system, input.compile);
		for await (const batch of joinAccounts({ snapshot, roles, people, links, withGroups: true, now: scan.finished ?? scan.started }))
			for (const judged of batch) {
				const { account } = judged;
				if (account.key === name || account.id === name || [account.login, `${system}/${account.login}`].some((login) => login?.toLowerCase() === wanted))
					found.push({ ...judged, scan });
			}
	}
	return found;
}
