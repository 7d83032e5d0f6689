import { createHash } from "node:crypto";

/**
 * PostgreSQL's text holds no U+0000, and the driver's UTF-8 no lone surrogate (it would become U+FFFD, and two ids one).
 * Both are written as U+0001 and what follows it; the order of texts stays that of their code points, but for lone surrogates.
 * JSON texts need none of this: they hold both as `\u…` already.
 */
const special = /[\u0000\u0001]|\p{Surrogate}/u;
const specials = new RegExp(special, "gu");
const escaped = /\u0001(?:[\u0001\u0002]|\u0003([0-9a-f]{4}))/g;

/** Any text, as a column can hold it. */
export function toText(text: string): string {
	if (!special.test(text)) return text;
	return text.replace(specials, (char) => {
		if (char === "\u0000") return "\u0001\u0001";
		return char === "\u0001" ? "\u0001\u0002" : `\u0001\u0003${char.charCodeAt(0).toString(16)}`;
	});
}

/** The inverse of `toText`. */
export function fromText(text: string): string {
	if (!text.includes("\u0001")) return text;
	return text.replace(escaped, (sequence, surrogate: string | undefined) => {
		if (surrogate !== undefined) return String.fromCharCode(Number.parseInt(surrogate, 16));
		return sequence === "\u0001\u0001" ? "\u0000" : "\u0001";
	});
}

/** What a B-tree index can hold, less the other columns of the key, bytes of UTF-8: https://www.postgresql.org/docs/current/btree.html */
const longest = 1800;
const keptOfLong = 1500;

/** An id as an indexed column can hold it: one that is too long is cut and ends in its digest, so that it stays the only one, and in its place. */
export function toKey(id: string): string {
	const text = toText(id);
	if (text.length * 3 <= longest || Buffer.byteLength(text) <= longest) return text;
	return `${keyStart(text)}\u0001\u0004${createHash("sha256").update(text).digest("hex")}`;
}

/** The id when its key doesn't tell it; else null. */
export function longId(id: string, key: string): string | null {
	return key.includes("\u0001\u0004") ? toText(id) : null;
}

export function fromKey(key: string, long: string | null): string {
	return fromText(long ?? key);
}

/** How the keys of all ids with this prefix begin. */
export function keyPrefix(prefix: string): string {
	return keyStart(toText(prefix));
}

function keyStart(text: string): string {
	if (Buffer.byteLength(text) <= keptOfLong) return text;
	let bytes = 0;
	let end = 0;
	for (const char of text) {
		bytes += Buffer.byteLength(char);
		if (bytes > keptOfLong) break;
		end += char.length;
	}
	return text.slice(0, end);
}
