import { type ApiError, apiError, isApiError } from "./errors.js";

/** A parsed comparison or combination of a `filter` or `search` expression (RFC 7644 §3.4.2.2, as far as the vendor takes it). */
export type Expression = { op: "and" | "or"; left: Expression; right: Expression } | { op: "not"; inner: Expression } | Comparison;

export interface Comparison {
	op: "cmp";
	attribute: string;
	operator: string;
	/** Missing for `pr`. */
	value?: string | number | boolean | null;
}

/** What one endpoint takes: which operators on which attributes. A refusal is thrown with the endpoint's error code. */
export interface Dialect {
	operators: readonly string[];
	/** Attribute names allowed; without it, any. A trailing `.` allows a prefix. */
	attributes?: readonly string[];
	code: "E0000031" | "E0000053";
	caseSensitive?: boolean;
	not?: boolean;
	/** Longest expression taken, in characters; the vendor refuses complex ones. */
	maxLength?: number;
}

const TOKEN = /\s*(?:(\(|\))|("(?:[^"\\]|\\.)*")|([A-Za-z_][\w.:$-]*)|(-?\d+(?:\.\d+)?))/y;

interface Token {
	kind: "paren" | "string" | "word" | "number";
	text: string;
}

function tokens(source: string, refuse: (why: string) => ApiError): Token[] {
	const list: Token[] = [];
	let at = 0;
	const end = source.trimEnd().length;
	while (at < end) {
		TOKEN.lastIndex = at;
		const match = TOKEN.exec(source);
		if (!match) throw refuse(`Unrecognized text at position ${at}`);
		at = TOKEN.lastIndex;
		const [, paren, string, word, number] = match;
		list.push(
			paren !== undefined
				? { kind: "paren", text: paren }
				: string !== undefined
					? { kind: "string", text: string }
					: word !== undefined
						? { kind: "word", text: word }
						: { kind: "number", text: number ?? "" },
		);
	}
	return list;
}

/**
 * Parses a `filter` or `search` expression.
 * @throws ApiError with the dialect's code when it isn't one, or uses an operator or attribute the endpoint refuses.
 */
export function parseExpression(source: string, dialect: Dialect): Expression {
	const refuse = (why: string): ApiError => apiError(dialect.code, why, [why]);
	if (source.length > (dialect.maxLength ?? 4096)) throw refuse("The expression is too long or complex");
	const list = tokens(source, refuse);
	let at = 0;
	const isWord = (word: string): boolean => list[at]?.kind === "word" && list[at]?.text.toLowerCase() === word;

	const comparison = (): Expression => {
		const attribute = list[at++];
		if (attribute?.kind !== "word") throw refuse("Expected an attribute name");
		const operator = list[at++];
		if (operator?.kind !== "word") throw refuse("Expected an operator");
		const name = operator.text.toLowerCase();
		if (!dialect.operators.includes(name)) throw refuse(`Unrecognized attribute operator '${operator.text}'. Expected: ${dialect.operators.join(",")}`);
		const known = dialect.attributes?.some((a) => (a.endsWith(".") ? attribute.text.startsWith(a) : a === attribute.text)) ?? true;
		if (!known) throw refuse(`field is not valid: ${attribute.text}`);
		if (name === "pr") return { op: "cmp", attribute: attribute.text, operator: name };
		const value = list[at++];
		if (value === undefined || value.kind === "paren") throw refuse("Expected a value");
		return { op: "cmp", attribute: attribute.text, operator: name, value: literal(value, refuse) };
	};
	const factor = (): Expression => {
		if (dialect.not && isWord("not")) {
			at++;
			return { op: "not", inner: factor() };
		}
		if (list[at]?.kind === "paren" && list[at]?.text === "(") {
			at++;
			const inner = either();
			if (list[at++]?.text !== ")") throw refuse("Expected ')'");
			return inner;
		}
		return comparison();
	};
	const both = (): Expression => {
		let left = factor();
		while (isWord("and")) {
			at++;
			left = { op: "and", left, right: factor() };
		}
		return left;
	};
	const either = (): Expression => {
		let left = both();
		while (isWord("or")) {
			at++;
			left = { op: "or", left, right: both() };
		}
		return left;
	};
	const whole = either();
	if (at < list.length) throw refuse(`Unexpected '${list[at]?.text}'`);
	return whole;
}

function literal(token: Token, refuse: (why: string) => ApiError): string | number | boolean | null {
	if (token.kind === "number") return Number(token.text);
	if (token.kind === "word") {
		if (token.text === "true" || token.text === "false") return token.text === "true";
		if (token.text === "null") return null;
		throw refuse(`Unquoted value '${token.text}'`);
	}
	try {
		return String(JSON.parse(token.text));
	} catch {
		throw refuse("A string is not well-formed");
	}
}

function valuesAt(subject: unknown, path: readonly string[]): unknown[] {
	let found: unknown[] = [subject];
	for (const part of path) {
		found = found.flatMap((item) => {
			const next = typeof item === "object" && item !== null ? (item as Record<string, unknown>)[part] : undefined;
			return Array.isArray(next) ? next : next === undefined || next === null ? [] : [next];
		});
	}
	return found;
}

const DATE = /^\d{4}-\d\d-\d\d(T|$)/;

function compare(actual: unknown, comparison: Comparison, caseSensitive: boolean): boolean {
	const { operator, value } = comparison;
	if (typeof actual === "string" && typeof value === "string") {
		if (DATE.test(value) && DATE.test(actual) && "gtgeltle".includes(operator)) return ordered(Date.parse(actual), operator, Date.parse(value));
		const a = caseSensitive ? actual : actual.toLowerCase();
		const b = caseSensitive ? value : value.toLowerCase();
		if (operator === "eq") return a === b;
		if (operator === "ne") return a !== b;
		if (operator === "sw") return a.startsWith(b);
		if (operator === "ew") return a.endsWith(b);
		if (operator === "co") return a.includes(b);
		return ordered(a, operator, b);
	}
	if (operator === "eq") return String(actual) === String(value);
	if (operator === "ne") return String(actual) !== String(value);
	return typeof actual === "number" && typeof value === "number" && ordered(actual, operator, value);
}

function ordered<T extends string | number>(a: T, operator: string, b: T): boolean {
	if (operator === "gt") return a > b;
	if (operator === "ge") return a >= b;
	if (operator === "lt") return a < b;
	return operator === "le" && a <= b;
}

/** Turns a parsed expression into a predicate over one object. An array attribute matches when any element does. */
export function predicate(expression: Expression, dialect: Dialect): (subject: unknown) => boolean {
	if (expression.op === "not") {
		const inner = predicate(expression.inner, dialect);
		return (subject) => !inner(subject);
	}
	if (expression.op !== "cmp") {
		const left = predicate(expression.left, dialect);
		const right = predicate(expression.right, dialect);
		return expression.op === "and" ? (s) => left(s) && right(s) : (s) => left(s) || right(s);
	}
	const path = expression.attribute.split(".");
	if (expression.operator === "pr") return (subject) => valuesAt(subject, path).some((value) => value !== "");
	return (subject) => valuesAt(subject, path).some((value) => compare(value, expression, dialect.caseSensitive ?? false));
}

/** Parses and compiles in one step; `undefined` and the empty string give no predicate. */
export function compile(source: string | null, dialect: Dialect): ((subject: unknown) => boolean) | undefined {
	if (source === null || source.trim() === "") return undefined;
	try {
		return predicate(parseExpression(source, dialect), dialect);
	} catch (error) {
		if (isApiError(error)) throw error;
		throw apiError(dialect.code, "Unreadable expression");
	}
}
