import { relative } from "node:path";
import pc from "picocolors";
import { applyPlan } from "../apply/apply.js";
import { type ActionOutcome, type ApplyReport, holds, needsNewPlan } from "../apply/report.js";
import { approvalOf } from "../forge/approval.js";
import { renderDiagnostic } from "../model/diagnostic.js";
import type { Plan } from "../plan/plan.js";
import { readPlan } from "../plan/read-plan.js";
import { safeText } from "../report/sanitise.js";
import { refuseProposal } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { notifierOf } from "./notify.js";
import { colour } from "./output.js";
import { withLogins } from "./plan-names.js";
import { proofLines } from "./plan-text.js";
import { progressWriter } from "./progress.js";
import { memoised, receiptOf } from "./receipt.js";
import { runner } from "./runner.js";
import { listenForStop } from "./stop-signal.js";
import { type CommonOptions, connect, openWorkspace } from "./workspace.js";

export interface ApplyOptions extends CommonOptions {
	/** Allows a person's own actions and what is for an operator only. */
	operator?: boolean;
}

/** `keelson apply <file>`: make exactly the reviewed changes, inside the guardrails. */
export async function apply(file: string, options: ApplyOptions): Promise<ExitCode> {
	refuseProposal("nothing is applied");
	const plan = await planOf(file);
	const workspace = await openWorkspace(options);
	const stop = listenForStop((line) => process.stderr.write(`keelson: ${line}\n`));
	try {
		const approval = memoised(() => approvalOf(file, process.env));
		const holder = `${runner()}, process ${process.pid}`;
		const report = await applyPlan({
			...workspace,
			plan,
			approval,
			concluded: receiptOf({ ...workspace, appliedBy: holder, approval }),
			openRead: (system) => connect(workspace.stack, system, "read"),
			openAct: (system, mayWrite) => connect(workspace.stack, system, "act", () => {}, mayWrite),
			signal: stop.signal,
			now: Date.now,
			log: (line) => {
				if (!options.quiet) process.stderr.write(`  ${safeText(line, "terminal", 400)}\n`);
			},
			progress: progressWriter(process.stderr, options.quiet ?? false),
			holder,
			operator: options.operator ?? false,
			...notifierOf(workspace.stack),
		});
		if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
		else {
			const shown = await withLogins(
				report.actions.map(({ action }) => action),
				workspace,
			);
			const actions = report.actions.map((one, index) => ({ ...one, action: shown[index] ?? one.action }));
			process.stdout.write(renderReport({ ...report, actions }, colour(process.stdout)));
		}
		return report.outcome === "refused" ? exitCodes.refused : report.outcome === "partial" ? exitCodes.findings : exitCodes.fine;
	} finally {
		stop.end();
		await workspace.close();
	}
}

/** @throws CliError with what is wrong with the file, and where */
export async function planOf(file: string): Promise<Plan> {
	const { plan, diagnostics } = await readPlan(file);
	if (plan) return plan;
	throw new CliError(diagnostics.map((diagnostic) => renderDiagnostic({ ...diagnostic, file: relative(process.cwd(), file) || file })).join("\n\n"));
}

const words: Record<ActionOutcome, string> = {
	verified: "done",
	recovered: "done by an interrupted run",
	already: "held already",
	"done-before": "done by an earlier run",
	unverified: "not seen to hold",
	failed: "failed",
	skipped: "skipped",
	"not-reached": "not reached",
};
const headings: Record<ApplyReport["outcome"], string> = {
	applied: "Applied",
	partial: "Applied in part",
	refused: "Refused: nothing was written",
	"nothing-to-do": "Nothing was written: nothing is left to do",
};

/** A report for a person at a terminal. */
export function renderReport(report: ApplyReport, color: boolean): string {
	const c = pc.createColors(color);
	const clean = (text: string) => safeText(text, "terminal", 2000);
	const paint = { applied: c.green, partial: c.yellow, refused: c.red, "nothing-to-do": c.green }[report.outcome];
	const lines = ["", `${paint(c.bold(headings[report.outcome]))}  ${c.dim(`plan ${report.plan.slice(0, 8)} for ${clean(report.tenant)}`)}`];
	if (report.outcome === "refused" && report.calls > 0) lines.push("  but for what an interrupted run had left half done, which was finished");
	for (const warning of report.warnings) lines.push(c.yellow(`  warning: ${clean(warning)}`));
	for (const { guardrail, message } of report.refusals) lines.push(`  ${c.red("✗")} ${clean(message)}  ${c.dim(guardrail)}`);
	if (report.stopped !== null) lines.push(c.yellow(`  stopped: ${clean(report.stopped)}`));
	if (report.outcome !== "refused")
		for (const { action, outcome, detail, proof, requestId } of report.actions) {
			const good = holds({ outcome });
			const mark = good ? c.green("✓") : outcome === "skipped" ? c.dim("–") : c.red("✗");
			// The vendor's answer alone: it shows no more than that.
			const seen = outcome === "verified" && proof === "accepted" ? " (accepted; the vendor shows no more)" : "";
			lines.push(
				`  ${mark} ${clean(action.label)}: ${words[outcome]}${seen}${detail && outcome !== "verified" ? `: ${clean(detail)}` : ""}${requestId ? c.dim(`  request ${clean(requestId)}`) : ""}`,
			);
		}
	lines.push(...proofLines(report.proofs, c));
	if (needsNewPlan(report)) lines.push("", "Applying this plan again does not help: what it names is no longer as it was. Make a new one: keelson plan");
	else if (report.outcome === "partial") lines.push("", "Run the same command again to go on: what holds is not repeated.");
	return `${lines.join("\n")}\n\n`;
}
