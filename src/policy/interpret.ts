import type { KnownList, Millis } from "../model/known.js";
import type { ParamValues } from "./emit.js";
import { type Node, parts as partsOf } from "./node.js";
import * as R from "./runtime.js";

/** A node with the value it came out as. The same semantics as generated code, step by step and slower: for explaining. */
export interface Trace {
	node: Node;
	/** undefined = unknown. */
	value: unknown;
	/** Parts, as far as they were looked at; of a loop: the list, then the body once per element. */
	parts: Trace[];
	/** Fields, as policies write them, whose lack makes the value unknown. */
	unknown: string[];
}

export interface Frame {
	subject: object;
	/** The word for the subject in paths: `account`. */
	word: string;
	now: Millis;
	params: ParamValues;
	locals: ReadonlyMap<number, { value: unknown; path: string | null }>;
}

/** The path of a node as policies write it (`account.authenticators.strength`); null for anything computed. */
export function pathOf(node: Node, frame: Frame): string | null {
	if (node.op === "subject") return frame.word;
	if (node.op === "param") return `params.${node.name}`;
	if (node.op === "local") return frame.locals.get(node.id)?.path ?? null;
	if (node.op === "loop" && node.kind === "filter") return pathOf(node.range, frame);
	if (node.op !== "field" && node.op !== "member") return null;
	const operand = pathOf(node.operand, frame);
	if (operand === null) return null;
	if (node.op === "field") return `${operand}.${node.field}`;
	if (node.key.op !== "const" || typeof node.key.value === "number") return operand;
	const key = String(node.key.value);
	return /^[A-Za-z_]\w*$/.test(key) ? `${operand}.${key}` : `${operand}['${key}']`;
}

export function interpret(node: Node, frame: Frame): Trace {
	const leaf = (value: unknown): Trace => trace(node, value, []);
	switch (node.op) {
		case "const":
			return leaf(node.value);
		case "subject":
			return leaf(frame.subject);
		case "now":
			return leaf(frame.now);
		case "param":
			return leaf(frame.params[node.name]);
		case "local": {
			const value = frame.locals.get(node.id)?.value;
			return { ...leaf(value), unknown: value === undefined ? named(node, frame) : [] };
		}
		case "field":
		case "member":
			return interpretPath(node, frame);
		case "and":
		case "or":
			return interpretLogic(node, frame);
		case "conditional": {
			const condition = interpret(node.condition, frame);
			if (typeof condition.value !== "boolean") return trace(node, undefined, [condition]);
			const chosen = interpret(condition.value ? node.yes : node.no, frame);
			return trace(node, chosen.value, [condition, chosen]);
		}
		case "list": {
			const items = node.items.map((item) => interpret(item, frame));
			return trace(
				node,
				items.map((item) => item.value),
				items,
			);
		}
		case "loop":
			return interpretLoop(node, frame);
		default:
			return interpretOperation(node, frame);
	}
}

function named(node: Node, frame: Frame): string[] {
	const path = pathOf(node, frame);
	return path === null ? [] : [path];
}

function trace(node: Node, value: unknown, parts: Trace[]): Trace {
	// A list is known only as far as its elements are: what it lacks is told to whatever uses it.
	return { node, value, parts, unknown: value === undefined || Array.isArray(value) ? [...new Set(parts.flatMap((p) => p.unknown))] : [] };
}

function interpretPath(node: Node & { op: "field" | "member" }, frame: Frame): Trace {
	const operand = interpret(node.operand, frame);
	const key = node.op === "member" ? interpret(node.key, frame) : null;
	const base = operand.value;
	const value = key
		? R.member(base, key.value, node.at)
		: typeof base === "object" && base !== null
			? Reflect.get(base, node.op === "field" ? node.field : "")
			: undefined;
	const parts = key ? [operand, key] : [operand];
	const found = trace(node, value, parts);
	// The outermost field that is lacking is the one to name.
	const lacking = value === undefined || (Array.isArray(value) && R.isPartial(value));
	return lacking && found.unknown.length === 0 ? { ...found, unknown: named(node, frame) } : found;
}

function interpretLogic(node: Node & { op: "and" | "or" }, frame: Frame): Trace {
	// Every part is looked at, also behind one that decides: an explanation wants them all.
	const decisive = node.op === "or";
	const parts = node.items.map((item) => interpret(item, frame));
	if (parts.some((p) => p.value === decisive)) return trace(node, decisive, parts);
	return trace(node, parts.every((p) => p.value === !decisive) ? !decisive : undefined, parts);
}

function interpretLoop(node: Node & { op: "loop" }, frame: Frame): Trace {
	const range = interpret(node.range, frame);
	const list = R.range(range.value, node.at);
	if (list === undefined) return trace(node, undefined, [range]);
	const path = pathOf(node.range, frame);
	const bodies = list.map((value) => interpret(node.body, { ...frame, locals: new Map([...frame.locals, [node.id, { value, path }]]) }));
	return trace(
		node,
		loopValue(
			node,
			list,
			bodies.map((b) => b.value),
		),
		[range, ...bodies],
	);
}

function loopValue(node: Node & { op: "loop" }, list: KnownList<unknown>, values: unknown[]): unknown {
	const partial = R.isPartial(list);
	if (node.kind === "exists" || node.kind === "all") {
		const stop = node.kind === "exists";
		if (values.includes(stop)) return stop;
		return partial || values.some((v) => v !== !stop) ? undefined : !stop;
	}
	const out: KnownList<unknown> = node.kind === "map" ? values : list.filter((_, i) => values[i] === true);
	if (partial || (node.kind === "filter" && values.some((v) => typeof v !== "boolean"))) out.partial = true;
	return out;
}

function interpretOperation(node: Node, frame: Frame): Trace {
	const parts = partsOf(node).map((part) => interpret(part, frame));
	return trace(
		node,
		operate(
			node,
			parts.map((p) => p.value),
		),
		parts,
	);
}

function operate(node: Node, [a, b]: unknown[]): unknown {
	switch (node.op) {
		case "asBool":
			return R.asBool(a, node.at);
		case "not":
			return R.not(a);
		case "negate":
			return R.negate(a, node.at);
		case "order":
			return R.order(node.operator, a, b, node.at);
		case "equal":
			return node.negated ? R.not(R.equal(a, b)) : R.equal(a, b);
		case "in":
			return R.within(a, b, node.at);
		case "arithmetic":
			return R.arithmetic(node.operator, node.mode === "int", a, b, node.at);
		case "call":
			break;
		default:
			return undefined;
	}
	if (node.name === "size") return R.size(a, node.at);
	if (node.name === "lowerAscii") return R.lowerAscii(a, node.at);
	if (node.name === "days" || node.name === "hours" || node.name === "minutes") return R.span(node.name, a, node.at);
	if (node.name === "timestamp" || node.name === "duration") return R.time(node.name, a, node.at);
	return node.name === "matches" ? R.matches(a, b, node.at) : R.textTest(node.name, a, b, node.at);
}
