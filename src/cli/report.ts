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
import { checkKept } from "./retention.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export const reportFormats = ["terminal", "html", "markdown", "json", "csv", "sarif", "ocsf", "junit", "gitlab", "oscal"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface ReportOptions extends CommonOptions {
	format: ReportFormat;
	/** File to write; stdout without it. */
	out?: string;
	asOf?: string;
	/** A plan file to show beside the findings. */
	plan?: string;
	/** No personal data: subjects by their immutable ids. */
	pseudonyms?: boolean;
	/** Markdown at most so long, in UTF-8 bytes. */
	maxChars?: number;
}

/** GitHub drops a longer step summary whole: 1,024 KiB. */
const longestMarkdown = 1024 * 1024;

/** `keelson report`: the stored state in one format. Judges without writing to the store; no network. */
export async function report(options: ReportOptions): Promise<ExitCode> {
	const format = options.json ? "json" : options.format;
	if (!reportFormats.includes(format)) throw new CliError(`--format takes ${reportFormats.join(", ")}, not ${JSON.stringify(format)}`);
	const asOf = options.asOf === undefined ? undefined : time(options.asOf);
	if (options.plan !== undefined && format !== "html" && format !== "markdown") throw new CliError(`--plan goes with --format html or markdown, not ${format}`);
	if (options.plan !== undefined && asOf !== undefined) throw new CliError("--plan is held against the newest state: leave --as-of out");
	if (options.maxChars !== undefined && format !== "markdown") throw new CliError(`--max-chars goes with --format markdown, not ${format}`);
	if (options.maxChars !== undefined && options.maxChars > longestMarkdown)
		throw new CliError(`--max-chars is at most ${longestMarkdown}: a longer job summary is not shown`);
	const workspace = await openWorkspace(options);
	try {
		if (asOf !== undefined) await checkKept(workspace.store, Object.keys(workspace.stack.systems), asOf);
		const judged = await assess({ ...workspace, dryRun: true, ...(asOf === undefined ? {} : { asOf }) });
		if (!judged) throw new CliError(asOf === undefined ? "nothing is stored yet: run keelson scan" : `nothing was stored by ${options.asOf}`);
		const stored = await workspace.store.findings({ systems: [...judged.systems.map(({ system }) => system), peopleSystem] });
		const plan = options.plan === undefined ? undefined : await (await import("./report-plan.js")).planReport(workspace, judged, options.plan);
		const whole = withHistory(judged, stored);
		const hidden = options.pseudonyms ? await import("../report/pseudonyms.js") : null;
		const hiddenPlan = hidden && plan && (await import("../report/pseudonyms-plan.js")).planWithPseudonyms(plan);
		const text = await rendered(hidden ? hidden.withPseudonyms(whole) : whole, format, options, workspace, hiddenPlan ?? plan);
		await writeReport(text, options);
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

/** Loads only the renderer that is asked for. */
async function rendered(
	assessment: Assessment,
	format: ReportFormat,
	options: ReportOptions,
	workspace: Workspace,
	plan?: PlanReport,
): Promise<string | Iterable<string>> {
	const surroundings = async () => (await import("./report-places.js")).surroundingsOf(workspace.stack, workspace.policies);
	switch (format) {
		case "html":
			return (await import("../report/html.js")).renderHtml(assessment, plan ? { plan } : {});
		case "markdown":
			return (await import("../report/markdown.js")).renderMarkdown(assessment, {
				...(plan && { plan }),
				...(options.maxChars !== undefined && { limit: options.maxChars }),
			});
		case "json":
			return (await import("../report/json.js")).jsonParts(assessment);
		case "csv":
			return (await import("../report/csv.js")).renderCsv(assessment);
		case "sarif":
			return (await import("../report/sarif.js")).renderSarif(assessment, await surroundings());
		case "ocsf":
			return (await import("../report/ocsf.js")).ocsfParts(assessment, await surroundings());
		case "junit":
			return (await import("../report/junit.js")).renderJunit(assessment, await surroundings());
		case "gitlab":
			return (await import("../report/gitlab.js")).gitlabParts(assessment, await surroundings());
		case "oscal":
			return (await import("../report/oscal.js")).renderOscal(assessment, await surroundings());
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

/** To a file, or to stdout. @throws CliError when the file can't be written */
export async function writeReport(text: string | Iterable<string>, { out, quiet }: { out?: string; quiet?: boolean }): Promise<void> {
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
