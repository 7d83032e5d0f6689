import type { Assessment } from "../model/assessment.js";
import { type PolicyCounts, severities } from "../model/finding.js";
import { policyPosture, severityWeight } from "../score/posture.js";

/** Mending one policy's findings, and what that brings. */
export interface Step {
	counts: PolicyCounts;
	/** Points that the mean behind posture gains, 0–100. What holds the posture down (docs/scoring.md) is apart. */
	gain: number;
	/** Risk points that its findings put on accounts, summed over accounts. */
	risk: number;
	/** Accounts at high or critical risk that it touches. */
	accounts: number;
	/** Sentences for a person to follow. */
	advice: string[];
	/** Kinds of change that Keelson can plan. */
	changes: string[];
}

/** What to do next: the policies with failures, by the posture they bring back, then by the risk they take from accounts. */
export function nextSteps(assessment: Assessment): Step[] {
	const total = assessment.policies
		.filter((counts) => policyPosture(counts).coverage !== null)
		.reduce((sum, counts) => sum + severityWeight[counts.severity], 0);
	const policyOf = new Map(assessment.findings.map((finding) => [finding.id, finding.policy]));
	const risk = new Map<string, number>();
	const accounts = new Map<string, Set<string>>();
	for (const account of assessment.accounts)
		for (const { source, id, points } of account.risk.contributions) {
			const policy = source === "finding" ? policyOf.get(id) : undefined;
			if (policy === undefined) continue;
			risk.set(policy, (risk.get(policy) ?? 0) + points);
			if (account.risk.band === "high" || account.risk.band === "critical") accounts.set(policy, (accounts.get(policy) ?? new Set()).add(account.key));
		}
	const texts = new Map<string, string[]>();
	for (const finding of assessment.findings) if (finding.state !== "fixed" && !texts.has(finding.policy)) texts.set(finding.policy, finding.remediation);
	return assessment.policies
		.filter((counts) => counts.fail > 0)
		.map((counts) => {
			const steps = texts.get(counts.policy) ?? [];
			return {
				counts,
				gain: total === 0 ? 0 : (severityWeight[counts.severity] * failingShare(counts) * 100) / total,
				risk: risk.get(counts.policy) ?? 0,
				accounts: accounts.get(counts.policy)?.size ?? 0,
				advice: steps.filter(isSentence),
				changes: steps.filter((step) => !isSentence(step) && step !== "notify"),
			};
		})
		.sort(
			(a, b) =>
				b.gain - a.gain ||
				b.risk - a.risk ||
				severities.indexOf(b.counts.severity) - severities.indexOf(a.counts.severity) ||
				(a.counts.policy < b.counts.policy ? -1 : 1),
		);
}

/** What brings posture back when the failures are mended; exempted ones stay. */
function failingShare({ weight }: PolicyCounts): number {
	const all = weight.pass + weight.fail + weight.unknown + weight.excepted;
	return all === 0 ? 0 : weight.fail / all;
}

/** Remediations are ids of changes (`remove-privileged-role`) or sentences. */
function isSentence(step: string): boolean {
	return step.includes(" ");
}
