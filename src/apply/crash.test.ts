import { join } from "node:path";
import { crashContract } from "./crash.test-suite.js";

crashContract("a store in an SQLite file", (folder) => `sqlite:${join(folder, "store.db")}`);
