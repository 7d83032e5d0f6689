import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { WorkerRecord } from "../../src/model/objects.js";
import type { Coverage } from "../../src/model/snapshot.js";
import { openStore } from "../../src/store/open.js";
import type { Store } from "../../src/store/store.js";
import { runScan } from "../../src/sync/scan.js";
import { provider } from "./index.js";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 1);
let folder: string;
let store: Store;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-hr-"));
	store = await openStore("sqlite::memory:");
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

interface Seen {
	coverage: Coverage;
	statuses: Record<string, WorkerRecord["status"] | "missing">;
}

async function read(content: string, { at = now, written = at, name = "w.csv" }: { at?: number; written?: number; name?: string } = {}): Promise<Seen> {
	writeFileSync(join(folder, name), content);
	utimesSync(join(folder, name), written / 1000, written / 1000);
	const connection = await provider.connect({
		system: "hr",
		url: "",
		credential: {},
		options: { file: name },
		folder,
		purpose: "read",
		now: () => at,
		log: () => {},
	});
	const scan = await runScan({
		store,
		provider,
		connection,
		system: "hr",
		stackDigest: "",
		budget: { perAccountRequests: null, perAccountMaxAge: 0 },
		now: () => at,
	});
	const statuses: Seen["statuses"] = {};
	for await (const batch of store.records(scan, "workers"))
		for (const { id, body } of batch) statuses[id] = "status" in (body as object) ? (body as WorkerRecord).status : "missing";
	return { coverage: scan.coverage[0] as Coverage, statuses };
}

it("who came back is present, whatever end an earlier employment left in the row", async () => {
	const { statuses } = await read("id,status,start_date,end_date\n1,active,2026-03-01,2024-05-31\n2,on leave,2026-03-01,2024-05-31\n");
	expect(statuses).toEqual({ 1: "active", 2: "leave" });
});

it("who has left is not called back by a start that is later than the end", async () => {
	const { statuses } = await read("id,status,start_date,end_date\n1,terminated,2026-03-01,2024-05-31\n");
	expect(statuses[1]).not.toBe("active");
});

test.each([
	[-day / 2 - 1, "active"],
	[-day / 2 + 1, "active"],
	[0, "active"],
	[day / 2 - 1, "active"],
	[day / 2 + 1, "terminated"],
])("a last day at work lasts until it is over everywhere: %i ms after midnight UTC", async (after, status) => {
	const at = Date.UTC(2026, 5, 1) + after;
	expect((await read("id,status,end_date\n1,active,2026-05-31\n", { at })).statuses[1]).toBe(status);
});

describe("a file that is too old", () => {
	const feed = "id,status,end_date\n1,terminated,\n2,active,2026-05-20\n3,active,\n";

	it("says of nobody whether they have left: a contract may have been prolonged, and people come back", async () => {
		const { coverage, statuses } = await read(feed, { written: now - 20 * day });
		expect(coverage.state).toBe("partial");
		expect(Object.values(statuses)).toEqual(["missing", "missing", "missing"]);
	});

	it("is believed again once it is written anew", async () => {
		await read(feed, { written: now - 20 * day });
		expect((await read(feed, { at: now + 1000 })).statuses).toEqual({ 1: "terminated", 2: "terminated", 3: "active" });
	});
});

test.each(["1.00234E+05", "1,00234E+05", "10423.0", "10423.00"])("a number that a spreadsheet rewrote is none: %s", async (id) => {
	const { coverage, statuses } = await read(`id;status\n"${id}";active\n2;active\n`);
	expect(coverage.state).toBe("partial");
	expect(coverage.reasons[0]?.detail).toMatch(/line 2 has a personnel number as a spreadsheet writes it/);
	expect(Object.keys(statuses)).toEqual(["2"]);
});

it("a number that is repeated says nothing any more of whom it was", async () => {
	await read("id,status\n1,active\n2,active\n");
	const { coverage } = await read("id,status\n1,active\n1,terminated\n2,active\n", { at: now + 1000 });
	expect(coverage.state).toBe("partial");
	expect(coverage.unseen).toEqual(["1"]);
});

it("a line break in quotes, CRLF, a byte order mark and semicolons together", async () => {
	const { statuses, coverage } = await read('\ufeffid;last_name;status\r\n"1";"Blanc\r\nJr.";active\r\n2;"a;b ""c""";left\r\n');
	expect(coverage.state).toBe("complete");
	expect(statuses).toEqual({ 1: "active", 2: "terminated" });
});

it("half of the rows gone makes nobody gone, also the next day", async () => {
	const feed = (count: number) => `id,status\n${Array.from({ length: count }, (_, i) => `${i},active\n`).join("")}`;
	await read(feed(100));
	for (const days of [1, 2]) {
		const { coverage, statuses } = await read(feed(50), { at: now + days * day });
		expect(coverage.state).toBe("partial");
		expect(Object.keys(statuses)).toHaveLength(100);
	}
});
