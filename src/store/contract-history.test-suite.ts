import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { begin, bodiesAt, finish, readAll, request, scanOf } from "./fixture.test-suite.js";
import type { Store } from "./store.js";

export function historyContract(open: () => Promise<Store>): void {
	describe("history and freshness", () => {
		let store: Store;
		beforeEach(async () => {
			store = await open();
		});
		afterEach(() => store.close());

		const versions = async (id: string) => (await store.history("acme", "accounts", id)).map(({ body, from, to }) => ({ body, from, to }));

		it("tells each version once, with the times between which it was true", async () => {
			await scanOf(store, 10, { a: { v: 1, w: 2 } });
			await scanOf(store, 20, { a: { w: 2, v: 1 } });
			await scanOf(store, 30, { a: { v: 2 } });
			await scanOf(store, 40, {});
			await scanOf(store, 50, { a: { v: 2 } });
			expect(await versions("a")).toEqual([
				{ body: { v: 1, w: 2 }, from: 11, to: 31 },
				{ body: { v: 2 }, from: 31, to: 42 },
				{ body: { v: 2 }, from: 51, to: null },
			]);
			expect(await versions("b")).toEqual([]);
		});

		it("tells the versions of all records whose id has a text in it, and nothing of a running scan", async () => {
			await scanOf(store, 10, { "g1/a": { v: 1 }, "g1/b": { v: 1 }, "g2/a": { v: 1 }, "g%/_": { v: 1 } });
			await scanOf(store, 20, { "g1/a": { v: 2 }, "g2/a": { v: 1 }, "g%/_": { v: 1 } });
			await store.putRecords(await begin(store, 30), "accounts", [{ id: "g3/a", body: { v: 1 } }], request(31));
			const spans = (part: string) => store.spans("acme", "accounts", part);
			expect(await spans("g1/")).toEqual([
				{ id: "g1/a", body: { v: 1 }, from: 11, to: 22 },
				{ id: "g1/a", body: { v: 2 }, from: 21, to: null },
				{ id: "g1/b", body: { v: 1 }, from: 11, to: 22 },
			]);
			expect((await spans("/a")).map(({ id }) => id)).toEqual(["g1/a", "g1/a", "g2/a"]);
			expect((await spans("%")).map(({ id }) => id)).toEqual(["g%/_"]);
			expect(await store.spans("acme", "groups", "g1")).toEqual([]);
		});

		it("does not tell what a running scan has done so far", async () => {
			await scanOf(store, 10, { a: { v: 1 } });
			const scan = await begin(store, 20);
			await store.putRecords(
				scan,
				"accounts",
				[
					{ id: "a", body: { v: 2 } },
					{ id: "b", body: { v: 1 } },
				],
				request(21),
			);
			expect(await versions("a")).toEqual([{ body: { v: 1 }, from: 11, to: null }]);
			expect(await versions("b")).toEqual([]);
		});

		it("counts only the last value of a scan", async () => {
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 }, c: { v: 1 } });
			const scan = await begin(store, 20);
			const page = ["a", "b"].flatMap((id) => [
				{ id, body: { v: 2 } },
				{ id, body: { v: 3 } },
			]);
			await store.putRecords(scan, "accounts", [...page, { id: "c", body: { v: 1 } }], request(21));
			await store.putRecords(scan, "accounts", [{ id: "b", body: { v: 1 } }], request(22));
			await store.removeRecords(scan, "accounts", ["c"]);
			await store.putRecords(
				scan,
				"accounts",
				[
					{ id: "c", body: { v: 1 } },
					{ id: "d", body: { v: 1 } },
				],
				request(23),
			);
			await store.removeRecords(scan, "accounts", ["d"]);
			await finish(store, scan, "accounts");
			const finished = await store.finishScan(scan, 24, 1);
			expect(await bodiesAt(store, finished)).toEqual({ a: { v: 3 }, b: { v: 1 }, c: { v: 1 } });
			expect(await versions("a")).toHaveLength(2);
			expect(await versions("b")).toEqual([{ body: { v: 1 }, from: 11, to: null }]);
			expect(await versions("c")).toEqual([{ body: { v: 1 }, from: 11, to: null }]);
			expect(await versions("d")).toEqual([]);
		});

		it("tells when a value was last seen to hold, and when it was last read", async () => {
			const first = await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 }, c: { v: 1 } });
			const scan = await begin(store, 20);
			await store.confirmRecords(scan, "accounts", ["a"], 25);
			await store.putRecords(scan, "accounts", [{ id: "b", body: { v: 1 } }], request(21));
			await finish(store, scan, "accounts", "partial");
			const second = await store.finishScan(scan, 26, 1);
			const third = await scanOf(store, 30, { a: { v: 1 }, b: { v: 1 }, c: { v: 1 } });
			const times = async (at: typeof first) => (await readAll(store, at)).map(({ confirmedAt, readAt }) => [confirmedAt, readAt]);
			expect(await times(first)).toEqual([
				[11, 11],
				[11, 11],
				[11, 11],
			]);
			expect(await times(second)).toEqual([
				[25, 11],
				[21, 21],
				[11, 11],
			]);
			expect(await times(third)).toEqual([
				[31, 31],
				[31, 31],
				[31, 31],
			]);
			expect(await store.record(second, "accounts", "a")).toMatchObject({ confirmedAt: 25, readAt: 11 });
			expect((await store.history("acme", "accounts", "a"))[0]).toMatchObject({ request: request(11), confirmedAt: 31 });
		});

		it("remembers through several partial scans when a value was read", async () => {
			await scanOf(store, 10, { a: { v: 1 }, b: { v: 1 } });
			await scanOf(store, 20, { a: { v: 1 } }, "partial");
			await scanOf(store, 30, { b: { v: 1 } }, "partial");
			const last = await scanOf(store, 40, {}, "partial");
			const read = Object.fromEntries((await readAll(store, last)).map(({ id, readAt, confirmedAt }) => [id, { readAt, confirmedAt }]));
			expect(read).toEqual({ a: { readAt: 21, confirmedAt: 21 }, b: { readAt: 31, confirmedAt: 31 } });
			expect(last.coverage[0]).toMatchObject({ unseen: ["a", "b"], known: 0 });
		});

		it("reads every past scan when many have followed", async () => {
			const scans = [];
			for (let round = 0; round < 9; round++) scans.push(await scanOf(store, round * 10, { a: { v: round }, [`only-${round}`]: {}, z: { same: true } }));
			for (const [round, scan] of scans.entries()) {
				expect(await bodiesAt(store, scan)).toEqual({ a: { v: round }, [`only-${round}`]: {}, z: { same: true } });
				expect(await store.countRecords(scan, "accounts")).toBe(3);
				expect((await store.record(scan, "accounts", "a"))?.body).toEqual({ v: round });
			}
		});
	});
}
