import { RE2JS } from "re2js";
import { nearest } from "../model/nearest.js";
import type { Ast } from "./ast.js";
import { aType, type CelKind, listOf, types } from "./cel-type.js";
import { broken, type Checker, demandNonNull } from "./checker.js";
import type { FunctionName, LoopKind, Node } from "./node.js";
import { durationMillis, timestampMillis } from "./time.js";

type Call = Ast & { op: "call" };

interface Signature {
	/** Called `text.f(x)`, not `f(x)`. */
	method: boolean;
	/** Kinds allowed for the target (of a method) and the arguments. */
	args: readonly (readonly CelKind[])[];
	result: "bool" | "int" | "string" | "timestamp" | "duration";
	example: string;
}

const text: readonly CelKind[] = ["string"];
const number: readonly CelKind[] = ["int", "double"];
const signatures: Readonly<Record<Exclude<FunctionName, "size">, Signature>> = {
	startsWith: { method: true, args: [text, text], result: "bool", example: "account.login.startsWith('svc-')" },
	endsWith: { method: true, args: [text, text], result: "bool", example: "account.login.endsWith('@acme.example')" },
	contains: { method: true, args: [text, text], result: "bool", example: "account.login.contains('test')" },
	matches: { method: true, args: [text, text], result: "bool", example: "account.login.matches('^adm-')" },
	lowerAscii: { method: true, args: [text], result: "string", example: "account.login.lowerAscii()" },
	days: { method: false, args: [number], result: "duration", example: "now - days(90)" },
	hours: { method: false, args: [number], result: "duration", example: "now - hours(12)" },
	minutes: { method: false, args: [number], result: "duration", example: "now - minutes(30)" },
	timestamp: { method: false, args: [text], result: "timestamp", example: "timestamp('2026-01-01T00:00:00Z')" },
	duration: { method: false, args: [text], result: "duration", example: "duration('12h')" },
};
const loops: readonly LoopKind[] = ["exists", "all", "filter", "map"];
const names = [...Object.keys(signatures), ...loops, "size", "has"];

export function checkCall(ast: Call, c: Checker): Node {
	const { name, target } = ast;
	if (name === "has" && !target) return checkHas(ast, c);
	if (name === "size") return checkSize(ast, c);
	const kind = loops.find((loop) => loop === name);
	if (kind && target) return checkLoop(ast, kind, target, c);
	const signature = Object.hasOwn(signatures, name) ? signatures[name as keyof typeof signatures] : undefined;
	const spot = { at: ast.nameAt, end: ast.nameAt + name.length };
	if (!signature) {
		const near = nearest(name, names);
		return broken(c, spot, `unknown function ${name}`, near ? `did you mean ${near}?` : `there are ${names.join(", ")}`);
	}
	if (signature.method !== (target !== null)) return broken(c, spot, `${name} is written otherwise`, `as in ${signature.example}`);
	const asts = target ? [target, ...ast.args] : ast.args;
	if (asts.length !== signature.args.length)
		return broken(c, spot, `${name} takes ${signature.args.length - (target ? 1 : 0)} argument(s)`, `as in ${signature.example}`);
	const args = asts.map((arg) => c.check(arg, c));
	for (const [i, arg] of args.entries()) {
		demandNonNull(c, arg, `given to ${name}`);
		const allowed = signature.args[i] ?? [];
		if (arg.type.kind !== "dyn" && !allowed.includes(arg.type.kind)) {
			return broken(c, arg, `${name} needs a ${allowed.join(" or ")} here, this is ${aType(arg.type)}`, `as in ${signature.example}`);
		}
	}
	const node: Node = { op: "call", name: name as FunctionName, args, type: types[signature.result], at: ast.at, end: ast.end };
	return checkConstants(node, args, c);
}

/** Constant arguments are read when the policy is loaded, so that their mistakes are load errors. */
function checkConstants(node: Node & { op: "call" }, args: Node[], c: Checker): Node {
	const last = args.at(-1);
	if (last?.op !== "const" || typeof last.value !== "string") return node;
	const fold = (value: number | null, wanted: string): Node =>
		value === null
			? broken(c, last, `'${String(last.value)}' is no ${node.name}`, wanted)
			: { op: "const", value, type: node.type, at: node.at, end: node.end };
	if (node.name === "timestamp") return fold(timestampMillis(last.value), "write it as '2026-01-01T00:00:00Z'");
	if (node.name === "duration") return fold(durationMillis(last.value), "units are h, m, s, ms; for days write days(90)");
	if (node.name !== "matches") return node;
	try {
		RE2JS.compile(last.value);
		return node;
	} catch (e) {
		return broken(
			c,
			last,
			`the pattern is not valid: ${e instanceof Error ? e.message.replace(/^error parsing regexp: /, "") : "unreadable"}`,
			"patterns are RE2: https://github.com/google/re2/wiki/Syntax",
		);
	}
}

function checkHas(ast: Call, c: Checker): Node {
	const [arg] = ast.args;
	if (!arg || ast.args.length > 1 || (arg.op !== "select" && arg.op !== "index")) {
		return broken(c, ast, "has() takes one field", "as in has(account.manager)");
	}
	const left = c.check(arg, c);
	const right: Node = { op: "const", value: null, type: types.null, at: ast.end, end: ast.end };
	return { op: "equal", negated: true, mode: "scalar", left, right, type: types.bool, at: ast.at, end: ast.end };
}

function checkSize(ast: Call, c: Checker): Node {
	const asts = ast.target ? [ast.target, ...ast.args] : ast.args;
	const [only] = asts;
	if (!only || asts.length > 1) return broken(c, ast, "size takes one value", "as in size(account.roles)");
	const arg = c.check(only, c);
	demandNonNull(c, arg, "measured");
	if (!["string", "list", "dyn"].includes(arg.type.kind)) return broken(c, arg, `${aType(arg.type)} has no size`);
	return { op: "call", name: "size", args: [arg], type: types.int, at: ast.at, end: ast.end };
}

function checkLoop(ast: Call, kind: LoopKind, target: Ast, c: Checker): Node {
	const range = c.check(target, c);
	const [variable, bodyAst] = ast.args;
	if (!variable || !bodyAst || ast.args.length !== 2 || variable.op !== "ident") {
		return broken(
			c,
			{ at: ast.nameAt, end: ast.nameAt + kind.length },
			`${kind} takes a name and a condition`,
			`as in account.roles.${kind}(r, r.level == 'top')`,
		);
	}
	if (c.locals.has(variable.name) || [c.scope.subject, "params", "now"].includes(variable.name)) {
		return broken(c, variable, `${variable.name} already has a meaning here`, "choose another name");
	}
	demandNonNull(c, range, "searched");
	if (range.type.kind !== "list" && range.type.kind !== "dyn") return broken(c, range, `${kind} needs a list, this is ${aType(range.type)}`);
	const id = c.counter.next++;
	const element = range.type.kind === "list" ? (range.type.element ?? types.dyn) : types.dyn;
	const inner: Checker = { ...c, locals: new Map([...c.locals, [variable.name, { id, type: element }]]) };
	const body = kind === "map" ? c.check(bodyAst, inner) : c.checkBool(bodyAst, inner);
	const type = kind === "map" ? listOf(body.type) : kind === "filter" ? listOf(element) : types.bool;
	return { op: "loop", kind, range, id, name: variable.name, body, type, at: ast.at, end: ast.end };
}
