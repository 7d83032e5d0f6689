import type { LinkAccount } from "../link/candidates.js";
import type { LinkInput, ManualLink } from "../link/link.js";
import type { PersonLink, PinnedLogin } from "../stack/stack.js";

type Conflicts = NonNullable<LinkInput["conflicts"]>;

/**
 * Links of the stack file with the accounts they mean. An entry whose id has another login by now, or whose login several accounts have, joins
 * nothing: whoever it was made for may be somebody else. What it keeps apart it keeps apart all the same.
 */
export function manualLinks(links: readonly PersonLink[], accounts: LinkAccount[]): { manual: ManualLink[]; conflicts: Conflicts } {
	const byKey = new Map(accounts.map((account) => [account.key, account]));
	const byLogin = new Map<string, LinkAccount[]>();
	for (const account of links.length === 0 ? [] : accounts) {
		const login = loginKey(account.system, account.login ?? "");
		byLogin.set(login, [...(byLogin.get(login) ?? []), account]);
	}
	const conflicts: Conflicts = [];
	const resolve = (entry: PinnedLogin, { apart, path }: PersonLink): string[] => {
		const named = `the stack file (${path}) names ${entry.system}/${entry.login}`;
		if (entry.id !== null) {
			const held = byKey.get(`${entry.system}/${entry.id}`);
			const login = held?.login;
			if (apart || login === undefined || login.toLowerCase() === entry.login.toLowerCase()) return [`${entry.system}/${entry.id}`];
			conflicts.push({ keys: [`${entry.system}/${entry.id}`], why: `${named} by the id ${entry.id}, whose login is ${login} now` });
			return [];
		}
		const found = byLogin.get(loginKey(entry.system, entry.login)) ?? [];
		// Of no account: a worker, by personnel number.
		if (found.length === 0) return [`${entry.system}/${entry.login}`];
		const keys = found.map(({ key }) => key);
		if (apart || found.length === 1) return keys;
		conflicts.push({ keys, why: `${named}, and ${found.length} accounts have that login: pin the id` });
		return [];
	};
	const manual = links.map((link) => ({ ...link, accounts: link.accounts.flatMap((entry) => resolve(entry, link)) }));
	return { manual: manual.filter((link) => link.accounts.length > 1), conflicts };
}

function loginKey(system: string, login: string): string {
	return `${system}/${login.toLowerCase()}`;
}
