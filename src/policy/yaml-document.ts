import { isCollection, isMap, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, type Scalar, type Node as YamlNode } from "yaml";
import type { Diagnostic } from "../model/diagnostic.js";

export type Path = readonly (string | number)[];

/** A YAML file with the places of its parts. */
export interface YamlDocument {
	/** Plain JavaScript; undefined when the file cannot be read. */
	value: unknown;
	errors: Diagnostic[];
	/** A diagnostic at the value under `path` (or the nearest part above it that exists); `key`: at the key instead. */
	at(path: Path, message: string, hint?: string, key?: boolean): Diagnostic;
	/** A diagnostic inside a string value, at an offset into the string as read. */
	inside(path: Path, offset: number, message: string, hint?: string): Diagnostic;
	lineOf(path: Path): number;
}

/** Reads one YAML document, strictly: unique keys, YAML 1.2, no aliases that grow without bounds. */
export function readYaml(text: string, file: string): YamlDocument {
	const counter = new LineCounter();
	const documents = parseAllDocuments(text, { lineCounter: counter, strict: true, uniqueKeys: true, prettyErrors: false });
	const document = "empty" in documents ? null : documents[0];
	const place = (offset: number, path: Path, message: string, hint?: string): Diagnostic => {
		const { line, col } = offset >= 0 ? counter.linePos(offset) : { line: 1, col: 1 };
		const excerpt = text.split("\n")[line - 1]?.replace(/\r$/, "");
		return {
			file,
			line: Math.max(line, 1),
			column: Math.max(col, 1),
			path: renderPath(path),
			message,
			...(hint ? { hint } : {}),
			...(excerpt === undefined ? {} : { excerpt }),
		};
	};
	const errors = "empty" in documents ? [] : documents.flatMap((d) => [...d.errors, ...d.warnings]).map((e) => place(e.pos[0], [], yamlMessage(e.message)));
	const second = "empty" in documents ? undefined : documents[1];
	if (second) errors.push(place(second.range?.[0] ?? 0, [], "a file holds one document", "put the second one into a file of its own"));
	if (!document || document.contents === null) errors.push(place(0, [], "the file is empty"));
	let value: unknown;
	if (document && errors.length === 0) {
		try {
			value = document.toJS({ maxAliasCount: 100 });
		} catch (e) {
			errors.push(place(0, [], e instanceof Error ? e.message : "the file cannot be read"));
		}
	}
	const find = (path: Path): { key: YamlNode | null; value: YamlNode | null } => descend(document?.contents ?? null, path);
	return {
		value,
		errors,
		at: (path, message, hint, key) => {
			const found = find(path);
			const node = key ? (found.key ?? found.value) : (found.value ?? found.key);
			return place(node?.range?.[0] ?? 0, path, message, hint);
		},
		inside: (path, offset, message, hint) => {
			const node = find(path).value;
			const start = node && isScalar(node) ? sourceOffset(text, node, offset) : (node?.range?.[0] ?? 0);
			return place(start, path, message, hint);
		},
		lineOf: (path) => counter.linePos(find(path).value?.range?.[0] ?? 0).line,
	};
}

function yamlMessage(message: string): string {
	return message === "Map keys must be unique" ? "this key is there twice" : message;
}

/** `tests[2].account.enabled` */
export function renderPath(path: Path): string {
	return path.reduce<string>((out, part) => (typeof part === "number" ? `${out}[${part}]` : out === "" ? part : `${out}.${part}`), "");
}

function descend(root: YamlNode | null, path: Path): { key: YamlNode | null; value: YamlNode | null } {
	let found: { key: YamlNode | null; value: YamlNode | null } = { key: null, value: root };
	for (const part of path) {
		const node = found.value;
		if (!node || !isCollection(node)) return found;
		const pair = isMap(node) ? node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part)) : undefined;
		if (pair) found = { key: pair.key as YamlNode, value: (pair.value as YamlNode | null) ?? (pair.key as YamlNode) };
		else if (isSeq(node) && typeof part === "number" && node.items[part]) found = { key: null, value: node.items[part] as YamlNode };
		else return found;
	}
	return found;
}

/**
 * Where the character at `offset` of a string stands in the file. YAML keeps the characters that are not white space in order,
 * so the two texts are walked side by side, undoing the escapes of the two quoted styles.
 */
function sourceOffset(text: string, node: Scalar, offset: number): number {
	const value = String(node.value);
	const [start, end] = node.range ?? [0, 0];
	const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
	const block = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
	// A block's header (`|-`, `>2`) ends with its line.
	let at = quoted ? start + 1 : block ? text.indexOf("\n", start) + 1 : start;
	let i = 0;
	while (at < end) {
		const char = value[i] ?? "";
		const gap = spaceAt(text, at);
		if (gap > 0 && node.type === "QUOTE_DOUBLE") {
			// Exact, for white space may be written as an escape too: one line break is a space, n are n - 1 breaks.
			const breaks = text.slice(at, at + gap).split("\n").length - 1;
			const made = breaks === 0 ? gap : Math.max(1, breaks - 1);
			if (offset < i + made) return at + (breaks === 0 ? offset - i : 0);
			i += made;
			at += gap;
			continue;
		}
		if (gap > 0) {
			// White space before a visible character may be indentation; before white space it is that.
			if (i < offset && /\s/.test(char)) i = skipSpace(value, i, offset);
			else if (i >= offset && /\s/.test(char)) return at;
			at++;
			continue;
		}
		const escaped = escapeAt(text, at, node.type);
		if (escaped === "continuation") {
			at += 1 + spaceAt(text, at + 1);
			continue;
		}
		if (i >= offset) return at;
		at += escaped?.length ?? 1;
		i += escaped ? escaped.units : 1;
	}
	return Math.min(at, Math.max(start, end - (quoted ? 1 : 0)));
}

const spaces = /\s+/y;

function spaceAt(text: string, at: number): number {
	spaces.lastIndex = at;
	return spaces.exec(text)?.[0].length ?? 0;
}

function skipSpace(value: string, from: number, limit: number): number {
	let i = from;
	while (i < limit && /\s/.test(value[i] ?? "")) i++;
	return i;
}

/** An escape at this place of a quoted scalar: its length in the file, and how many UTF-16 units it makes. */
function escapeAt(text: string, at: number, type: Scalar["type"]): { length: number; units: number } | "continuation" | null {
	if (type === "QUOTE_SINGLE") return text.startsWith("''", at) ? { length: 2, units: 1 } : null;
	if (type !== "QUOTE_DOUBLE" || text[at] !== "\\") return null;
	const next = text[at + 1] ?? "";
	if (next === "\n" || next === "\r") return "continuation";
	if (next === "x") return { length: 4, units: 1 };
	if (next === "u") return { length: 6, units: 1 };
	if (next === "U") return { length: 10, units: Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
	return { length: 2, units: 1 };
}
