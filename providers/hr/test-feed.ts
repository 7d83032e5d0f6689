import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { WorkerRecord } from "../../src/model/objects.js";
import type { Coverage } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { provider } from "./index.js";

export const day = 86_400_000;
/** The clock of scans that name no other. */
export const now = Date.UTC(2026, 5, 1);

let folder: string;
let store: Store;

/** A folder and a store of its own for each test of a file. */
export function eachInItsFolder(): void {
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-hr-"));
		store = await openStore("sqlite::memory:");
	});
	afterEach(async () => {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});
}

interface Delivery {
	name?: string;
	/** Of the system in the stack file, beside the file's name. */
	options?: Record<string, unknown>;
	/** The scan's time, and the file's own. */
	at?: number;
	written?: number;
}

interface Read {
	coverage: Coverage;
	state: string;
	/** Why it is not complete. */
	why: string;
	workers: Map<string, WorkerRecord>;
	/** By personnel number; `missing` where nothing is said of it. */
	statuses: Record<string, WorkerRecord["status"] | "missing">;
}

/** Puts the feed where it belongs. */
export function deliver(content: string | Buffer, { name = "w.csv", at = now, written = at }: Delivery = {}): string {
	writeFileSync(join(folder, name), content);
	utimesSync(join(folder, name), written / 1000, written / 1000);
	return name;
}

export function connected(options: Record<string, unknown>, at = now) {
	return provider.connect({ system: "hr", url: "", credential: {}, options, folder, purpose: "read", now: () => at, log: () => {} });
}

/** Delivers the feed, scans it, and gives what stands in the store then. */
export async function read(content: string | Buffer, delivery: Delivery = {}): Promise<Read> {
	const { options = {}, at = now } = delivery;
	const connection = await connected({ file: deliver(content, delivery), ...options }, at);
	const budget = { perAccountRequests: null, perAccountMaxAge: 0 };
	const scan = await runScan({ store, provider, connection, system: "hr", stackDigest: "", budget, now: () => at });
	const workers = new Map<string, WorkerRecord>();
	for await (const batch of store.records(scan, "workers")) for (const { id, body } of batch) workers.set(id, body as WorkerRecord);
	const coverage = scan.coverage[0] as Coverage;
	return {
		coverage,
		state: coverage.state,
		why: coverage.reasons.map(({ detail }) => detail).join("; "),
		workers,
		statuses: Object.fromEntries([...workers].map(([id, body]) => [id, "status" in body ? body.status : "missing"])),
	};
}
