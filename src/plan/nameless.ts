import type { Evidence } from "../model/finding.js";
import { sealPlan } from "./digest.js";
import type { Plan } from "./plan.js";

const shown = "keelson plan says it";

/**
 * The plan with immutable ids alone, for a plan file that is to hold no names: nothing by which a change is found or checked is different.
 * Whatever may hold a name is left out: of evidence, truth values, numbers and times stay.
 */
export function nameless({ digest: _, ...plan }: Plan): Plan {
	return sealPlan({
		...plan,
		score: { ...plan.score, accounts: plan.score.accounts.map((account) => ({ ...account, label: account.key })) },
		blast: {
			...plan.blast,
			...(plan.blast.groups && { groups: plan.blast.groups.map((group) => ({ ...group, name: group.group })) }),
			...(plan.blast.settings && { settings: plan.blast.settings.map((setting) => ({ ...setting, name: setting.setting })) }),
		},
		actions: plan.actions.map((action) => ({
			...action,
			label: labelOf(action),
			findings: action.findings.map((finding) => ({ ...finding, message: finding.policy, evidence: finding.evidence.map(withoutText) })),
		})),
		notPlanned: plan.notPlanned.map(({ finding, policy }) => ({ finding, policy, label: finding, why: shown })),
	});
}

/** `suspend-account okta/00u1`, with the other ids of the target behind it. */
export function labelOf({ kind, system, target }: Pick<Plan["actions"][number], "kind" | "system" | "target">): string {
	const { account, group, role, credential, app, setting, ticket } = target;
	const [first, ...others] = [account, credential, app, setting, ticket, group, role].filter((id) => id !== undefined);
	return [kind, first === undefined ? system : `${system}/${first}`, ...others].join(" ");
}

function withoutText({ value, ...fact }: Evidence): Evidence {
	const plain =
		value === null || typeof value === "boolean" || typeof value === "number" || (typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value));
	return { ...fact, ...(plain ? { value } : {}) };
}
