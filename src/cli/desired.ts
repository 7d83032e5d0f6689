import { relative } from "node:path";
import { type DesiredJudgement, type DesiredVerdict, judgeDesired } from "../assess/desired.js";
import { renderDiagnostic } from "../model/diagnostic.js";
import type { DesiredMappings } from "../provider/desired.js";
import { loadProvider } from "../provider/load.js";
import { safeText } from "../report/sanitise.js";
import { diagnosticAt } from "../stack/later.js";
import { packagesFolder } from "./base.js";
import { desiredMark } from "./desired-mark.js";
import { type ExitCode, exitCodes } from "./exit.js";
import { reaches } from "./fail-on.js";
import type { Workspace } from "./workspace.js";

export interface DesiredReport extends DesiredJudgement {
	/** One line each, with the place in the stack file. */
	blocking: string[];
	/** The same, of what stands against nothing. */
	told: string[];
}

/**
 * What the policies say of the stack file's own objects before they exist. A failure that is at least as severe as `failOn`, and that the live
 * object does not have already, blocks; what can't be known before never does.
 * @param folder where the stack file's path is told from
 * @throws CliError on a word that is no severity
 */
export async function desiredReport(
	workspace: Pick<Workspace, "stack" | "store" | "policies" | "settingKinds">,
	failOn?: string,
	folder = process.cwd(),
): Promise<DesiredReport> {
	const { stack } = workspace;
	reaches("critical", failOn);
	const mappings = new Map<string, DesiredMappings>();
	for (const system of new Set(Object.values(stack.resources).flatMap((resource) => resource.system ?? []))) {
		const { desired } = await loadProvider(stack.systems[system]?.provider ?? "", packagesFolder(stack.file));
		if (desired) mappings.set(system, desired);
	}
	const judgement = await judgeDesired({ ...workspace, mappings, now: Date.now() });
	const blocks = ({ outcome, already, severity }: DesiredVerdict): boolean => outcome === "fail" && !already && reaches(severity, failOn);
	const line = (verdict: DesiredVerdict): string => placed(workspace, folder, verdict.path, wording(verdict));
	const unknown = new Map<string, DesiredVerdict[]>();
	for (const verdict of judgement.verdicts) if (verdict.outcome === "unknown") unknown.set(verdict.path, [...(unknown.get(verdict.path) ?? []), verdict]);
	return {
		...judgement,
		blocking: judgement.verdicts.filter(blocks).map(line),
		told: [
			...judgement.verdicts.filter((verdict) => verdict.outcome !== "unknown" && !blocks(verdict)).map(line),
			...[...unknown].map(([path, list]) =>
				placed(
					workspace,
					folder,
					path,
					`${list[0]?.name}: what is known of it before it exists is not enough for ${list.map(({ policy }) => policy).join(", ")}`,
				),
			),
			...judgement.notes,
		].map((text) => safeText(text, "terminal", 2000)),
	};
}

function wording({ policy, severity, outcome, already, message }: DesiredVerdict): string {
	const said = safeText(message, "terminal", 1000);
	if (outcome === "excepted") return `${policy} (${severity}) is excepted here: ${said}`;
	if (outcome === "review") return `${policy} (${severity}) is to be looked at: ${said}`;
	return already ? `fails ${policy} (${severity}) as it does already: ${said}` : `${desiredMark} ${policy} (${severity}): ${said}`;
}

function placed({ stack }: Pick<Workspace, "stack">, folder: string, path: string, message: string): string {
	const { excerpt: _, ...diagnostic } = diagnosticAt(stack, path, message);
	return renderDiagnostic({ ...diagnostic, file: relative(folder, stack.file) });
}

/** `keelson check --desired`: from the store and the stack file; no network. */
export async function checkDesired(workspace: Workspace, options: { json?: boolean; failOn?: string }): Promise<ExitCode> {
	const { verdicts, notes, blocking, told } = await desiredReport(workspace, options.failOn);
	if (options.json) process.stdout.write(`${JSON.stringify({ verdicts, notes }, null, 2)}\n`);
	else {
		const lines = [...blocking, ...told];
		process.stdout.write(lines.length > 0 ? `${lines.join("\n")}\n` : "No policy stands against what the stack file declares.\n");
	}
	return blocking.length > 0 ? exitCodes.findings : exitCodes.fine;
}
