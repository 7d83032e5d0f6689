import { type FSWatcher, statSync, watch } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import pc from "picocolors";
import { type Diagnostic, renderDiagnostic } from "../model/diagnostic.js";
import { loadPolicies } from "../policy/load.js";
import { runPolicyTests, type TestReport } from "../policy/run-tests.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { policyFolders } from "./policy-folders.js";
import { writeReport } from "./report.js";
import type { CommonOptions } from "./workspace.js";

export interface PolicyTestOptions extends CommonOptions {
	format?: "terminal" | "json" | "junit";
	/** File to write; stdout without it. */
	out?: string;
	/** Again whenever a file changes, until Ctrl-C. */
	watch?: boolean;
}

/** What to test: all policies in some folders, and some files, each read with the folder it lies in so that an id used twice is found. */
interface Chosen {
	folders: string[];
	files: string[];
}

/** `keelson policy test`: runs the tests that stand in policy files; without paths, the shipped ones and those of the stack file's folders. */
export async function policyTest(paths: string[], options: PolicyTestOptions): Promise<ExitCode> {
	const format = options.json ? "json" : (options.format ?? "terminal");
	if (options.watch && format !== "terminal" && options.out === undefined)
		throw new CliError(`--watch with --format ${format} needs --out: a file is one report`);
	const chosen = await choose(paths, options);
	if (options.watch) return watching(chosen, format, options);
	const { report, diagnostics, policies } = await run(chosen);
	if (!report) throw new CliError(rendered(diagnostics));
	await print(report, policies, format, options);
	return report.failed > 0 ? exitCodes.findings : exitCodes.fine;
}

async function choose(paths: string[], { stack }: PolicyTestOptions): Promise<Chosen> {
	if (paths.length === 0) return { folders: await policyFolders(stack), files: [] };
	const files = paths.filter(isFile);
	return { folders: paths.filter((path) => !files.includes(path)), files: files.map((file) => resolve(file)) };
}

/** Folders to read, each once, those of single files last. */
function dirsOf({ folders, files }: Chosen): string[] {
	const dirs = folders.map((dir) => resolve(dir));
	return [...new Set([...dirs, ...files.map((file) => dirname(file)).filter((dir) => !dirs.some((one) => `${dir}${sep}`.startsWith(one + sep)))])];
}

async function run(chosen: Chosen): Promise<{ report: TestReport | null; diagnostics: Diagnostic[]; policies: number }> {
	const loaded = await loadPolicies(dirsOf(chosen));
	const { files } = chosen;
	const folders = chosen.folders.map((dir) => resolve(dir));
	// What is wrong in a file beside the one that is asked for does not keep that one from being tested.
	const wanted = ({ file }: { file: string }) => files.includes(resolve(file)) || folders.some((dir) => `${resolve(file)}${sep}`.startsWith(join(dir, sep)));
	const diagnostics = loaded.diagnostics.filter(wanted);
	if (diagnostics.length > 0) return { report: null, diagnostics, policies: 0 };
	const policies = loaded.policies.filter(wanted);
	return { report: runPolicyTests(policies), diagnostics, policies: policies.length };
}

async function print(report: TestReport, policies: number, format: string, options: PolicyTestOptions): Promise<void> {
	// With a file for a machine, the log still says what failed.
	if (options.out !== undefined || format === "terminal") process.stdout.write(words(report, policies));
	if (options.out === undefined && format === "terminal") return;
	await writeReport(await renderedAs(format, report, policies), options);
}

async function renderedAs(format: string, report: TestReport, policies: number): Promise<string> {
	if (format === "terminal") return words(report, policies, false);
	if (format === "json") return `${JSON.stringify(report, null, 2)}\n`;
	return (await import("../report/junit-tests.js")).renderTestJunit(report, process.cwd());
}

function words(report: TestReport, policies: number, colours = colour(process.stdout)): string {
	const c = pc.createColors(colours);
	const failed = report.results
		.filter(({ ok }) => !ok)
		.map(({ file, line, policy, name, problem }) => `${c.red("✗")} ${relative(process.cwd(), file)}:${line}: ${policy}: ${name}\n    ${problem}\n`);
	return `${failed.join("")}${policies} policies, ${report.results.length} tests: ${report.passed} passed, ${report.failed} failed\n`;
}

function rendered(diagnostics: readonly Diagnostic[]): string {
	return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join("\n\n");
}

/** An editor writes a file in several steps, and mostly as another file put in its place. */
const settle = 100;

/** Runs, and again on every change of a policy file, until Ctrl-C. @returns what the last run would have ended with */
async function watching(chosen: Chosen, format: string, options: PolicyTestOptions): Promise<ExitCode> {
	let last: ExitCode = exitCodes.fine;
	const once = async () => {
		const { report, diagnostics, policies } = await run(chosen);
		// A file that is half written is no reason to stop.
		if (!report) process.stdout.write(`${rendered(diagnostics)}\n`);
		else await print(report, policies, format, options);
		last = !report ? exitCodes.badInput : report.failed > 0 ? exitCodes.findings : exitCodes.fine;
		if (!options.quiet)
			process.stderr.write(
				`keelson: watching ${[...chosen.folders, ...chosen.files].map((path) => relative(process.cwd(), path) || ".").join(", ")}; Ctrl-C ends\n`,
			);
	};
	let running: Promise<void> = Promise.resolve();
	let waiting: NodeJS.Timeout | null = null;
	const changed = (_event: string, name: string | null) => {
		if (name !== null && !/\.ya?ml$/.test(name)) return;
		if (waiting) clearTimeout(waiting);
		waiting = setTimeout(() => {
			waiting = null;
			// One after the other, so that what is printed last is what is true last.
			running = running.then(once).catch((error: Error) => void process.stderr.write(`keelson: ${error.message}\n`));
		}, settle);
	};
	// The folders and not the files: a file that an editor puts in the place of another is not the one that was watched.
	const watchers: FSWatcher[] = dirsOf(chosen).map((dir) => watch(dir, { recursive: chosen.folders.some((one) => resolve(one) === dir) }, changed));
	try {
		running = once();
		await running;
		await new Promise<void>((ended, failed) => {
			for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended());
			for (const watcher of watchers) watcher.on("error", failed);
		});
	} finally {
		if (waiting) clearTimeout(waiting);
		for (const watcher of watchers) watcher.close();
	}
	await running;
	return last;
}

function isFile(path: string): boolean {
	try {
		return statSync(path).isFile();
	} catch {
		throw new CliError(`${path} does not exist`);
	}
}
