import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { openStore } from "../open.js";
import { storeContract } from "../store-contract.test-suite.js";

const folder = mkdtempSync(path.join(tmpdir(), "keelson-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
storeContract("SQLite in memory", () => openStore("sqlite::memory:"));
storeContract("SQLite in a file", () => openStore(`sqlite:store-${files++}.db`, { baseDir: folder }));
