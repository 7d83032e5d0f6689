/** Where something stands in the text of an expression: UTF-16 offsets, `end` exclusive. */
export interface Span {
	at: number;
	end: number;
}

/** A mistake in an expression. */
export interface CelError extends Span {
	message: string;
	hint?: string;
}

/** The syntax tree, macros unexpanded. `at` and `end` bound the text of the node, brackets around its parts included. */
export type Ast =
	| (Span & { op: "literal"; value: string | number | boolean | null; kind: "string" | "int" | "double" | "bool" | "null" })
	| (Span & { op: "ident"; name: string })
	| (Span & { op: "select"; operand: Ast; field: string; fieldAt: number })
	| (Span & { op: "index"; operand: Ast; index: Ast })
	| (Span & { op: "call"; name: string; nameAt: number; target: Ast | null; args: Ast[] })
	| (Span & { op: "list"; items: Ast[] })
	| (Span & { op: "unary"; operator: "!" | "-"; operand: Ast })
	| (Span & { op: "binary"; operator: BinaryOperator; operatorAt: number; left: Ast; right: Ast })
	| (Span & { op: "conditional"; condition: Ast; yes: Ast; no: Ast });

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "/" | "%";
