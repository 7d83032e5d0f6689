import type { Assessment } from "../model/assessment.js";
import { type Severity, severities } from "../model/finding.js";
import { CliError } from "./exit.js";

/** Whether a severity is at least `--fail-on`. @throws CliError on a word that is no severity */
export function reaches(severity: Severity, failOn = "critical"): boolean {
	if (failOn === "none") return false;
	const floor = severities.indexOf(failOn as Severity);
	if (floor < 0) throw new CliError(`--fail-on takes critical, high, medium, low, info or none, not ${JSON.stringify(failOn)}`);
	return severities.indexOf(severity) >= floor;
}

/** True when an open failure is at least as severe as `--fail-on`. @throws CliError on a word that is no severity */
export function failsOn(assessment: Assessment, failOn = "critical"): boolean {
	reaches("critical", failOn);
	return assessment.findings.some((finding) => finding.state !== "fixed" && finding.outcome === "fail" && reaches(finding.severity, failOn));
}
