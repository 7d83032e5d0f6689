import { existsSync } from "node:fs";
import type { Diagnostic } from "../model/diagnostic.js";
import type { Millis } from "../model/known.js";
import { baselineSchema, longestBaseline } from "./baseline-schema.js";
import { readDate } from "./build-guardrails.js";
import { parseYaml } from "./document.js";
import { reportSchemaErrors } from "./explain.js";
import { pathText } from "./paths.js";
import { accepted } from "./prepared.js";
import { clip, createReporter, shownKey } from "./report.js";
import { positionAt, readSource, type Source } from "./source.js";
import { checkSystem, type Scope } from "./targets.js";
import { isMapping, items, mapping, textOr } from "./values.js";

/** Findings that were accepted for a time so that a team could start, from the file that the stack file's `baseline` names. */
export interface Baseline {
	/** Absolute. */
	file: string;
	entries: BaselineEntry[];
}

/** What was accepted together: findings of one policy, by the keys of their subjects. */
export interface BaselineEntry {
	policy: string;
	subjects: { key: string; line: number }[];
	owner: string;
	reason: string;
	/** End of the run whose findings these are; before it nothing was accepted. */
	accepted: Millis;
	/** End of that day, UTC. */
	expires: Millis;
	expiresText: string;
	line: number;
	/** Place in the file's list. */
	index: number;
}

/** A clock that is a little ahead of ours is no mistake, milliseconds. */
const ahead = 86_400_000;

/**
 * Reads a baseline. `systems`: those of the stack. Never throws for what the file holds: an error leaves `entries` out. A file that is not
 * there yet is a baseline of nothing.
 */
export async function readBaseline(file: string, systems: string[], now: Millis): Promise<ReadBaseline> {
	if (!existsSync(file)) return { entries: [], diagnostics: [] };
	const read = await readSource(file);
	return "problem" in read ? { diagnostics: [ours(read.problem)] } : parseBaseline(read.source, systems, now);
}

interface ReadBaseline {
	entries?: BaselineEntry[];
	diagnostics: Diagnostic[];
}

/** As `readBaseline`, from a file already read. */
export async function parseBaseline(source: Source, systems: string[], now: Millis): Promise<ReadBaseline> {
	const { parsed, complaints } = parseYaml(source);
	if (parsed === null && /^\s*(#.*\s*)*$/.test(source.text)) return { entries: [], diagnostics: [] };
	const reporter = createReporter(source, parsed?.marks ?? null);
	for (const { offset, message, hint, parts, key } of complaints)
		reporter.offset(offset, key === undefined ? message : message.replace("KEY", shownKey(parts?.slice(0, -1) ?? [], key)), { hint, parts });
	if (parsed === null) return { diagnostics: reporter.diagnostics().map(ours) };
	const { data, marks } = parsed;
	if (!(await accepted("stack", baselineSchema, data))) {
		const { errorsOf } = await import("./validate.js");
		reportSchemaErrors(errorsOf("stack", baselineSchema, data), [], marks, reporter);
	}
	if (!isMapping(data)) return { diagnostics: reporter.diagnostics().map(ours) };
	const scope: Scope = { reporter, systems };
	const lineOf = (path: string) => positionAt(source, marks.get(path)?.value[0] ?? 0).line;
	const entries = items(data.findings).map((value, index) => readEntry(mapping(value), index, scope, lineOf, now));
	checkTwice(entries, scope);
	const diagnostics = reporter.diagnostics().map(ours);
	return { diagnostics, ...(diagnostics.some(({ level }) => level !== "warning") ? {} : { entries }) };
}

function readEntry(value: Record<string, unknown>, index: number, scope: Scope, lineOf: (path: string) => number, now: Millis): BaselineEntry {
	const parts = ["findings", index];
	const { reporter } = scope;
	const from = readDate(value.accepted, [...parts, "accepted"], "start", scope);
	const expires = readDate(value.expires, [...parts, "expires"], "end", scope);
	if (from !== null && from > now + ahead)
		reporter.at([...parts, "accepted"], "this lies in the future", { hint: "keelson baseline writes the time of the run" });
	if (from !== null && expires !== null && day(expires) > day(from + longestBaseline * 86_400_000))
		reporter.at([...parts, "expires"], `\`${clip(textOr(value.expires, ""))}\` is more than ${longestBaseline} days after \`accepted\``, {
			hint: `write ${day(from + longestBaseline * 86_400_000)} or earlier; what stays for longer is an exemption, by name and with a reason of its own`,
		});
	const subjects = items(value.subjects).map((subject, at) => {
		const key = textOr(subject, "");
		const place = [...parts, "subjects", at];
		if (key !== "" && !reporter.failed(place)) checkSystem(key.split("/", 1)[0] ?? "", place, "value", scope);
		return { key, line: lineOf(pathText(place)) };
	});
	return {
		policy: textOr(value.policy, ""),
		subjects,
		owner: textOr(value.owner, ""),
		reason: textOr(value.reason, ""),
		accepted: from ?? 0,
		expires: expires ?? 0,
		expiresText: textOr(value.expires, ""),
		line: lineOf(pathText(parts)),
		index,
	};
}

/** One finding accepted twice would stay accepted when one of the two is taken out. */
function checkTwice(entries: BaselineEntry[], { reporter }: Scope): void {
	const seen = new Map<string, number>();
	for (const { policy, subjects, index } of entries)
		for (const [at, { key, line }] of subjects.entries()) {
			const before = seen.get(`${policy}\0${key}`);
			if (before !== undefined)
				reporter.at(["findings", index, "subjects", at], `\`${clip(key)}\` is accepted for ${clip(policy)} in line ${before} already`, {
					hint: "keep one of the two",
				});
			else seen.set(`${policy}\0${key}`, line);
		}
}

function day(at: Millis): string {
	return new Date(at).toISOString().slice(0, 10);
}

/** The reader of YAML is the stack file's, and its sentences speak of one. */
function ours(diagnostic: Diagnostic): Diagnostic {
	return {
		...diagnostic,
		message: diagnostic.message.replace("a stack file", "a baseline"),
		...(diagnostic.hint && { hint: diagnostic.hint.replace("no stack file", "no baseline") }),
	};
}
