import { relative, sep } from "node:path";
import { create } from "xmlbuilder2";
import type { PolicyTestResult, TestReport } from "../policy/run-tests.js";
import { xml } from "./junit.js";

/**
 * The tests in policy files as JUnit XML: a suite for each policy, a case for each test, so that a pipeline shows which example of which
 * policy failed beside the tests of everything else. Paths start at `root`.
 */
export function renderTestJunit({ results }: Pick<TestReport, "results">, root: string): string {
	const suites = new Map<string, PolicyTestResult[]>();
	for (const result of results) suites.set(result.policy, [...(suites.get(result.policy) ?? []), result]);
	const doc = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites", { name: "keelson policy test", ...numbers(results) });
	for (const [policy, cases] of suites) {
		const suite = doc.ele("testsuite", { name: xml(policy), ...numbers(cases) });
		const names = new Map<string, number>();
		for (const { name, file, line, ok, problem } of cases) {
			// Readers take only the first of the same class and name.
			const times = (names.get(name) ?? 0) + 1;
			names.set(name, times);
			const one = suite.ele("testcase", {
				classname: xml(policy),
				name: xml(times > 1 ? `${name} (${times})` : name),
				file: xml(relative(root, file).split(sep).join("/")),
				line: String(line),
				time: "0",
			});
			if (!ok) one.ele("failure", { type: "outcome", message: xml(problem ?? "failed") }).txt(xml(`${relative(root, file)}:${line}: ${problem ?? "failed"}`));
		}
	}
	return `${doc.end({ prettyPrint: true, indent: " " })}\n`;
}

function numbers(results: readonly PolicyTestResult[]): Record<string, string> {
	return { tests: String(results.length), failures: String(results.filter(({ ok }) => !ok).length), errors: "0", skipped: "0", time: "0" };
}
