import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CollectionName, Scan } from "../../model/snapshot.js";
import { begin, bodiesAt, finish, pageSize, readAll, request, scanOf } from "../fixture.test-suite.js";
import { openStore } from "../open.js";
import type { Store } from "../store.js";

describe("a store used by several processes", () => {
	let folder: string;
	let file: string;
	const children: ChildProcess[] = [];
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), "keelson-processes-"));
		file = path.join(folder, "store.db");
	});
	afterEach(() => {
		for (const child of children) child.kill("SIGKILL");
		rmSync(folder, { recursive: true });
	});

	const start = (task: string): ChildProcess => {
		const child = fork(new URL("./child.test-suite.ts", import.meta.url), [task, file], { execArgv: ["--import", "tsx"] });
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
		const first = await openStore(`sqlite:${file}`);
		await scanOf(first, 1, earlier, "closed", "groups");
		let finished: Scan = await scanOf(first, 5, earlier);
		await first.close();
		for (const pages of [0, 1, 2, 3, 5, 8, 21, 40]) {
			const before = await openStore(`sqlite:${file}`);
			const known = await everything(before, finished);
			await before.close();
			const reported = await scanAndKill(pages);
			expectSound(file);
			const store = await openStore(`sqlite:${file}`);
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
		const store = await openStore(`sqlite:${file}`);
		expect(await store.verifyJournal("t")).toEqual({ entries: 120, broken: null });
		expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
		await store.close();
	});

	it("lets another connection read while a scan runs, and not go on with it", async () => {
		const one = await openStore(`sqlite:${file}`);
		const two = await openStore(`sqlite:${file}`);
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
});

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

function expectSound(file: string): void {
	const database = new DatabaseSync(file);
	expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
	expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
	database.close();
}
