import type { AccountRecord } from "../model/account.js";
import type { Scan } from "../model/snapshot.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

/**
 * Logins by account id, for people: from the given scan [the newest stored one], else from the stack file, in which anybody may have written
 * any name beside an id; an id that neither knows stands for itself.
 */
export async function loginsOf(stack: Pick<Stack, "memberships">, store: Store, system: string, ids: string[], from?: Scan): Promise<Map<string, string>> {
	const logins = new Map<string, string>();
	const declared = Object.values(stack.memberships).filter((one) => one.system === system);
	for (const { members } of declared) for (const { id, login } of members) if (id !== null) logins.set(id, login);
	const scan = from ?? (await store.scans({ system, limit: 1 }))[0];
	for (const id of ids) {
		if (!scan) break;
		const record = await store.record(scan, "accounts", id);
		const login = (record?.body as AccountRecord | undefined)?.login;
		if (login) logins.set(id, login);
	}
	return logins;
}
