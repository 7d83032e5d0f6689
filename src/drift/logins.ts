import type { AccountRecord } from "../model/account.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";

/** Logins by account id, for people: from the stack file, else from the newest stored scan; an id that neither knows stands for itself. */
export async function loginsOf(stack: Pick<Stack, "memberships">, store: Store, system: string, ids: string[]): Promise<Map<string, string>> {
	const logins = new Map<string, string>();
	const declared = Object.values(stack.memberships).filter((one) => one.system === system);
	for (const { members } of declared) for (const { id, login } of members) if (id !== null) logins.set(id, login);
	const [scan] = await store.scans({ system, limit: 1 });
	for (const id of ids) {
		if (logins.has(id) || !scan) continue;
		const record = await store.record(scan, "accounts", id);
		const login = (record?.body as AccountRecord | undefined)?.login;
		if (login) logins.set(id, login);
	}
	return logins;
}
