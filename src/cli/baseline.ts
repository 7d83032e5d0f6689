import { relative } from "node:path";
import pc from "picocolors";
import { type Acceptable, acceptable } from "../assess/accept.js";
import { assess } from "../assess/assess.js";
import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { safeText } from "../report/sanitise.js";
import { groupBy } from "../report/view.js";
import { baselineWords, counted } from "../report/words.js";
import { longestBaseline } from "../stack/baseline-schema.js";
import { parseDuration, parseInstant } from "../stack/time.js";
import type { NewEntry } from "./baseline-edit.js";
import { baselineFile, nameBaseline, writeBaseline } from "./baseline-write.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface BaselineOptions extends CommonOptions {
	owner?: string;
	reason?: string;
	expires?: string;
	policy?: string[];
	includeCritical?: boolean;
	renew?: boolean;
	prune?: boolean;
	list?: boolean;
}

/** `keelson baseline`: accept what is open in the newest stored run until a day, in a file for review. */
export async function baseline(options: BaselineOptions): Promise<ExitCode> {
	if (options.prune && options.list) throw new CliError("--prune changes the baseline and --list shows it: take one of the two");
	const workspace = await openWorkspace(options);
	try {
		const assessment = await assess({ ...workspace, dryRun: true });
		if (!assessment) throw new CliError("nothing is stored yet: run keelson scan");
		for (const id of options.policy ?? [])
			if (!workspace.policies.some(({ policy }) => policy.id === id)) throw new CliError(`${id} is no policy in force (keelson policy list)`);
		if (options.list) return list(workspace, assessment, options);
		return await (options.prune ? prune(workspace, assessment, options) : accept(workspace, assessment, options));
	} finally {
		await workspace.close();
	}
}

async function accept({ stack }: Workspace, assessment: Assessment, options: BaselineOptions): Promise<ExitCode> {
	const chosen = acceptable(assessment, stack.baseline?.entries ?? [], {
		...(options.policy && { policies: options.policy }),
		includeCritical: options.includeCritical ?? false,
		renew: options.renew ?? false,
	});
	const expires = lastDay(options.expires ?? "90d", assessment.at);
	const file = relative(process.cwd(), baselineFile(stack));
	if (chosen.accept.length > 0) {
		if (!options.owner?.trim()) throw new CliError("--owner says who answers for what is accepted: an address or a team");
		const { owner, reason = "open when Keelson was introduced" } = options;
		const run = Object.fromEntries(assessment.systems.map(({ system, scan }) => [system, scan]));
		const entries = [...groupBy(chosen.accept, ({ policy }) => policy)]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(
				([policy, findings]): NewEntry => ({
					policy,
					accepted: new Date(assessment.at).toISOString(),
					run,
					owner,
					reason,
					expires,
					subjects: findings.map(({ subject }) => subject.key).sort(),
				}),
			);
		const renewed = new Set(chosen.accept.map(({ policy, subject }) => `${policy}\0${subject.key}`));
		await writeBaseline(stack, renewed, entries, Math.max(Date.now(), assessment.at));
		await nameBaseline(stack);
	}
	if (options.json) {
		const ids = (findings: Finding[]) => findings.map(({ id }) => id).sort();
		process.stdout.write(`${JSON.stringify({ file, expires, accepted: ids(chosen.accept), held: ids(chosen.held), again: ids(chosen.again) }, null, 2)}\n`);
	} else process.stdout.write(acceptedText(chosen, { file, expires, color: colour(process.stdout) }));
	return exitCodes.fine;
}

function acceptedText({ accept, held, again }: Acceptable, { file, expires, color }: { file: string; expires: string; color: boolean }): string {
	const c = pc.createColors(color);
	const lines = [""];
	for (const [policy, findings] of [...groupBy(accept, (finding) => finding.policy)].sort(([a], [b]) => (a < b ? -1 : 1)))
		lines.push(`  ${String(findings.length).padStart(5)}  ${policy}  ${c.dim(findings[0]?.severity ?? "")}`);
	lines.push(
		accept.length > 0 ? `${counted(accept.length, "finding")} accepted until ${expires}, in ${file}` : "Nothing is accepted: no finding is open that may be.",
	);
	if (held.length > 0) {
		lines.push("", c.bold(`Left open, too grave to be accepted with the rest (${held.length}):`));
		for (const finding of held) lines.push(`  ${finding.severity}  ${safeText(finding.message, "terminal")}  ${c.dim(finding.id)}`);
		lines.push(c.dim("  --include-critical accepts them too; better is an exemption for each, with a reason of its own."));
	}
	if (again.length > 0) lines.push("", `${counted(again.length, "finding")} left open: accepted before, and that time is over. --renew accepts them again.`);
	if (accept.length > 0) lines.push("", "Next: have the file reviewed. keelson check now ends with what is new.");
	return `${lines.join("\n")}\n`;
}

async function prune({ stack }: Workspace, assessment: Assessment, options: BaselineOptions): Promise<ExitCode> {
	const fixed = (assessment.baseline?.fixed ?? []).filter(({ policy }) => options.policy?.includes(policy) ?? true);
	const file = relative(process.cwd(), baselineFile(stack));
	if (!stack.baseline) throw new CliError("the stack file names no baseline: there is nothing to prune");
	if (fixed.length > 0)
		await writeBaseline(stack, new Set(fixed.map(({ policy, subject }) => `${policy}\0${subject}`)), [], Math.max(Date.now(), assessment.at));
	if (options.json) process.stdout.write(`${JSON.stringify({ file, removed: fixed }, null, 2)}\n`);
	else
		process.stdout.write(
			fixed.length > 0
				? `${counted(fixed.length, "fixed finding")} taken out of ${file}\n`
				: "Every accepted finding is still there, or can't be judged: nothing to prune.\n",
		);
	return exitCodes.fine;
}

function list({ stack }: Workspace, assessment: Assessment, options: BaselineOptions): ExitCode {
	if (!stack.baseline) throw new CliError("the stack file names no baseline: keelson baseline --owner <who> writes one");
	const found = new Map(assessment.findings.filter(({ state }) => state !== "fixed").map((finding) => [`${finding.policy}\0${finding.subject.key}`, finding]));
	const fixed = new Set(assessment.baseline?.fixed.map(({ policy, subject }) => `${policy}\0${subject}`));
	const rows = stack.baseline.entries.flatMap((entry) =>
		entry.subjects.map(({ key }) => {
			const name = `${entry.policy}\0${key}`;
			const finding = found.get(name);
			const state = finding ? (finding.outcome === "fail" ? "ended" : "accepted") : fixed.has(name) ? "fixed" : "unknown";
			return {
				policy: entry.policy,
				subject: key,
				state,
				label: finding?.subject.label ?? null,
				finding: finding?.id ?? null,
				owner: entry.owner,
				reason: entry.reason,
				expires: entry.expiresText,
			};
		}),
	);
	const shown = rows.filter(({ policy }) => options.policy?.includes(policy) ?? true);
	if (options.json) process.stdout.write(`${JSON.stringify({ entries: shown }, null, 2)}\n`);
	else {
		const clean = (text: string) => safeText(text, "terminal");
		const lines = [...groupBy(shown, ({ policy, owner, reason, expires }) => `${policy} until ${expires}: ${reason} (${owner})`)].flatMap(([title, group]) => [
			"",
			clean(title),
			...group.map(
				({ subject, state, label, finding }) =>
					`  ${state.padEnd(8)}  ${clean(label ?? subject)}${label ? `  ${clean(subject)}` : ""}${finding ? `  ${finding}` : ""}`,
			),
		]);
		process.stdout.write(`${[...lines, "", baselineWords(assessment)].join("\n")}\n`);
	}
	return exitCodes.fine;
}

/** `90d` after the run, or a date. @throws CliError for what is neither, over, or too far */
function lastDay(text: string, at: number): string {
	const wrong = (why: string) => new CliError(`--expires ${text}: ${why}`);
	const duration = parseDuration(text);
	const date = parseInstant(text, "end");
	const end = "value" in duration ? at + duration.value : "value" in date ? date.value : null;
	if (end === null) throw wrong(`write a number of days such as 90d, or a date such as ${day(at + 90 * 86_400_000)}`);
	if (day(end) > day(at + longestBaseline * 86_400_000))
		throw wrong(`a baseline accepts for ${longestBaseline} days at most, until ${day(at + longestBaseline * 86_400_000)}`);
	if (day(end) <= day(at)) throw wrong("that day is over when the run ends");
	return day(end);
}

function day(at: number): string {
	return new Date(at).toISOString().slice(0, 10);
}
