import { nearest } from "../model/nearest.js";
import type { Ast } from "./ast.js";
import { aType, type CelKind, type CelType, comparable, isNumeric, join, listOf, types } from "./cel-type.js";
import { broken, type Checker, demandNonNull } from "./checker.js";
import type { ArithmeticOperator, Mode, Node, OrderOperator } from "./node.js";

type Binary = Ast & { op: "binary" };

const scalarKinds: readonly CelKind[] = ["bool", "int", "double", "string", "timestamp", "duration", "null"];

function operatorSpan(ast: Binary): { at: number; end: number } {
	return { at: ast.operatorAt, end: ast.operatorAt + ast.operator.length };
}

export function checkEquality(ast: Binary, negated: boolean, left: Node, right: Node, c: Checker): Node {
	const { at, end } = ast;
	const isNull = (node: Node): boolean => node.op === "const" && node.value === null && node.type.kind === "null";
	if (!comparable(left.type, right.type)) {
		if (isNull(left) || isNull(right)) {
			const never = isNull(left) ? right : left;
			return broken(
				c,
				never,
				"this value is never null: it is known, or unknown",
				"leave the comparison out; an unknown value makes the outcome unknown by itself",
			);
		}
		return broken(c, operatorSpan(ast), `${aType(left.type)} is never equal to ${aType(right.type)}`);
	}
	if ((left.type.kind === "object" || right.type.kind === "object") && !isNull(left) && !isNull(right))
		return broken(c, operatorSpan(ast), "objects are not compared", "compare a field of theirs");
	checkWord(left, right, c);
	checkWord(right, left, c);
	const scalar = scalarKinds.includes(left.type.kind) && scalarKinds.includes(right.type.kind);
	const plain = scalar || isNull(left) || isNull(right);
	return { op: "equal", negated, mode: plain ? "scalar" : "deep", left, right, type: types.bool, at, end };
}

/** A constant compared with one of our own closed words must be one of them. */
function checkWord(words: Node, constant: Node, c: Checker): void {
	const { values } = words.type;
	if (!values || constant.op !== "const") return;
	const given = Array.isArray(constant.value) ? constant.value : [constant.value];
	for (const value of given) {
		if (typeof value !== "string" || values.includes(value)) continue;
		const near = nearest(value, [...values]);
		broken(c, constant, `'${value}' never occurs here`, near ? `did you mean '${near}'?` : `there are ${values.map((v) => `'${v}'`).join(", ")}`);
	}
}

export function checkIn(ast: Binary, left: Node, right: Node, c: Checker): Node {
	const node: Node = { op: "in", left, right, type: types.bool, at: ast.at, end: ast.end };
	demandNonNull(c, right, "searched");
	if (right.type.kind === "dyn") return node;
	if (right.type.kind !== "list") {
		return broken(
			c,
			operatorSpan(ast),
			`\`in\` needs a list on its right, this is ${aType(right.type)}`,
			right.type.kind === "string" ? "for a part of a string write `text.contains('part')`" : undefined,
		);
	}
	if (left.type.kind === "object" || right.type.element?.kind === "object")
		return broken(c, operatorSpan(ast), "objects are not compared", "write `.exists(x, x.field == …)`");
	if (right.type.element && !comparable(left.type, right.type.element)) {
		return broken(c, operatorSpan(ast), `${aType(left.type)} is never in ${aType(right.type)}`);
	}
	checkWord(left, right, c);
	if (right.type.element) checkWord({ ...right, type: right.type.element }, left, c);
	return node;
}

export function checkOrder(ast: Binary, operator: OrderOperator, left: Node, right: Node, c: Checker): Node {
	const mode = orderMode(left.type, right.type);
	if (!mode) {
		const time = [left.type.kind, right.type.kind].includes("timestamp") && [left.type.kind, right.type.kind].includes("duration");
		return broken(c, operatorSpan(ast), `${aType(left.type)} cannot be ordered with ${aType(right.type)}`, time ? "write `x < now - days(90)`" : undefined);
	}
	demandNonNull(c, left, "ordered");
	demandNonNull(c, right, "ordered");
	return { op: "order", operator, mode, left, right, type: types.bool, at: ast.at, end: ast.end };
}

function orderMode(a: CelType, b: CelType): Mode | null {
	if (a.kind === "dyn" || b.kind === "dyn") {
		const known = a.kind === "dyn" ? b.kind : a.kind;
		return known === "list" || known === "object" ? null : "dyn";
	}
	if (isNumeric(a) && isNumeric(b)) return "number";
	if (a.kind !== b.kind) return null;
	if (a.kind === "timestamp" || a.kind === "duration") return "number";
	return a.kind === "string" || a.kind === "bool" ? a.kind : null;
}

export function checkArithmetic(ast: Binary, operator: ArithmeticOperator, left: Node, right: Node, c: Checker): Node {
	const found = arithmetic(operator, left.type, right.type);
	if (!found) {
		const days = [left.type.kind, right.type.kind].includes("timestamp") && (isNumeric(left.type) || isNumeric(right.type));
		return broken(
			c,
			operatorSpan(ast),
			`\`${operator}\` does not work on ${aType(left.type)} and ${aType(right.type)}`,
			days ? "a span of time is written days(90), hours(12) or minutes(30)" : undefined,
		);
	}
	demandNonNull(c, left, "calculated with");
	demandNonNull(c, right, "calculated with");
	return { op: "arithmetic", operator, mode: found.mode, left, right, type: found.type, at: ast.at, end: ast.end };
}

function arithmetic(operator: ArithmeticOperator, a: CelType, b: CelType): { mode: Mode | "int"; type: CelType } | null {
	const pair = `${a.kind} ${b.kind}`;
	if (a.kind === "dyn" || b.kind === "dyn") {
		const known = a.kind === "dyn" ? b : a;
		return isNumeric(known) || known.kind === "dyn" || (known.kind === "string" && operator === "+") ? { mode: "dyn", type: types.broken } : null;
	}
	if (pair === "int int") return { mode: "int", type: types.int };
	if (isNumeric(a) && isNumeric(b)) return operator === "%" ? null : { mode: "number", type: types.double };
	if (operator === "+") {
		if (pair === "string string") return { mode: "string", type: types.string };
		if (pair === "timestamp duration" || pair === "duration timestamp") return { mode: "number", type: types.timestamp };
		if (pair === "list list") {
			const element = a.element && b.element ? join(a.element, b.element) : (a.element ?? b.element);
			return element === null ? null : { mode: "list", type: element ? listOf(element) : { kind: "list", nullable: false } };
		}
	}
	if (operator === "-" && pair === "timestamp timestamp") return { mode: "number", type: types.duration };
	if (operator === "-" && pair === "timestamp duration") return { mode: "number", type: types.timestamp };
	if ((operator === "+" || operator === "-") && pair === "duration duration") return { mode: "number", type: types.duration };
	return null;
}
