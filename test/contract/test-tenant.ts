import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EmulatedTenant, Emulation, EmulationOptions } from "../../src/emulate/contract.js";
import type { Fault } from "../../src/emulate/knobs.js";
import type { AccountRecord } from "../../src/model/account.js";
import type { CollectionName, Coverage, Scan, StoredRecord } from "../../src/model/snapshot.js";
import { loadProvider, providerNames } from "../../src/provider/load.js";
import type { Connection, Provider, ReadBudget } from "../../src/provider/provider.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";

const folder = fileURLToPath(new URL("../../providers/", import.meta.url));

/** Every provider folder that has a tenant to be read from: to be there is to be held to the contract. */
export const contracted = providerNames().filter((name) => existsSync(`${folder}${name}/emulator.ts`));
/** Those without: they read files. */
export const filed = providerNames().filter((name) => !contracted.includes(name));

export const testNow = Date.UTC(2026, 0, 1);

/** One emulated tenant and the product's own reader of it. */
export interface ContractTenant {
	provider: Provider;
	tenant: EmulatedTenant;
	log: string[];
	/** `skew`: milliseconds that the reader's clock is ahead. */
	connect(purpose: "read" | "act", change?: (credential: Record<string, unknown>) => Record<string, unknown>, skew?: number): Promise<Connection>;
	/** Scans into a store [an own one]. The tenant's own clock is the reader's, and waiting moves it. */
	scan(options?: ScanOptions): Promise<Scanned>;
	close(): Promise<void>;
}

export interface ScanOptions {
	store?: Store;
	only?: CollectionName[];
	full?: boolean;
	budget?: Partial<ReadBudget>;
	faults?: Fault[];
}

export interface Scanned {
	scan: Scan;
	store: Store;
	coverage(collection: CollectionName): Coverage;
	records(collection: CollectionName): Promise<StoredRecord[]>;
	accounts(): Promise<Map<string, AccountRecord>>;
	/** Requests sent. */
	requests: number;
}

export async function openTenant(name: string, options: Partial<EmulationOptions> = {}): Promise<ContractTenant> {
	const provider = await loadProvider(name, folder);
	const { emulation } = (await import(`../../providers/${name}/emulator.ts`)) as { emulation: Emulation };
	const tenant = await emulation.start({ users: 40, seed: 11, now: testNow, limits: "off", ...options });
	const log: string[] = [];
	const stores: Store[] = [];
	async function connect(purpose: "read" | "act", change = (credential: Record<string, unknown>) => credential, skew = 0): Promise<Connection> {
		return provider.connect({
			system: "tenant",
			url: tenant.system.url,
			credential: change({ ...tenant.system[purpose === "read" ? "auth" : "act"] }),
			options: tenant.system.options ?? {},
			purpose,
			now: () => tenant.now() + skew,
			log: (line) => void log.push(line),
			sleep: async (ms) => tenant.advance(ms),
		});
	}
	return {
		provider,
		tenant,
		log,
		connect,
		async scan(wanted = {}) {
			const store = wanted.store ?? (await openStore("sqlite::memory:"));
			if (!wanted.store) stores.push(store);
			tenant.faults.splice(0, tenant.faults.length, ...(wanted.faults ?? []).map((fault) => ({ ...fault })));
			const connection = await connect("read");
			const part = wanted.only ? { ...provider, readers: provider.readers.filter(({ collection }) => wanted.only?.includes(collection)) } : provider;
			const budget = { perAccountRequests: null, perAccountMaxAge: 30 * 86_400_000, ...wanted.budget };
			try {
				const input = { store, provider: part, connection, system: "tenant", stackDigest: "", budget, now: tenant.now, full: wanted.full ?? false };
				return scanned(await runScan(input), store, connection.requests());
			} finally {
				tenant.faults.length = 0;
				await connection.close();
			}
		},
		async close() {
			for (const store of stores.splice(0)) await store.close();
			await tenant.close();
		},
	};
}

function scanned(scan: Scan, store: Store, requests: number): Scanned {
	const records = async (collection: CollectionName): Promise<StoredRecord[]> => {
		const found: StoredRecord[] = [];
		for await (const batch of store.records(scan, collection)) found.push(...batch);
		return found;
	};
	return {
		scan,
		store,
		requests,
		coverage: (collection) => {
			const found = scan.coverage.find((one) => one.collection === collection);
			if (!found) throw new Error(`${scan.provider} has no ${collection}`);
			return found;
		},
		records,
		accounts: async () => new Map((await records("accounts")).map(({ id, body }) => [id, body as AccountRecord])),
	};
}

/** What is wrong with a read, beside the truth: a collection called complete that isn't, or a record that was never there. */
export async function falsehoods(read: Scanned, truth: ReturnType<EmulatedTenant["truth"]>): Promise<string[]> {
	const wrong: string[] = [];
	const has = (collection: CollectionName) => read.scan.coverage.find((one) => one.collection === collection);
	const compare = async (collection: CollectionName, ids: string[]) => {
		const coverage = has(collection);
		if (!coverage) return;
		const unseen = new Set(coverage.unseen);
		const computed = (id: string) => collection === "memberships" && truth.computed?.includes(id.split("/")[0] ?? "");
		const found = new Set((await read.records(collection)).map(({ id }) => id).filter((id) => !unseen.has(id) && !computed(id)));
		const missing = ids.filter((id) => !found.has(id));
		if (coverage.state === "complete" && missing.length > 0) wrong.push(`${collection} are called complete and lack ${missing.slice(0, 3).join(", ")}`);
		const invented = [...found].filter((id) => !ids.includes(id));
		if (invented.length > 0) wrong.push(`${collection} hold ${invented.slice(0, 3).join(", ")}, which there are not`);
		if (coverage.state !== "complete" && coverage.reasons.length === 0) wrong.push(`${collection} are ${coverage.state} for no reason`);
	};
	await compare(
		"accounts",
		truth.accounts.map(({ id }) => id),
	);
	await compare("groups", truth.groups);
	await compare("memberships", truth.memberships);
	return wrong;
}
