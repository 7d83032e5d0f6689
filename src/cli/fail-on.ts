import type { Assessment } from "../model/assessment.js";
import { type Severity, severities } from "../model/finding.js";
import { CliError } from "./exit.js";

/** True when an open failure is at least as severe as `--fail-on`. @throws CliError on a word that is no severity */
export function failsOn(assessment: Assessment, failOn = "critical"): boolean {
	if (failOn === "none") return false;
	const floor = severities.indexOf(failOn as Severity);
	if (floor < 0) throw new CliError(`--fail-on takes critical, high, medium, low, info or none, not ${JSON.stringify(failOn)}`);
	return assessment.findings.some((finding) => finding.state !== "fixed" && finding.outcome === "fail" && severities.indexOf(finding.severity) >= floor);
}
