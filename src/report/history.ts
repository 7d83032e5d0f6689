import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { earlierRuns } from "./words.js";

/**
 * Puts the stored findings' history into an assessment that was judged without writing: when each was first seen, what is new
 * or reopened, and what the newest run found fixed. For a time in the past, what came later is left out.
 */
export function withHistory(assessment: Assessment, stored: Finding[]): Assessment {
	const { at } = assessment;
	const before = earlierRuns(assessment).at(-1)?.at;
	const byId = new Map(stored.map((finding) => [finding.id, finding]));
	const judged = new Set(assessment.findings.map(({ id }) => id));
	const findings = assessment.findings.map((finding): Finding => {
		const past = byId.get(finding.id);
		if (!past || past.firstSeen >= at) return { ...finding, state: "new", firstSeen: at };
		return { ...finding, state: past.state === "reopened" ? "reopened" : "open", firstSeen: past.firstSeen };
	});
	const fixed = stored.filter(({ id, state, lastSeen }) => state === "fixed" && !judged.has(id) && before !== undefined && lastSeen >= before && lastSeen < at);
	return { ...assessment, trend: assessment.trend.filter((past) => past.at <= at), findings: [...findings, ...fixed.sort((a, b) => (a.id < b.id ? -1 : 1))] };
}
