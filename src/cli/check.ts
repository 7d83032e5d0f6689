import { assess } from "../assess/assess.js";
import { isProposal } from "./base.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { failsOn } from "./fail-on.js";
import { checkNotify, type NotifyOption, tellFindings } from "./notify.js";
import { printAssessment } from "./output.js";
import { checkKept } from "./retention.js";
import { shortfallsOf } from "./scan.js";
import { type CommonOptions, openWorkspace } from "./workspace.js";

export interface CheckOptions extends CommonOptions, NotifyOption {
	asOf?: string;
	/** Judge what the stack file declares, as it would be. */
	desired?: boolean;
}

/** `keelson check`: judge what is stored; no network. */
export async function check(options: CheckOptions): Promise<ExitCode> {
	const asOf = options.asOf === undefined ? undefined : time(options.asOf);
	checkNotify(options);
	if (options.notify && (options.desired || asOf !== undefined)) throw new CliError("--notify tells what is so now: leave out --as-of and --desired");
	const workspace = await openWorkspace(options);
	try {
		if (options.desired) {
			if (asOf !== undefined) throw new CliError("--desired looks ahead and --as-of back: give one of them");
			return await (await import("./desired.js")).checkDesired(workspace, options);
		}
		if (asOf !== undefined) await checkKept(workspace.store, Object.keys(workspace.stack.systems), asOf);
		const assessment = await assess({ ...workspace, dryRun: isProposal(), ...(asOf === undefined ? {} : { asOf }) });
		if (!assessment) throw new CliError(asOf === undefined ? "nothing is stored yet: run keelson scan" : `nothing was stored by ${options.asOf}`);
		const scans = await Promise.all(
			assessment.systems.map(({ system }) => workspace.store.scans({ system, limit: 1, ...(asOf === undefined ? {} : { asOf }) })),
		);
		const short = scans.flat().flatMap((scan) => shortfallsOf(workspace, scan));
		if (options.notify) await tellFindings(workspace, options.notify);
		await printAssessment(assessment, short, options);
		return worst([short.length > 0 ? exitCodes.coverage : exitCodes.fine, failsOn(assessment, options.failOn) ? exitCodes.findings : exitCodes.fine]);
	} finally {
		await workspace.close();
	}
}

/** `--as-of` as milliseconds; a date is its end. @throws CliError when it is neither */
export function time(text: string): number {
	const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
	const at = Date.parse(dateOnly ? `${text}T23:59:59.999Z` : text);
	if (Number.isNaN(at)) throw new CliError(`--as-of takes a date or an RFC 3339 time, not ${JSON.stringify(text)}`);
	return at;
}
