import type { Finding, PolicyCounts } from "../model/finding.js";
import { safeText } from "./sanitise.js";
import { type Page, plain, textLimits } from "./terminal-page.js";
import { marksOf, sentenceOf, type View } from "./view.js";
import { counted, tallyWords, unknownFields, whole } from "./words.js";

/** Title, counts and, for what is unknown, the field that lacks. */
export function policyLines(page: Page, counts: PolicyCounts): void {
	const { c } = page;
	page.gap();
	const failing = counts.fail > 0;
	const word = failing ? counts.severity : counts.review > 0 ? "review" : "unknown";
	const paint = failing ? page.paint(counts.severity) : c.yellow;
	page.hanging(failing ? "✗ " : "? ", paint, word, [c.bold, safeText(counts.title, "terminal")]);
	const [field, ...others] = counts.unknown > 0 ? unknownFields(counts) : [];
	const more = others.length > 0 ? ` and ${counted(others.length, "other field")}` : "";
	const lacking = field === undefined ? "" : ` (no data for ${safeText(field, "terminal")}${more})`;
	page.ending("  ", [[plain, tallyWords(counts) + lacking]], [c.dim, safeText(counts.policy, "terminal")]);
}

/** The first findings of a policy, each with its id, and how many more there are. */
export function findingLines(page: Page, findings: Finding[], view: View, limit: number): void {
	const { c } = page;
	for (const finding of findings.slice(0, limit)) {
		const marks = marksOf(finding, view).join(", ");
		const message = safeText(sentenceOf(finding, view), "terminal", textLimits.message);
		page.ending(
			"    ",
			[
				[c.magenta, marks && `${marks}:`],
				[plain, message],
			],
			[c.dim, safeText(finding.id, "terminal")],
		);
	}
	if (findings.length > limit) page.hanging("    ", c.dim, `and ${whole(findings.length - limit)} more`);
}
