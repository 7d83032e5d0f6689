/** One thing wrong in a file that a person wrote, with the place and, where it can be said, the mend. */
export interface Diagnostic {
	file: string;
	/** From 1. */
	line: number;
	/** From 1, in UTF-16 code units. */
	column: number;
	/** Where in the document: `params.graceDays.type`; empty for the whole file. */
	path: string;
	message: string;
	/** Absent means `error`. A warning never stops a run. */
	level?: "error" | "warning";
	hint?: string;
	/** The text of the offending line, for the code frame. */
	excerpt?: string;
}

const maxWidth = 160;

/** The diagnostic as text: `file:line:column: message`, the offending line with a caret under the character, and the hint. No newline at the end. */
export function renderDiagnostic(d: Diagnostic, color = false): string {
	const paint = (code: string, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
	const out = [`${paint("1", `${d.file}:${d.line}:${d.column}`)}: ${d.level === "warning" ? paint("33", `warning: ${d.message}`) : paint("31", d.message)}`];
	if (d.excerpt !== undefined && d.excerpt.trim() !== "") {
		const start = d.column > maxWidth - 20 ? d.column - 1 - Math.floor(maxWidth / 2) : 0;
		const shown = d.excerpt.slice(start, start + maxWidth);
		const number = String(d.line);
		const gutter = " ".repeat(number.length);
		// Tabs are kept before the caret, so that it stands under its character whatever the tab width.
		const before = d.excerpt.slice(start, d.column - 1).replace(/[^\t]/g, " ");
		out.push(` ${paint("2", `${number} |`)} ${shown}`, ` ${paint("2", `${gutter} |`)} ${before}${paint("31", "^")}`);
	}
	if (d.hint) out.push(`  ${paint("36", "hint")}: ${d.hint}`);
	return out.join("\n");
}
