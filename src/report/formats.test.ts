import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assessment } from "../model/assessment.js";
import { renderCsv } from "./csv.js";
import { renderHtml } from "./html.js";
import { renderJson } from "./json.js";
import { markdownSize, renderMarkdown } from "./markdown.js";
import { renderTerminal } from "./terminal.js";
import { anyAssessment } from "./test-arbitrary.js";
import { testAssessment, testPlanReport } from "./test-assessment.js";
import { csvRows } from "./test-csv.js";
import { harmful } from "./test-hostile.js";
import { machineFormats } from "./test-surroundings.js";
import { columns } from "./wrap.js";

const formats: Record<string, (assessment: Assessment) => string> = {
	terminal: (assessment) => renderTerminal(assessment, { color: true, width: 80 }),
	html: (assessment) => renderHtml(assessment, { plan: testPlanReport() }),
	markdown: (assessment) => renderMarkdown(assessment, { plan: testPlanReport() }),
	json: renderJson,
	csv: renderCsv,
	...machineFormats,
};

describe.each(Object.entries(formats))("%s", (_, render) => {
	it("gives the same bytes for the same assessment, whatever the order of its keys, and leaves it as it was", () => {
		const assessment = testAssessment();
		const before = structuredClone(assessment);
		const text = render(assessment);
		expect(assessment).toEqual(before);
		expect(render(reversed(assessment))).toBe(text);
	});

	it("renders any assessment", () => {
		fc.assert(
			fc.property(anyAssessment, (assessment) => {
				expect(render(assessment).length).toBeGreaterThan(0);
			}),
			{ numRuns: 150 },
		);
	});
});

describe("any assessment", () => {
	it("is a page in which every < is Keelson's own, and nothing is hidden", () => {
		fc.assert(
			fc.property(anyAssessment, (assessment) => {
				const html = renderHtml(assessment);
				expect(html).not.toMatch(harmful);
				expect(
					html.replace(/<\/?[a-z][a-z0-9]*(?: [a-zA-Z-]+(?:="[^"]*")?)*\/?>|<!doctype html>/g, "").replace(/^[\s\S]*?addEventListener[\s\S]*$/, ""),
				).not.toContain("<");
			}),
			{ numRuns: 100 },
		);
	});

	it("has no terminal line wider than the terminal, and loses nothing by wrapping", () => {
		const letters = (text: string) => text.replace(/\s+/g, "");
		fc.assert(
			fc.property(anyAssessment, fc.integer({ min: 20, max: 120 }), (assessment, width) => {
				const narrow = renderTerminal(assessment, { color: false, width });
				for (const line of narrow.split("\n")) expect(columns(line)).toBeLessThanOrEqual(width);
				expect(letters(narrow).replaceAll("⟨U+003A⟩", ":")).toBe(
					letters(renderTerminal(assessment, { color: false, width: Number.POSITIVE_INFINITY })).replaceAll("⟨U+003A⟩", ":"),
				);
			}),
		);
	});

	it("is CSV with one line for each finding", () => {
		fc.assert(
			fc.property(anyAssessment, (assessment) => {
				const rows = csvRows(renderCsv(assessment));
				expect(rows).toHaveLength(assessment.findings.length + 1);
				expect(rows.every((row) => row.length === 20)).toBe(true);
			}),
		);
	});

	it("is Markdown never longer than the limit, whatever the limit", () => {
		fc.assert(
			fc.property(anyAssessment, fc.nat({ max: 8000 }), (assessment, limit) => {
				expect(markdownSize(renderMarkdown(assessment, { limit, plan: testPlanReport() }))).toBeLessThanOrEqual(limit);
			}),
		);
	});
});

/** The same value with the keys of every object the other way round. */
function reversed<T>(value: T): T {
	if (Array.isArray(value)) return value.map(reversed) as T;
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.reverse()
			.map(([key, held]) => [key, reversed(held)]),
	) as T;
}
