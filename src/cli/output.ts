import { once } from "node:events";
import type { Shortfall } from "../assess/expectation.js";
import type { Assessment } from "../model/assessment.js";
import { jsonParts } from "../report/json.js";
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

/** Pieces are written together up to about this many characters. */
const enough = 64 * 1024;

/** Writes a text that may be too long to be one, no faster than it is taken. */
export async function writeParts(stream: NodeJS.WritableStream, parts: Iterable<string>): Promise<void> {
	let held = "";
	const flush = async () => {
		if (!stream.write(held)) await once(stream, "drain");
		held = "";
	};
	for (const part of parts) {
		held += part;
		if (held.length >= enough) await flush();
	}
	if (held !== "") await flush();
}

export async function printAssessment(assessment: Assessment, short: Shortfall[], options: OutputOptions): Promise<void> {
	if (options.json) await writeParts(process.stdout, jsonParts(assessment));
	else process.stdout.write(renderTerminal(assessment, { color: colour(process.stdout), width: process.stdout.columns ?? Number.POSITIVE_INFINITY }));
	for (const { system, coverage, share, expected } of short) {
		const read = share === null ? coverage.state : `${Math.floor(share * 100)} %`;
		const reason = coverage.reasons[0]?.detail ?? "";
		process.stderr.write(`keelson: ${system} ${coverage.collection}: ${read}, expected ${Math.round(expected * 100)} %: ${safeText(reason, "terminal")}\n`);
	}
}
