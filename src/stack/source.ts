import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import type { Position } from "./stack.js";

/** A stack file's bytes and its text, byte order mark left out. Offsets count UTF-16 code units of `text`. */
export interface Source {
	file: string;
	bytes: Buffer;
	text: string;
	bom: boolean;
	lineStarts: number[];
}

/** A stack file larger than this is refused, in bytes. */
export const maxBytes = 4 * 1024 * 1024;

/** Reads and decodes a file. Exactly one of `source` and `problem` is given. */
export async function readSource(file: string): Promise<{ source: Source } | { problem: Diagnostic }> {
	const fail = (message: string, hint?: string): { problem: Diagnostic } => ({
		problem: { file, line: 1, column: 1, path: "", message, ...(hint && { hint }) },
	});
	let bytes: Buffer;
	try {
		const info = await stat(file);
		if (info.isDirectory()) return fail("this is a folder, not a stack file", "name the file in it");
		if (info.size > maxBytes) return fail(`the file has ${info.size} bytes; a stack file has at most ${maxBytes}`, "split it into several stacks");
		bytes = await readFile(file);
	} catch (error) {
		return fail(...(await unreadable(file, error)));
	}
	return decode(file, bytes);
}

/** Decodes a stack file's bytes: UTF-8, with or without byte order mark. */
export function decode(file: string, bytes: Buffer): { source: Source } | { problem: Diagnostic } {
	const at = (line: number, column: number, message: string, hint?: string, excerpt?: string): { problem: Diagnostic } => ({
		problem: { file, line, column, path: "", message, ...(hint && { hint }), ...(excerpt !== undefined && { excerpt }) },
	});
	if (bytes.length > maxBytes) return at(1, 1, `the file has ${bytes.length} bytes; a stack file has at most ${maxBytes}`, "split it into several stacks");
	if (isWide(bytes)) return at(1, 1, "the file is written in UTF-16 or UTF-32", "save it as UTF-8");
	if (!isUtf8(bytes)) {
		const { line, byte, offset } = firstInvalid(bytes);
		return at(line, byte, `byte ${offset} of the file is not valid UTF-8 (byte ${byte} of line ${line})`, "save the file as UTF-8");
	}
	const bom = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	const text = bytes.toString("utf8", bom ? 3 : 0);
	const source: Source = { file, bytes, text, bom, lineStarts: lineStarts(text) };
	const odd = oddCharacter(text);
	if (odd === null) return { source };
	const { line, column } = positionAt(source, odd.offset);
	return at(line, column, odd.message, odd.hint);
}

/** Line and column, from 1, of an offset in the text. */
export function positionAt(source: Source, offset: number): Position {
	let low = 0;
	let high = source.lineStarts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return { line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
}

/** A line's text without its line break, and where it starts. */
export function lineAt(source: Source, line: number): { text: string; start: number } {
	const start = source.lineStarts[line - 1] ?? source.text.length;
	const end = source.lineStarts[line] ?? source.text.length;
	return { text: source.text.slice(start, end).replace(/\r?\n$/, ""), start };
}

function lineStarts(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
	return starts;
}

function isWide(bytes: Buffer): boolean {
	const [a, b] = [bytes[0], bytes[1]];
	if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
	// Without a mark: ASCII in UTF-16 has a NUL in every second byte.
	return bytes.length >= 4 && ((a === 0 && b !== 0 && bytes[2] === 0) || (a !== 0 && b === 0 && bytes[3] === 0));
}

function firstInvalid(bytes: Buffer): { line: number; byte: number; offset: number } {
	let line = 1;
	for (let start = 0; start < bytes.length; line++) {
		const next = bytes.indexOf(0x0a, start);
		const end = next === -1 ? bytes.length : next;
		const part = bytes.subarray(start, end);
		if (!isUtf8(part)) {
			const mended = Buffer.from(part.toString("utf8"));
			let byte = 0;
			while (byte < part.length && part[byte] === mended[byte]) byte++;
			return { line, byte: byte + 1, offset: start + byte };
		}
		start = end + 1;
	}
	return { line, byte: 1, offset: 0 };
}

/** Characters that YAML forbids, and marks that make a reviewer see another order than the parser does. */
function oddCharacter(text: string): { offset: number; message: string; hint: string } | null {
	const match = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/.exec(text);
	if (match === null) return null;
	const code = match[0].charCodeAt(0);
	const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
	if (code === 0)
		return { offset: match.index, message: "a NUL character (U+0000) stands here: the file is damaged or not text", hint: "remove it, or restore the file" };
	if (code > 0x2000)
		return { offset: match.index, message: `a hidden text-direction mark (${name}) stands here: the file does not mean what it shows`, hint: "remove it" };
	return { offset: match.index, message: `the control character ${name} is not allowed in YAML`, hint: "remove it" };
}

async function unreadable(file: string, error: unknown): Promise<[string, string?]> {
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	if (code === "EACCES" || code === "EPERM") return ["this file may not be read by the current user", "give read permission"];
	if (code !== "ENOENT" && code !== "ENOTDIR") return [`the file can't be read (${code || "unknown error"})`];
	const siblings = await readdir(dirname(file)).catch(() => []);
	const meant = nearest(
		basename(file),
		siblings.filter((name) => /\.ya?ml$/.test(name)),
	);
	return ["there is no such file", meant === null ? undefined : `did you mean \`${meant}\`?`];
}
