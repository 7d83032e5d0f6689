import pc from "picocolors";
import type { Assessment } from "../model/assessment.js";
import { type Finding, type PolicyCounts, type Severity, severities } from "../model/finding.js";
import { coverageLine, points, range } from "./words.js";
import { safeText } from "./sanitise.js";

export interface TerminalOptions {
	color: boolean;
	/** Columns of the terminal. */
	width: number;
	/** Findings shown for each policy [3]. */
	perPolicy?: number;
}

/** The assessment for a person at a terminal. The same input gives the same bytes. */
export function renderTerminal(assessment: Assessment, options: TerminalOptions): string {
	const c = pc.createColors(options.color);
	const paint: Record<Severity, (text: string) => string> = { critical: (t) => c.bold(c.red(t)), high: c.red, medium: c.yellow, low: c.cyan, info: c.dim };
	const clean = (text: string) => safeText(text, "terminal");
	const { posture } = assessment;
	const lines: string[] = [""];

	lines.push(`${c.bold(clean(assessment.tenant))}  posture ${c.bold(points(posture.posture))}${range(posture)}${trend(assessment)}`);
	if (posture.cappedBy) lines.push(c.dim(`  held down by an open ${clean(posture.cappedBy)} finding`));
	const { critical, high, medium, low, unknown } = assessment.bands;
	lines.push(`  accounts by risk: ${[`critical ${critical}`, `high ${high}`, `medium ${medium}`, `low ${low}`, `unknown ${unknown}`].join(" · ")}`);
	for (const system of assessment.systems) {
		lines.push(`  ${clean(system.system)}: ${system.accounts} accounts, ${system.enabledAccounts} can sign in, ${system.requests} requests${system.interrupted ? ", interrupted" : ""}`);
		for (const coverage of system.coverage) if (coverage.state !== "complete") lines.push(c.yellow(`    ${clean(coverageLine(coverage))}`));
	}
	lines.push("");

	const open = assessment.findings.filter((finding) => finding.state !== "fixed");
	const byPolicy = group(open);
	const counts = [...assessment.policies].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.fail - a.fail || (a.policy < b.policy ? -1 : 1));
	for (const count of counts) {
		const findings = byPolicy.get(count.policy) ?? [];
		const evaluated = denominator(count);
		if (evaluated === 0) continue;
		const mark = count.fail > 0 ? paint[count.severity](`✗ ${count.severity}`) : count.unknown + count.review > 0 ? c.yellow("? unknown") : c.green("✓ pass");
		lines.push(`${mark.padEnd(mark.length + 10 - visible(count))} ${c.bold(clean(count.title))}  ${c.dim(clean(count.policy))}  ${tallyLine(count, evaluated)}`);
		const shown = options.perPolicy ?? 3;
		for (const finding of findings.slice(0, shown)) lines.push(`             ${badge(finding, c)}${clip(clean(finding.message), options.width - 20)}  ${c.dim(finding.id)}`);
		if (findings.length > shown) lines.push(c.dim(`             and ${findings.length - shown} more`));
		const [field] = Object.entries(count.unknownFields).sort((a, b) => b[1] - a[1]);
		if (count.unknown > 0 && field) lines.push(c.dim(`             ${count.unknown} unknown: no data for ${clean(field[0])}`));
	}

	const worst = assessment.accounts.filter((account) => (account.risk.score ?? 0) > 20).slice(0, 5);
	if (worst.length > 0) {
		lines.push("", c.bold("Riskiest accounts"));
		for (const account of worst) {
			const score = `${account.risk.score} ${account.risk.band}`;
			const up = account.risk.scoreMax > (account.risk.score ?? 0) ? c.dim(` (up to ${account.risk.scoreMax})`) : "";
			const why = account.risk.contributions.filter((part) => part.points > 0).slice(0, 3).map((part) => `${clean(part.label)} +${part.points}`).join(", ");
			lines.push(`  ${score.padEnd(12)} ${clean(account.label)}${up}  ${c.dim(why)}  → ${account.advice}`);
		}
	}
	const fixed = assessment.findings.filter((finding) => finding.state === "fixed").length;
	if (fixed > 0) lines.push("", c.green(`${fixed} ${fixed === 1 ? "finding" : "findings"} fixed since the last run`));
	if (assessment.problems.length > 0) {
		lines.push("", c.bold("In the stack file"));
		for (const problem of assessment.problems) lines.push(c.yellow(`  ${problem.line === null ? "" : `line ${problem.line}: `}${clean(problem.message)}${problem.blocksWrites ? " (no write until it is mended)" : ""}`));
	}
	lines.push("");
	return lines.join("\n");
}

function visible(count: PolicyCounts): number {
	return count.fail > 0 ? count.severity.length + 2 : count.unknown + count.review > 0 ? 9 : 6;
}

function denominator(count: PolicyCounts): number {
	return count.pass + count.fail + count.unknown + count.review + count.excepted;
}

function tallyLine(count: PolicyCounts, evaluated: number): string {
	const parts = [`${count.fail} of ${evaluated} fail`];
	if (count.unknown > 0) parts.push(`${count.unknown} unknown`);
	if (count.review > 0) parts.push(`${count.review} to review`);
	if (count.excepted > 0) parts.push(`${count.excepted} excepted`);
	return parts.join(", ");
}

function badge(finding: Finding, c: ReturnType<typeof pc.createColors>): string {
	if (finding.outcome === "excepted") return c.dim("excepted ");
	if (finding.outcome === "review") return c.dim("review ");
	return finding.state === "new" || finding.state === "reopened" ? c.magenta(`${finding.state} `) : "";
}

function clip(text: string, width: number): string {
	return text.length <= width || width < 20 ? text : `${text.slice(0, width - 1)}…`;
}

function trend(assessment: Assessment): string {
	const before = assessment.trend.filter((past) => past.at < assessment.at).at(-1);
	if (!before || before.posture === null || assessment.posture.posture === null) return "";
	if (!before.comparable) return "  (policies changed since the last run)";
	const delta = Math.round(assessment.posture.posture) - Math.round(before.posture);
	return delta === 0 ? "  (as before)" : `  (${delta > 0 ? "+" : ""}${delta} since the last run)`;
}

function group(findings: Finding[]): Map<string, Finding[]> {
	const map = new Map<string, Finding[]>();
	for (const finding of findings) map.set(finding.policy, [...(map.get(finding.policy) ?? []), finding]);
	return map;
}
