import { describe, expect, it } from "vitest";
import { renderCsv } from "./csv.js";
import { renderHtml } from "./html.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { renderTerminal } from "./terminal.js";
import { type Texts, testAssessment, testPlanReport } from "./test-assessment.js";
import { csvRows } from "./test-csv.js";
import { harmful, hostile } from "./test-hostile.js";

/** The same hostile text in every field, numbered so that ids and policies stay apart. */
const hostileTexts =
	(text: string): Texts =>
	(field, number) =>
		field === "id" || field === "policy" || field === "key" ? `${text} ${number}` : `${text}`;
const benignTexts: Texts = (field, number) => (field === "id" || field === "policy" || field === "key" ? `plain text ${number}` : "plain text");

describe.each(hostile.map((text) => ({ text })))("$text in every field", ({ text }) => {
	const assessment = testAssessment(hostileTexts(text));
	const plan = testPlanReport(hostileTexts(text));
	const benign = testAssessment(benignTexts);

	it("adds no element and no attribute to the HTML page", () => {
		const html = renderHtml(assessment, { plan });
		expect(html).not.toMatch(harmful);
		// Whether a policy's remediation is a sentence decides what stands around it, so that a text without a space differs there.
		const like = text.includes(" ") ? benign : testAssessment((field, number) => benignTexts(field, number).replace("plain text", "plain-text"));
		expect(skeleton(html)).toEqual(skeleton(renderHtml(like, { plan: testPlanReport(benignTexts) })));
	});

	it("writes no escape sequence and no workflow command to the terminal", () => {
		for (const width of [40, 80, Number.POSITIVE_INFINITY]) {
			expect(renderTerminal(assessment, { color: false, width })).not.toMatch(harmful);
			const coloured = renderTerminal(assessment, { color: true, width });
			expect(coloured.replace(/\u001b\[(0|1|2|22|31|32|33|35|36|39)m/g, "")).not.toMatch(harmful);
			for (const line of renderTerminal(assessment, { color: false, width }).split("\n")) expect(line).not.toMatch(/^\s*::|##\w*\[/);
		}
	});

	it("changes no line, table, link or mention of the Markdown", () => {
		const markdown = renderMarkdown(assessment, { plan, limit: 1_000_000 });
		expect(markdown).not.toMatch(harmful);
		expect(inert(markdown)).not.toMatch(/@[\p{L}\p{N}]|[a-z]:\/\/|www\./iu);
		expect(outline(markdown)).toEqual(outline(renderMarkdown(benign, { plan: testPlanReport(benignTexts), limit: 1_000_000 })));
	});

	it("links nothing in the Markdown that did not come with the policies and the stack file", () => {
		const reviewed = new Set(["remediation", "reason", "ticket"]);
		const tenants: Texts = (field, number) => (reviewed.has(field) ? benignTexts : hostileTexts(text))(field, number);
		expect(renderMarkdown(testAssessment(tenants), { plan: testPlanReport(hostileTexts(text)), limit: 1_000_000 })).not.toMatch(/<[a-z]+:|\]\(/i);
	});

	it("keeps its cells in the CSV, and none is a formula", () => {
		const csv = renderCsv(assessment);
		expect(csv.replaceAll("\r\n", "\n")).not.toMatch(harmful);
		const rows = csvRows(csv);
		expect(rows).toHaveLength(assessment.findings.length + 1);
		for (const row of rows) {
			expect(row).toHaveLength(20);
			for (const cell of row) expect(cell).not.toMatch(/^\s*[=+\-@|%]/);
		}
	});

	it("loses nothing in the JSON, and shows nothing hidden", () => {
		const json = renderJson(assessment);
		expect(json).not.toMatch(harmful);
		const read = JSON.parse(json);
		expect(read.tenant).toBe(assessment.tenant);
		expect(read.findings.map(({ message }: { message: string }) => message)).toEqual(assessment.findings.map(({ message }) => message));
		expect(read.findings[0].evidence[0].value).toEqual(assessment.findings[0]?.evidence[0]?.value);
	});
});

/** Element names with their attributes' names, in order; the few values that data reaches are left out. Everything else must be text. */
function skeleton(html: string): string[] {
	const body = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "<$1></$1>");
	const tag = /<(\/?[a-z0-9]+)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/g;
	expect(body.replace("<!doctype html>", "").replace(tag, "")).not.toContain("<");
	return [...body.matchAll(tag)].map(([, name, attributes = ""]) =>
		[name, ...[...attributes.matchAll(/\s([a-zA-Z-]+)(?:=|(?=\s|$))/g)].map(([, attribute]) => attribute)].join(" "),
	);
}

/** Without code, in which nothing acts, and without links of reviewed text. Code is of characters that don't end it. */
function inert(markdown: string): string {
	return markdown.replace(/`[A-Za-z0-9_.+\-/:@?=%#~]+`/g, "x").replace(/<https:\/\/[^\s<>|`]+>/g, "x");
}

/** What Markdown gives structure to in each line: its beginning, cells, emphasis, elements. Identifiers as code are plain text. */
function outline(markdown: string): string[] {
	return markdown.split("\n").map((line) => {
		const bare = inert(line)
			.replace(/&#\d+;/g, "x")
			.replace(/(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])/gu, "x");
		const start = /^(?:#+ |- |\d+\. |\||>|\s{4}|```|---)/.exec(bare)?.[0] ?? "";
		return start + bare.slice(start.length).replace(/[^|*_`#<>[\]~^$\\]/g, "");
	});
}
