import { type Document, isCollection, isPair, isScalar, type Node } from "yaml";
import type { Parts } from "./paths.js";
import { positionAt, type Source } from "./source.js";

/** Something wrong at an offset of the text. `KEY` in the message stands for `key`, which may have to be hidden; `before`: where the first of two stands. */
export interface Complaint {
	offset: number;
	message: string;
	hint?: string;
	parts?: Parts;
	key?: string;
	before?: number;
}

const mends: Record<string, [string, string?]> = {
	ALIAS_PROPS: ["an anchor or a tag can't stand before an alias", "remove it"],
	BAD_ALIAS: ["an alias (`*name`) is not allowed in a stack file", "text that begins with * needs quotes"],
	BAD_DIRECTIVE: ["a directive (`%…`) is not allowed in a stack file", "remove the line"],
	BAD_DQ_ESCAPE: ["this backslash sequence is not one of YAML's", "write \\\\ for a backslash, or use single quotes"],
	BAD_INDENT: ["the indentation does not fit the lines above", "use the same number of spaces for everything on one level"],
	BAD_PROP_ORDER: ["anchors and tags are not allowed in a stack file", "remove it"],
	BAD_SCALAR_START: ["text can't begin with this character unless it is in quotes", "put the text in quotes"],
	BLOCK_AS_IMPLICIT_KEY: [
		"a mapping can't begin in the middle of this line",
		"text that holds a colon and a space needs quotes; a nested mapping begins on a line of its own",
	],
	BLOCK_IN_FLOW: ["inside braces and brackets no indented list or mapping can stand", "close the brace first, or write the list as [a, b]"],
	DUPLICATE_KEY: ["a key stands twice in one mapping", "keep one of the two"],
	IMPOSSIBLE: ["the file can't be read as YAML here"],
	KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters", "look for a missing quote or line break"],
	MISSING_CHAR: ["a character is missing here"],
	MULTILINE_IMPLICIT_KEY: ["a key must stand on one line", "look for a missing colon or quote on the line above"],
	MULTIPLE_ANCHORS: ["anchors are not allowed in a stack file", "remove them"],
	MULTIPLE_DOCS: ["the file holds more than one YAML document", "one file is one stack: remove the `---` line and what follows it"],
	MULTIPLE_TAGS: ["tags are not allowed in a stack file", "remove them"],
	NON_STRING_KEY: ["a key must be text", "put it in quotes"],
	RESOURCE_EXHAUSTION: ["the file is nested too deeply", "no stack file needs this; look for a missing bracket"],
	TAB_AS_INDENT: ["a tab stands in the indentation", "indent with spaces"],
	TAG_RESOLVE_FAILED: ["tags (`!name`) are not allowed in a stack file", "remove it; text that begins with ! needs quotes"],
	UNEXPECTED_TOKEN: ["this character is not expected here", "look for a missing quote, comma or bracket before it"],
};

/** The parser's errors in our words; the first of each line, for the rest follow from it. */
export function syntaxComplaints(source: Source, doc: Document.Parsed): Complaint[] {
	const out: Complaint[] = [];
	const lines = new Set<number>();
	const directive = /^%[A-Z]+/m.exec(source.text.slice(0, doc.contents?.range?.[0] ?? source.text.length));
	if (directive && doc.directives.docStart === true && !/^%YAML 1\.2/.test(source.text.slice(directive.index))) {
		return [{ offset: directive.index, message: "a directive (`%…`) is not allowed in a stack file", hint: "remove the line" }];
	}
	for (const error of doc.errors) {
		const known: [string, string?] | undefined = error.code === "MISSING_CHAR" ? missing(error.message) : mends[error.code];
		const [message, hint] = known ?? ["the file can't be read as YAML here"];
		const offset = Math.min(error.pos[0], source.text.length);
		const { line } = positionAt(source, offset);
		if (lines.has(line)) continue;
		lines.add(line);
		out.push({ offset, message, ...(hint && { hint }) });
		if (error.code === "MULTIPLE_DOCS" || error.code === "RESOURCE_EXHAUSTION" || out.length >= 200) break;
	}
	// The parser repeats one mistake in many forms; its first sentence is the true one.
	return out.slice(0, 5);
}

function missing(message: string): [string, string?] {
	if (/closing .*quote/.test(message)) return ["a closing quote is missing", "quotes open before this point and never close"];
	if (/flow (map|sequence)|in flow collection|must end with/.test(message))
		return ["a closing bracket or brace, or a comma, is missing", "each { needs its }, each [ its ], and a comma stands between items"];
	if (/space/.test(message)) return ["a space is missing here", "write a space before # of a comment and after : and -"];
	return ["a character is missing here", "look at the end of the line above: a colon, quote, comma or bracket"];
}

/** Spaces that look like indentation and are none, unless they stand in quoted or block text. */
export function indentTrap(text: string, root: Node | null): Complaint | null {
	const pattern = /^[ \t-]*[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/gm;
	const hits = [...text.matchAll(pattern)].map((match) => match.index + match[0].length - 1);
	if (hits.length === 0) return null;
	const texts = longTexts(root);
	const offset = hits.find((hit) => !texts.some(([from, to]) => hit > from && hit < to));
	if (offset === undefined) return null;
	const name = `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0")}`;
	const called = name === "U+00A0" ? "a no-break space (U+00A0)" : `the space-like character ${name}`;
	return { offset, message: `${called} stands in the indentation; YAML takes it for text`, hint: "replace it by a plain space" };
}

/** Ranges of quoted and block text. Without recursion: the file may be nested without end. */
function longTexts(root: Node | null): [number, number][] {
	const out: [number, number][] = [];
	const rest: unknown[] = [root];
	for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
		if (isPair(node)) rest.push(node.key ?? null, node.value ?? null);
		else if (isCollection(node)) for (const item of node.items) rest.push(item);
		else if (isScalar(node) && node.type !== "PLAIN" && node.range) out.push([node.range[0], node.range[1]]);
	}
	return out;
}
