import { assess } from "../assess/assess.js";
import { type Shortfall, shortfalls } from "../assess/expectation.js";
import type { Scan } from "../model/snapshot.js";
import { runScan, UnreachedError } from "../sync/scan.js";
import { isProposal, trustedBy } from "./base.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { failsOn } from "./fail-on.js";
import { checkNotify, type NotifyOption, tellFindings } from "./notify.js";
import { printAssessment } from "./output.js";
import { progressWriter } from "./progress.js";
import { applyRetention } from "./retention.js";
import { type CommonOptions, connect, openWorkspace, type Workspace } from "./workspace.js";

export interface ScanOptions extends CommonOptions, NotifyOption {
	system?: string[];
	full?: boolean;
	acceptShrink?: boolean;
}

/** `keelson scan`: read, store, judge, print. */
export async function scan(options: ScanOptions): Promise<ExitCode> {
	checkNotify(options);
	const workspace = await openWorkspace(options);
	try {
		const scans = await scanSystems(workspace, options);
		await applyRetention(workspace, Date.now());
		// What a pull request makes of the findings is told in its review, and not kept as what is.
		const assessment = await assess({ ...workspace, dryRun: isProposal() });
		if (!assessment) throw new CliError("the stack file names no system");
		const short = scans.flatMap((done) => shortfallsOf(workspace, done));
		if (options.notify) await tellFindings(workspace, options.notify);
		await printAssessment(assessment, short, options);
		return worst([short.length > 0 ? exitCodes.coverage : exitCodes.fine, failsOn(assessment, options.failOn) ? exitCodes.findings : exitCodes.fine]);
	} finally {
		await workspace.close();
	}
}

/** Scans the named systems of a stack, or all of them, one after the other. */
export async function scanSystems(workspace: Workspace, options: ScanOptions): Promise<Scan[]> {
	const { stack } = workspace;
	// What is stored is for everybody: how much of it is read is not the proposal's to say.
	const base = await trustedBy(stack);
	const systems = options.system ?? Object.keys(stack.systems);
	const progress = progressWriter(process.stderr, options.quiet ?? false);
	const scans: Scan[] = [];
	for (const system of systems) {
		const { provider, connection, declared, redact } = await connect(stack, system, "read");
		try {
			scans.push(
				await runScan({
					store: workspace.store,
					provider,
					connection,
					system,
					stackDigest: base?.stack.digest ?? stack.digest,
					budget: (base?.stack.systems[system] ?? declared).budget,
					now: Date.now,
					full: options.full ?? false,
					acceptShrink: options.acceptShrink ?? false,
					progress,
				}),
			);
		} catch (error) {
			const nothing = error instanceof UnreachedError ? `no answer from ${declared.url}, and nothing was stored: ` : "";
			const mend = nothing === "" ? "" : ` (check systems.${system}.url, the network and the proxy; keelson doctor says more)`;
			throw new CliError(`${system}: ${nothing}${redact((error as Error).message)}${mend}`);
		} finally {
			await connection.close();
		}
	}
	return scans;
}

export function shortfallsOf(workspace: Workspace, done: Scan): Shortfall[] {
	const declared = workspace.stack.systems[done.system];
	return declared ? shortfalls(done, declared) : [];
}
