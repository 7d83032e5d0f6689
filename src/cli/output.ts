import type { Shortfall } from "../assess/expectation.js";
import type { Assessment } from "../model/assessment.js";
import { renderJson } from "../report/json.js";
import { safeText } from "../report/sanitise.js";
import { renderTerminal } from "../report/terminal.js";

export interface OutputOptions {
	json?: boolean;
}

/** Colours only on a terminal, and never against NO_COLOR (https://no-color.org). */
export function colour(stream: NodeJS.WriteStream): boolean {
	if (process.env.NO_COLOR) return false;
	return Boolean(process.env.FORCE_COLOR) || (stream.isTTY ?? false);
}

export function printAssessment(assessment: Assessment, short: Shortfall[], options: OutputOptions): void {
	if (options.json) process.stdout.write(renderJson(assessment));
	else process.stdout.write(renderTerminal(assessment, { color: colour(process.stdout), width: process.stdout.columns ?? Number.POSITIVE_INFINITY }));
	for (const { system, coverage, share, expected } of short) {
		const read = share === null ? coverage.state : `${Math.floor(share * 100)} %`;
		const reason = coverage.reasons[0]?.detail ?? "";
		process.stderr.write(`keelson: ${system} ${coverage.collection}: ${read}, expected ${Math.round(expected * 100)} %: ${safeText(reason, "terminal")}\n`);
	}
}
