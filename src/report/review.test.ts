import { expect, it } from "vitest";
import type { Finding } from "../model/finding.js";
import { markdownSize, renderMarkdown } from "./markdown.js";
import { changeOf, type Review, reviewLead, reviewSections } from "./review.js";
import { testAssessment, testPlanReport } from "./test-assessment.js";

const assessment = testAssessment();
const [some] = assessment.findings as [Finding];
const finding = (change: Partial<Finding>): Finding => ({ ...some, state: "open", outcome: "fail", severity: "high", ...change });
const change = (before: Finding[], now: Finding[]) => {
	const { milder, toChange, drift, made, cleared } = changeOf({
		proposed: { ...assessment, findings: now },
		base: { name: "main", assessment: { ...assessment, findings: before } },
	});
	return Object.fromEntries(Object.entries({ milder, toChange, drift, made, cleared }).map(([name, list]) => [name, list.length]));
};
const review = (more: Partial<Review>): Review => ({
	...{ proposed: assessment, base: { name: "main", assessment }, rules: [], declared: [], plans: [], failOn: null, objections: [] },
	...more,
});
const shown = (made: Review) => renderMarkdown(made.proposed, { lead: reviewLead(made), first: reviewSections(made) });

it("tells of a finding that is taken less seriously", () => {
	const none = { milder: 0, toChange: 0, drift: 0, made: 0, cleared: 0 };
	expect(change([finding({})], [finding({})])).toEqual(none);
	expect(change([finding({})], [finding({ severity: "info" })])).toEqual({ ...none, milder: 1 });
	expect(change([finding({})], [finding({ outcome: "review" })])).toEqual({ ...none, milder: 1 });
	expect(change([finding({ severity: "info" })], [finding({})])).toEqual(none);
});

it("hides no change to what is declared behind drift that was there before", () => {
	const managed = (message: string) => finding({ message, subject: { kind: "managed", key: "okta/role/SUPER_ADMIN", label: "" } });
	expect(change([managed("1 missing")], [managed("1 missing")])).toMatchObject({ drift: 1, toChange: 0 });
	expect(change([managed("1 missing")], [managed("2 missing: evil")])).toMatchObject({ drift: 0, toChange: 1 });
});

it("has room for every part, however long a proposal makes one of them", () => {
	const rules = Array.from({ length: 3000 }, (_, number) => ({ rule: `exemptions.${number}`, after: "x".repeat(200), looser: true }));
	const report = testPlanReport();
	const text = shown(review({ rules, plans: [{ file: "plans/a.yaml", report }] }));
	expect(text).toContain("### Rules that this change alters (3,000)");
	expect(text).toMatch(/### \S+ Plan `plans\/a\.yaml`/);
	expect(text).toMatch(/Left out to stay within the length allowed here: \d+ of 3000 altered rules/);
	// The hidden line by which the comment is found again has room beside it.
	expect(markdownSize(text)).toBeLessThanOrEqual(65_536 - 150);
});

it("has a head that no number of plans or objections makes too long", () => {
	const plans = Array.from({ length: 900 }, (_, number) => ({ file: `plans/${"p".repeat(60)}-${number}.yaml`, report: testPlanReport() }));
	const text = shown(review({ plans, objections: Array.from({ length: 900 }, () => "it ".repeat(200)) }));
	expect(text).not.toContain("does not fit");
	expect(text).toMatch(/[\d,]{3,} things stand against this change/);
	expect(text).toMatch(/- and [\d,]{3,} more things/);
	expect(text).toContain("| and 880 more plans | |");
});
