import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CollectionName, Scan } from "../model/snapshot.js";
import { begin, bodiesAt, finish, pageSize, readAll, request, scanOf } from "./fixture.test-suite.js";
import { openStore } from "./open.js";
import type { Store } from "./store.js";

/** A new, empty store that several processes can open. */
export interface SharedPlace {
	location: string;
	/** Throws when what lies there is damaged. */
	check(): Promise<void>;
	remove(): Promise<void>;
}

/** What every store must do when several processes use it, and when one of them is killed. */
export function processesContract(name: string, make: () => Promise<SharedPlace>): void {
	describe(`${name} used by several processes`, () => {
		let place: SharedPlace;
		const children: ChildProcess[] = [];
		beforeEach(async () => {
			place = await make();
		});
		afterEach(async () => {
			for (const child of children) child.kill("SIGKILL");
			await place.remove();
		});

		const start = (task: string): ChildProcess => {
			const child = fork(new URL("./child.test-suite.ts", import.meta.url), [task, place.location], { execArgv: ["--import", "tsx"] });
			children.push(child);
			return child;
		};

		/** Kills the scanning process once it has reported `pages` pages, wherever it is by then, and gives the pages it had reported. */
		const scanAndKill = async (pages: number): Promise<number[]> => {
			const child = start("pages");
			const reported: number[] = [];
			const exit = once(child, "exit");
			child.on("message", (message: { page?: number }) => {
				if (message.page !== undefined) reported.push(message.page);
				if (reported.length >= pages) child.kill("SIGKILL");
			});
			await exit;
			return reported;
		};

		const earlier: Record<string, object> = Object.fromEntries(Array.from({ length: pageSize }, (_, index) => [`old-${index}`, { page: 0 }]));

		it("survives a kill at any point of a scan", async () => {
			const first = await openStore(place.location);
			await scanOf(first, 1, earlier, "closed", "groups");
			let finished: Scan = await scanOf(first, 5, earlier);
			await first.close();
			for (const pages of [0, 1, 2, 3, 5, 8, 21, 40]) {
				const before = await openStore(place.location);
				const known = await everything(before, finished);
				await before.close();
				const reported = await scanAndKill(pages);
				await place.check();
				const store = await openStore(place.location);
				expect(await everything(store, finished)).toEqual(known);
				expect((await store.scans({ system: "acme", limit: 1 }))[0]).toEqual(finished);
				const next = await begin(store, Date.now());
				const [, dead] = await store.scans({ system: "acme", unfinished: true, limit: 2 });
				if (!dead) throw new Error("the killed scan is gone");
				expect(dead.interrupted).toBe(true);
				await expectWholePages(store, dead, reported);
				expect(await store.cursor("acme", "log")).toBeNull();
				for (const collection of ["accounts", "groups"] as const) {
					await store.putRecords(
						next,
						collection,
						Object.entries(earlier).map(([id, body]) => ({ id, body })),
						request(Date.now()),
					);
					await finish(store, next, collection);
				}
				finished = await store.finishScan(next, Date.now(), 1);
				expect(await bodiesAt(store, finished)).toEqual(earlier);
				expect(await bodiesAt(store, finished, "groups")).toEqual(earlier);
				await store.close();
			}
		}, 240_000);

		it("keeps one chain when several processes append to the journal, and is opened by all at once", async () => {
			const seen: number[] = [];
			const codes = await Promise.all(
				[start("journal"), start("journal"), start("journal")].map(async (child) => {
					child.on("message", ({ seq }: { seq: number }) => seen.push(seq));
					const [code] = await once(child, "exit");
					return code;
				}),
			);
			expect(codes).toEqual([0, 0, 0]);
			const store = await openStore(place.location);
			expect(await store.verifyJournal("t")).toEqual({ entries: 120, broken: null });
			expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
			await store.close();
		});

		it("lets another connection read while a scan runs, and not go on with it", async () => {
			const one = await openStore(place.location);
			const two = await openStore(place.location);
			const finished = await scanOf(one, 10, earlier);
			const running = await begin(one, 20);
			await one.putRecords(running, "accounts", [{ id: "old-1", body: { page: 1 } }], request(21));
			expect(await bodiesAt(two, finished)).toEqual(earlier);
			expect((await two.record(running, "accounts", "old-1"))?.body).toEqual({ page: 1 });
			await expect(two.putRecords(running, "accounts", [], request(22))).rejects.toThrow(/begun by another process/);
			await begin(two, 30);
			await expect(one.putRecords(running, "accounts", [], request(31))).rejects.toThrow(/closed as interrupted/);
			await expect(finish(one, running, "accounts")).rejects.toThrow(/closed as interrupted/);
			await one.close();
			await two.close();
		});
		it("grants a lease to one of several processes that ask at once", async () => {
			const granted: number[] = [];
			await Promise.all(
				[start("leases"), start("leases"), start("leases")].map(async (child) => {
					child.on("message", ({ lease }: { lease: number }) => granted.push(lease));
					expect((await once(child, "exit"))[0]).toBe(0);
				}),
			);
			expect(granted.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
		});

		it("keeps every journal entry that was promised, and one chain, over kills in the middle of appending", async () => {
			const promised: number[] = [];
			for (const entries of [1, 5, 20]) {
				const killed = start("journal for ever");
				const other = start("journal");
				for (const child of [killed, other]) child.on("message", ({ seq }: { seq: number }) => promised.push(seq));
				let mine = 0;
				killed.on("message", () => {
					if (++mine === entries) killed.kill("SIGKILL");
				});
				await Promise.all([once(killed, "exit"), once(other, "exit")]);
			}
			const store = await openStore(place.location);
			const { entries, broken } = await store.verifyJournal("t");
			expect(broken).toBeNull();
			expect(new Set(promised).size).toBe(promised.length);
			expect(Math.max(...promised)).toBeLessThanOrEqual(entries);
			expect(promised.length).toBeGreaterThanOrEqual(3 * 40 + 1 + 5 + 20);
			await store.close();
		}, 240_000);
	});
}

async function everything(store: Store, scan: Scan): Promise<unknown> {
	return [await readAll(store, scan), await readAll(store, scan, "groups")];
}

/** A page is there whole or not at all, and is there if its writing was reported. */
async function expectWholePages(store: Store, scan: Scan, reported: number[]): Promise<void> {
	const counts = new Map<number, number>();
	for (const collection of ["accounts", "groups"] satisfies CollectionName[])
		for (const { body } of await readAll(store, scan, collection)) {
			const page: number = Reflect.get(body, "page");
			if (page > 0) counts.set(page, (counts.get(page) ?? 0) + 1);
		}
	expect(new Set(counts.values())).toEqual(new Set(counts.size > 0 ? [pageSize] : []));
	expect(reported.filter((page) => !counts.has(page))).toEqual([]);
}
