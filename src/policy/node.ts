import type { Span } from "./ast.js";
import type { CelType } from "./cel-type.js";

export type OrderOperator = "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
/** How values of an operation are held when it runs; `dyn` is looked up then. */
export type Mode = "number" | "string" | "bool" | "list" | "dyn";
export type LoopKind = "exists" | "all" | "filter" | "map";
export type FunctionName = "size" | "startsWith" | "endsWith" | "contains" | "lowerAscii" | "matches" | "days" | "hours" | "minutes" | "timestamp" | "duration";

interface Base extends Span {
	type: CelType;
}

/** A checked expression: names resolved, types known, `&&` and `||` flattened, `has(x)` turned into `x != null`. */
export type Node =
	| (Base & { op: "const"; value: Scalar | readonly Scalar[] })
	| (Base & { op: "subject" })
	| (Base & { op: "now" })
	| (Base & { op: "param"; name: string })
	| (Base & { op: "local"; id: number; name: string })
	| (Base & { op: "field"; operand: Node; field: string })
	| (Base & { op: "member"; operand: Node; key: Node })
	| (Base & { op: "asBool"; operand: Node })
	| (Base & { op: "not" | "negate"; operand: Node })
	| (Base & { op: "and" | "or"; items: Node[] })
	| (Base & { op: "conditional"; condition: Node; yes: Node; no: Node })
	| (Base & { op: "order"; operator: OrderOperator; mode: Mode; left: Node; right: Node })
	| (Base & { op: "equal"; negated: boolean; mode: "scalar" | "deep"; left: Node; right: Node })
	| (Base & { op: "in"; left: Node; right: Node })
	| (Base & { op: "arithmetic"; operator: ArithmeticOperator; mode: Mode | "int"; left: Node; right: Node })
	| (Base & { op: "call"; name: FunctionName; args: Node[] })
	| (Base & { op: "list"; items: Node[] })
	| (Base & { op: "loop"; kind: LoopKind; range: Node; id: number; name: string; body: Node });

export type Scalar = string | number | boolean | null;

/** The direct parts of a node, in the order in which they are evaluated. */
export function parts(node: Node): Node[] {
	switch (node.op) {
		case "field":
		case "asBool":
		case "not":
		case "negate":
			return [node.operand];
		case "member":
			return [node.operand, node.key];
		case "and":
		case "or":
		case "list":
			return node.items;
		case "conditional":
			return [node.condition, node.yes, node.no];
		case "order":
		case "equal":
		case "in":
		case "arithmetic":
			return [node.left, node.right];
		case "call":
			return node.args;
		case "loop":
			return [node.range, node.body];
		default:
			return [];
	}
}

/** A name for a value that stays the same during one evaluation (`account.session.idle`, `#2.ends`); null for anything computed. */
export function stableKey(node: Node): string | null {
	if (node.op === "subject") return "subject";
	if (node.op === "param") return `params.${node.name}`;
	if (node.op === "local") return `#${node.id}`;
	if (node.op !== "field" && node.op !== "member") return null;
	const operand = stableKey(node.operand);
	if (operand === null) return null;
	if (node.op === "field") return `${operand}.${node.field}`;
	return node.key.op === "const" ? `${operand}[${JSON.stringify(node.key.value)}]` : null;
}
