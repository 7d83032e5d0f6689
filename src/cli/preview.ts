import { type ExitCode, exitCodes } from "./exit.js";
import { changesSomething, failed, runPulumi } from "./pulumi.js";
import type { CommonOptions } from "./workspace.js";

/** `keelson preview`: what an update would change. Ends with 5 when it would change something. */
export async function preview(options: CommonOptions): Promise<ExitCode> {
	const run = await runPulumi("preview", options);
	if (options.json) process.stdout.write(`${JSON.stringify({ changes: run.changes, errors: run.errors }, null, 2)}\n`);
	if (run.errors.length > 0) return failed(run, exitCodes.drift);
	return changesSomething(run) ? exitCodes.drift : exitCodes.fine;
}
