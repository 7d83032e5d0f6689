import type { PlanReport } from "./plan-report.js";
import { pseudonym } from "./pseudonyms.js";

const told = "left out: keelson plan and keelson apply say it";

/** A plan's report without personal data, as `withPseudonyms` makes an assessment's: targets by immutable id, sentences that may name somebody left out. */
export function planWithPseudonyms(report: PlanReport): PlanReport {
	const { plan } = report;
	return {
		...report,
		untrue: report.untrue.length > 0 ? ["The plan file says otherwise of its actions than they are: keelson review says what."] : [],
		plan: {
			...plan,
			score: { ...plan.score, accounts: plan.score.accounts.map((account) => ({ ...account, key: pseudonym(account.key), label: pseudonym(account.key) })) },
			blast: {
				...plan.blast,
				...(plan.blast.groups && { groups: plan.blast.groups.map((group) => ({ ...group, name: group.group })) }),
				...(plan.blast.settings && { settings: plan.blast.settings.map((setting) => ({ ...setting, name: setting.setting })) }),
			},
			actions: plan.actions.map((action) => ({
				...{ id: action.id, system: action.system, kind: action.kind, reversible: action.reversible, after: action.after },
				...{ label: labelOf(action.target), effect: action.kind, target: {}, precondition: {} },
				findings: action.findings.map(({ id, policy }) => ({ id, policy, message: policy, evidence: [] })),
				inverse: action.inverse && { kind: action.inverse.kind, target: {} },
			})),
			notPlanned: plan.notPlanned.map(({ finding, policy }) => ({ finding, policy, label: policy, why: told })),
		},
		refusals: report.refusals?.map(({ guardrail }) => ({ guardrail, message: told })) ?? null,
		dropped: new Map([...report.dropped.keys()].map((id) => [id, told])),
		proofs: report.proofs.map((proof) => ({
			...proof,
			witnesses: proof.witnesses.map((_, index) => ({ label: `administrator ${index + 1}` })),
		})),
	};
}

/** Ids of the vendor, not the values that a setting is to have. */
function labelOf(target: PlanReport["plan"]["actions"][number]["target"]): string {
	const ids = [target.account, target.group, target.role, target.credential, target.app, target.setting].filter((id) => id !== undefined);
	return ids.map(pseudonym).join(" ") || "an object of the stack file";
}
