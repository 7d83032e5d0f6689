import type { Assessment } from "../model/assessment.js";
import type { Severity } from "../model/finding.js";
import { type Check, checksOf, plain, unknownWords } from "./checks.js";
import { fingerprint } from "./fingerprint.js";
import { type Place, placeOf, placeOfPolicy, type Surroundings } from "./surroundings.js";

/** One entry of a code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. */
interface Issue {
	description: string;
	check_name: string;
	fingerprint: string;
	severity: "info" | "minor" | "major" | "critical" | "blocker";
	location: { path: string; lines: { begin: number } };
}

const severityOf = { info: "info", low: "minor", medium: "major", high: "critical", critical: "blocker" } satisfies Record<Severity, Issue["severity"]>;

/**
 * GitLab's code quality report: open findings, and one entry for each policy that lacks data, so that a finding whose data is gone
 * does not look mended. Exempted and fixed findings are left out: the format has no word for them. GitLab shows entries of one
 * fingerprint once, and takes those that are gone for fixed.
 */
export function* gitlabParts(assessment: Assessment, surroundings: Surroundings): Iterable<string> {
	let before = "[";
	for (const issue of issues(assessment, surroundings)) {
		yield `${before}\n  ${JSON.stringify(issue)}`;
		before = ",";
	}
	yield before === "[" ? "[]\n" : "\n]\n";
}

function* issues(assessment: Assessment, surroundings: Surroundings): Iterable<Issue> {
	for (const check of checksOf(assessment, surroundings)) {
		for (const finding of check.findings) {
			if (finding.outcome === "excepted") continue;
			const review = finding.outcome === "review";
			const text = `${review ? "To review: " : ""}${finding.message}`;
			yield issue(
				check,
				text,
				fingerprint(assessment.tenant, finding.id),
				review ? "info" : severityOf[finding.severity],
				placeOf(finding, surroundings.places),
			);
		}
		if (check.unknown.any) {
			const text = `${check.title}: ${unknownWords(check)}. This is no pass.`;
			yield issue(check, text, fingerprint(assessment.tenant, "unknown", check.policy), "minor", placeOfPolicy(check.policy, surroundings.places));
		}
	}
}

function issue(check: Check, text: string, print: string, severity: Issue["severity"], place: Place): Issue {
	return {
		description: plain(text),
		check_name: plain(check.policy, 255),
		fingerprint: print,
		severity,
		location: { path: place.path, lines: { begin: place.line } },
	};
}
