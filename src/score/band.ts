import type { Band } from "../model/finding.js";

/** The whole number that is shown for a raw score; bands are read from it, so they have no gaps. */
export function shown(score: number): number {
	return Math.floor(score + 0.5);
}

/** Band of a score 0–100: low 0–20, medium 21–50, high 51–75, critical 76–100. Null, nothing known, is `unknown`, never low. */
export function band(score: number | null): Band {
	if (score === null || Number.isNaN(score)) return "unknown";
	const whole = shown(score);
	if (whole <= 20) return "low";
	if (whole <= 50) return "medium";
	return whole <= 75 ? "high" : "critical";
}
