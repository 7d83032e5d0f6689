import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Finding } from "../model/finding.js";
import { renderHtml } from "./html.js";
import { testAssessment } from "./test-assessment.js";

describe("the page", () => {
	it("allows its own style and script by their hashes, and nothing else", () => {
		const html = renderHtml(testAssessment());
		const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
		const hash = (tag: string) =>
			`'sha256-${createHash("sha256")
				.update(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? "")
				.digest("base64")}'`;
		expect(policy.replaceAll("&#39;", "'")).toBe(
			`default-src 'none'; style-src ${hash("style")}; script-src ${hash("script")}; base-uri 'none'; form-action 'none'`,
		);
		expect(html).not.toMatch(/(?:src|href)="(?!#)|style="|url\(|@import/);
	});

	it("has every link's target, each once", () => {
		const html = renderHtml(testAssessment());
		const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
		expect(new Set(ids).size).toBe(ids.length);
		const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
		expect(links.length).toBeGreaterThan(10);
		for (const link of links) expect(ids).toContain(link);
	});

	it("shows each figure with its denominator, and the unknown as unknown", () => {
		const text = words(renderHtml(testAssessment()));
		expect(text).toContain("54 of 100");
		expect(text).toContain("2 of 1,207 fail, 3 unknown, 1 to review, 1 excepted");
		expect(text).toContain("unknown for all 7");
		expect(text).toContain("40 of 9,800 read");
		const assessment = testAssessment();
		assessment.posture = { posture: null, postureMax: null, coverage: null, cappedBy: null };
		expect(words(renderHtml(assessment))).toContain("Posture unknown Higher is better. No policy applies to anything here.");
	});

	it("reads well without findings", () => {
		const text = words(renderHtml({ ...testAssessment(), findings: [], accounts: [], policies: [], problems: [], trend: [], systems: [] }));
		for (const sentence of ["No finding is open.", "No policy has an open failure.", "No account is known to be above low risk.", "This is the first run"])
			expect(text).toContain(sentence);
	});

	it("is bounded with 5,000 findings, spreads them over policies, and says what is left out", () => {
		const assessment = testAssessment();
		const [first] = assessment.findings as [Finding];
		const many = (policy: string, count: number) =>
			Array.from(
				{ length: count },
				(_, number): Finding => ({ ...first, policy, title: policy, id: `f_${policy.length}${number.toString(16)}`, state: "open" }),
			);
		assessment.findings = [...many("crowd", 4900), ...many("others", 90), ...many("few", 10)];
		const html = renderHtml(assessment);
		expect(html.length).toBeLessThan(4_000_000);
		expect([...html.matchAll(/<details class="finding"/g)]).toHaveLength(1000);
		const text = words(html);
		expect(text).toContain("5,000 open, those of the riskiest first. 1,000 are shown here; 4,000 are left out");
		expect(text).toContain("crowd 900 of 4,900");
		expect(text).toContain("others 90");
		expect(text).toContain("few 10");
	});

	it("names no element after an id that is not Keelson's own", () => {
		const assessment = testAssessment((field, number) => (field === "id" ? `filter${number}` : `${field} ${number}`));
		expect(renderHtml(assessment)).not.toContain('id="filter0"');
	});
});

function words(html: string): string {
	return html
		.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "")
		.replace(/<\/?bdi>/g, "")
		.replace(/<[^>]*>/g, " ")
		.replace(/\s+/g, " ");
}
