import { type LiveReader, liveReader } from "../drift/live.js";
import type { AccountRecord } from "../model/account.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { connect } from "./workspace.js";

/** Live readers of a stack's systems, each connected when it is first needed and with the reading credential only. */
export interface LiveSystems {
	readerOf(system: string): Promise<LiveReader>;
	close(): Promise<void>;
}

export function liveSystems(stack: Stack): LiveSystems {
	const open = new Map<string, ReturnType<typeof connected>>();
	const of = (system: string) => {
		const held = open.get(system) ?? connected(stack, system);
		open.set(system, held);
		return held;
	};
	return {
		readerOf: async (system) => (await of(system)).reader,
		async close() {
			for (const one of open.values()) await (await one.catch(() => null))?.connection.close();
			open.clear();
		},
	};
}

async function connected(stack: Stack, system: string) {
	const { provider, connection, redact } = await connect(stack, system, "read");
	const reader = liveReader({ system, provider, connection, now: Date.now });
	// What a vendor answers may repeat what it was sent.
	const clean = async <T>(made: Promise<T>): Promise<T> => {
		try {
			return await made;
		} catch (error) {
			throw new Error(redact(error instanceof Error ? error.message : String(error)));
		}
	};
	const safe: LiveReader = { setting: (id) => clean(reader.setting(id)), group: (id) => clean(reader.group(id)), role: (role) => clean(reader.role(role)) };
	return { reader: safe, connection };
}

/** Logins by account id, for people: from the stack file, else from the newest stored scan; an id that neither knows stands for itself. */
export async function loginsOf(stack: Stack, store: Store | null, system: string, ids: string[]): Promise<Map<string, string>> {
	const logins = new Map<string, string>();
	const declared = Object.values(stack.memberships).filter((one) => one.system === system);
	for (const { members } of declared) for (const { id, login } of members) if (id !== null) logins.set(id, login);
	const [scan] = (await store?.scans({ system, limit: 1 })) ?? [];
	for (const id of ids) {
		if (logins.has(id) || !scan || !store) continue;
		const record = await store.record(scan, "accounts", id);
		const login = (record?.body as AccountRecord | undefined)?.login;
		if (login) logins.set(id, login);
	}
	return logins;
}
