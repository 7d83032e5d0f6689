import { type LiveReader, liveReader } from "../drift/live.js";
import type { Stack } from "../stack/stack.js";
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
