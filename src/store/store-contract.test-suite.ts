import { describe } from "vitest";
import { eraseContract } from "./contract-erase.test-suite.js";
import { findingsContract } from "./contract-findings.test-suite.js";
import { historyContract } from "./contract-history.test-suite.js";
import { journalContract } from "./contract-journal.test-suite.js";
import { modelContract } from "./contract-model.test-suite.js";
import { scansContract } from "./contract-scans.test-suite.js";
import type { Store } from "./store.js";

/** What every store must do. `open` gives a new, empty store each time; the suite closes it. */
export function storeContract(name: string, open: () => Promise<Store>): void {
	describe(`${name} keeps the store's contract`, () => {
		scansContract(open);
		historyContract(open);
		findingsContract(open);
		journalContract(open);
		eraseContract(open);
		modelContract(open);
	});
}
