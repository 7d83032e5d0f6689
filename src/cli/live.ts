import { type LiveReader, liveReader } from "../drift/live.js";
import { redacted } from "../drift/read-live.js";
import type { Scanned } from "../drift/scanned.js";
import type { ChangeLog, ChangeQuery } from "../provider/changes.js";
import type { SettingSpec } from "../provider/setting.js";
import type { Stack } from "../stack/stack.js";
import { connect } from "./workspace.js";

/** Live readers of a stack's systems, each connected when it is first needed and with the reading credential only. */
export interface LiveSystems {
	readerOf(system: string): Promise<LiveReader>;
	/** Kinds of setting of the system's provider. */
	kindsOf(system: string): Promise<SettingSpec[]>;
	/** Asks the system's audit log; null: its vendor has none that is read. What can't be asked is a reason. */
	changesOf(system: string, query: ChangeQuery): Promise<ChangeLog | null>;
	close(): Promise<void>;
}

/** @param scanned what a scan of this run read already, by system [everything is read live] */
export function liveSystems(stack: Stack, scanned: ReadonlyMap<string, Scanned> = new Map()): LiveSystems {
	const open = new Map<string, ReturnType<typeof connected>>();
	const of = (system: string) => {
		const held = open.get(system) ?? connected(stack, system, scanned.get(system));
		open.set(system, held);
		return held;
	};
	return {
		readerOf: async (system) => (await of(system)).reader,
		kindsOf: async (system) => (await of(system)).provider.settings,
		async changesOf(system, query) {
			const { provider, connection, redact } = await of(system);
			if (!provider.changes) return null;
			const log = await provider.changes(connection, query).catch((error: unknown): ChangeLog => {
				const detail = `the audit log could not be asked: ${error instanceof Error ? error.message : String(error)}`;
				return { events: [], from: query.until, skew: 0, lateness: 0, reasons: [{ cause: "error", detail }] };
			});
			return { ...log, reasons: log.reasons.map((reason) => ({ ...reason, detail: redact(reason.detail) })) };
		},
		async close() {
			for (const one of open.values()) await (await one.catch(() => null))?.connection.close();
			open.clear();
		},
	};
}

async function connected(stack: Stack, system: string, scanned: Scanned | undefined) {
	const { provider, connection, redact } = await connect(stack, system, "read");
	return { reader: redacted(liveReader({ system, provider, connection, now: Date.now, ...(scanned && { scanned }) }), redact), provider, connection, redact };
}
