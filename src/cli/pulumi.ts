import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { EngineRun } from "../pulumi/automation.js";
import { safeText } from "../report/sanitise.js";
import { desiredMark } from "./desired-mark.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { type CommonOptions, readStack } from "./workspace.js";

/** Runs the engine on a stack file's project. @throws CliError for what is missing */
export async function runPulumi(command: "preview" | "up", options: CommonOptions, signal?: AbortSignal): Promise<EngineRun> {
	const stack = await readStack(options.stack);
	const folder = projectOf(stack.file);
	checkInstalled(folder);
	const { runEngine } = await import("../pulumi/automation.js");
	const silent = options.json || options.quiet;
	try {
		return await runEngine(command, {
			folder,
			stackFile: resolve(stack.file),
			name: stack.name,
			...(options.failOn !== undefined && { failOn: options.failOn }),
			print: (text) => void (silent || process.stdout.write(text)),
			log: (line) => void process.stderr.write(`${line}\n`),
			...(signal && { signal }),
		});
	} catch (error) {
		throw error instanceof Error && error.name === "EngineError" ? new CliError(error.message) : error;
	}
}

/** What a run that failed ends with, and its reasons on stderr. */
export function failed(run: EngineRun, partial: ExitCode): ExitCode {
	for (const error of new Set(run.errors))
		process.stderr.write(
			`keelson: ${error
				// The engine's own words before ours.
				.replace(/^pulumi-nodejs:dynamic\/keelson:\w+ resource '[^']*': property \w+ value \{[^}]*\} has a problem: /, "")
				.split("\n")
				.map((line) => safeText(line, "terminal", 2000))
				.join("\n")}\n`,
		);
	if (run.errors.some((error) => error.includes("refused by a guardrail"))) return exitCodes.refused;
	if (run.errors.some((error) => error.includes(desiredMark))) return exitCodes.findings;
	return run.errors.some((error) => /was applied in part|is not as declared/.test(error)) ? partial : exitCodes.badInput;
}

const changing = ["create", "update", "delete", "replace", "create-replacement", "delete-replaced"] as const;

export function changesSomething(run: EngineRun): boolean {
	return changing.some((kind) => (run.changes[kind] ?? 0) > 0);
}

/** The nearest folder at or above a stack file with a Pulumi.yaml. */
function projectOf(file: string): string {
	for (let folder = dirname(file); ; folder = dirname(folder)) {
		if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
		if (dirname(folder) === folder) throw new CliError(`no Pulumi.yaml stands at or above ${file}: keelson init writes one`);
	}
}

function checkInstalled(folder: string): void {
	const require = createRequire(join(folder, "package.json"));
	for (const [module, name] of [
		["@pulumi/pulumi", "@pulumi/pulumi"],
		["keelson/provider", "keelson"],
	] as const) {
		try {
			require.resolve(module);
		} catch {
			throw new CliError(`${name} is not installed in ${folder}, and Pulumi looks for it there: npm install ${name}`);
		}
	}
}
