import type { Assessment } from "../model/assessment.js";
import { type PolicyCounts, severities } from "../model/finding.js";
import { bytes, fill, type Section } from "./markdown-fill.js";
import { planSections } from "./markdown-plan.js";
import { accountRow, cell, code, findingRow, policyRow } from "./markdown-rows.js";
import { ownMarkdown } from "./markdown-text.js";
import type { PlanReport } from "./plan-report.js";
import { nextSteps, type Step } from "./steps.js";
import { type View, viewOf } from "./view.js";
import {
	baselineWords,
	collectionWords,
	counted,
	coverageReasons,
	coverageShare,
	dataShare,
	moment,
	points,
	range,
	trendLine,
	trendWords,
	whole,
} from "./words.js";

export interface MarkdownOptions {
	/** Never longer than this, in UTF-8 bytes [65,536: what GitHub takes in a comment]. */
	limit?: number;
	/** A plan to sum up beside the findings. */
	plan?: PlanReport;
	/** The heading [`Identity posture of <tenant>`]. */
	title?: string;
	/** Markdown below the heading. */
	lead?: string;
	/** Sections before all others. */
	first?: Section[];
}

const githubLimit = 65_536;
const shownSteps = 5;
const shownAccounts = 10;

/** The assessment for a pull request's comment or a job's summary. What does not fit is left out whole rows at a time, and said so. */
export function renderMarkdown(assessment: Assessment, options: MarkdownOptions = {}): string {
	const view = viewOf(assessment);
	const head = headOf(assessment, view, options);
	const sections = [
		...(options.first ?? []),
		...changes(view),
		...(options.plan ? planSections(options.plan) : []),
		...steps(assessment),
		...accounts(view),
		...unknowns(assessment, view),
		...problems(assessment),
		...exempted(view),
		...open(view),
		...policies(view),
	];
	return fill(head, sections, options.limit ?? githubLimit);
}

/** Length as the limit counts it. */
export const markdownSize = bytes;

function headOf(assessment: Assessment, view: View, options: MarkdownOptions): string {
	const { posture, bands } = assessment;
	const title = cell(options.title ?? `Identity posture of ${assessment.tenant}`);
	const failures = view.open.filter(({ outcome }) => outcome === "fail");
	const severe = severities.toReversed().map((severity) => [severity, failures.filter((finding) => finding.severity === severity).length] as const);
	const risk = (["critical", "high", "medium", "low", "unknown"] as const).filter((band) => bands[band] > 0).map((band) => `${whole(bands[band])} ${band}`);
	const named = severe.filter(([, count]) => count > 0).map(([severity, count]) => `${whole(count)} ${severity}`);
	const notes = [range(posture), trendWords(assessment), dataShare(posture)].filter(Boolean).join("; ");
	const trend = trendLine(assessment);
	const changed = view.firstRun ? "first run" : `${whole(view.fresh.length)} new, ${whole(view.fixed.length)} fixed`;
	const rows = [
		["Posture", `**${points(posture.posture)}** ${notes}`],
		["Open findings", `**${whole(failures.length)}** ${named.length > 0 ? `${named.join(", ")}; ` : ""}${changed}`],
		...(trend === "" ? [] : [["Trend", trend]]),
		["Accounts by risk", risk.join(", ") || "none"],
		...(assessment.baseline ? [["Baseline", baselineWords(assessment)]] : []),
	];
	const capped = posture.cappedBy ? `\nHeld down by open findings of ${code(posture.cappedBy)}.\n` : "";
	return `## ${title}\n\n${options.lead ? `${options.lead}\n` : ""}| | |\n|---|---|\n${rows.map(([label, text]) => `| ${label} | ${text} |`).join("\n")}\n${capped}\n${moment(assessment.at)}\n`;
}

function changes(view: View): Section[] {
	const sections: Section[] = [];
	if (view.fresh.length > 0)
		sections.push(
			findingTable(
				`New findings (${whole(view.fresh.length)})`,
				"new findings",
				view.fresh.map((finding) => findingRow(finding, view)),
			),
		);
	if (view.fixed.length > 0)
		sections.push(
			findingTable(
				`Fixed (${whole(view.fixed.length)})`,
				"fixed findings",
				view.fixed.map((finding) => findingRow(finding, view)),
			),
		);
	return sections;
}

function findingTable(title: string, name: string, rows: string[]): Section {
	return { title, name, head: "| Severity | Finding | Policy | Id |\n|---|---|---|---|", rows };
}

function steps(assessment: Assessment): Section[] {
	const list = nextSteps(assessment);
	if (list.length === 0) return [];
	return [{ title: "What to do next", name: "next steps", head: "Most posture regained first.\n", rows: list.slice(0, shownSteps).map(stepRow) }];
}

function stepRow({ counts, gain, accounts, advice }: Step): string {
	const touched = accounts > 0 ? `; touches ${counted(accounts, "account")} at high or critical risk` : "";
	const brings = Math.round(gain) > 0 ? `brings up to ${counted(Math.round(gain), "point")}` : "brings less than a point";
	const text = advice[0] === undefined ? "" : ` ${ownMarkdown(advice[0], 400)}`;
	return `1. **${cell(counts.title)}** (${counts.severity}, ${tally(counts)}): ${brings}${touched}.${text}`;
}

function accounts(view: View): Section[] {
	const rows = view.risky.slice(0, shownAccounts).map((account) => accountRow(account, view));
	if (rows.length === 0) return [];
	const of = view.risky.length > rows.length ? ` (${rows.length} of ${whole(view.risky.length)} above low)` : "";
	return [{ title: `Riskiest accounts${of}`, name: "riskiest accounts", head: "| Risk | Account | Why | Advice |\n|---|---|---|---|", rows }];
}

/** What could not be read, and which policies are the poorer for it. */
function unknowns(assessment: Assessment, view: View): Section[] {
	const gaps = assessment.systems.flatMap(({ system, coverage }) => coverage.filter(({ state }) => state !== "complete").map((gap) => ({ system, gap })));
	const rows = gaps.map(({ system, gap }) => {
		const why = coverageReasons(gap).map(({ words, details }) => cell(details.length === 1 && !words.startsWith("scope") ? (details[0] ?? words) : words, 400));
		return `| ${cell(system)} | ${collectionWords[gap.collection]} | ${gap.state}, ${coverageShare(gap)} | ${why.join("; ")} |`;
	});
	const sections: Section[] = [];
	if (rows.length > 0) sections.push({ title: "Not read whole", name: "coverage", head: "| System | What | State | Why |\n|---|---|---|---|", rows });
	const partly = [...view.failing, ...view.unknown].filter((counts) => counts.unknown > 0);
	if (partly.length > 0)
		sections.push({
			title: `Policies with unknown subjects (${whole(partly.length)})`,
			name: "policies with unknown subjects",
			head: "| Severity | Policy | Result |\n|---|---|---|",
			rows: partly.map(policyRow),
			folded: true,
		});
	return sections;
}

function problems(assessment: Assessment): Section[] {
	const rows = assessment.problems.map(({ line, path, message, blocksWrites }) => {
		const where = line === null ? code(path) : `line ${line}`;
		return `- ${where}: ${cell(message, 400)}${blocksWrites ? " **Nothing is written until this is mended.**" : ""}`;
	});
	return rows.length === 0 ? [] : [{ title: "In the stack file", name: "stack file problems", head: "", rows }];
}

function exempted(view: View): Section[] {
	const rows = view.excepted.map(({ exemption, policy, findings }) => {
		const who = findings.length === 1 ? cell(findings[0]?.subject.label ?? "") : counted(findings.length, "subject");
		return `| ${code(policy)} | ${who} | ${cell(exemption.expires)} | ${cell(exemption.owner)} | ${exemption.source === "baseline" ? "*baseline:* " : ""}${ownMarkdown(exemption.reason)}${exemption.ticket ? ` (${ownMarkdown(exemption.ticket)})` : ""} |`;
	});
	if (rows.length === 0) return [];
	return [
		{
			title: `Exemptions in use (${whole(rows.length)})`,
			name: "exemptions",
			head: "| Policy | Subject | Until | Owner | Reason |\n|---|---|---|---|---|",
			rows,
			folded: true,
		},
	];
}

function open(view: View): Section[] {
	if (view.open.length === 0) return [];
	const rows = view.open.map((finding) => findingRow(finding, view));
	return [{ ...findingTable(`All open findings (${whole(rows.length)})`, "open findings", rows), folded: true }];
}

function policies(view: View): Section[] {
	const rows = [...view.failing, ...view.unknown, ...view.passing].map(policyRow);
	if (rows.length === 0) return [];
	return [{ title: `Policies (${whole(rows.length)})`, name: "policies", head: "| Severity | Policy | Result |\n|---|---|---|", rows, folded: true }];
}

function tally(counts: PolicyCounts): string {
	return `${whole(counts.fail)} of ${whole(counts.pass + counts.fail + counts.unknown + counts.review + counts.excepted)} fail`;
}
