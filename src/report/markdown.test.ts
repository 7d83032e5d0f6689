import { describe, expect, it } from "vitest";
import { markdownSize, renderMarkdown } from "./markdown.js";
import { testAssessment, testPlanReport } from "./test-assessment.js";

describe("the Markdown report", () => {
	it("leads with posture, what changed and where to go", () => {
		const text = renderMarkdown(testAssessment());
		expect(text).toContain("| Posture | **54/100** up to 60 were every unknown fine; +3 since the run before; 82 % of checks have data |");
		expect(text.indexOf("### New findings (10)")).toBeLessThan(text.indexOf("### What to do next"));
		expect(text).toContain("### Fixed (5)");
		expect(text).toMatch(/\| 99 critical \(up to 100\) \| login number 0 in \S.* \(privileged, break-glass\) \|/);
	});

	it("sums up a plan, and says what cannot be undone", () => {
		const text = renderMarkdown(testAssessment(), { plan: testPlanReport() });
		expect(text).toContain(
			"2 actions on 2 accounts of which 1 privileged (system number 0 2 of an unknown number that can sign in); **1 cannot be undone**. Posture 54/100 → 61/100",
		);
		expect(text).toContain("| `remove-role` | 2 | 1 of 2 |");
		expect(text).toContain("why number 3");
	});

	it("stays within GitHub's limit with 5,000 findings, and says how many it leaves out", () => {
		const assessment = testAssessment();
		const [first] = assessment.findings;
		assessment.findings = Array.from({ length: 5000 }, (_, number) => ({ ...(first ?? assessment.findings[0]), id: `f_${number}`, state: "open" }) as never);
		const text = renderMarkdown(assessment);
		expect(markdownSize(text)).toBeLessThanOrEqual(65_536);
		const shown = text.split("\n").filter((line) => line.startsWith("| critical | ")).length;
		const [, left] = /Left out to stay within the length allowed here: (\d+) of 5000 open findings/.exec(text) ?? [];
		expect(shown).toBeGreaterThan(100);
		expect(Number(left) + text.split("`f_").length - 1).toBe(5000);
	});

	it("names every part it has no room for", () => {
		const text = renderMarkdown(testAssessment(), { limit: 1500 });
		expect(text).toMatch(/Left out .*new findings; .*next steps; .*riskiest accounts; .*coverage/);
		expect(text).not.toMatch(/### [^\n]*\n\n\|[^\n]*\n\|[-|]*\n(?!\|)/);
		expect(renderMarkdown(testAssessment(), { limit: 100 })).toBe("This report does not fit into the length allowed here: run keelson report.\n");
	});
});
