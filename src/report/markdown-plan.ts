import type { Plan, PlannedAction } from "../plan/plan.js";
import type { Section } from "./markdown-fill.js";
import { cell, code } from "./markdown-rows.js";
import { groupBy } from "./view.js";
import { counted, points, whole } from "./words.js";

/** What a plan does, summed up by kind of change, then its actions, then what it does not answer. */
export function planSections(plan: Plan): Section[] {
	const { blast, score, actions } = plan;
	const touched = `${counted(blast.accounts, "account")} of which ${whole(blast.privilegedAccounts)} privileged`;
	const systems = Object.entries(blast.bySystem)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(
			([system, { accounts, enabledAccounts }]) =>
				`${cell(system)} ${whole(accounts)} of ${enabledAccounts === null ? "an unknown number" : whole(enabledAccounts)}`,
		);
	const rows = [...groupBy(actions, ({ kind }) => kind)].map(([kind, list]) => kindRow(kind, list));
	const head = `Plan ${code(plan.digest.slice(0, 12))}: ${counted(actions.length, "action")} on ${touched}${systems.length > 0 ? ` (${systems.join(", ")} that can sign in)` : ""}; ${irreversible(blast.irreversible)}. Posture ${points(score.before)} → ${points(score.after)} when all hold.\n\n| Change | Actions | Can be undone |\n|---|---|---|`;
	const sections: Section[] = [{ title: "Plan", name: "plan", head, rows: rows.length > 0 ? rows : ["| none | 0 | |"] }];
	if (actions.length > 0)
		sections.push({
			title: `Actions (${whole(actions.length)})`,
			name: "actions",
			head: "| Change | Of | What it does | Answers |\n|---|---|---|---|",
			rows: actions.map(actionRow),
			folded: true,
		});
	if (plan.notPlanned.length > 0)
		sections.push({
			title: `Not planned (${whole(plan.notPlanned.length)})`,
			name: "findings not planned",
			head: "| Finding | Of | Why not |\n|---|---|---|",
			rows: plan.notPlanned.map(({ finding, label, why }) => `| ${code(finding)} | ${cell(label)} | ${cell(why, 300)} |`),
			folded: true,
		});
	return sections;
}

function irreversible(count: number): string {
	return count === 0 ? "all can be undone" : `**${whole(count)} cannot be undone**`;
}

function kindRow(kind: string, list: PlannedAction[]): string {
	const lasting = list.filter((action) => !action.reversible).length;
	return `| ${code(kind)} | ${whole(list.length)} | ${lasting === 0 ? "yes" : lasting === list.length ? "**no**" : `${whole(list.length - lasting)} of ${whole(list.length)}`} |`;
}

function actionRow(action: PlannedAction): string {
	const findings = action.findings.slice(0, 3).map(({ id }) => code(id));
	const more = action.findings.length > 3 ? ` and ${whole(action.findings.length - 3)} more` : "";
	return `| ${code(action.kind)} | ${cell(action.label)} in ${cell(action.system)} | ${cell(action.effect, 300)}${action.reversible ? "" : " **Cannot be undone.**"} | ${findings.join(", ") || "an operator's own action"}${more} |`;
}
