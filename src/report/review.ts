import type { Assessment } from "../model/assessment.js";
import { type Finding, type Severity, severities } from "../model/finding.js";
import { encodeKnown } from "../model/json.js";
import type { Section } from "./markdown-fill.js";
import { planSections } from "./markdown-plan.js";
import { cell, code, findingRow } from "./markdown-rows.js";
import { type PlanReport, verdictOf } from "./plan-report.js";
import type { RuleChange } from "./rules.js";
import { viewOf } from "./view.js";
import { counted, points, whole } from "./words.js";

/** What a pull request proposes, beside what is. */
export interface Review {
	/** The stored state, judged by the proposed stack file and policies. */
	proposed: Assessment;
	/** The same state, judged by those of the base branch; null: nothing to compare with. */
	base: { name: string; assessment: Assessment } | null;
	/** What the proposal alters of the rules themselves. */
	rules: RuleChange[];
	/** What policies say of the objects as the proposal would leave them, where they don't say it of the base branch's. */
	declared: DeclaredVerdict[];
	/** Plan files that nobody has applied yet, by file. */
	plans: { file: string; report: PlanReport }[];
	/** A finding at least this severe, which the proposal makes, stands against it; null: none does. */
	failOn: Severity | null;
	/** What else stands against it, a sentence each. */
	objections: string[];
}

/** One policy's word on an object that the stack file declares, before it is so. */
export interface DeclaredVerdict {
	policy: string;
	severity: Severity;
	outcome: "fail" | "review" | "unknown" | "excepted";
	message: string;
	/** `stacks/acme.yaml:12`. */
	place: string;
	/** It stands against the proposal. */
	blocks: boolean;
}

/** How the findings under the proposal differ from those on the base branch. Exempted ones are not there. */
export interface Change {
	made: Finding[];
	/** Gone, for whatever reason but the next one. */
	cleared: Finding[];
	/** Still there, and accepted by an exemption or a baseline that the base branch does not have. */
	accepted: Finding[];
	/** Still there, and now less severe or only to look at. */
	milder: Finding[];
	/** Declared objects of which the proposal says something else than the base branch, and that are not live so: a merge changes them. */
	toChange: Finding[];
	/** Declared objects that are live as neither has them, both saying the same. */
	drift: Finding[];
}

export function changeOf({ proposed, base }: Pick<Review, "proposed" | "base">): Change {
	const declared = ({ subject }: Finding) => subject.kind === "managed";
	const there = (assessment: Assessment) => assessment.findings.filter(({ state, outcome }) => state !== "fixed" && outcome !== "excepted");
	const without = (some: Finding[], others: Finding[]) => {
		const ids = new Set(others.map(({ id }) => id));
		return some.filter(({ id }) => !ids.has(id));
	};
	const now = there(proposed);
	const before = base ? there(base.assessment) : now;
	const earlier = new Map(before.map((finding) => [finding.id, finding]));
	const made = without(now, before);
	const toChange = now.filter((finding) => declared(finding) && !saysTheSame(finding, earlier.get(finding.id)));
	const gone = without(before, now);
	const excepted = new Set(proposed.findings.filter(({ outcome }) => outcome === "excepted").map(({ id }) => id));
	const accepted = gone.filter(({ id }) => excepted.has(id));
	return {
		made: without(made, toChange),
		cleared: without(gone, accepted),
		accepted,
		milder: now.filter((finding) => isMilder(finding, earlier.get(finding.id))),
		toChange,
		drift: without(now.filter(declared), toChange),
	};
}

/** Drift that was there before hides no change that the proposal adds to it. */
function saysTheSame(finding: Finding, before: Finding | undefined): boolean {
	const said = ({ message, evidence }: Finding) => encodeKnown({ message, evidence: evidence.map(({ field, value }) => ({ field, value: value ?? null })) });
	return before !== undefined && said(finding) === said(before);
}

function isMilder(finding: Finding, before: Finding | undefined): boolean {
	if (!before) return false;
	return severities.indexOf(finding.severity) < severities.indexOf(before.severity) || (before.outcome === "fail" && finding.outcome !== "fail");
}

/** Why the proposal should not be merged as it is; empty: nothing stands against it. */
export function objectionsOf(review: Review): string[] {
	const { failOn, plans, objections } = review;
	const floor = failOn === null ? Number.POSITIVE_INFINITY : severities.indexOf(failOn);
	const severe = changeOf(review).made.filter(({ severity, outcome }) => outcome === "fail" && severities.indexOf(severity) >= floor);
	const refused = plans.filter(({ report }) => report.refusals === null || report.refusals.length > 0);
	const declared = review.declared.filter(({ blocks }) => blocks);
	return [
		...objections,
		...(declared.length > 0 ? [`what it declares fails ${counted(declared.length, "policy check")} of severity ${failOn} or above`] : []),
		...(severe.length > 0 ? [`it makes ${counted(severe.length, "finding")} of severity ${failOn} or above`] : []),
		...refused.map(({ file }) => `the guardrails would refuse ${file}`),
		...review.proposed.problems.filter(({ blocksWrites }) => blocksWrites).map(({ message }) => message),
	];
}

/** Of a list in the head: a proposal must not make it so long that nothing else has room. */
const shownInHead = 20;

/** The head of a review, below the title. */
export function reviewLead(review: Review): string {
	const against = objectionsOf(review);
	const more = against.length - shownInHead;
	const listed = [...against.slice(0, shownInHead).map((one) => cell(one, 600)), ...(more > 0 ? [`and ${counted(more, "more thing")}`] : [])];
	const verdict =
		against.length === 0
			? "✅ **Nothing stands against this change.**"
			: `❌ **${counted(against.length, "thing")} ${against.length === 1 ? "stands" : "stand"} against this change:**\n\n${listed.map((one) => `- ${one}`).join("\n")}`;
	return `${[verdict, ...loosened(review)].join("\n\n")}\n\n${scores(review)}`;
}

/** Findings that go away because nobody looks any more are the first thing to know. */
function loosened(review: Review): string[] {
	const count = review.rules.filter(({ looser }) => looser).length;
	const { accepted, milder } = changeOf(review);
	const parts = [
		...(count > 0 ? [`loosens ${counted(count, "rule")} by which Keelson judges and guards`] : []),
		...(accepted.length > 0 ? [`accepts ${counted(accepted.length, "finding")} without mending ${accepted.length === 1 ? "it" : "them"}`] : []),
		...(milder.length > 0 ? [`takes ${counted(milder.length, "finding")} less seriously`] : []),
	];
	return parts.length > 0 ? [`⚠️ **It ${parts.join(", and ")}.**`] : [];
}

/** Posture on the base branch, under the proposal, and when each plan holds. */
function scores({ proposed, base, plans }: Review): string {
	const now = points(proposed.posture.posture);
	const rows = base ? [`| on ${code(base.name)} | ${points(base.assessment.posture.posture)} |`, `| with this change | ${now} |`] : [`| now | ${now} |`];
	for (const { file, report } of plans.slice(0, shownInHead)) rows.push(`| when ${code(file)} holds | ${points(report.plan.score.after)} |`);
	if (plans.length > shownInHead) rows.push(`| and ${counted(plans.length - shownInHead, "more plan")} | |`);
	return `| Posture | |\n|---|---|\n${rows.join("\n")}\n`;
}

/** What the proposal changes, then drift, then the plans. */
export function reviewSections(review: Review): Section[] {
	const { made, cleared, accepted, milder, toChange, drift } = changeOf(review);
	const view = viewOf(review.proposed);
	const table = (title: string, name: string, findings: Finding[]): Section[] =>
		findings.length === 0
			? []
			: [
					{
						title: `${title} (${whole(findings.length)})`,
						name,
						head: "| Severity | Finding | Policy | Id |\n|---|---|---|---|",
						rows: findings.map((one) => findingRow(one, view)),
					},
				];
	return [
		...ruleSection(review.rules),
		...declaredSection(review.declared),
		...table("Findings that this change accepts and does not mend", "findings accepted by this change", accepted),
		...table("Findings that this change takes less seriously", "findings taken less seriously", milder),
		...table("Findings that this change makes", "findings made by this change", made),
		...table("Findings that this change no longer makes: judged otherwise, not mended", "findings no longer made", cleared),
		...table("What a merge brings to what is declared", "changes to what is declared", toChange),
		...table("Drift: live, and declared otherwise, the same on both sides", "drift", drift),
		...review.plans.flatMap(({ file, report }) => planOf(file, report)),
	];
}

function declaredSection(verdicts: DeclaredVerdict[]): Section[] {
	if (verdicts.length === 0) return [];
	const marks = { fail: "❌ fails", review: "to look at", unknown: "not known before", excepted: "excepted" };
	const rows = verdicts.map(
		({ blocks, outcome, severity, policy, message, place }) =>
			`| ${outcome === "fail" && !blocks ? "fails" : marks[outcome]} | ${severity} | ${cell(message, 300)} | ${code(policy)} | ${code(place)} |`,
	);
	return [
		{
			title: `What it declares, before it is so (${whole(rows.length)})`,
			name: "verdicts on what is declared",
			head: "| | Severity | What | Policy | Where |\n|---|---|---|---|---|",
			rows,
		},
	];
}

function ruleSection(rules: RuleChange[]): Section[] {
	if (rules.length === 0) return [];
	const marks = { true: "⚠️ looser", false: "stricter", null: "" };
	const side = (text: string | undefined) => (text === undefined ? "_nothing_" : cell(text, 300));
	const rows = rules.map(({ rule, before, after, looser }) => `| ${marks[`${looser}`]} | ${cell(rule, 300)} | ${side(before)} | ${side(after)} |`);
	return [
		{ title: `Rules that this change alters (${whole(rules.length)})`, name: "altered rules", head: "| | Rule | Before | After |\n|---|---|---|---|", rows },
	];
}

function planOf(file: string, report: PlanReport): Section[] {
	const [first, ...rest] = planSections(report);
	if (!first) return [];
	const mark = verdictOf(report).reasons.length > 0 || report.refusals === null ? "❌" : "✅";
	return [{ ...first, title: `${mark} Plan ${code(file)}` }, ...rest];
}
