import type { CelError, Span } from "./ast.js";

export interface Token extends Span {
	kind: "name" | "int" | "double" | "string" | "symbol" | "end";
	/** The symbol, the name, the digits, or the string's value. */
	text: string;
}

/** Thrown by the lexer and the parser, caught by `parseCel`. */
export class CelSyntaxError extends Error {
	constructor(readonly detail: CelError) {
		super(detail.message);
	}
}

export function syntaxError(span: Span, message: string, hint?: string): CelSyntaxError {
	return new CelSyntaxError({ at: span.at, end: span.end, message, ...(hint ? { hint } : {}) });
}

const space = /(?:[ \t\n\f\r]|\/\/[^\n]*)+/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /0x[0-9A-Fa-f]+|(?:\d+\.\d+|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?|\d+/y;
const symbol = /&&|\|\||==|!=|<=|>=|[<>!+\-*/%?:.,()[\]]/y;
const quote = /([rR]?)("""|'''|"|')/y;
const bytes = /[bB][rR]?["']|[rR][bB]["']/y;

/** Splits CEL text into tokens; the last one is `end`. Lexis of https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax. */
export function lex(text: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | null => {
		pattern.lastIndex = at;
		return pattern.exec(text)?.[0] ?? null;
	};
	const push = (kind: Token["kind"], source: string, value = source): void => {
		tokens.push({ kind, text: value, at, end: at + source.length });
		at += source.length;
	};
	for (;;) {
		at += take(space)?.length ?? 0;
		if (at >= text.length) break;
		if (take(bytes)) throw syntaxError({ at, end: at + 1 }, "byte strings are not part of the policy language", "write a string without the b");
		const opening = take(quote);
		if (opening) {
			const { value, end } = readString(text, at, opening);
			tokens.push({ kind: "string", text: value, at, end });
			at = end;
			continue;
		}
		const digits = take(number);
		if (digits) {
			const after = text[at + digits.length] ?? "";
			if (/[A-Za-z_]/.test(after)) throw syntaxError({ at, end: at + digits.length + 1 }, `\`${digits}${after}\` is not a number`, numberHint(after));
			push(/^\d+$|^0x/.test(digits) ? "int" : "double", digits);
			continue;
		}
		const word = take(name);
		if (word) {
			push("name", word);
			continue;
		}
		const sign = take(symbol);
		if (!sign) throw syntaxError({ at, end: at + 1 }, `\`${String.fromCodePoint(text.codePointAt(at) ?? 0)}\` has no meaning here`, charHint(text[at] ?? ""));
		push("symbol", sign);
	}
	tokens.push({ kind: "end", text: "", at: text.length, end: text.length });
	return tokens;
}

function numberHint(after: string): string | undefined {
	if (after === "u" || after === "U") return "unsigned numbers are not part of the policy language; leave the u away";
	return "dhms".includes(after) ? "write days(90), hours(12) or minutes(30)" : undefined;
}

function charHint(char: string): string | undefined {
	if (char === "=") return "to compare, write ==";
	if (char === "&") return "to join conditions, write &&";
	if (char === "|") return "to join conditions, write ||";
	if (char === "{" || char === "}") return "objects cannot be written in a policy";
	if (char === "“" || char === "”" || char === "‘" || char === "’" || char === "`") return "strings stand between ' or \"";
	return undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
	a: "\u0007",
	b: "\b",
	f: "\f",
	n: "\n",
	r: "\r",
	t: "\t",
	v: "\v",
	"\\": "\\",
	"?": "?",
	'"': '"',
	"'": "'",
	"`": "`",
};
const codeEscape = /[xX][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-3][0-7]{2}/y;

function readString(text: string, start: number, opening: string): { value: string; end: number } {
	const raw = /^[rR]/.test(opening);
	const closing = raw ? opening.slice(1) : opening;
	let at = start + opening.length;
	let value = "";
	for (;;) {
		if (at >= text.length || (closing.length === 1 && (text[at] === "\n" || text[at] === "\r"))) {
			throw syntaxError({ at: start, end: at }, "this string is never closed", `it needs a closing ${closing}`);
		}
		if (text.startsWith(closing, at)) return { value, end: at + closing.length };
		if (text[at] !== "\\" || raw) {
			value += text[at];
			at++;
			continue;
		}
		const next = text[at + 1] ?? "";
		codeEscape.lastIndex = at + 1;
		const code = codeEscape.exec(text)?.[0];
		if (code) {
			value += codePoint(code, at);
			at += 1 + code.length;
		} else if (Object.hasOwn(simpleEscapes, next)) {
			value += simpleEscapes[next];
			at += 2;
		} else {
			throw syntaxError({ at, end: at + 2 }, `\`\\${next}\` is not an escape`, "write \\\\ for a backslash, or a raw string r'…' for a pattern");
		}
	}
}

function codePoint(code: string, at: number): string {
	const value = /^[xXuU]/.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8);
	if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) throw syntaxError({ at, end: at + 1 + code.length }, `\`\\${code}\` is not a character`);
	return String.fromCodePoint(value);
}
