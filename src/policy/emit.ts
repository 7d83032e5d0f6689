import { type Node, parts, type Scalar } from "./node.js";
import { compilePattern, span } from "./runtime.js";

/** Values a policy's parameters have. */
export type ParamValues = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** Collects the code of one policy: helper functions, and constants that are passed in, never spliced. */
export interface Emitter {
	params: ParamValues;
	constants: unknown[];
	functions: string[];
	/** Temporaries of the function being written. */
	temps: string[];
	counter: { next: number };
}

export function newEmitter(params: ParamValues): Emitter {
	return { params, constants: [], functions: [], temps: [], counter: { next: 0 } };
}

/** Writes `function <name>(s, n)` (subject, now) for a checked expression; returns its name. */
export function emitFunction(e: Emitter, node: Node): string {
	return writeFunction(e, (inner) => `return ${emit(inner, node, [])};`);
}

/** Writes a function of subject `s` and now `n` whose body uses the code of expressions; returns its name. */
export function writeFunction(e: Emitter, body: (inner: Emitter) => string): string {
	const inner: Emitter = { ...e, temps: [] };
	const code = body(inner);
	const name = `f${e.counter.next++}`;
	e.functions.push(`function ${name}(s,n){${declare(inner.temps)}${code}}`);
	return name;
}

/** The code of one expression, inside a function that `writeFunction` writes. */
export function emitExpression(inner: Emitter, node: Node): string {
	return emit(inner, node, []);
}

function declare(temps: string[]): string {
	return temps.length > 0 ? `let ${temps.join(",")};` : "";
}

function temp(e: Emitter): string {
	const name = `t${e.temps.length}`;
	e.temps.push(name);
	return name;
}

function constant(e: Emitter, value: unknown): string {
	e.constants.push(value);
	return `K[${e.constants.length - 1}]`;
}

/** A scalar as a JavaScript literal: JSON is one, and no text of a policy reaches the code but through here or `constant`. */
function literal(value: Scalar): string {
	return JSON.stringify(value);
}

function constantOf(e: Emitter, node: Node): Scalar | readonly Scalar[] | undefined {
	if (node.op === "const") return node.value;
	if (node.op === "param") return e.params[node.name];
	if (node.op !== "call" || (node.name !== "days" && node.name !== "hours" && node.name !== "minutes")) return undefined;
	const count = node.args[0] && constantOf(e, node.args[0]);
	return typeof count === "number" ? span(node.name, count, node.at) : undefined;
}

function isList(value: Scalar | readonly Scalar[] | undefined): value is readonly Scalar[] {
	return Array.isArray(value);
}

/** A value, and whether it may be written twice: a literal or a variable. */
function operand(e: Emitter, node: Node, locals: readonly number[]): { first: string; again: string; known: boolean } {
	const value = constantOf(e, node);
	if (value !== undefined && !isList(value)) return { first: literal(value), again: literal(value), known: true };
	if (node.op === "now") return { first: "n", again: "n", known: true };
	const t = temp(e);
	return { first: `(${t}=${emit(e, node, locals)})`, again: t, known: false };
}

function emit(e: Emitter, node: Node, locals: readonly number[]): string {
	const value = constantOf(e, node);
	if (value !== undefined) return isList(value) ? constant(e, value) : literal(value);
	const sub = (part: Node): string => emit(e, part, locals);
	switch (node.op) {
		case "subject":
			return "s";
		case "now":
			return "n";
		case "local":
			return `v${node.id}`;
		case "field":
			// Field names are the catalogue's: identifiers. `?.` makes a missing facet unknown.
			return node.operand.op === "subject" ? `s.${node.field}` : `${sub(node.operand)}?.${node.field}`;
		case "member":
			return `R.member(${sub(node.operand)},${sub(node.key)},${node.at})`;
		case "asBool":
			return `R.asBool(${sub(node.operand)},${node.at})`;
		case "not": {
			const t = temp(e);
			return `((${t}=${sub(node.operand)})===true?false:${t}===false?true:undefined)`;
		}
		case "negate":
			return `R.negate(${sub(node.operand)},${node.at})`;
		case "and":
		case "or":
			return emitLogic(e, node.items, node.op === "or", locals);
		case "conditional": {
			const t = temp(e);
			return `((${t}=${sub(node.condition)})===true?${sub(node.yes)}:${t}===false?${sub(node.no)}:undefined)`;
		}
		case "order":
			return emitOrder(e, node, locals);
		case "equal":
			return emitEqual(e, node, locals);
		case "in":
			return emitIn(e, node, locals);
		case "arithmetic":
			return emitArithmetic(e, node, locals);
		case "call":
			return emitCall(e, node, locals);
		case "list":
			return `[${node.items.map(sub).join(",")}]`;
		case "loop":
			return emitLoop(e, node, locals);
		default:
			throw new Error(`no code for ${node.op}`);
	}
}

/** Kleene: one decisive part decides; else any part that is not its opposite makes the whole unknown. */
function emitLogic(e: Emitter, items: Node[], decisive: boolean, locals: readonly number[]): string {
	const temps = items.map((item) => ({ t: temp(e), code: emit(e, item, locals) }));
	const decided = temps.map(({ t, code }) => `(${t}=${code})===${decisive}`).join("||");
	const settled = temps.map(({ t }) => `${t}===${!decisive}`).join("&&");
	return `(${decided}?${decisive}:${settled}?${!decisive}:undefined)`;
}

function emitOrder(e: Emitter, node: Node & { op: "order" }, locals: readonly number[]): string {
	const left = operand(e, node.left, locals);
	const right = operand(e, node.right, locals);
	const slow = `R.order("${node.operator}",${left.again},${right.again},${node.at})`;
	const test = node.mode === "string" ? "string" : node.mode === "bool" ? "boolean" : "number";
	const evaluated = [left, right].filter((o) => !o.known);
	if (evaluated.length === 0 || node.mode === "dyn") return `R.order("${node.operator}",${left.first},${right.first},${node.at})`;
	const types = evaluated.map((o) => `typeof ${o.again}==="${test}"`).join("&&");
	return `(${evaluated.map((o) => o.first).join(",")},${types}?${left.again}${node.operator}${right.again}:${slow})`;
}

function emitEqual(e: Emitter, node: Node & { op: "equal" }, locals: readonly number[]): string {
	if (node.mode === "deep") {
		const code = `R.equal(${emit(e, node.left, locals)},${emit(e, node.right, locals)})`;
		return node.negated ? `R.not(${code})` : code;
	}
	const left = operand(e, node.left, locals);
	const right = operand(e, node.right, locals);
	const unknown = [left, right].filter((o) => !o.known).map((o) => `${o.first}===undefined`);
	const compare = `${left.again}${node.negated ? "!==" : "==="}${right.again}`;
	return unknown.length === 0 ? `(${compare})` : `(${unknown.join("||")}?undefined:${compare})`;
}

/** Lists this long are still compared one by one. */
const unrolled = 8;

function emitIn(e: Emitter, node: Node & { op: "in" }, locals: readonly number[]): string {
	const list = constantOf(e, node.right);
	if (!isList(list) || list.length > unrolled) return `R.within(${emit(e, node.left, locals)},${emit(e, node.right, locals)},${node.at})`;
	if (list.length === 0) return "false";
	const t = temp(e);
	const tests = list.map((item) => `${t}===${literal(item)}`).join("||");
	return `((${t}=${emit(e, node.left, locals)})===undefined?undefined:${tests})`;
}

function emitArithmetic(e: Emitter, node: Node & { op: "arithmetic" }, locals: readonly number[]): string {
	const slow = (a: string, b: string): string => `R.arithmetic("${node.operator}",${node.mode === "int"},${a},${b},${node.at})`;
	if (node.mode !== "number") return slow(emit(e, node.left, locals), emit(e, node.right, locals));
	const left = operand(e, node.left, locals);
	const right = operand(e, node.right, locals);
	const evaluated = [left, right].filter((o) => !o.known);
	// A space keeps `a - -1` from becoming a decrement.
	const fast = `${left.again} ${node.operator} ${right.again}`;
	if (evaluated.length === 0) return `(${fast})`;
	const types = evaluated.map((o) => `typeof ${o.again}==="number"`).join("&&");
	return `(${evaluated.map((o) => o.first).join(",")},${types}?${fast}:${slow(left.again, right.again)})`;
}

function emitCall(e: Emitter, node: Node & { op: "call" }, locals: readonly number[]): string {
	const [first, second] = node.args;
	if (!first) throw new Error(`no code for ${node.name}()`);
	const a = emit(e, first, locals);
	switch (node.name) {
		case "size":
		case "lowerAscii":
			return `R.${node.name}(${a},${node.at})`;
		case "days":
		case "hours":
		case "minutes":
			return `R.span("${node.name}",${a},${node.at})`;
		case "timestamp":
		case "duration":
			return `R.time("${node.name}",${a},${node.at})`;
		case "matches": {
			const pattern = second && constantOf(e, second);
			if (typeof pattern === "string") return `R.matches(${a},${constant(e, compilePattern(pattern))},${node.at})`;
			return `R.matches(${a},${second ? emit(e, second, locals) : "undefined"},${node.at})`;
		}
		default:
			return `R.textTest("${node.name}",${a},${second ? emit(e, second, locals) : "undefined"},${node.at})`;
	}
}

/** A loop becomes a function of its own, which is given the list, the subject, now, and the variables of the loops around it. */
function emitLoop(e: Emitter, node: Node & { op: "loop" }, locals: readonly number[]): string {
	const list = emit(e, node.range, locals);
	const inner: Emitter = { ...e, temps: [] };
	const body = emit(inner, node.body, [...locals, node.id]);
	const name = `f${e.counter.next++}`;
	const outer = locals.map((id) => `,v${id}`).join("");
	const item = `v${node.id}`;
	const head = `function ${name}(l,s,n${outer}){if(!Array.isArray(l)&&(l=R.range(l,${node.at}))===undefined)return undefined;${declare(inner.temps)}`;
	const each = (act: string): string => `for(let i=0;i<l.length;i++){const ${item}=l[i];${act}}`;
	if (node.kind === "map") {
		e.functions.push(`${head}const o=[];${each(`o.push(${body});`)}if(l.partial===true)o.partial=true;return o;}`);
	} else if (node.kind === "filter") {
		e.functions.push(
			`${head}const o=[];let p=l.partial===true;${each(`const b=${body};if(b===true)o.push(${item});else if(b!==false)p=true;`)}if(p)o.partial=true;return o;}`,
		);
	} else {
		const stop = node.kind === "exists";
		e.functions.push(
			`${head}let p=l.partial===true;${each(`const b=${body};if(b===${stop})return ${stop};if(b!==${!stop})p=true;`)}return p?undefined:${!stop};}`,
		);
	}
	return `${name}(${list},s,n${outer})`;
}

/** Every node of the tree, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
	visit(node);
	for (const part of parts(node)) walk(part, visit);
}
