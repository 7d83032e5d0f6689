import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "vitest";
import { processesContract } from "../processes.test-suite.js";

processesContract("a store in an SQLite file", async () => {
	const folder = mkdtempSync(path.join(tmpdir(), "keelson-processes-"));
	const file = path.join(folder, "store.db");
	return {
		location: `sqlite:${file}`,
		async check() {
			const database = new DatabaseSync(file);
			expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
			expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
			database.close();
		},
		remove: async () => rmSync(folder, { recursive: true }),
	};
});
