import { badQuery } from "./errors.js";

/** A parsed `$filter` (OData 4.01 part 2, section 5.1.1), as far as the vendor's directory understands it. */
export type Node =
	| { op: "and" | "or"; left: Node; right: Node }
	| { op: "not"; node: Node }
	| { op: "eq" | "ne" | "gt" | "ge" | "lt" | "le"; path: string[]; value: Literal }
	| { op: "startswith" | "endswith" | "contains"; path: string[]; value: Literal }
	| { op: "in"; path: string[]; values: Literal[] }
	| { op: "any"; path: string[]; variable: string; body: Node | null };

export type Literal = string | number | boolean | null;

const TOKEN = /\s*('(?:[^']|'')*'|[(),:]|[^\s(),:']+)/y;
const TIME = /^\d{4}-\d\d-\d\dT/;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;
const COMPARISONS = new Set(["eq", "ne", "gt", "ge", "lt", "le"]);

function tokens(text: string): string[] {
	const found: string[] = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < text.length) {
		const at = TOKEN.lastIndex;
		const match = TOKEN.exec(text);
		if (!match) {
			if (text.slice(at).trim() === "") break;
			throw badQuery(`Invalid filter clause: Syntax error at position ${at} in '${text}'.`);
		}
		found.push(rejoined(match[1] ?? "", text));
	}
	return found;

	// A time holds colons, which otherwise stand after a lambda's variable.
	function rejoined(token: string, source: string): string {
		if (!TIME.test(token)) return token;
		const rest = /^[\d:.]*(Z|[+-]\d\d:\d\d)?/.exec(source.slice(TOKEN.lastIndex))?.[0] ?? "";
		TOKEN.lastIndex += rest.length;
		return token + rest;
	}
}

/** @throws Refusal for what is no filter */
export function parseFilter(text: string): Node {
	const list = tokens(text);
	let at = 0;
	const wrong = (): never => {
		throw badQuery(`Invalid filter clause: Syntax error at position ${text.length} in '${text}'.`);
	};
	const peek = (): string | undefined => list[at];
	const next = (): string => list[at++] ?? wrong();
	const expect = (token: string): void => {
		if (next() !== token) wrong();
	};

	function either(): Node {
		let left = both();
		while (peek() === "or") {
			at++;
			left = { op: "or", left, right: both() };
		}
		return left;
	}
	function both(): Node {
		let left = one();
		while (peek() === "and") {
			at++;
			left = { op: "and", left, right: one() };
		}
		return left;
	}
	function one(): Node {
		const token = next();
		if (token === "not" || token === "NOT") return { op: "not", node: one() };
		if (token === "(") {
			const node = either();
			expect(")");
			return node;
		}
		const lower = token.toLowerCase();
		if (peek() === "(" && (lower === "startswith" || lower === "endswith" || lower === "contains")) return call(lower);
		if (peek() === "(" && lower.endsWith("/any")) return lambda(token.slice(0, -4).split("/"));
		const path = token.split("/");
		const operator = next();
		if (operator === "in") return { op: "in", path, values: listed() };
		if (!COMPARISONS.has(operator)) wrong();
		return { op: operator as "eq", path, value: literal(next()) };
	}
	function call(op: "startswith" | "endswith" | "contains"): Node {
		expect("(");
		const path = next().split("/");
		expect(",");
		const value = literal(next());
		expect(")");
		return { op, path, value };
	}
	function lambda(path: string[]): Node {
		expect("(");
		if (peek() === ")") {
			at++;
			return { op: "any", path, variable: "", body: null };
		}
		const variable = next();
		expect(":");
		const body = either();
		expect(")");
		return { op: "any", path, variable, body };
	}
	function listed(): Literal[] {
		expect("(");
		const values = [literal(next())];
		while (peek() === ",") {
			at++;
			values.push(literal(next()));
		}
		expect(")");
		return values;
	}
	function literal(token: string): Literal {
		if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
		if (token === "null") return null;
		if (token === "true" || token === "false") return token === "true";
		if (TIME.test(token) || GUID.test(token)) return token;
		if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
		return wrong();
	}

	const node = either();
	if (at < list.length) wrong();
	return node;
}
