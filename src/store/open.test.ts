import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreError } from "./errors.js";
import { readAll, scanOf } from "./fixture.test-suite.js";
import { openStore } from "./open.js";

describe("opening a store", () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(path.join(tmpdir(), "keelson-open-"));
	});
	afterEach(() => rmSync(folder, { recursive: true }));

	const refusal = async (location: string): Promise<string> => {
		const error: unknown = await openStore(location, { baseDir: folder }).then(
			() => null,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(StoreError);
		return error instanceof Error ? error.message : "";
	};

	it("makes the file and its folder, for its owner only, and finds them again", async () => {
		const store = await openStore("sqlite:deep/er/store.db", { baseDir: folder });
		const scan = await scanOf(store, 10, { a: { v: 1 } });
		const file = path.join(folder, "deep/er/store.db");
		for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
		const before = await readAll(store, scan);
		await store.close();
		const again = await openStore(`sqlite:${file}`, { baseDir: "/nowhere" });
		expect(await readAll(again, scan)).toEqual(before);
		await again.close();
	});

	it("keeps nothing of a store in memory", async () => {
		const store = await openStore("sqlite::memory:", { baseDir: folder });
		await scanOf(store, 10, {});
		await store.close();
		const again = await openStore("sqlite::memory:", { baseDir: folder });
		expect(await again.scans({})).toEqual([]);
		await again.close();
		expect(existsSync(path.join(folder, ":memory:"))).toBe(false);
	});

	it("refuses other locations without repeating what may hold a password", async () => {
		for (const location of ["mysql://me:hunter2@db", "me:hunter2@db", "hunter2.db", "sqlite:", ""]) {
			const message = await refusal(location);
			expect(message).toMatch(/sqlite:/);
			expect(message).not.toContain("hunter2");
		}
	});

	it("refuses a file that is not a store, and leaves it as it was", async () => {
		writeFileSync(path.join(folder, "text.db"), "some notes, much longer than the header of a database file, which has a hundred bytes".repeat(3));
		expect(await refusal("sqlite:text.db")).toMatch(/text\.db.*not a Keelson store/);
		const foreign = new DatabaseSync(path.join(folder, "foreign.db"));
		foreign.exec("CREATE TABLE scans (x)");
		expect(await refusal("sqlite:foreign.db")).toMatch(/did not make/);
		expect(foreign.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "delete" });
		foreign.close();
		mkdirSync(path.join(folder, "folder.db"));
		expect(await refusal("sqlite:folder.db")).toMatch(/cannot be created or written \(EISDIR\)/);
		expect(await refusal("sqlite:text.db/store.db")).toMatch(/cannot be created or written/);
	});

	it("refuses a store that a newer version has written", async () => {
		await (await openStore("sqlite:store.db", { baseDir: folder })).close();
		const file = new DatabaseSync(path.join(folder, "store.db"));
		file.exec("INSERT INTO schema_version (version, applied) VALUES (999, 0)");
		file.close();
		expect(await refusal("sqlite:store.db")).toMatch(/newer version of Keelson \(schema 999/);
	});

	it("leaves the mode of a file that exists", async () => {
		const file = path.join(folder, "store.db");
		await (await openStore(`sqlite:${file}`)).close();
		chmodSync(file, 0o640);
		await (await openStore(`sqlite:${file}`)).close();
		expect(statSync(file).mode & 0o777).toBe(0o640);
	});

	it("says so when the store is used after it was closed", async () => {
		const store = await openStore("sqlite::memory:");
		await store.close();
		await store.close();
		await expect(store.scans({})).rejects.toThrow(/the store is closed/);
		await expect(store.cursor("acme", "log")).rejects.toThrow(/the store is closed/);
	});
});
