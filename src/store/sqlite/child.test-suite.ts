import { begin, finish, journalDraft, pageSize, request } from "../fixture.test-suite.js";
import { openStore } from "../open.js";

/** Runs in a process of its own: `child <task> <file>`. Tells its parent of everything that was promised to be durable. */
const [task, file] = process.argv.slice(2);

function tell(message: { open: true } | { page: number } | { seq: number }): void {
	process.send?.(message);
}

async function writePages(): Promise<void> {
	const store = await openStore(`sqlite:${file}`);
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

async function appendEntries(): Promise<void> {
	const store = await openStore(`sqlite:${file}`);
	for (let count = 0; count < 40; count++) tell({ seq: (await store.appendJournal(journalDraft("t", "tick", { pid: process.pid, count }))).seq });
	await store.close();
	process.disconnect?.();
}

if (file && task === "pages") await writePages();
if (file && task === "journal") await appendEntries();
