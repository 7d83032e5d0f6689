import type { EmulatedTenant, EmulationOptions } from "../../src/emulate/contract.js";
import type { CollectionName, Coverage, Scan, StoredRecord } from "../../src/model/snapshot.js";
import type { ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { connect, type EntraConnection } from "./connection.js";
import { emulation } from "./emulator.js";
import { provider } from "./index.js";

export const testNow = Date.UTC(2026, 0, 1);

export function startTenant(options: Partial<EmulationOptions> = {}): Promise<EmulatedTenant> {
	return emulation.start({ users: 40, seed: 7, now: testNow, limits: "off", ...options });
}

/** A connection on the tenant's own clock, which jumps when anything waits. */
export function connectTo(
	tenant: EmulatedTenant,
	purpose: "read" | "act" = "read",
	credential: Record<string, unknown> = purpose === "act" ? tenant.system.act : tenant.system.auth,
): Promise<EntraConnection> {
	return connect({
		system: "entra",
		url: tenant.system.url,
		credential,
		options: tenant.system.options ?? {},
		purpose,
		now: tenant.now,
		log() {},
		sleep: async (ms) => tenant.advance(ms),
	});
}

export interface Scanned {
	scan: Scan;
	store: Store;
	requests: number;
	coverage(collection: CollectionName): Coverage;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	bodies<T>(collection: CollectionName): Promise<T[]>;
}

export interface ScanOptions {
	store?: Store;
	only?: CollectionName[];
	full?: boolean;
	budget?: Partial<ReadBudget>;
}

export async function scanTenant(tenant: EmulatedTenant, options: ScanOptions = {}): Promise<Scanned> {
	const store = options.store ?? (await openStore("sqlite::memory:"));
	const connection = await connectTo(tenant);
	const part = { ...provider, readers: provider.readers.filter(({ collection }) => options.only?.includes(collection) ?? true) };
	const budget = { perAccountRequests: null, perAccountMaxAge: 30 * 86_400_000, ...options.budget };
	try {
		const scan = await runScan({ store, provider: part, connection, system: "entra", stackDigest: "", budget, now: tenant.now, full: options.full ?? false });
		const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
			const found: StoredRecord[] = [];
			for await (const batch of store.records(scan, collection)) found.push(...batch);
			return found;
		};
		const coverage = (collection: CollectionName): Coverage => {
			const found = scan.coverage.find((one) => one.collection === collection);
			if (!found) throw new Error(`${collection} was not read`);
			return found;
		};
		return {
			scan,
			store,
			requests: connection.requests(),
			coverage,
			records,
			bodies: async <T>(name: CollectionName) => (await records(name)).map(({ body }) => body as T),
		};
	} finally {
		await connection.close();
	}
}

export const memoryStore = (): Promise<Store> => openStore("sqlite::memory:");
