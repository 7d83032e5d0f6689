/** Where text goes: each has its own ways to be misled. */
export type TextTarget = "terminal" | "html" | "markdown" | "json";

/** Default cap, in characters as shown. */
export const textLimit = 200;

/**
 * Characters that hide, reorder or break text: controls (C0, C1, escape sequences), format and bidi controls, zero-width and
 * other ignorables, line separators, lone surrogates, non-characters, the blank Braille cell; and the mark that shows them,
 * so that it cannot be forged. Classes: Unicode Standard Annex 44.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\u27e8]/gu;

/**
 * Makes text of a tenant harmless to show. What is hidden becomes visible (`⟨U+202E⟩`), and what is longer than `limit`
 * characters ends in `…`.
 *
 * - `terminal`: also breaks workflow commands of CI logs (`::`, `##[`, `##vso[`).
 * - `html`: for element text and quoted attributes, also XML; not for what a template escapes again.
 * - `markdown`: inline text in paragraphs, table cells, or HTML blocks: no structure, HTML, link, mention, reference or quick
 *   action. What would link carries an unseen break: names to copy belong in JSON or CSV.
 * - `json`: a value still to be passed to JSON.stringify.
 */
export function safeText(text: string, target: TextTarget, limit: number = textLimit): string {
	const plain = cut(text, limit);
	if (target === "terminal") return forTerminal(plain);
	if (target === "html") return plain.replace(/[&<>"'`]/g, entity);
	return target === "markdown" ? forMarkdown(plain) : plain;
}

/** Shows hidden characters and cuts to `limit` shown characters, never inside a mark. */
function cut(text: string, limit: number): string {
	if (text.length <= limit && text.search(hidden) < 0) return text;
	const shown: string[] = [];
	let length = 0;
	for (const char of text) {
		const piece = char.replace(hidden, mark);
		length += piece === char ? 1 : piece.length;
		shown.push(piece);
		if (length > limit) return `${shortened(shown, length, limit)}…`;
	}
	return shown.join("");
}

function shortened(shown: string[], length: number, limit: number): string {
	let left = length;
	while (left > limit - 1 && shown.length > 0) {
		const piece = shown.pop() ?? "";
		left -= [...piece].length;
	}
	return shown.join("");
}

function mark(char: string): string {
	return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

function entity(char: string): string {
	return `&#${char.codePointAt(0)};`;
}

/** Log readers take `::name` at the start of a line, and `##[name]` or `##vso[name]` anywhere, as commands to the runner. */
function forTerminal(text: string): string {
	return text.replace(/^\s*::/, (start) => start.replace(":", mark)).replace(/##(?=\w*\[)/g, (sign) => mark(sign) + mark(sign));
}

/**
 * GitHub and GitLab look for references and links after Markdown is rendered, where an escaped character is itself again;
 * an empty-width space (as an entity, so that none is in the source) is what parts them.
 */
const part = "&#8203;";

function forMarkdown(text: string): string {
	return lineEdges(inlineMarkdown(text));
}

/** A piece of a line, without what Markdown reads at a line's ends. Hidden characters were shown before. */
export function inlineMarkdown(text: string): string {
	return text
		.split(linking)
		.map((piece) => piece.replace(structural, entity))
		.join(part);
}

/** The ends of a line made harmless: lists, rules, indented code, quick actions, hard breaks. */
export function lineEdges(text: string): string {
	return text
		.replace(/^[\s\-+=:/]/, entity)
		.replace(/^(\d+)([.)])/, (_, digits: string, sign: string) => digits + entity(sign))
		.replace(/\s$/, entity);
}

/**
 * Places to part: after the sign of a mention, reference, milestone, label, snippet, epic or alert, after `GH-`, inside `//`, after
 * `www`.
 */
const linking = /(?<=@)(?=[^\s@])|(?<=[#!$~%&^])(?=[\p{L}\p{N}_"])|(?<=\bGH-)(?=\d)|(?<=\/)(?=\/)|(?<=www)(?=\.)/iu;

/** Characters that Markdown or its dialects read; an underscore inside a word is plain. Entities hold in HTML blocks too, backslashes do not. */
const structural = /[&<>"'`*[\]{}|~\\$^#]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
