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

/** Finds accounts of the newest scans by `<system>/<id>`, by id or by login (any case). Several: the name is ambiguous. */
export async function findAccounts(input: Pick<AssessInput, "store" | "stack" | "compile" | "asOf">, name: string): Promise<FoundAccount[]> {
	const found: FoundAccount[] = [];
	const wanted = name.toLowerCase();
	const scans: Scan[] = [];
	for (const system of Object.keys(input.stack.systems)) {
		const [scan] = await input.store.scans({ system, limit: 1, ...(input.asOf === undefined ? {} : { asOf: input.asOf }) });
		if (scan) scans.push(scan);
	}
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
