import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeKnown } from "../../../src/model/json.js";
import { begin, bodiesAt, draft, finish, journalDraft, readAll, request, scanOf } from "../../../src/store/fixture.test-suite.js";
import { openStore } from "../../../src/store/open.js";
import type { Store } from "../../../src/store/store.js";
import { type Cluster, missing, startCluster } from "./cluster.js";

const odd = "NUL \u0000, lone \ud83d and \udc00, marks \u0001\u0002, beyond \uffff \u{10ffff} 😀, é";

describe.skipIf(missing() !== null)("a store in a real PostgreSQL", () => {
	let cluster: Cluster;
	let schema: string;
	let store: Store;
	let raw: pg.Client;
	let schemas = 0;
	beforeAll(async () => {
		// Answers before the disk has it, unless it is asked otherwise.
		cluster = await startCluster({ settings: { synchronous_commit: "off" } });
	});
	afterAll(() => cluster?.close());
	beforeEach(async () => {
		schema = `values_${schemas++}`;
		store = await openStore(cluster.url(schema));
		raw = await cluster.raw();
		await raw.query(`SET search_path TO ${schema}`);
	});
	afterEach(async () => {
		await raw.end();
		await store.close();
	});
	const count = async (table: string): Promise<number> => Number((await raw.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);

	it("gives back every text as it was, wherever it stands", async () => {
		const body = { [odd]: odd, list: [odd, { raw: { newField: odd, deep: [null, 1e300, -0.5, 9007199254740991] } }], $partial: [1], "00": null };
		const scan = await begin(store, 10);
		const ref = { call: odd, requestId: odd, at: 11 };
		await store.putRecords(scan, "accounts", [{ id: odd, body }], ref);
		await store.setCursor(scan, odd, odd);
		await finish(store, scan, "accounts");
		const finished = await store.finishScan(scan, 12, 1);
		const [record] = await readAll(store, finished);
		expect(record).toMatchObject({ id: odd, request: ref });
		expect(encodeKnown(record?.body)).toBe(encodeKnown(body));
		expect((await raw.query("SELECT body FROM current_records")).rows).toEqual([{ body: encodeKnown(body) }]);
		expect(await store.record(finished, "accounts", odd)).toEqual(record);
		expect(await store.history("acme", "accounts", odd)).toHaveLength(1);
		expect(await store.cursor("acme", odd)).toBe(odd);
		const entry = await store.appendJournal({ tenant: odd, at: 1, plan: odd, action: odd, event: odd, data: { [odd]: odd } });
		expect(await store.journal({ tenant: odd, plan: odd })).toEqual([entry]);
		expect(await store.verifyJournal(odd)).toEqual({ entries: 1, broken: null });
		expect(await store.acquireLease(odd, odd, 1, 9)).toMatchObject({ holder: odd });
		expect(await store.currentLease?.(odd, 2)).toEqual({ tenant: odd, holder: odd, token: 1, expires: 10 });
		const [finding] = await store.saveFindings(1, ["acme"], [draft(odd, odd)], []);
		expect(await store.findings({})).toEqual([finding]);
		expect(await store.saveFindings(2, ["acme"], [], [odd])).toEqual([]);
		expect((await scanOf(store, 20, {}, "partial")).coverage[0]?.unseen).toEqual([odd]);
	});

	it("keeps ids that differ only in what PostgreSQL can't hold, and ids longer than its indexes", async () => {
		const long = (end: string) => `${"https://graph.example/ids/é".repeat(200)}${end}`;
		const ids = ["a\u0000", "a\u0001", "a", "a\ud800", "a\udbff", "\u0000", "90071992547409931234567890", "A", "a ", long("1"), long("2"), long("")];
		const scan = await scanOf(store, 10, Object.fromEntries(ids.map((id, index) => [id, { index }])));
		const read = await readAll(store, scan);
		expect(new Map(read.map(({ id, body }) => [id, body]))).toEqual(new Map(ids.map((id, index) => [id, { index }])));
		for (const [index, id] of ids.entries()) expect((await store.record(scan, "accounts", id))?.body).toEqual({ index });
		const next = await begin(store, 20);
		await store.confirmRecords(next, "accounts", ["a\u0000", long("1")], 25);
		await store.removeRecords(next, "accounts", ["a\u0001", long("")]);
		expect((await finish(store, next, "accounts", "partial")).unseen).toHaveLength(ids.length - 4);
		const finished = await store.finishScan(next, 26, 1);
		expect(await store.record(finished, "accounts", long("1"))).toMatchObject({ confirmedAt: 25, readAt: 11 });
		expect(await store.record(finished, "accounts", long("2"))).toMatchObject({ confirmedAt: 11, readAt: 11 });
		expect(await store.countRecords(finished, "accounts")).toBe(ids.length - 2);
		const prefixed: string[] = [];
		for await (const batch of store.records(finished, "accounts", long("").slice(0, 4000))) prefixed.push(...batch.map(({ id }) => id));
		expect(new Set(prefixed)).toEqual(new Set([long("1"), long("2")]));
	});

	it("reads batch by batch, past what a running scan changes meanwhile", async () => {
		const ids = Array.from({ length: 3_500 }, (_, index) => `u${String(index).padStart(5, "0")}`);
		const first = await scanOf(store, 10, Object.fromEntries(ids.map((id) => [id, { v: 1 }])));
		const sizes: number[] = [];
		const read: string[] = [];
		for await (const batch of store.records(first, "accounts")) {
			sizes.push(batch.length);
			expect(new Set(batch.map(({ body }) => Reflect.get(body, "v")))).toEqual(new Set([1]));
			read.push(...batch.map(({ id }) => id));
			// Each time a whole scan that changes and removes what has not been read yet.
			await scanOf(store, 20 + sizes.length, Object.fromEntries(ids.slice(sizes.length * 700).map((id) => [id, { v: 1 + sizes.length }])));
		}
		expect(sizes).toEqual([1000, 1000, 1000, 500]);
		expect(read).toEqual(ids);
	});

	it("reads the newest scan, and the one before, by index and without sorting a history", async () => {
		for (let at = 10; at < 60; at += 10) await scanOf(store, at, Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`a${index}`, { at }])));
		await raw.query("SET enable_seqscan = off; SET jit = off");
		const page = (table: string, more: string) =>
			`(SELECT key, body FROM ${table} WHERE series = 1 AND key > 'a' AND key < 'b' AND from_scan <= 4 ${more} ORDER BY key LIMIT 9)`;
		const { rows } = await raw.query(`EXPLAIN ${page("current_records", "")} UNION ALL ${page("ended_records", "AND to_scan = 5")}`);
		const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
		expect(plan).toMatch(/current_key/);
		expect(plan).toMatch(/ended_scan/);
		expect(plan).not.toMatch(/Sort|Seq Scan/);
	});

	it("gets no row for records and findings that did not change", async () => {
		await scanOf(store, 10, { a: { v: 1, w: [1] }, b: { v: 1 } });
		await store.saveFindings(11, ["acme"], [draft("f")], []);
		const tables = ["current_records", "ended_records", "requests", "record_reads", "findings"];
		const counts = async (): Promise<number[]> => {
			const all: number[] = [];
			for (const table of tables) all.push(await count(table));
			return all;
		};
		const before = await counts();
		await raw.query("CREATE TRIGGER no_write BEFORE INSERT OR UPDATE ON findings FOR EACH STATEMENT EXECUTE PROCEDURE journal_append_only()");
		for (const at of [20, 30]) {
			await scanOf(store, at, { b: { v: 1 }, a: { w: [1], v: 1 } });
			await store.saveFindings(at, ["acme"], [draft("f")], []);
		}
		expect(await counts()).toEqual(before);
	});

	it("takes nothing of a page in which one record cannot be written", async () => {
		const scan = await begin(store, 10);
		const page = (value: unknown) => [
			{ id: "a", body: {} },
			{ id: "b", body: { value } },
		];
		await expect(store.putRecords(scan, "accounts", page(Number.NaN), request(11))).rejects.toThrow(/JSON/);
		await raw.query("CREATE TRIGGER bad BEFORE INSERT ON current_records FOR EACH ROW WHEN (new.key = 'b') EXECUTE PROCEDURE journal_append_only()");
		await expect(store.putRecords(scan, "accounts", page(1), request(11))).rejects.toThrow(/the database says: the journal is append-only/);
		expect([await store.countRecords(scan, "accounts"), await count("requests")]).toEqual([0, 0]);
		await raw.query("DROP TRIGGER bad ON current_records");
		await store.putRecords(scan, "accounts", page(2), request(12));
		expect(await finish(store, scan, "accounts")).toMatchObject({ known: 2 });
	});

	it("lets the last of several calls that were made at once count", async () => {
		const scan = await begin(store, 10);
		await Promise.all(Array.from({ length: 20 }, (_, n) => store.putRecords(scan, "accounts", [{ id: "a", body: { n } }], request(11 + n))));
		await finish(store, scan, "accounts");
		expect(await bodiesAt(store, await store.finishScan(scan, 40, 1))).toEqual({ a: { n: 19 } });
	});

	it("waits for the disk although server and role do not", async () => {
		const seen = async (): Promise<string[]> => (await raw.query("SELECT setting FROM seen")).rows.map(({ setting }) => setting);
		await raw.query("CREATE TABLE seen (setting text)");
		await raw.query(
			`CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ${schema}.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$`,
		);
		await raw.query("CREATE TRIGGER see AFTER INSERT ON journal FOR EACH STATEMENT EXECUTE PROCEDURE see()");
		await store.appendJournal(journalDraft("t", "one"));
		expect(await seen()).toEqual(["on"]);
		await raw.query("ALTER ROLE keelson SET synchronous_commit TO remote_apply");
		const stronger = await openStore(cluster.url(schema));
		await stronger.appendJournal(journalDraft("t", "two"));
		await stronger.close();
		await raw.query("ALTER ROLE keelson RESET synchronous_commit");
		expect(await seen()).toEqual(["on", "remote_apply"]);
	});

	it("refuses to change, delete or empty the journal, and finds what was tampered with past that", async () => {
		for (let n = 0; n < 4; n++) await store.appendJournal(journalDraft("t", "tick", { n }));
		for (const statement of ["UPDATE journal SET event = 'two'", "DELETE FROM journal", "TRUNCATE journal"])
			await expect(raw.query(statement)).rejects.toThrow(/append-only/);
		await raw.query("DROP TRIGGER journal_no_change ON journal");
		for (const [statement, broken] of [
			["UPDATE journal SET hash = previous WHERE seq = 4", 4],
			["UPDATE journal SET data = '{' WHERE seq = 3", 3],
			["DELETE FROM journal WHERE seq = 2", 2],
			["UPDATE journal SET at = at + 1 WHERE seq = 1", 1],
		] as const) {
			await raw.query(statement);
			expect((await store.verifyJournal("t")).broken).toBe(broken);
		}
	});

	it("never lets two entries of one number in, though nobody holds the lock", async () => {
		await store.appendJournal(journalDraft("t", "one"));
		await expect(raw.query("INSERT INTO journal SELECT * FROM journal")).rejects.toThrow(/duplicate key/);
	});

	it("is opened by many at once, and made once", async () => {
		const fresh = cluster.url(`fresh_${schemas++}`);
		const stores = await Promise.all(Array.from({ length: 8 }, () => openStore(fresh, { tenant: "acme" })));
		await Promise.all(stores.map((one) => one.appendJournal(journalDraft("t", "x"))));
		expect(await stores[0]?.verifyJournal("t")).toEqual({ entries: 8, broken: null });
		await Promise.all(stores.map((one) => one.close()));
	});

	it("belongs to one stack", async () => {
		const acme = await openStore(cluster.url(schema), { tenant: "acme" });
		await acme.close();
		await (await openStore(cluster.url(schema), { tenant: "acme" })).close();
		await expect(openStore(cluster.url(schema), { tenant: "globex" })).rejects.toThrow(
			new RegExp(`the schema ${schema} holds the store of the stack acme; give globex its own with \\?schema=<name>$`),
		);
	});

	it("refuses a newer version's schema and tables that are not ours, and leaves them as they are", async () => {
		await raw.query("INSERT INTO schema_version VALUES (999, 0)");
		await expect(openStore(cluster.url(schema))).rejects.toThrow(
			/was written by a newer version of Keelson \(schema 999, this version knows \d+\); use that version$/,
		);
		await raw.query("CREATE SCHEMA foreign_one; CREATE TABLE foreign_one.scans (x int)");
		await expect(openStore(cluster.url("foreign_one"))).rejects.toThrow(/the schema foreign_one holds tables that Keelson did not make; choose another/);
		expect((await raw.query("SELECT relname FROM pg_class WHERE relnamespace = 'foreign_one'::regnamespace")).rows).toEqual([{ relname: "scans" }]);
	});

	it("holds out while another one has what it needs, and says so in the end", async () => {
		await store.appendJournal(journalDraft("t", "one"));
		await raw.query("BEGIN; LOCK TABLE journal IN ACCESS EXCLUSIVE MODE");
		await expect(store.appendJournal(journalDraft("t", "two"))).rejects.toThrow(/another process has held the store for more than 15 s/);
		await raw.query("ROLLBACK");
		expect(await store.appendJournal(journalDraft("t", "two"))).toMatchObject({ seq: 2 });
	});
});
