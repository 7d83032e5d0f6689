import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import type { BaselineEntry } from "../stack/baseline.js";

/** Findings that a baseline may accept, and those that it leaves open, with why. */
export interface Acceptable {
	accept: Finding[];
	/** Too grave to be accepted with everything else. */
	held: Finding[];
	/** Accepted before, until a day that is over. */
	again: Finding[];
}

export interface AcceptOptions {
	/** Only of these policies [all]. */
	policies?: string[];
	/** Grave ones too. */
	includeCritical?: boolean;
	/** Those too whose time is over. */
	renew?: boolean;
}

/** Chooses among the open failures of an assessment. `entries`: those of the baseline so far. */
export function acceptable(assessment: Assessment, entries: BaselineEntry[], options: AcceptOptions): Acceptable {
	const emergency = new Set(assessment.accounts.filter(({ breakGlass }) => breakGlass).map(({ key }) => key));
	const before = new Set(entries.flatMap(({ policy, subjects }) => subjects.map(({ key }) => `${policy}\0${key}`)));
	const out: Acceptable = { accept: [], held: [], again: [] };
	for (const finding of assessment.findings) {
		if (finding.outcome !== "fail" || finding.state === "fixed" || !(options.policies?.includes(finding.policy) ?? true)) continue;
		if (!options.includeCritical && isGrave(finding, emergency)) out.held.push(finding);
		else if (!options.renew && before.has(`${finding.policy}\0${finding.subject.key}`)) out.again.push(finding);
		else out.accept.push(finding);
	}
	return out;
}

/** Takes the tenant, or the way back into it: critical, or about emergency accounts. */
function isGrave({ severity, cause, subject }: Finding, emergency: ReadonlySet<string>): boolean {
	return severity === "critical" || cause === "breakglass" || emergency.has(subject.key);
}
