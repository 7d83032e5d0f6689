import type { AccountRisk, AssessedSystem, Assessment, Problem } from "../model/assessment.js";
import type { Evidence, Finding } from "../model/finding.js";
import { withheldWords } from "../model/withheld.js";
import { fingerprint } from "./fingerprint.js";
import { causeWords } from "./words.js";

const leftOut = "left out";

/**
 * The assessment without personal data: subjects by the vendor's immutable id alone, which is a pseudonym (GDPR Art. 4 no. 5), the same
 * in every report. Whatever may hold a name is left out rather than searched for names: messages become the policy's title, of evidence
 * stay truth values, numbers and times. An id that is an address stands as a hash of it. What the policies' authors wrote stays.
 */
export function withPseudonyms(assessment: Assessment): Assessment {
	const { tenant, at, policyDigest, posture, policies, bands, trend, baseline } = assessment;
	// Key by key, here and below: what is added to the model later is left out until it is looked at.
	return {
		...{ tenant, at, policyDigest, posture, policies, bands, trend },
		...(baseline && { baseline: { ...baseline, fixed: baseline.fixed.map(({ policy, subject }) => ({ policy, subject: pseudonym(subject) })) } }),
		systems: assessment.systems.map(systemOf),
		findings: assessment.findings.map(findingOf),
		accounts: assessment.accounts.map(accountOf),
		problems: assessment.problems.map(problemOf),
	};
}

/** `okta/00u1` as it is. */
export function pseudonym(key: string): string {
	if (/^[\w.:/-]+$/.test(key)) return key;
	const slash = key.indexOf("/");
	return `${key.slice(0, slash + 1)}p_${fingerprint(key).slice(0, 20)}`;
}

function findingOf(finding: Finding): Finding {
	const key = pseudonym(finding.subject.key);
	const { id, policy, title, severity, cause, outcome, system, remediation, controls, state, firstSeen, lastSeen, exemption, withheld } = finding;
	return {
		...{ id, policy, title, severity, cause, outcome, system, remediation, controls, state, firstSeen, lastSeen },
		subject: { kind: finding.subject.kind, key, label: key },
		message: `${finding.title}: ${key}${withheld ? `; ${withheldWords(withheld)}` : ""}`,
		evidence: finding.evidence.map(evidenceOf),
		...(exemption && { exemption: { owner: leftOut, reason: leftOut, expires: exemption.expires, ...(exemption.source && { source: exemption.source }) } }),
		...(withheld && { withheld }),
	};
}

function evidenceOf(fact: Evidence): Evidence {
	const { field, unknown, observedAt, requestId } = fact;
	return {
		...{ field, observedAt, requestId },
		...(unknown && { unknown }),
		...(fact.value !== undefined && { value: shownValue(fact.value) }),
		// Addresses of calls hold logins where the vendor's paths do.
		call: /^[A-Z]+ /.test(fact.call) ? (fact.call.split(" ", 1)[0] ?? leftOut) : fact.call === "stack file" || fact.call === "derived" ? fact.call : leftOut,
	};
}

function shownValue(value: unknown): unknown {
	if (value === null || typeof value === "boolean" || typeof value === "number") return value;
	if (typeof value === "string" && /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)?$/.test(value)) return value;
	if (Array.isArray(value)) return `${leftOut}: a list of ${value.length}`;
	return leftOut;
}

function accountOf(account: AccountRisk): AccountRisk {
	const key = pseudonym(account.key);
	const { kind, privileged, breakGlass, risk, exposure, findings, unknownPolicies, advice } = account;
	return { key, label: key, kind, privileged, ...(breakGlass && { breakGlass }), risk, exposure, findings, unknownPolicies, advice };
}

/** Paths hold names of the stack file's author's choice below the first word, messages the logins it is about. */
function problemOf({ path, line, blocksWrites }: Problem): Problem {
	return {
		path: /^[a-z]+(?=[.[]|$)/i.exec(path)?.[0] ?? "stack file",
		line,
		blocksWrites,
		message: "something declared here does not fit: keelson check says what",
	};
}

function systemOf(system: AssessedSystem): AssessedSystem {
	const coverage = system.coverage.map((one) => ({
		...one,
		unseen: one.unseen.map(pseudonym),
		reasons: one.reasons.map((reason) => ({ ...reason, detail: causeWords[reason.cause] })),
	}));
	return { ...system, coverage };
}
