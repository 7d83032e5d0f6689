import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { exposureWeight } from "../score/exposure.js";
import { tenantPosture } from "../score/posture.js";
import { riskScore } from "../score/risk.js";
import type { Plan } from "./plan.js";

/** Posture and the scores of the accounts concerned, now and if these findings were gone. What the changes do to exposure is left out: it can only lower them more. */
export function predict(assessment: Assessment, settled: Finding[]): Plan["score"] {
	const gone = new Map(settled.map((finding) => [finding.id, finding]));
	const risks = new Map(assessment.accounts.map((account) => [account.key, account]));
	const counts = assessment.policies.map((policy) => ({ ...policy, weight: { ...policy.weight } }));
	for (const finding of settled) {
		const policy = counts.find(({ policy }) => policy === finding.policy);
		const risk = risks.get(finding.subject.key);
		if (!policy) continue;
		const counted = finding.outcome === "excepted" ? "excepted" : "fail";
		policy[counted] = Math.max(0, policy[counted] - 1);
		policy.weight[counted] = Math.max(0, policy.weight[counted] - (risk ? exposureWeight(risk.exposure) : 1));
		// Floating-point dust would leave a policy that applies to nobody with a posture.
		if (policy[counted] === 0) policy.weight[counted] = 0;
		// A mended setting is still judged; an account without the role, or suspended, is not.
		if (finding.subject.kind === "setting") policy.weight.pass += 1;
	}
	const after = tenantPosture(counts);
	return {
		before: rounded(assessment.posture.posture),
		after: rounded(after.posture),
		accounts: assessment.accounts
			.filter((account) => account.findings.some((id) => gone.has(id)))
			.map((account) => ({ key: account.key, label: account.label, before: account.risk.score, after: scoreWithout(assessment, account, gone) })),
	};
}

function scoreWithout(assessment: Assessment, account: Assessment["accounts"][number], gone: Map<string, Finding>): number | null {
	const failed = assessment.findings
		.filter((finding) => account.findings.includes(finding.id) && !gone.has(finding.id))
		.map(({ id, title, severity, cause }) => ({ id, label: title, severity, cause }));
	const unknown = account.unknownPolicies.flatMap((id) =>
		assessment.policies.filter(({ policy }) => policy === id).map(({ title, severity, cause }) => ({ policy: id, label: title, severity, cause })),
	);
	const { evaluatedPolicies, unknownPolicies } = account.risk;
	return riskScore({ failed, unknown, exposure: account.exposure, known: evaluatedPolicies - unknownPolicies, evaluated: evaluatedPolicies }).score;
}

/** To tenths: a plan is read by people. */
function rounded(value: number | null): number | null {
	return value === null ? null : Math.round(value * 10) / 10;
}
