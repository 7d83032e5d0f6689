import { describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import { renderTerminal } from "./terminal.js";
import { testAssessment } from "./test-assessment.js";

const show = (assessment: Assessment, width = Number.POSITIVE_INFINITY) => renderTerminal(assessment, { color: false, width });

describe("the terminal report", () => {
	it("says posture with its range, and how it moved", () => {
		expect(show(testAssessment())).toContain("54/100   up to 60 were every unknown fine; 82 % of checks have data; +3 since the run before");
	});

	it("never prints what is unknown as 0", () => {
		const assessment = testAssessment();
		assessment.posture = { posture: null, postureMax: 100, coverage: 0, cappedBy: null };
		const text = show(assessment);
		expect(text).toContain("Posture   unknown");
		expect(text).toContain("unknown for all 7 (no data for field number 2 and 1 other field)");
		expect(text).not.toMatch(/\b0\/100|\b0 of 7/);
	});

	it("shows each count with its denominator", () => {
		expect(show(testAssessment())).toContain("2 of 1,207 fail, 3 unknown, 1 to review, 1 excepted (no data for field number 2 and 1 other field)  policy-1");
	});

	it("puts the finding's id on the finding's line where nothing limits the width, and cuts nothing", () => {
		const assessment = testAssessment();
		const [first] = assessment.findings;
		if (first) first.message = "word ".repeat(60).trim();
		const line = show(assessment)
			.split("\n")
			.find((candidate) => candidate.includes("f_00000000000000000000"));
		expect(line).toBe(`    new, break-glass: ${first?.system}: ${first?.message}  f_00000000000000000000`);
	});

	it("names no system where there is one only", () => {
		const assessment = testAssessment();
		assessment.systems = assessment.systems.slice(0, 1);
		const text = show(assessment);
		expect(text).toContain("99 critical login number 0 break-glass");
		expect(text).not.toContain(`${assessment.findings[0]?.system}: ${assessment.findings[0]?.message}`);
	});

	it("says nothing is new on a first run, where all would be", () => {
		const text = show({ ...testAssessment(), trend: [] });
		expect(text).not.toMatch(/\bnew\b/);
	});

	it("counts what it leaves out, with the right plural", () => {
		const text = renderTerminal(testAssessment(), { color: false, width: 100, perPolicy: 1 });
		expect(text).toContain("and 2 more");
		expect(text).toContain("1 policy passes: policy-6 (1,200 of 1,200)");
		expect(text).toContain("1 policy applies to nothing here");
	});

	it("shows gaps in coverage with their mend, exemptions, problems, and what to type next", () => {
		const text = show(testAssessment());
		expect(text).toContain("settings: partial, 44 read, 2 not met again: scopes scope number 0, scope number 1 are missing");
		expect(text).toContain("enrolled MFA methods: partial, 40 of 9,800 read: detail number 2");
		expect(text).toContain("apps: unreadable, nothing read");
		expect(text).toContain("login number 4 from policy-0 until expires number 0: reason number 0 (owner number 0, ticket number 0)");
		expect(text).toContain("line 15: problem number 0 (nothing is written until this is mended)");
		expect(text).toContain("path number 1: problem number 1\n");
		expect(text).toContain("Next: keelson explain f_00000000000000000000 says why; keelson plan proposes changes");
		expect(renderTerminal(testAssessment(), { color: false, width: 200, stack: "other.yaml" })).toContain("keelson plan -s other.yaml");
	});

	it("lists accounts above low only, and marks emergency accounts", () => {
		const text = show(testAssessment());
		expect(text).toMatch(/99 critical login number 0 in \S.* break-glass, privileged, up to 100 → advice number 0/);
		expect(text).not.toContain("login number 3 ");
	});
});
