import type { Exposure, RiskScore } from "../model/finding.js";

/** What to do about an identity, most urgent first. */
export const advices = ["act now", "plan this week", "schedule", "get data", "watch"] as const;
export type Advice = (typeof advices)[number];

/**
 * The action printed beside a score: a tree, not a number, after CISA's SSVC.
 * A low score rests on missing data when something is unknown: on a privileged identity, and wherever nothing at all
 * is known, the advice is then to get the data.
 */
export function advise(score: RiskScore, exposure: Exposure, hasCriticalFinding: boolean): Advice {
	if (score.band === "critical") return "act now";
	if (hasCriticalFinding && exposure.topPrivilege === true) return "act now";
	if (score.band === "high") return "plan this week";
	if (score.band === "medium") return "schedule";
	if (score.band === "unknown") return "get data";
	const privileged = exposure.topPrivilege === true || exposure.privilege === true;
	const incomplete = score.unknownPolicies > 0 || score.score === null || score.scoreMax > score.score;
	return privileged && incomplete ? "get data" : "watch";
}
