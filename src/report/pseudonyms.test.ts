import { describe, expect, it } from "vitest";
import { renderCsv } from "./csv.js";
import { renderHtml } from "./html.js";
import { renderJson } from "./json.js";
import { renderMarkdown } from "./markdown.js";
import { pseudonym, withPseudonyms } from "./pseudonyms.js";
import { planWithPseudonyms } from "./pseudonyms-plan.js";
import { renderTerminal } from "./terminal.js";
import { type Texts, testAssessment, testPlanReport } from "./test-assessment.js";
import { machineFormats, testSurroundings } from "./test-surroundings.js";

const canary = "Kanarek";
/** What the vendor's answers and the stack file's author write holds the canary; ids, and what policies' authors write, do not. */
const authored = new Set([
	"tenant",
	"system",
	"provider",
	"digest",
	"policy",
	"title",
	"cause",
	"why",
	"remediation",
	"control",
	"field",
	"scope",
	"request",
	"kind",
	"exposure",
	"advice",
	"expires",
	"mismatch",
]);
const texts: Texts = (field, number) => {
	if (field === "id") return `f_${number}`;
	if (field === "key") return `okta/00u${number}`;
	return authored.has(field) ? `${field}-${number}` : `${canary} ${number} <kanarek${number}@acme.example>`;
};

const assessment = testAssessment(texts);
const hidden = withPseudonyms(assessment);
const plan = planWithPseudonyms(testPlanReport(texts));
const formats: Record<string, (of: typeof assessment, planned: typeof plan) => string> = {
	...Object.fromEntries(Object.entries(machineFormats).map(([name, render]) => [name, (of: typeof assessment) => render(of, testSurroundings())])),
	terminal: (of) => renderTerminal(of, { color: false, width: 100 }),
	html: (of, planned) => renderHtml(of, { plan: planned }),
	markdown: (of, planned) => renderMarkdown(of, { plan: planned, limit: 1_000_000 }),
	json: renderJson,
	csv: renderCsv,
};

describe.each(Object.entries(formats))("%s", (_, render) => {
	it("names nobody, and the subjects by their ids", () => {
		const text = render(hidden, plan);
		expect(text).not.toMatch(/kanarek|@acme/i);
		expect(text).toContain("00u0");
	});

	it("would name them otherwise", () => {
		expect(render(assessment, testPlanReport(texts))).toMatch(/kanarek/i);
	});
});

it("keeps what names nobody: outcomes, times, numbers of evidence, and the same pseudonym for the same subject", () => {
	expect(hidden.findings.map(({ id, outcome, state, firstSeen }) => ({ id, outcome, state, firstSeen }))).toEqual(
		assessment.findings.map(({ id, outcome, state, firstSeen }) => ({ id, outcome, state, firstSeen })),
	);
	const [finding] = assessment.findings;
	const facts = [true, 7, null, "2026-01-01", "2026-01-01T10:00:00.000Z", "Kim", ["Kim", "Leo"], { name: "Kim" }];
	const evidence = facts.map((value) => ({ field: "x", value, observedAt: null, call: "GET /api/v1/users/kim@acme.example", requestId: "r1" }));
	const [changed] = withPseudonyms({ ...assessment, findings: [{ ...(finding as (typeof assessment.findings)[0]), evidence }] }).findings;
	expect(changed?.evidence.map(({ value }) => value)).toEqual([...facts.slice(0, 5), "left out", "left out: a list of 2", "left out"]);
	expect(new Set(changed?.evidence.map(({ call, requestId }) => `${call} ${requestId}`))).toEqual(new Set(["GET r1"]));
	expect(pseudonym("okta/00u1")).toBe("okta/00u1");
	expect(pseudonym("hr/kim@acme.example")).toMatch(/^hr\/p_[0-9a-f]{20}$/);
	expect(pseudonym("hr/kim@acme.example")).toBe(pseudonym("hr/kim@acme.example"));
});
