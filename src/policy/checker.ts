import type { Ast, CelError, Span } from "./ast.js";
import { type CelType, types } from "./cel-type.js";
import { type Node, stableKey } from "./node.js";
import type { PolicySubject } from "./types.js";

/** What an expression may name. */
export interface Scope {
	subject: PolicySubject;
	params: Readonly<Record<string, CelType>>;
	/** Values an earlier condition has proved not to be null (`nonNullWhen`). */
	nonNull?: readonly string[];
}

export interface Local {
	id: number;
	type: CelType;
}

/** The state of one check; `check-call.ts` and `check-operator.ts` share it. */
export interface Checker {
	text: string;
	scope: Scope;
	locals: ReadonlyMap<string, Local>;
	nonNull: ReadonlySet<string>;
	errors: CelError[];
	counter: { next: number };
	/** The checks of any expression and of a condition: parts of calls are expressions again. */
	check(ast: Ast, c: Checker): Node;
	checkBool(ast: Ast, c: Checker): Node;
}

/** Reports a mistake and gives a node that starts no others. */
export function broken(c: Checker, span: Span, message: string, hint?: string): Node {
	c.errors.push({ at: span.at, end: span.end, message, ...(hint ? { hint } : {}) });
	return { op: "const", value: null, type: types.broken, at: span.at, end: span.end };
}

/** Demands that a value cannot be null here; reports the missing guard. */
export function demandNonNull(c: Checker, node: Node, use: string): void {
	if (!node.type.nullable) return;
	const value = c.text.slice(node.at, node.end);
	const message = node.type.kind === "null" ? `null cannot be ${use}` : `${value} can be null, and null cannot be ${use}`;
	const hint =
		stableKey(node) === null
			? "compare it with null first"
			: `guard it first: \`${value} != null && …\`, or \`${value} == null || …\` when none should count as true`;
	c.errors.push({ at: node.at, end: node.end, message, hint });
}
