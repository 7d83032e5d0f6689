import type { Diagnostic } from "../model/diagnostic.js";
import type { Mark } from "./document.js";
import { isHarmlessKey, isSecretPath, maskedLine, maskPasswords } from "./mask.js";
import { type Parts, pathText } from "./paths.js";
import { positionAt, type Source } from "./source.js";

/** Everything a person sees of a bad file at once; more is noise. */
export const maxShown = 20;

/** A mend; a function where it costs something to find, for it is asked only of what is shown. */
type Hint = string | undefined | (() => string | undefined);

interface Entry {
	offset: number;
	parts: Parts;
	message: string;
	hint: Hint;
	level: "error" | "warning";
}

export interface Reporter {
	/** Reports at a value, or at its key; where neither exists, at the nearest thing around it. */
	at(parts: Parts, message: string, more?: { hint?: Hint; on?: "key" | "value"; level?: "error" | "warning" }): void;
	/** Reports at an offset of the text. */
	offset(offset: number, message: string, more?: { hint?: Hint; parts?: Parts | undefined }): void;
	/** Whether an error stands at exactly this path. */
	failed(parts: Parts): boolean;
	/** At most `maxShown`, by position, errors before warnings where not all fit; excerpts hold no secret. */
	diagnostics(): Diagnostic[];
}

/** Gathers what is wrong with one file. `marks` null: the file is not YAML, and nothing is known of its places. */
export function createReporter(source: Source, marks: Map<string, Mark> | null): Reporter {
	const entries: Entry[] = [];
	const seen = new Set<string>();
	const failedPaths = new Set<string>();
	const add = (entry: Entry): void => {
		const id = `${entry.offset} ${entry.message}`;
		if (seen.has(id)) return;
		seen.add(id);
		if (entry.level === "error") failedPaths.add(pathText(entry.parts));
		entries.push(entry);
	};
	return {
		at: (parts, message, more = {}) => add({ offset: place(marks, parts, more.on ?? "value"), parts, message, hint: more.hint, level: more.level ?? "error" }),
		offset: (offset, message, more = {}) => add({ offset, parts: more.parts ?? [], message, hint: more.hint, level: "error" }),
		failed: (parts) => failedPaths.has(pathText(parts)),
		diagnostics: () => {
			const all = entries.sort((a, b) => a.offset - b.offset);
			const ranked = [...all.filter((e) => e.level === "error"), ...all.filter((e) => e.level === "warning")];
			const shown = ranked.length <= maxShown ? ranked : ranked.slice(0, maxShown - 1);
			const out = shown.sort((a, b) => a.offset - b.offset).map((entry) => toDiagnostic(entry, source, marks));
			const rest = ranked[shown.length];
			const last = shown.at(-1)?.offset ?? 0;
			if (rest)
				out.push({
					...toDiagnostic({ ...rest, offset: Math.max(rest.offset, last) }, source, marks),
					message: `${ranked.length - shown.length} more problems are not shown`,
					hint: "mend these first",
				});
			return out;
		},
	};
}

function place(marks: Map<string, Mark> | null, parts: Parts, on: "key" | "value"): number {
	for (let length = parts.length; length >= 0; length--) {
		const mark = marks?.get(pathText(parts.slice(0, length)));
		if (!mark) continue;
		if (mark.key !== null && (on === "key" || !mark.scalar || length < parts.length || mark.value[0] === mark.value[1])) return mark.key[0];
		return mark.value[0];
	}
	return 0;
}

function toDiagnostic(entry: Entry, source: Source, marks: Map<string, Mark> | null): Diagnostic {
	const { line, column } = positionAt(source, Math.min(entry.offset, source.text.length));
	const hint = typeof entry.hint === "function" ? entry.hint() : entry.hint;
	return {
		file: source.file,
		line,
		column,
		path: pathText(shownParts(entry.parts)),
		message: entry.message,
		...(entry.level === "warning" && { level: entry.level }),
		...(hint && { hint }),
		excerpt: maskedLine(source, line, marks),
	};
}

/** A path whose steps under `auth` may be shown: a token pasted as a key is not one of them. */
function shownParts(parts: Parts): Parts {
	return parts.map((part, index) => (typeof part === "string" && isSecretPath(parts.slice(0, index)) && !isHarmlessKey(part) ? "…" : part));
}

/** A key's name for a message, unless it stands where a secret could have been pasted. */
export function shownKey(parent: Parts, key: string): string {
	return isSecretPath([...parent, key]) && isSecretPath(parent) && !isHarmlessKey(key) ? "this key" : `\`${clip(key)}\``;
}

/** A text from the file for a message: one line, cut where it is long. */
export function clip(text: string): string {
	const line = maskPasswords(text.replace(/[\s\u007f-\u009f]+/g, " "));
	return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
