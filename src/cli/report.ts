import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { assess } from "../assess/assess.js";
import { peopleSystem } from "../assess/persons.js";
import type { Assessment } from "../model/assessment.js";
import { withHistory } from "../report/history.js";
import type { PlanReport } from "../report/plan-report.js";
import { time } from "./check.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour, writeParts } from "./output.js";
import { type CommonOptions, openWorkspace } from "./workspace.js";

export const reportFormats = ["terminal", "html", "markdown", "json", "csv"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions extends CommonOptions {
	format: ReportFormat;
	/** File to write; stdout without it. */
	out?: string;
	asOf?: string;
	/** A plan file to show beside the findings. */
	plan?: string;
}

/** `keelson report`: the stored state in one format. Judges without writing to the store; no network. */
export async function report(options: ReportOptions): Promise<ExitCode> {
	const format = options.json ? "json" : options.format;
	if (!reportFormats.includes(format)) throw new CliError(`--format takes ${reportFormats.join(", ")}, not ${JSON.stringify(format)}`);
	const asOf = options.asOf === undefined ? undefined : time(options.asOf);
	if (options.plan !== undefined && format !== "html" && format !== "markdown") throw new CliError(`--plan goes with --format html or markdown, not ${format}`);
	if (options.plan !== undefined && asOf !== undefined) throw new CliError("--plan is held against the newest state: leave --as-of out");
	const workspace = await openWorkspace(options);
	try {
		const judged = await assess({ ...workspace, dryRun: true, ...(asOf === undefined ? {} : { asOf }) });
		if (!judged) throw new CliError(asOf === undefined ? "nothing is stored yet: run keelson scan" : `nothing was stored by ${options.asOf}`);
		const stored = await workspace.store.findings({ systems: [...judged.systems.map(({ system }) => system), peopleSystem] });
		const plan = options.plan === undefined ? undefined : await (await import("./report-plan.js")).planReport(workspace, judged, options.plan);
		await write(await rendered(withHistory(judged, stored), format, options, plan), options);
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

/** Loads only the renderer that is asked for. */
async function rendered(assessment: Assessment, format: ReportFormat, options: ReportOptions, plan?: PlanReport): Promise<string | Iterable<string>> {
	switch (format) {
		case "html":
			return (await import("../report/html.js")).renderHtml(assessment, plan ? { plan } : {});
		case "markdown":
			return (await import("../report/markdown.js")).renderMarkdown(assessment, plan ? { plan } : {});
		case "json":
			return (await import("../report/json.js")).jsonParts(assessment);
		case "csv":
			return (await import("../report/csv.js")).renderCsv(assessment);
		case "terminal": {
			const screen = options.out === undefined && process.stdout.isTTY;
			const { renderTerminal } = await import("../report/terminal.js");
			return renderTerminal(assessment, {
				color: options.out === undefined && colour(process.stdout),
				width: screen ? process.stdout.columns : Number.POSITIVE_INFINITY,
			});
		}
	}
}

async function write(text: string | Iterable<string>, { out, quiet }: ReportOptions): Promise<void> {
	if (out === undefined) {
		await writeParts(process.stdout, typeof text === "string" ? [text] : text);
		return;
	}
	const file = resolve(out);
	try {
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, text);
	} catch (error) {
		throw new CliError(`${out} cannot be written: ${(error as Error).message}`);
	}
	if (!quiet) process.stderr.write(`keelson: wrote ${out}\n`);
}
