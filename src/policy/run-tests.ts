import { compilePolicy } from "./compile.js";
import { evaluate } from "./evaluate.js";
import { renderMessage } from "./message.js";
import type { PolicyFile, PolicyOutcome, PolicyTest } from "./source.js";

export interface PolicyTestResult {
	policy: string;
	file: string;
	line: number;
	name: string;
	ok: boolean;
	expected: PolicyOutcome;
	actual: PolicyOutcome;
	/** What is wrong, in one sentence; missing when `ok`. */
	problem?: string;
}

export interface TestReport {
	passed: number;
	failed: number;
	results: PolicyTestResult[];
	/** Outcomes a policy can have and no example of it shows. */
	untested: { policy: string; file: string; outcomes: PolicyOutcome[] }[];
}

/** Runs the examples of every policy. */
export function runPolicyTests(policies: readonly PolicyFile[]): TestReport {
	const results = policies.flatMap((policy) => policy.tests.map((test) => runTest(policy, test)));
	const untested = policies
		.map((policy) => ({ policy: policy.id, file: policy.file, outcomes: missingOutcomes(policy) }))
		.filter((entry) => entry.outcomes.length > 0);
	const passed = results.filter((result) => result.ok).length;
	return { passed, failed: results.length - passed, results, untested };
}

function runTest(policy: PolicyFile, test: PolicyTest): PolicyTestResult {
	const compiled = compilePolicy(policy, test.params);
	const { outcome, unknownFields, defect } = evaluate(compiled, test.subject, test.now);
	const base = { policy: policy.id, file: policy.file, line: test.line, name: test.name, expected: test.expect, actual: outcome };
	const problem = (text: string): PolicyTestResult => ({ ...base, ok: false, problem: text });
	// Unknown by mistake is not the unknown an example means.
	if (defect) return problem(`${defect.part} has a runtime error at character ${defect.offset + 1}: ${defect.reason}`);
	if (outcome !== test.expect) {
		const lacking = unknownFields.length > 0 ? ` (unknown: ${unknownFields.join(", ")})` : "";
		return problem(`expected ${test.expect}, got ${outcome}${lacking}`);
	}
	if (test.message === undefined) return { ...base, ok: true };
	const message = renderMessage(compiled, test.subject, test.now);
	return message === test.message ? { ...base, ok: true } : problem(`expected the message "${test.message}", got "${message}"`);
}

function missingOutcomes(policy: PolicyFile): PolicyOutcome[] {
	const possible: PolicyOutcome[] = ["pass", "fail", "unknown"];
	if (policy.where !== null) possible.push("not-applicable");
	if (policy.review !== null) possible.push("review");
	return possible.filter((outcome) => !policy.tests.some((test) => test.expect === outcome));
}
