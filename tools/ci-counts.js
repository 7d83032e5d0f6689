/** Adds up vitest's JSON reports and prints `N passed, N failed, N skipped`. A missing report or a skipped test fails the run. */
import { readFileSync } from "node:fs";

let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of process.argv.slice(2)) {
	try {
		const report = JSON.parse(readFileSync(file, "utf8"));
		passed += report.numPassedTests;
		failed += report.numFailedTests + report.testResults.filter((suite) => suite.status === "failed" && suite.assertionResults.length === 0).length;
		skipped += report.numPendingTests + report.numTodoTests;
	} catch {
		console.log(`no report: ${file}`);
		failed++;
	}
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 || skipped > 0 ? 1 : 0;
