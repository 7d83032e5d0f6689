import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journalDraft } from "./fixture.test-suite.js";
import type { Store, TrendPoint } from "./store.js";

export function journalContract(open: () => Promise<Store>): void {
	let store: Store;
	beforeEach(async () => {
		store = await open();
	});
	afterEach(() => store.close());

	describe("journal", () => {
		it("numbers and chains the entries of each tenant", async () => {
			const one = await store.appendJournal(journalDraft("t", "run.begin", { b: 1, a: undefined, c: null }));
			const other = await store.appendJournal(journalDraft("u", "run.begin"));
			const two = await store.appendJournal({ ...journalDraft("t", "action.begin"), at: 200, plan: "plan-2", action: "a1" });
			expect([one.seq, other.seq, two.seq]).toEqual([1, 1, 2]);
			expect(two.previous).toBe(one.hash);
			expect(other.previous).toBe(one.previous);
			expect(one.hash).toMatch(/^[0-9a-f]{64}$/);
			expect(new Set([one.hash, two.hash, other.hash]).size).toBe(3);
			expect(one.data).toEqual({ b: 1, c: null });
			expect(await store.journal({ tenant: "t" })).toEqual([one, two]);
			expect(await store.journal({ tenant: "t", plan: "plan-2" })).toEqual([two]);
			expect(await store.journal({ tenant: "t", since: 150 })).toEqual([two]);
			expect(await store.verifyJournal("t")).toEqual({ entries: 2, broken: null });
			expect(await store.verifyJournal("nobody")).toEqual({ entries: 0, broken: null });
		});

		it("refuses data that JSON cannot hold, and stays whole", async () => {
			await expect(store.appendJournal(journalDraft("t", "x", { count: Number.NaN }))).rejects.toThrow(/JSON/);
			await store.appendJournal(journalDraft("t", "y"));
			expect(await store.verifyJournal("t")).toEqual({ entries: 1, broken: null });
		});
	});

	describe("lease", () => {
		it("has one holder a tenant at a time", async () => {
			const mine = await store.acquireLease("t", "me", 100, 50);
			expect(mine).toEqual({ tenant: "t", holder: "me", token: 1, expires: 150 });
			expect(await store.acquireLease("t", "you", 149, 50)).toBeNull();
			expect(await store.acquireLease("u", "you", 149, 50)).toMatchObject({ token: 1 });
		});

		it("can be renewed until it expires, and is lost for good then", async () => {
			const mine = await store.acquireLease("t", "me", 100, 50);
			if (!mine) throw new Error("no lease");
			const renewed = await store.renewLease(mine, 140, 50);
			expect(renewed).toEqual({ ...mine, expires: 190 });
			expect(await store.acquireLease("t", "you", 160, 50)).toBeNull();
			expect(await store.renewLease(mine, 190, 50)).toBeNull();
			expect(await store.acquireLease("t", "you", 190, 50)).toMatchObject({ holder: "you", token: 2 });
			expect(await store.renewLease(mine, 191, 50)).toBeNull();
			await store.releaseLease(mine);
			expect(await store.acquireLease("t", "me", 192, 50)).toBeNull();
		});

		it("grows its token over releases and over the same holder's return", async () => {
			const first = await store.acquireLease("t", "me", 100, 50);
			const again = await store.acquireLease("t", "me", 110, 50);
			if (!first || !again) throw new Error("no lease");
			expect(again.token).toBe(2);
			expect(await store.renewLease(first, 111, 50)).toBeNull();
			await store.releaseLease(again);
			expect(await store.renewLease(again, 112, 50)).toBeNull();
			expect(await store.acquireLease("t", "you", 112, 50)).toMatchObject({ token: 3 });
		});
	});

	describe("trend", () => {
		it("gives the newest points, oldest first", async () => {
			const point = (at: number): TrendPoint => {
				return { tenant: "t", at, posture: at / 2, postureMax: null, coverage: 0.5, counts: { high: at }, bands: { low: 1 }, policyDigest: "d" };
			};
			for (const at of [30, 10, 20]) await store.saveTrend(point(at));
			await store.saveTrend({ ...point(40), tenant: "u" });
			expect(await store.trend("t", 2)).toEqual([point(20), point(30)]);
			expect(await store.trend("t", 10)).toHaveLength(3);
		});
	});
}
