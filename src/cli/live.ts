import { type LiveReader, liveReader } from "../drift/live.js";
import { redacted } from "../drift/read-live.js";
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
	return { reader: redacted(liveReader({ system, provider, connection, now: Date.now }), redact), connection };
}
