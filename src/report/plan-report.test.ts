import { describe, expect, it } from "vitest";
import { renderHtml } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { mismatchesOf, verdictOf } from "./plan-report.js";
import { at, testAssessment, testPlan, testPlanReport } from "./test-assessment.js";

const plan = { ...testPlan(), tenant: "acme", basis: { scans: { okta: { id: 3, finished: at } }, stack: "s", policies: "p" } };
const fitting = { tenant: "acme", policyDigest: "p", stack: "s", scans: [{ system: "okta", scan: 3, finished: at }] };

describe("a plan beside an assessment", () => {
	it("fits what it was made from", () => expect(mismatchesOf(plan, fitting)).toEqual([]));

	it.each([
		["another tenant", { tenant: "other" }, /is for the tenant acme, and this report is of other/],
		[
			"a later scan",
			{ scans: [{ system: "okta", scan: 4, finished: at + 60_000 }] },
			/from the scan of okta of 2026-11-25T13:11:55Z, and this report shows that of 2026-11-25T13:12:55Z/,
		],
		["a scan of the same number elsewhere", { scans: [{ system: "okta", scan: 3, finished: at + 60_000 }] }, /this report shows that of/],
		["a system that is not reported", { scans: [] }, /okta, which is not in this report/],
		["other policies", { policyDigest: "q" }, /under other policies/],
		["another stack file", { stack: "t" }, /stack file has changed/],
	])("says plainly that it was made for %s", (_, change, sentence) => {
		const found = mismatchesOf(plan, { ...fitting, ...change });
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(sentence);
	});

	it("has the guardrails' verdict in one sentence", () => {
		const report = testPlanReport();
		expect(verdictOf(report)).toMatchObject({ sentence: expect.stringContaining("would refuse it"), reasons: ["budget: refusal number 0"] });
		expect(verdictOf({ ...report, refusals: [] }).sentence).toContain("would make it, and leave 1 of 2 out");
		expect(verdictOf({ ...report, refusals: [], dropped: new Map() }).sentence).toContain("would make it. They are checked again");
		expect(verdictOf({ ...report, refusals: null }).sentence).toContain("not checked");
	});

	it("is shown in HTML and Markdown: what it touches, in what order, what can't be undone, and the posture then", () => {
		const plan = testPlanReport();
		const pages = [renderHtml(testAssessment(), { plan }).replace(/<[^>]+>/g, ""), renderMarkdown(testAssessment(), { plan })];
		for (const page of pages) {
			for (const part of [
				"mismatch number 0",
				"budget: refusal number 0",
				"dropped number 0",
				"After 1.",
				"cannot be undone",
				"0 administrators|1 administrator by proof",
			])
				expect(page).toMatch(new RegExp(part));
			expect(page.replaceAll("*", "")).toMatch(/Posture 54\/100 → 61\/100/);
			expect(page).toMatch(/2 actions on 2 accounts/);
		}
	});

	it("is no part of a page without one", () => {
		expect(renderHtml(testAssessment())).not.toContain('id="plan"');
		expect(renderMarkdown(testAssessment())).not.toContain("### Plan");
	});
});
