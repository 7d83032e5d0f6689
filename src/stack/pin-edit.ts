import { isMap, isScalar, type Node, type Pair } from "yaml";
import { isAmbiguousWord } from "./traps.js";

/** Text put in at an offset, in the place of `remove` characters. */
export interface Edit {
	offset: number;
	remove: number;
	insert: string;
}

/** The edit that gives a mapping with a `login` its `id`, and leaves every other character. Null: the mapping is not written in a form that can be edited so. */
export function idEdit(text: string, node: Node | null, id: string): Edit | null {
	if (!isMap(node)) return null;
	const login = find(node.items, "login");
	const present = find(node.items, "id");
	if (present) return fillEdit(text, present, id);
	const key = login?.key;
	const value = login?.value;
	if (!isScalar(key) || !isScalar(value) || !key.range || !value.range) return null;
	const [start, end] = [key.range[0], value.range[1]];
	const jsonStyle = key.type === "QUOTE_DOUBLE";
	const written = `${jsonStyle ? '"id"' : "id"}: ${scalar(id, jsonStyle)}`;
	if (node.flow === true) return { offset: end, remove: 0, insert: `, ${written}` };
	const lineStart = text.lastIndexOf("\n", start - 1) + 1;
	const indent = " ".repeat(start - lineStart);
	if (text.slice(start, end).includes("\n")) return { offset: start, remove: 0, insert: written + eol(text, start) + indent };
	const lineEnd = text.indexOf("\n", end);
	if (lineEnd === -1) return { offset: text.length, remove: 0, insert: eol(text, start) + indent + written };
	const offset = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
	return { offset, remove: 0, insert: eol(text, offset) + indent + written };
}

/** The text with the edits made. */
export function applyEdits(text: string, edits: Edit[]): string {
	const pieces: string[] = [];
	let at = 0;
	for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
		pieces.push(text.slice(at, edit.offset), edit.insert);
		at = edit.offset + edit.remove;
	}
	return pieces.join("") + text.slice(at);
}

// `id:` stands there, with nothing or null after it.
function fillEdit(text: string, { key, value }: Pair<unknown, unknown>, id: string): Edit | null {
	if (!isScalar(key) || !key.range) return null;
	const keyEnd = key.range[1];
	if (isScalar(value) && value.range && value.range[1] > value.range[0]) {
		return { offset: value.range[0], remove: value.range[1] - value.range[0], insert: scalar(id, false) };
	}
	const colon = /^\s*:/.exec(text.slice(keyEnd));
	if (!colon) return { offset: keyEnd, remove: 0, insert: `: ${scalar(id, false)}` };
	const after = keyEnd + colon[0].length;
	return { offset: after, remove: 0, insert: ` ${scalar(id, false)}` };
}

function find(items: Pair<unknown, unknown>[], name: string): Pair<unknown, unknown> | undefined {
	return items.find(({ key }) => isScalar(key) && key.value === name);
}

/** The line break that the line of an offset has, else the file's first. */
function eol(text: string, offset: number): string {
	const here = text.indexOf("\n", offset);
	const at = here === -1 ? text.indexOf("\n") : here;
	return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** An id as YAML: plain where every reader takes it for text, else quoted. */
function scalar(id: string, quoted: boolean): string {
	const plain =
		/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id) && !/^[0-9][0-9eE_-]*$/.test(id) && !/^0[xob]/i.test(id) && !isAmbiguousWord(id) && !/^(true|false|null)$/i.test(id);
	return plain && !quoted ? id : JSON.stringify(id);
}
