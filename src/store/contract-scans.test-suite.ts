import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin, bodiesAt, finish, readAll, request, scanOf } from "./fixture.test-suite.js";
import type { Store } from "./store.js";

export function scansContract(open: () => Promise<Store>): void {
	describe("scans", () => {
		let store: Store;
		beforeEach(async () => {
			store = await open();
		});
		afterEach(() => store.close());

		it("gives back records in id order with the request that brought them", async () => {
			const scan = await scanOf(store, 10, { b: { name: "B" }, a: { name: "A", login: null } });
			expect(await readAll(store, scan)).toEqual([
				{ id: "a", body: { name: "A", login: null }, request: request(11), confirmedAt: 11, readAt: 11 },
				{ id: "b", body: { name: "B" }, request: request(11), confirmedAt: 11, readAt: 11 },
			]);
			expect(await store.record(scan, "accounts", "a")).toEqual((await readAll(store, scan))[0]);
			expect(await store.record(scan, "accounts", "c")).toBeNull();
			expect(await store.record(scan, "groups", "a")).toBeNull();
			expect(await store.countRecords(scan, "accounts")).toBe(2);
			expect(await store.countRecords(scan, "groups")).toBe(0);
		});

		it("keeps partial lists partial, null null, and unknown keys away", async () => {
			const partial = Object.assign(["x"], { partial: true as const });
			const scan = await scanOf(store, 10, { a: { roles: partial, manager: null, title: undefined, groups: ["g"] } });
			const [record] = await readAll(store, scan);
			const body: Record<string, unknown> = { ...record?.body };
			expect(Object.keys(body).sort()).toEqual(["groups", "manager", "roles"]);
			expect(body.roles).toEqual(partial);
			expect(Reflect.get(Object(body.roles), "partial")).toBe(true);
			expect(Reflect.get(Object(body.groups), "partial")).toBeUndefined();
		});

		it("streams more records than one batch, each once", async () => {
			const scan = await begin(store, 1);
			const ids = Array.from({ length: 12_345 }, (_, index) => `id-${index}`);
			for (let from = 0; from < ids.length; from += 4000)
				await store.putRecords(
					scan,
					"memberships",
					ids.slice(from, from + 4000).map((id) => ({ id, body: { group: id } })),
					request(1),
				);
			await finish(store, scan, "memberships");
			const finished = await store.finishScan(scan, 2, 1);
			const read = (await readAll(store, finished, "memberships")).map(({ id }) => id);
			expect(read).toEqual([...ids].sort());
			expect(finished.coverage[0]?.known).toBe(12_345);
		});

		it("shows a running scan's writes to nobody who reads an earlier one", async () => {
			const first = await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			const before = await readAll(store, first);
			const running = await begin(store, 20);
			await store.putRecords(
				running,
				"accounts",
				[
					{ id: "a", body: { v: 2 } },
					{ id: "c", body: { v: 1 } },
				],
				request(21),
			);
			await store.removeRecords(running, "accounts", ["b"]);
			expect(await readAll(store, first)).toEqual(before);
			expect(await store.countRecords(first, "accounts")).toBe(2);
			expect(await bodiesAt(store, running)).toEqual({ a: { v: 2 }, c: { v: 1 } });
			expect((await store.scans({ system: "acme" })).map(({ id }) => id)).toEqual([first.id]);
			expect((await store.scans({ system: "acme", unfinished: true })).map(({ id }) => id)).toEqual([running.id, first.id]);
			await finish(store, running, "accounts");
			await store.finishScan(running, 22, 1);
			expect(await readAll(store, first)).toEqual(before);
		});

		it("ends what a closed list no longer names, and only of that system and collection", async () => {
			await scanOf(store, 1, { a: { v: 1 } }, "closed", "accounts", "other");
			await scanOf(store, 5, { a: { v: 1 } }, "closed", "groups");
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			const next = await scanOf(store, 20, { b: { v: 1 } });
			expect(await bodiesAt(store, next)).toEqual({ b: { v: 1 } });
			expect(await bodiesAt(store, next, "groups")).toEqual({ a: { v: 1 } });
			expect(await store.countRecords((await store.scans({ system: "other" }))[0] ?? next, "accounts")).toBe(1);
		});

		it("believes nothing of what a partial list did not name, and keeps it", async () => {
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 }, c: { v: 1 } });
			const scan = await begin(store, 20);
			await store.putRecords(scan, "accounts", [{ id: "a", body: { v: 2 } }], request(21));
			await store.confirmRecords(scan, "accounts", ["c", "nobody"], 22);
			const coverage = await finish(store, scan, "accounts", "partial");
			expect(coverage).toMatchObject({ known: 2, unseen: ["b"], state: "partial" });
			const finished = await store.finishScan(scan, 23, 7);
			expect(finished).toMatchObject({ coverage: [coverage], finished: 23, requests: 7, interrupted: false });
			expect(await bodiesAt(store, finished)).toEqual({ a: { v: 2 }, b: { v: 1 }, c: { v: 1 } });
			expect((await store.scans({}))[0]).toEqual(finished);
		});

		it("keeps what a read by changes does not name, and knows it still", async () => {
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			const scan = await begin(store, 20);
			await store.putRecords(scan, "accounts", [{ id: "c", body: { v: 1 } }], request(21));
			await store.removeRecords(scan, "accounts", ["a"]);
			expect(await finish(store, scan, "accounts", "incremental")).toMatchObject({ known: 2, unseen: [] });
			const finished = await store.finishScan(scan, 22, 1);
			expect(await bodiesAt(store, finished)).toEqual({ b: { v: 1 }, c: { v: 1 } });
		});

		it("ends everything when an empty list was closed", async () => {
			const first = await scanOf(store, 10, { a: { v: 1 } });
			const second = await scanOf(store, 20, {});
			expect([await store.countRecords(first, "accounts"), await store.countRecords(second, "accounts")]).toEqual([1, 0]);
			expect(second.coverage[0]?.known).toBe(0);
		});

		it("closes an abandoned scan as interrupted and keeps what it read", async () => {
			const first = await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			await scanOf(store, 12, { g: { v: 1 } }, "closed", "groups");
			const dead = await begin(store, 20);
			await store.putRecords(dead, "accounts", [{ id: "a", body: { v: 2 } }], request(21));
			await store.setCursor(dead, "log", "lost");
			const next = await begin(store, 30);
			const [running, interrupted] = await store.scans({ system: "acme", unfinished: true });
			expect(running).toMatchObject({ id: next.id, finished: null, interrupted: false });
			expect(interrupted).toMatchObject({ id: dead.id, interrupted: true, finished: 30 });
			expect(interrupted?.coverage.map(({ collection, state, unseen }) => ({ collection, state, unseen }))).toEqual([
				{ collection: "accounts", state: "partial", unseen: ["b"] },
				{ collection: "groups", state: "partial", unseen: ["g"] },
			]);
			expect(interrupted?.coverage[0]?.reasons[0]?.cause).toBe("interrupted");
			expect(await bodiesAt(store, dead)).toEqual({ a: { v: 2 }, b: { v: 1 } });
			expect(await bodiesAt(store, first)).toEqual({ a: { v: 1 }, b: { v: 1 } });
			expect(await store.cursor("acme", "log")).toBeNull();
			await expect(store.putRecords(dead, "accounts", [], request(31))).rejects.toThrow(/interrupted/);
			await expect(store.finishScan(dead, 32, 1)).rejects.toThrow(/interrupted/);
		});

		it("leaves other systems' running scans alone", async () => {
			const other = await begin(store, 10, "other");
			await begin(store, 11);
			await store.putRecords(other, "accounts", [{ id: "a", body: {} }], request(12));
			await finish(store, other, "accounts");
			expect(await store.finishScan(other, 13, 1)).toMatchObject({ interrupted: false });
		});

		it("makes a collection that was begun and never finished partial when the scan ends", async () => {
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			const scan = await begin(store, 20);
			await store.putRecords(scan, "accounts", [{ id: "a", body: { v: 1 } }], request(21));
			const finished = await store.finishScan(scan, 22, 1);
			expect(finished.coverage).toMatchObject([{ collection: "accounts", state: "partial", known: 1, unseen: ["b"] }]);
		});

		it("shows a cursor only when its scan has finished", async () => {
			const scan = await begin(store, 10);
			await store.setCursor(scan, "log", "one");
			await store.setCursor(scan, "log", "two");
			expect(await store.cursor("acme", "log")).toBeNull();
			await store.finishScan(scan, 11, 1);
			expect(await store.cursor("acme", "log")).toBe("two");
			expect(await store.cursor("other", "log")).toBeNull();
		});

		it("finds scans by system, time and number", async () => {
			const scans = [await scanOf(store, 10, {}), await scanOf(store, 20, {}), await scanOf(store, 30, {}, "closed", "accounts", "other")];
			const ids = async (filter: Parameters<Store["scans"]>[0]) => (await store.scans(filter)).map(({ id }) => scans.findIndex((scan) => scan.id === id));
			expect(await ids({})).toEqual([2, 1, 0]);
			expect(await ids({ limit: 1 })).toEqual([2]);
			expect(await ids({ system: "acme" })).toEqual([1, 0]);
			expect(await ids({ system: "acme", asOf: 21 })).toEqual([0]);
			expect(await ids({ system: "acme", asOf: 22 })).toEqual([1, 0]);
			expect(await ids({ asOf: 11 })).toEqual([]);
		});

		it("refuses writes to a finished collection or scan, and records without an id", async () => {
			const scan = await begin(store, 10);
			await expect(store.putRecords(scan, "accounts", [{ id: "", body: {} }], request(11))).rejects.toThrow(/empty id/);
			await finish(store, scan, "accounts");
			await expect(store.putRecords(scan, "accounts", [], request(11))).rejects.toThrow(/already finished/);
			await store.finishScan(scan, 12, 1);
			await expect(store.setCursor(scan, "log", "x")).rejects.toThrow(/already finished/);
		});
	});
}
