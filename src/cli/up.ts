import { createInterface } from "node:readline/promises";
import { refuseProposal } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { changesSomething, failed, runPulumi } from "./pulumi.js";
import { listenForStop } from "./stop-signal.js";
import type { CommonOptions } from "./workspace.js";

export interface UpOptions extends CommonOptions {
	yes?: boolean;
}

/** `keelson up`: mends drift and applies the approved plan files, inside the guardrails. Refused: 4; in part: 1. */
export async function up(options: UpOptions): Promise<ExitCode> {
	refuseProposal("nothing is updated");
	if (!options.yes) {
		if (!process.stdin.isTTY || options.json) throw new CliError("nobody can be asked here: read keelson preview, then run keelson up --yes");
		const before = await runPulumi("preview", options);
		if (before.errors.length > 0) return failed(before, exitCodes.findings);
		if (!changesSomething(before)) return exitCodes.fine;
		if (!(await agreed())) return exitCodes.fine;
	}
	const run = await stoppable(options);
	if (options.json) process.stdout.write(`${JSON.stringify({ changes: run.changes, outputs: run.outputs, errors: run.errors }, null, 2)}\n`);
	return run.errors.length > 0 ? failed(run, exitCodes.findings) : exitCodes.fine;
}

/** The engine ends after the resource that is under way, as it does by itself for Ctrl-C at a terminal, which reaches it too. */
async function stoppable(options: UpOptions) {
	const stop = listenForStop((line) => process.stderr.write(`keelson: ${line}\n`));
	const engine = new AbortController();
	stop.signal.addEventListener("abort", () => {
		const atTerminal = process.stdin.isTTY && String(stop.signal.reason).includes("SIGINT");
		if (!atTerminal) engine.abort();
	});
	try {
		return await runPulumi("up", options, engine.signal);
	} finally {
		stop.end();
	}
}

async function agreed(): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	try {
		return /^y(es)?$/i.test((await lines.question("Make these changes? [y/N] ")).trim());
	} finally {
		lines.close();
	}
}
