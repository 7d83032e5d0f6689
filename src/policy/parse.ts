import type { Ast, BinaryOperator, CelError } from "./ast.js";
import { CelSyntaxError, lex, syntaxError, type Token } from "./lex.js";

/** Binding strength of the binary operators, weakest first; all bind to the left. */
const levels: readonly (readonly BinaryOperator[])[] = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]];
/** Names CEL keeps for other languages' sake. https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax */
const reserved = new Set("as break const continue else for function if import let loop package namespace return var void while in".split(" "));
const keywords = new Set(["true", "false", "null", "in"]);
const maxDepth = 64;

/**
 * Parses CEL text. Never throws: a syntax error comes back with its place.
 *
 * A parser of our own, held to `@bufbuild/cel` by tests: that one takes 180 ms to load and 0.2 ms an expression, which `check` cannot spare,
 * it places errors before the offending token, and it expands macros, so that a part's own text cannot be shown.
 */
export function parseCel(text: string): { ast: Ast; error?: undefined } | { ast?: undefined; error: CelError } {
	try {
		return { ast: new Parser(text).whole() };
	} catch (e) {
		if (e instanceof CelSyntaxError) return { error: e.detail };
		throw e;
	}
}

class Parser {
	readonly #tokens: Token[];
	#position = 0;
	#depth = 0;

	constructor(text: string) {
		this.#tokens = lex(text);
	}

	whole(): Ast {
		const ast = this.#expression();
		const rest = this.#peek();
		if (rest.kind !== "end") throw syntaxError(rest, `${show(rest)} is not expected here`, restHint(rest));
		return ast;
	}

	#peek(): Token {
		return this.#tokens[this.#position] as Token;
	}

	#next(): Token {
		const token = this.#peek();
		if (token.kind !== "end") this.#position++;
		return token;
	}

	#accept(sign: string): Token | null {
		const token = this.#peek();
		return token.kind === "symbol" && token.text === sign ? this.#next() : null;
	}

	#close(sign: string, opening: Token): Token {
		const token = this.#accept(sign);
		if (token) return token;
		const found = this.#peek();
		if (found.kind === "end") throw syntaxError(opening, `\`${opening.text}\` is never closed`);
		throw syntaxError(found, `expected \`${sign}\`, found ${show(found)}`, restHint(found));
	}

	/** End of the text consumed so far. */
	#end(): number {
		return this.#tokens[this.#position - 1]?.end ?? 0;
	}

	#expression(): Ast {
		if (++this.#depth > maxDepth) throw syntaxError(this.#peek(), "the expression is nested too deeply");
		const at = this.#peek().at;
		const condition = this.#binary(0);
		let ast = condition;
		const mark = this.#accept("?");
		if (mark) {
			const yes = this.#binary(0);
			if (!this.#accept(":")) throw syntaxError(this.#peek(), `expected \`:\`, found ${show(this.#peek())}`, "a choice is written `condition ? a : b`");
			const no = this.#expression();
			ast = { op: "conditional", condition, yes, no, at, end: this.#end() };
		}
		this.#depth--;
		return ast;
	}

	#binary(level: number): Ast {
		const operators = levels[level];
		if (!operators) return this.#unary();
		const at = this.#peek().at;
		let left = this.#binary(level + 1);
		for (;;) {
			const token = this.#peek();
			const operator = operators.find((o) => token.text === o && (token.kind === "symbol" || (token.kind === "name" && o === "in")));
			if (!operator) return left;
			this.#next();
			const right = this.#binary(level + 1);
			left = { op: "binary", operator, operatorAt: token.at, left, right, at, end: this.#end() };
		}
	}

	#unary(): Ast {
		const signs: Token[] = [];
		const first = this.#accept("!") ?? this.#accept("-");
		for (let sign = first; sign; sign = this.#accept(first?.text ?? "")) signs.push(sign);
		let ast = this.#member();
		for (const sign of signs.reverse()) {
			const operator = sign.text === "!" ? "!" : "-";
			ast = { op: "unary", operator, operand: ast, at: sign.at, end: this.#end() };
		}
		return ast;
	}

	#member(): Ast {
		const at = this.#peek().at;
		let ast = this.#primary();
		for (;;) {
			const bracket = this.#accept("[");
			if (bracket) {
				const index = this.#expression();
				this.#close("]", bracket);
				ast = { op: "index", operand: ast, index, at, end: this.#end() };
			} else if (this.#accept(".")) {
				const name = this.#next();
				if (name.kind !== "name" || keywords.has(name.text))
					throw syntaxError(name, `expected a field name after the dot, found ${show(name)}`, "a key that is no name is written ['a-b']");
				const call = this.#arguments();
				ast = call
					? { op: "call", name: name.text, nameAt: name.at, target: ast, args: call, at, end: this.#end() }
					: { op: "select", operand: ast, field: name.text, fieldAt: name.at, at, end: this.#end() };
			} else {
				return ast;
			}
		}
	}

	#arguments(): Ast[] | null {
		const bracket = this.#accept("(");
		if (!bracket) return null;
		const args: Ast[] = [];
		if (this.#accept(")")) return args;
		do args.push(this.#expression());
		while (this.#accept(","));
		this.#close(")", bracket);
		return args;
	}

	#primary(): Ast {
		const token = this.#next();
		const { at, end } = token;
		if (token.kind === "string") return { op: "literal", kind: "string", value: token.text, at, end };
		if (token.kind === "int" || token.kind === "double") {
			const value = Number(token.text);
			if (token.kind === "int" && !Number.isSafeInteger(value)) throw syntaxError(token, "the number is too large", "integers go up to 9007199254740991");
			return { op: "literal", kind: token.kind, value, at, end };
		}
		if (token.kind === "name") return this.#name(token);
		if (token.text === "(") {
			const inner = this.#expression();
			this.#close(")", token);
			return inner;
		}
		if (token.text === "[") {
			const items: Ast[] = [];
			// The grammar lets a comma stand at the end of a list, even of an empty one.
			if (this.#peek().text === "," && this.#peek().kind === "symbol") {
				this.#accept(",");
				this.#close("]", token);
				return { op: "list", items, at, end: this.#end() };
			}
			while (this.#peek().text !== "]" || this.#peek().kind !== "symbol") {
				items.push(this.#expression());
				if (!this.#accept(",")) break;
			}
			this.#close("]", token);
			return { op: "list", items, at, end: this.#end() };
		}
		throw syntaxError(token, `expected a value, found ${show(token)}`, this.#valueHint(token));
	}

	#name(token: Token): Ast {
		const { at, end, text } = token;
		if (text === "true" || text === "false") return { op: "literal", kind: "bool", value: text === "true", at, end };
		if (text === "null") return { op: "literal", kind: "null", value: null, at, end };
		if (reserved.has(text)) throw syntaxError(token, `\`${text}\` cannot be used as a name`, restHint(token));
		const args = this.#arguments();
		return args ? { op: "call", name: text, nameAt: at, target: null, args, at, end: this.#end() } : { op: "ident", name: text, at, end };
	}

	#valueHint(token: Token): string | undefined {
		const before = this.#tokens[this.#tokens.indexOf(token) - 1];
		if (token.kind === "end" && !before) return "the expression is empty";
		return before?.kind === "symbol" && /^(&&|\|\||[=!<>]=?|==|[+\-*/%?:])$/.test(before.text) ? `something is missing after \`${before.text}\`` : undefined;
	}
}

function show(token: Token): string {
	if (token.kind === "end") return "the end of the expression";
	return token.kind === "string" ? `the string ${JSON.stringify(token.text)}` : `\`${token.text}\``;
}

const words: Readonly<Record<string, string>> = { and: "&&", AND: "&&", or: "||", OR: "||", not: "!", NOT: "!", is: "==", eq: "==" };

function restHint(token: Token): string | undefined {
	if (token.kind === "name" && Object.hasOwn(words, token.text)) return `write ${words[token.text]} instead of ${token.text}`;
	if (token.kind === "name" || token.kind === "string") return "is an operator (&&, ||, ==) missing before it?";
	if (token.text === "?") return "a choice inside a choice needs brackets";
	return undefined;
}
