import type { Posture } from "../model/finding.js";
import type { Coverage } from "../model/snapshot.js";

/** A posture number for people; nothing known is never printed as 0. */
export function points(value: number | null): string {
	return value === null ? "unknown" : `${Math.round(value)}/100`;
}

/** What the number could be if everything unknown were fine. */
export function range(posture: Posture): string {
	if (posture.posture === null || posture.postureMax === null) return "";
	const max = Math.round(posture.postureMax);
	const known = posture.coverage === null ? "" : `, ${Math.floor(posture.coverage * 100)} % of checks have data`;
	return max === Math.round(posture.posture) ? "" : ` (up to ${max}${known})`;
}

/** `authenticators: partial, 40 of 9,800 read: the request budget of 40 was used up`. */
export function coverageLine(coverage: Coverage): string {
	const share = coverage.eligible === null ? `${coverage.known} known` : `${coverage.known} of ${coverage.eligible} known`;
	const reasons = coverage.reasons.map((reason) => reason.detail).join("; ");
	return `${coverage.collection}: ${coverage.state}, ${share}${reasons ? `: ${reasons}` : ""}`;
}
