import type { Assessment } from "../model/assessment.js";
import { severities } from "../model/finding.js";
import { safeText } from "./sanitise.js";
import { findingLines, policyLines } from "./terminal-findings.js";
import { newPage, type Page, plain, textLimits } from "./terminal-page.js";
import { accountName, sentenceOf, type View, viewOf } from "./view.js";
import { baselineWords, contents, counted, coverageLine, dataShare, denominator, moment, points, range, trendWords, whole } from "./words.js";

export interface TerminalOptions {
	color: boolean;
	/** Columns of the terminal; `Infinity` where there is none: nothing is wrapped then. Nothing is ever cut off to fit. */
	width: number;
	/** Findings shown for each policy [3]. */
	perPolicy?: number;
	/** The stack file as the user named it, for the commands that are proposed; absent when it is the default one. */
	stack?: string;
}

/** Fixed findings, exemptions and accounts shown. */
const shown = 5;
/** Passing policies are named up to here, and counted beyond. */
const namedPasses = 12;

/** The assessment for a person at a terminal. The same input gives the same bytes. */
export function renderTerminal(assessment: Assessment, options: TerminalOptions): string {
	const page = newPage(options);
	const view = viewOf(assessment);
	head(page, assessment, view);
	for (const counts of view.failing) {
		policyLines(page, counts);
		findingLines(page, view.byPolicy.get(counts.policy) ?? [], view, options.perPolicy ?? 3);
	}
	for (const counts of view.unknown) policyLines(page, counts);
	rest(page, view);
	accounts(page, view);
	fixed(page, view);
	exemptions(page, view);
	problems(page, assessment);
	next(page, view, options);
	return page.text();
}

function head(page: Page, assessment: Assessment, view: View): void {
	const { c } = page;
	const { posture, bands } = assessment;
	page.gap();
	page.hanging("", c.bold, safeText(assessment.tenant, "terminal"), [c.dim, moment(assessment.at)]);
	page.gap();
	const marks = [range(posture), dataShare(posture), trendWords(assessment)].filter(Boolean).join("; ");
	page.row("Posture", [c.bold, points(posture.posture)], [plain, `  ${marks}`]);
	if (posture.cappedBy) page.row("", [c.dim, `held down by open findings of ${safeText(posture.cappedBy, "terminal")}`]);
	const parts = (["critical", "high", "medium", "low", "unknown"] as const).filter((band) => bands[band] > 0).map((band) => `${whole(bands[band])} ${band}`);
	page.row("Accounts", [plain, parts.length > 0 ? `by risk: ${parts.join(", ")}` : "none"]);
	const failures = view.open.filter(({ outcome }) => outcome === "fail");
	const bySeverity = severities.toReversed().map((severity) => [severity, failures.filter((finding) => finding.severity === severity).length] as const);
	const counts = bySeverity.filter(([, count]) => count > 0).map(([severity, count]) => `${whole(count)} ${severity}`);
	const reviews = view.open.length - failures.length;
	const changed = view.firstRun ? "" : `; ${whole(view.fresh.length)} new, ${whole(view.fixed.length)} fixed`;
	page.row("Findings", [
		plain,
		`${whole(failures.length)} open${counts.length > 0 ? `: ${counts.join(", ")}` : ""}${reviews > 0 ? `; ${whole(reviews)} to review` : ""}${changed}`,
	]);
	if (assessment.baseline) page.row("Baseline", [plain, baselineWords(assessment)]);
	for (const system of assessment.systems) {
		const stopped = system.interrupted ? "; the read was interrupted" : "";
		const size = `${contents(system)}; ${counted(system.requests, "request")}${stopped}`;
		page.row(safeText(system.system, "terminal"), [plain, size]);
		for (const coverage of system.coverage)
			if (coverage.state !== "complete") page.row("", [c.yellow, safeText(coverageLine(coverage), "terminal", textLimits.reason)]);
	}
}

function rest(page: Page, view: View): void {
	const { c } = page;
	if (view.passing.length > 0) {
		const named =
			view.passing.length <= namedPasses
				? `: ${view.passing.map((counts) => `${safeText(counts.policy, "terminal")} (${whole(counts.pass)} of ${whole(denominator(counts))})`).join(", ")}`
				: "";
		page.gap();
		page.hanging("✓ ", c.green, `${counted(view.passing.length, "policy passes", "policies pass")}${named}`);
	}
	if (view.silent.length > 0) page.hanging("- ", c.dim, `${counted(view.silent.length, "policy applies", "policies apply")} to nothing here`);
}

function accounts(page: Page, view: View): void {
	const { c } = page;
	const worst = view.risky.slice(0, shown);
	if (worst.length === 0) return;
	page.title("Riskiest accounts", view.risky.length > worst.length ? `${worst.length} of ${whole(view.risky.length)} above low` : "");
	for (const account of worst) {
		const { score, scoreMax, band, contributions } = account.risk;
		const marks = [
			account.kind === "human" ? "" : safeText(account.kind, "terminal"),
			account.breakGlass ? "break-glass" : "",
			account.privileged ? "privileged" : "",
		]
			.filter(Boolean)
			.join(", ");
		const up = score !== null && scoreMax > score ? `${marks ? ", " : ""}up to ${whole(scoreMax)}` : "";
		const number = score === null ? "unknown" : whole(score);
		page.hanging(
			`  ${number.padStart(3)} `,
			page.paint(band),
			band.padEnd(8),
			[c.bold, safeText(accountName(account, view), "terminal")],
			[c.dim, marks + up],
			[plain, `→ ${safeText(account.advice, "terminal")}`],
		);
		const parts = contributions.filter((part) => part.points > 0).map((part) => `+${whole(part.points)} ${safeText(part.label, "terminal")}`);
		const more = parts.length > 4 ? `, ${counted(parts.length - 4, "more reason")}` : "";
		if (parts.length > 0) page.hanging("      ", c.dim, parts.slice(0, 4).join(", ") + more);
	}
}

function fixed(page: Page, view: View): void {
	if (view.fixed.length === 0) return;
	page.title("Fixed since the run before", view.fixed.length > shown ? `${shown} of ${whole(view.fixed.length)}` : "");
	for (const finding of view.fixed.slice(0, shown))
		page.hanging("  ✓ ", page.c.green, safeText(sentenceOf(finding, view), "terminal", textLimits.message), [page.c.dim, safeText(finding.id, "terminal")]);
}

function exemptions(page: Page, view: View): void {
	if (view.excepted.length === 0) return;
	page.title("Exemptions in use", view.excepted.length > shown ? `${shown} of ${whole(view.excepted.length)}` : "");
	for (const { exemption, policy, findings } of view.excepted.slice(0, shown)) {
		const ticket = exemption.ticket ? `, ${safeText(exemption.ticket, "terminal")}` : "";
		const who = findings.length === 1 ? safeText(findings[0]?.subject.label ?? "", "terminal") : counted(findings.length, "subject");
		const text = `${who} from ${safeText(policy, "terminal")} until ${safeText(exemption.expires, "terminal")}: ${safeText(exemption.reason, "terminal")} (${safeText(exemption.owner, "terminal")}${ticket}${exemption.source === "baseline" ? "; baseline" : ""})`;
		page.hanging("  ", plain, text);
	}
}

function problems(page: Page, assessment: Assessment): void {
	if (assessment.problems.length === 0) return;
	page.title("In the stack file");
	for (const problem of assessment.problems) {
		const where = problem.line === null ? safeText(problem.path, "terminal") : `line ${problem.line}`;
		page.hanging(
			"  ",
			page.c.yellow,
			`${where}: ${safeText(problem.message, "terminal", textLimits.message)}${problem.blocksWrites ? " (nothing is written until this is mended)" : ""}`,
		);
	}
}

/** One line of what to type next. */
function next(page: Page, view: View, options: TerminalOptions): void {
	const stack = options.stack === undefined ? "" : ` -s ${safeText(options.stack, "terminal")}`;
	const first = view.fresh[0] ?? view.open[0];
	if (!first) return;
	page.gap();
	const { c } = page;
	page.hanging(
		"Next: ",
		c.bold,
		`keelson explain ${safeText(first.id, "terminal")}${stack}`,
		[plain, "says why;"],
		[c.bold, `keelson plan${stack}`],
		[plain, "proposes changes"],
	);
}
