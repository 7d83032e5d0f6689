import type { Fault } from "../../src/emulate/knobs.js";
import type { CollectionName, Coverage, StoredRecord } from "../../src/model/snapshot.js";
import type { ActionKind, ActionTarget } from "../../src/provider/action.js";
import type { ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { actions } from "./actions.js";
import { connect, type SspmConnection } from "./connection.js";
import type { Choices } from "./emulator/choices.js";
import { type EmulatedSspm, startPanwSspm } from "./emulator.js";
import { provider } from "./index.js";

const testNow = Date.parse("2026-01-01T00:00:00Z");

/** An emulated tenant and connections to it, which live on its clock. */
export interface TestTenant {
	tenant: EmulatedSspm;
	/** What was logged. */
	log: string[];
	connect(purpose: "read" | "act", change?: Change): Promise<SspmConnection>;
	scan(options?: ScanOptions): Promise<Scanned>;
	close(): Promise<void>;
}

interface Change {
	credential?: Record<string, unknown>;
	options?: Record<string, unknown>;
	now?(): number;
	url?: string;
}

interface ScanOptions {
	only?: CollectionName[];
	budget?: Partial<ReadBudget>;
	store?: Store;
	faults?: Fault[];
	/** Beside the tenant's own. */
	options?: Record<string, unknown>;
	full?: boolean;
}

export interface Scanned {
	coverage(collection: CollectionName): Coverage;
	/** Of every collection in one text: what is stored. */
	stored(): Promise<string>;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	bodies<T>(collection: CollectionName): Promise<T[]>;
}

export async function startTenant(options: { users?: number; acme?: boolean; choices?: Partial<Choices> } = {}): Promise<TestTenant> {
	const tenant = await startPanwSspm({ users: 40, seed: 11, now: testNow, limits: "off", ...options });
	const open: { close(): Promise<void> }[] = [];
	const log: string[] = [];
	const test: TestTenant = {
		tenant,
		log,
		async connect(purpose, change = {}) {
			const { system } = tenant;
			const connection = await connect({
				system: "sspm",
				url: change.url ?? system.url,
				credential: { ...(purpose === "read" ? system.auth : system.act), ...change.credential },
				options: change.options ?? system.options ?? {},
				purpose,
				now: change.now ?? tenant.now,
				log: (line) => void log.push(line),
				sleep: async (ms) => tenant.advance(ms),
			});
			open.push(connection);
			return connection;
		},
		async scan({ only, budget, store, faults = [], options = {}, full = false } = {}) {
			const kept = store ?? (await openStore("sqlite::memory:"));
			if (!store) open.push(kept);
			tenant.faults.splice(0, tenant.faults.length, ...faults);
			const connection = await test.connect("read", { options: { ...tenant.system.options, ...options } });
			const part = { ...provider, readers: provider.readers.filter(({ collection }) => only?.includes(collection) ?? true) };
			const limits = { perAccountRequests: null, perAccountMaxAge: 30 * 86_400_000, ...budget };
			const scan = await runScan({ store: kept, provider: part, connection, system: "sspm", stackDigest: "", budget: limits, now: tenant.now, full });
			tenant.faults.length = 0;
			const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
				const found: StoredRecord[] = [];
				for await (const batch of kept.records(scan, collection)) found.push(...batch);
				return found;
			};
			return {
				coverage: (collection) => scan.coverage.find((one) => one.collection === collection) as Coverage,
				records,
				bodies: async <T>(collection: CollectionName) => (await records(collection)).map(({ body }) => body as T),
				stored: async () => JSON.stringify([scan, ...(await Promise.all(scan.coverage.map(({ collection }) => records(collection))))]),
			};
		},
		async close() {
			for (const one of open.splice(0).reverse()) await one.close();
			await tenant.close();
		},
	};
	return test;
}

export function actionOf(kind: ActionKind) {
	const found = actions.find((action) => action.kind === kind);
	if (!found) throw new Error(`there is no ${kind}`);
	return found;
}

/** Look, change, read back; as the product does. */
export async function carryOut(connection: SspmConnection, kind: ActionKind, target: ActionTarget) {
	const action = actionOf(kind);
	const before = await action.inspect(connection, target);
	if (before.done || before.refused !== null) throw new Error(`${kind} is not to be made: ${before.refused ?? "done"}`);
	await action.perform(connection, target, before);
	return { before, verified: await action.verify(connection, target, before), inverse: action.inverse(target, before) };
}

/** An answer in place of the tenant's own. */
export function answer(path: RegExp, body: unknown, status = 200): Fault {
	return { do: "status", method: "GET", path, status, body: JSON.stringify(body), contentType: "application/json" };
}
