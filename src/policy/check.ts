import { nearest } from "../model/nearest.js";
import type { Ast, CelError, Span } from "./ast.js";
import { aType, type CelType, join, listOf, typeName, types } from "./cel-type.js";
import { checkCall } from "./check-call.js";
import { checkArithmetic, checkEquality, checkIn, checkOrder } from "./check-operator.js";
import { broken, type Checker, demandNonNull, type Scope } from "./checker.js";
import { nonNullWhen } from "./guards.js";
import { type Node, type Scalar, stableKey } from "./node.js";
import { parseCel } from "./parse.js";
import { catalogue } from "./types.js";

/** Parses and checks an expression of any type. `node` is missing when there are errors. */
export function checkExpression(text: string, scope: Scope): { node?: Node; errors: CelError[] } {
	return checkWith(check, text, scope);
}

/** Parses and checks a condition: an expression that is true or false. */
export function checkCondition(text: string, scope: Scope): { node?: Node; errors: CelError[] } {
	return checkWith(checkBool, text, scope);
}

function checkWith(how: (ast: Ast, c: Checker) => Node, text: string, scope: Scope): { node?: Node; errors: CelError[] } {
	const parsed = parseCel(text);
	if (parsed.error) return { errors: [parsed.error] };
	const checker: Checker = { text, scope, locals: new Map(), nonNull: new Set(scope.nonNull), errors: [], counter: { next: 0 }, check, checkBool };
	const node = how(parsed.ast, checker);
	return checker.errors.length > 0 ? { errors: checker.errors } : { node, errors: [] };
}

export function check(ast: Ast, c: Checker): Node {
	const { at, end } = ast;
	switch (ast.op) {
		case "literal":
			return { op: "const", value: ast.value, type: types[ast.kind], at, end };
		case "ident":
			return checkName(ast.name, ast, c);
		case "select":
			return checkSelect(ast, c);
		case "index":
			return checkIndex(ast, c);
		case "call":
			return checkCall(ast, c);
		case "list":
			return checkList(ast.items, ast, c);
		case "unary": {
			if (ast.operator === "!") return { op: "not", operand: checkBool(ast.operand, c), type: types.bool, at, end };
			const operand = check(ast.operand, c);
			demandNonNull(c, operand, "negated");
			if (operand.op === "const" && typeof operand.value === "number") return { ...operand, value: -operand.value, at, end };
			const { kind } = operand.type;
			if (kind !== "int" && kind !== "double" && kind !== "dyn") return broken(c, ast, `${aType(operand.type)} cannot be negated`);
			return { op: "negate", operand, type: { kind, nullable: false }, at, end };
		}
		case "conditional":
			return checkConditional(ast, c);
		case "binary":
			break;
	}
	if (ast.operator === "&&" || ast.operator === "||") return checkLogic(ast, ast.operator, c);
	const left = check(ast.left, c);
	const right = check(ast.right, c);
	if (ast.operator === "==" || ast.operator === "!=") return checkEquality(ast, ast.operator === "!=", left, right, c);
	if (ast.operator === "in") return checkIn(ast, left, right, c);
	if (ast.operator === "<" || ast.operator === "<=" || ast.operator === ">" || ast.operator === ">=") return checkOrder(ast, ast.operator, left, right, c);
	return checkArithmetic(ast, ast.operator, left, right, c);
}

/** Checks an expression that must be true or false. */
export function checkBool(ast: Ast, c: Checker): Node {
	const node = check(ast, c);
	if (node.type.kind === "bool") {
		if (node.type.nullable) {
			const value = c.text.slice(node.at, node.end);
			return broken(
				c,
				node,
				`${value} can be null, which is neither true nor false`,
				`compare it: \`${value} == true\`, or \`${value} != false\` when none should count as true`,
			);
		}
		return node;
	}
	if (node.type.kind === "dyn") {
		demandNonNull(c, node, "a condition");
		return { op: "asBool", operand: node, type: types.bool, at: node.at, end: node.end };
	}
	return broken(
		c,
		node,
		`a condition must be true or false, this is ${aType(node.type)}`,
		node.type.kind === "list" ? "is it `size(…) > 0` that is meant?" : undefined,
	);
}

/** The checker further right in a chain, where the left side came out as `outcome`. */
export function after(c: Checker, node: Node, outcome: boolean): Checker {
	return { ...c, nonNull: new Set([...c.nonNull, ...nonNullWhen(node, outcome)]) };
}

function checkLogic(ast: Ast & { op: "binary" }, operator: "&&" | "||", c: Checker): Node {
	const items: Node[] = [];
	let inner = c;
	for (const part of chain(ast, operator)) {
		const node = checkBool(part, inner);
		const flat = node.op === (operator === "&&" ? "and" : "or") ? node.items : [node];
		items.push(...flat);
		inner = after(inner, node, operator === "&&");
	}
	return { op: operator === "&&" ? "and" : "or", items, type: types.bool, at: ast.at, end: ast.end };
}

function chain(ast: Ast, operator: string): Ast[] {
	return ast.op === "binary" && ast.operator === operator ? [...chain(ast.left, operator), ...chain(ast.right, operator)] : [ast];
}

function checkConditional(ast: Ast & { op: "conditional" }, c: Checker): Node {
	const condition = checkBool(ast.condition, c);
	const yes = check(ast.yes, after(c, condition, true));
	const no = check(ast.no, after(c, condition, false));
	const type = join(yes.type, no.type);
	if (!type) return broken(c, ast, `the two sides differ: ${typeName(yes.type)} and ${typeName(no.type)}`);
	return { op: "conditional", condition, yes, no, type, at: ast.at, end: ast.end };
}

function checkList(asts: Ast[], span: Span, c: Checker): Node {
	const items = asts.map((item) => check(item, c));
	let element: CelType | undefined;
	for (const item of items) {
		const joined: CelType | null = element ? join(element, item.type) : item.type;
		if (!joined) return broken(c, item, `the elements of a list must be alike: ${typeName(item.type)} after ${typeName(element ?? item.type)}`);
		element = joined;
	}
	const type = element ? listOf(element) : { kind: "list" as const, nullable: false };
	const constants = items.map((item) => (item.op === "const" && !Array.isArray(item.value) ? (item.value as Scalar) : undefined));
	if (constants.every((value) => value !== undefined)) return { op: "const", value: constants, type, at: span.at, end: span.end };
	return { op: "list", items, type, at: span.at, end: span.end };
}

function checkName(name: string, span: Span, c: Checker): Node {
	const { at, end } = span;
	const local = c.locals.get(name);
	if (local) return narrowed({ op: "local", id: local.id, name, type: local.type, at, end }, c);
	if (name === c.scope.subject) return { op: "subject", type: catalogue[c.scope.subject], at, end };
	if (name === "now") return { op: "now", type: types.timestamp, at, end };
	if (name === "params") return broken(c, span, "a parameter is named with its field", paramHint(c));
	const field = Object.hasOwn(catalogue[c.scope.subject].fields ?? {}, name) ? `${c.scope.subject}.${name}` : null;
	const near = nearest(name, [c.scope.subject, "params", "now", ...c.locals.keys()]);
	const hint = field ? `did you mean ${field}?` : near ? `did you mean ${near}?` : `there are ${c.scope.subject}, params and now`;
	return broken(c, span, `unknown name ${name}`, hint);
}

function paramHint(c: Checker): string {
	const names = Object.keys(c.scope.params);
	return names.length > 0 ? `write params.${names[0]}` : "this policy declares no params";
}

function checkSelect(ast: Ast & { op: "select" }, c: Checker): Node {
	const { at, end, field } = ast;
	const spot = { at: ast.fieldAt, end: ast.fieldAt + field.length };
	if (ast.operand.op === "ident" && ast.operand.name === "params" && !c.locals.has("params")) {
		const type = Object.hasOwn(c.scope.params, field) ? c.scope.params[field] : undefined;
		if (type) return { op: "param", name: field, type, at, end };
		const near = nearest(field, Object.keys(c.scope.params));
		return broken(c, spot, `unknown parameter ${field}`, near ? `did you mean params.${near}?` : "declare it under `params:`");
	}
	const operand = check(ast.operand, c);
	if (operand.type.kind === "dyn") {
		const key: Node = { op: "const", value: field, type: types.string, ...spot };
		return narrowed({ op: "member", operand, key, type: operand.type === types.broken ? types.broken : types.dyn, at, end }, c);
	}
	const { fields } = operand.type;
	if (!fields) {
		const each = operand.type.kind === "list" ? `for a list write \`.exists(x, x.${field} …)\` or \`.all(x, …)\`` : undefined;
		return broken(c, spot, `${aType(operand.type)} has no fields`, each);
	}
	demandNonNull(c, operand, "read from");
	const spec = Object.hasOwn(fields, field) ? fields[field] : undefined;
	if (spec) return narrowed({ op: "field", operand, field, type: spec.type, at, end }, c);
	const path = operand.op === "subject" ? `${c.scope.subject}.` : operand.op === "local" ? `${operand.name}.` : "";
	const near = nearest(field, Object.keys(fields));
	return broken(c, spot, `unknown field ${path}${field}`, near ? `did you mean ${path}${near}?` : `there are ${Object.keys(fields).join(", ")}`);
}

function checkIndex(ast: Ast & { op: "index" }, c: Checker): Node {
	const operand = check(ast.operand, c);
	const key = check(ast.index, c);
	const { at, end } = ast;
	if (operand.type.kind === "dyn") {
		if (key.type.kind !== "string" && key.type.kind !== "int" && key.type.kind !== "dyn") return broken(c, key, `${aType(key.type)} is no key`);
		return narrowed({ op: "member", operand, key, type: operand.type === types.broken ? types.broken : types.dyn, at, end }, c);
	}
	if (operand.type.kind !== "list")
		return broken(c, ast, `${aType(operand.type)} has no elements`, operand.type.fields ? "write its fields after a dot" : undefined);
	if (key.type.kind !== "int") return broken(c, key, `an element's place is an integer, this is ${aType(key.type)}`);
	return { op: "member", operand, key, type: operand.type.element ?? types.dyn, at, end };
}

/** The node without null, where a guard has excluded it. */
function narrowed(node: Node, c: Checker): Node {
	if (!node.type.nullable) return node;
	const key = stableKey(node);
	return key !== null && c.nonNull.has(key) ? { ...node, type: { ...node.type, nullable: false, guarded: true } } : node;
}
