import { begin, finish, journalDraft, pageSize, request } from "./fixture.test-suite.js";
import { openStore } from "./open.js";

/** Runs in a process of its own: `child <task> <location of the store>`. Tells its parent of everything that was promised to be durable. */
const [task, location] = process.argv.slice(2);

function tell(message: { open: true } | { page: number } | { seq: number } | { lease: number }): void {
	process.send?.(message);
}

async function writePages(): Promise<void> {
	const store = await openStore(location ?? "");
	const scan = await begin(store, Date.now());
	tell({ open: true });
	await store.setCursor(scan, "log", "of a scan that was killed");
	for (let page = 1; ; page++) {
		const collection = page % 2 === 0 ? "accounts" : "groups";
		// The first page's ids are stored already, with other values; later pages bring new ids.
		const records = Array.from({ length: pageSize }, (_, index) => ({ id: `${page < 3 ? "old" : page}-${index}`, body: { page, scan: scan.id } }));
		await store.putRecords(scan, collection, records, request(Date.now()));
		tell({ page });
		if (page === 40) await finish(store, scan, "groups");
		if (page === 40) return;
		// Lets the message out.
		await new Promise((resolve) => setImmediate(resolve));
	}
}

async function appendEntries(most: number): Promise<void> {
	const store = await openStore(location ?? "");
	for (let count = 0; count < most; count++) tell({ seq: (await store.appendJournal(journalDraft("t", "tick", { pid: process.pid, count }))).seq });
	await store.close();
	process.disconnect?.();
}

/** Asks for the lease of sixty tenants, all at one and the same time of the caller's clock; tells of those it got. */
async function takeLeases(): Promise<void> {
	const store = await openStore(location ?? "");
	for (let tenant = 1; tenant <= 60; tenant++) {
		const lease = await store.acquireLease(`tenant-${tenant}`, `process ${process.pid}`, 1000, 50);
		if (lease) tell({ lease: tenant });
	}
	await store.close();
	process.disconnect?.();
}

if (location && task === "pages") await writePages();
if (location && task === "journal") await appendEntries(40);
if (location && task === "journal for ever") await appendEntries(Number.POSITIVE_INFINITY);
if (location && task === "leases") await takeLeases();
