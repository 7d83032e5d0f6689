import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin, draft, finish, journalDraft, request, scanOf } from "../fixture.test-suite.js";
import { openStore } from "../open.js";
import type { Store } from "../store.js";

describe("the SQLite file", () => {
	let folder: string;
	let store: Store;
	let raw: DatabaseSyncInstance;
	beforeEach(async () => {
		folder = mkdtempSync(path.join(tmpdir(), "keelson-sqlite-"));
		store = await openStore("sqlite:store.db", { baseDir: folder });
		raw = new DatabaseSync(path.join(folder, "store.db"), { enableForeignKeyConstraints: false });
	});
	afterEach(async () => {
		raw.close();
		await store.close();
		rmSync(folder, { recursive: true });
	});

	const count = (table: string): number => raw.prepare(`SELECT count(*) AS n FROM ${table}`).get().n;

	it("gets no row for records and findings that did not change", async () => {
		await scanOf(store, 10, { a: { v: 1, w: [1] }, b: { v: 1 } });
		await store.saveFindings(11, ["acme"], [draft("f")], []);
		const before = ["current", "ended", "requests", "reads", "findings"].map(count);
		raw.exec("CREATE TRIGGER no_rewrite BEFORE UPDATE ON findings BEGIN SELECT RAISE(ABORT, 'rewritten'); END");
		raw.exec("CREATE TRIGGER no_insert BEFORE INSERT ON findings BEGIN SELECT RAISE(ABORT, 'rewritten'); END");
		for (const at of [20, 30]) {
			await scanOf(store, at, { b: { v: 1 }, a: { w: [1], v: 1 } });
			await store.saveFindings(at, ["acme"], [draft("f")], []);
		}
		expect(["current", "ended", "requests", "reads", "findings"].map(count)).toEqual(before);
	});

	it("writes a long list of unseen ids once, however often it is the same", async () => {
		await scanOf(store, 10, Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`a${index}`, {}])));
		for (const at of [20, 30, 40]) expect((await scanOf(store, at, {}, "partial")).coverage[0]?.unseen).toHaveLength(100);
		expect(count("id_lists")).toBe(1);
	});

	it("keeps at most two reads of a record that is confirmed scan after scan", async () => {
		await scanOf(store, 10, { a: {}, b: {} });
		for (let at = 20; at < 100; at += 10) {
			const scan = await begin(store, at);
			await store.putRecords(scan, "accounts", [{ id: "a", body: {} }], request(at + 1));
			await store.confirmRecords(scan, "accounts", ["b"], at + 1);
			await finish(store, scan, "accounts");
			const finished = await store.finishScan(scan, at + 2, 1);
			expect(await store.record(finished, "accounts", "a")).toMatchObject({ readAt: at + 1 });
			expect(await store.record(finished, "accounts", "b")).toMatchObject({ readAt: 11, confirmedAt: at + 1 });
		}
		expect(count("reads")).toBeLessThanOrEqual(2);
	});

	it("refuses to change or delete journal entries", async () => {
		await store.appendJournal(journalDraft("t", "one"));
		expect(() => raw.exec("UPDATE journal SET event = 'two'")).toThrow(/append-only/);
		expect(() => raw.exec("DELETE FROM journal")).toThrow(/append-only/);
	});

	it.each([
		["an event", "UPDATE journal SET event = 'other' WHERE seq = 3", 3],
		["its data", `UPDATE journal SET data = '{"n":99}' WHERE seq = 2`, 2],
		["its data, to no JSON", "UPDATE journal SET data = '{' WHERE seq = 2", 2],
		["its time", "UPDATE journal SET at = at + 1 WHERE seq = 1", 1],
		["its hash", "UPDATE journal SET hash = previous WHERE seq = 4", 4],
		["a missing entry", "DELETE FROM journal WHERE seq = 2", 2],
		["a missing first entry", "DELETE FROM journal WHERE seq = 1", 1],
	])("finds a tampered journal by %s", async (_what, statement, broken) => {
		for (let n = 0; n < 5; n++) await store.appendJournal(journalDraft("t", "tick", { n }));
		raw.exec("DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete");
		raw.exec(statement);
		expect((await store.verifyJournal("t")).broken).toBe(broken);
	});

	it("takes nothing of a page in which one record cannot be written", async () => {
		const scan = await begin(store, 10);
		const page = [
			{ id: "a", body: {} },
			{ id: "b", body: { n: Number.NaN } },
		];
		await expect(store.putRecords(scan, "accounts", page, request(11))).rejects.toThrow(/JSON/);
		expect(await store.countRecords(scan, "accounts")).toBe(0);
		raw.exec("CREATE TRIGGER bad BEFORE INSERT ON current WHEN new.id = 'b' BEGIN SELECT RAISE(ABORT, 'disk trouble'); END");
		await expect(
			store.putRecords(
				scan,
				"accounts",
				[
					{ id: "a", body: {} },
					{ id: "b", body: {} },
				],
				request(11),
			),
		).rejects.toThrow(/disk trouble/);
		expect(await store.countRecords(scan, "accounts")).toBe(0);
		raw.exec("DROP TRIGGER bad");
		await store.putRecords(scan, "accounts", [{ id: "b", body: {} }], request(12));
		expect(await finish(store, scan, "accounts")).toMatchObject({ known: 1 });
	});

	it("reads the newest scan, and the one before, by index and without sorting", () => {
		const plan = (where: string): string[] =>
			raw
				.prepare(`EXPLAIN QUERY PLAN ${where}`)
				.all()
				.map(({ detail }: { detail: string }) => detail);
		const current = "SELECT id, body FROM current WHERE series = 1 AND id > 'a' AND from_scan <= 1";
		const ended = "SELECT id, body FROM ended WHERE series = 1 AND id > 'a' AND from_scan <= 1";
		for (const details of [plan(`${current} ORDER BY id LIMIT 9`), plan(`${current} UNION ALL ${ended} AND to_scan = 2 ORDER BY id LIMIT 9`)]) {
			expect(details.join("\n")).not.toMatch(/TEMP B-TREE|SCAN/);
			expect(details.join("\n")).toMatch(/current_id/);
		}
	});
});

it("reads batches, partial lists among them, in id order and whole", async () => {
	const store = await openStore("sqlite::memory:");
	const scan = await store.beginScan({ system: "okta", provider: "okta", started: 1, stackDigest: "" });
	const bodies = new Map(
		Array.from({ length: 2_345 }, (_, n) => [
			`u${String(n).padStart(5, "0")}`,
			{ n, text: n === 1_200 ? "partially" : ',"]}\u0000é', items: n === 2_100 ? Object.assign(["a"], { partial: true as const }) : [] },
		]),
	);
	await store.putRecords(
		scan,
		"accounts",
		[...bodies].reverse().map(([id, body]) => ({ id, body })),
		{ call: "GET /x", requestId: null, at: 1 },
	);
	const read = new Map<string, object>();
	for await (const batch of store.records(scan, "accounts")) for (const { id, body } of batch) read.set(id, body);
	expect([...read]).toEqual([...bodies]);
	expect((read.get("u02100") as { items: { partial?: true } }).items.partial).toBe(true);
	await store.close();
});
