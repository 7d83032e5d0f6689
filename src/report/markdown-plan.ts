import type { PlannedAction } from "../plan/plan.js";
import type { Section } from "./markdown-fill.js";
import { cell, code } from "./markdown-rows.js";
import { effectOf, type PlanReport, placesBefore, risksOf, verdictOf, warningsOf } from "./plan-report.js";
import { groupBy } from "./view.js";
import { counted, points, whole } from "./words.js";

const shownRisks = 10;
/** Characters of a sentence that lists. */
const longCell = 600;

/** What a plan does, summed up by kind of change, whether it may, then its actions in their order, then what it does not answer. */
export function planSections(report: PlanReport): Section[] {
	const { plan } = report;
	const { blast, score, actions } = plan;
	const touched = `${counted(blast.accounts, "account")} of which ${whole(blast.privilegedAccounts)} privileged`;
	const systems = Object.entries(blast.bySystem)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(
			([system, { accounts, enabledAccounts }]) =>
				`${cell(system)} ${whole(accounts)} of ${enabledAccounts === null ? "an unknown number" : whole(enabledAccounts)}`,
		);
	const rows = [...groupBy(actions, ({ kind }) => kind)].map(([kind, list]) => kindRow(kind, list));
	const about = `Plan ${code(plan.digest.slice(0, 12))}${plan.undoes ? `, which takes back ${code(plan.undoes.slice(0, 12))}` : ""}: ${counted(actions.length, "action")} on ${touched}${systems.length > 0 ? ` (${systems.join(", ")} that can sign in)` : ""}; ${irreversible(blast.irreversible)}. Posture ${points(score.before)} → ${points(score.after)} when all hold.`;
	const head = [...warningsOf(report).map((text) => `**${cell(text, longCell)}**`), about, verdict(report), ...proofs(report)].join("\n\n");
	const sections: Section[] = [
		{
			title: "Plan",
			name: "plan",
			head: `${head}\n\n| Change | Actions | Can be undone | What it does |\n|---|---|---|---|`,
			rows: rows.length > 0 ? rows : ["| none | 0 | | |"],
		},
	];
	if (actions.length > 0)
		sections.push({
			title: `Actions (${whole(actions.length)}), in their order`,
			name: "actions",
			head: "| | Change | Of | Note | Undone by | Answers |\n|---|---|---|---|---|---|",
			rows: actions.map((action, index) => actionRow(action, index, report)),
			folded: true,
		});
	const risks = risksOf(plan).slice(0, shownRisks);
	if (risks.length > 0)
		sections.push({
			title: "Risk when all hold",
			name: "predicted risks",
			head: "| Account | Now | Then |\n|---|---|---|",
			rows: risks.map(({ label, before, after }) => `| ${cell(label)} | ${points(before)} | ${points(after)} |`),
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

function verdict(report: PlanReport): string {
	const { sentence, reasons } = verdictOf(report);
	const shown = report.refusals?.length ? `**${sentence}**` : sentence;
	return [shown, reasons.map((reason) => `- ${cell(reason, longCell)}`).join("\n")].filter(Boolean).join("\n\n");
}

function proofs({ proofs: list }: PlanReport): string[] {
	return list.map(
		({ system, needed, witnesses }) => `Who still gets in to ${cell(system)}: ${counted(witnesses.length, "administrator")} by proof, ${whole(needed)} needed.`,
	);
}

function irreversible(count: number): string {
	return count === 0 ? "all can be undone" : `**${whole(count)} cannot be undone**`;
}

function kindRow(kind: string, list: PlannedAction[]): string {
	const lasting = list.filter((action) => !action.reversible).length;
	return `| ${code(kind)} | ${whole(list.length)} | ${lasting === 0 ? "yes" : lasting === list.length ? "**no**" : `${whole(list.length - lasting)} of ${whole(list.length)}`} | ${cell(list[0]?.effect ?? "", 300)} |`;
}

function actionRow(action: PlannedAction, index: number, { plan, dropped }: PlanReport): string {
	const findings = action.findings.slice(0, 3).map(({ id }) => code(id));
	const more = action.findings.length > 3 ? ` and ${whole(action.findings.length - 3)} more` : "";
	const before = placesBefore(action, plan.actions);
	const left = dropped.get(action.id);
	const notes = [
		effectOf(action, plan.actions) === null ? "" : ` ${cell(action.effect, 300)}`,
		before.length > 0 ? ` After ${before.join(", ")}.` : "",
		left === undefined ? "" : ` _Would be left out: ${cell(left, 300)}_`,
	].join("");
	const undone = action.reversible ? (action.inverse ? code(action.inverse.kind) : "by hand") : "**cannot be undone**";
	return `| ${index + 1} | ${code(action.kind)} | ${cell(action.label)} in ${cell(action.system)} |${notes} | ${undone} | ${findings.join(", ") || "an operator's own action"}${more} |`;
}
