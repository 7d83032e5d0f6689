import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compilePolicy } from "../src/policy/compile.js";
import { loadPolicies } from "../src/policy/load.js";
import { type Node, parts, type Scalar } from "../src/policy/node.js";
import type { ParamDeclaration, PolicyFile } from "../src/policy/source.js";

/** A policy with one mistake put in. One of its own examples must come out otherwise; else no example shows what the mistake is about. */
export interface Mutant {
	what: string;
	policy: PolicyFile;
}

type Part = "where" | "pass" | "review";

/** Every mutant of a policy: conditions negated or dropped, one of their terms dropped, numbers and defaults one unit off. */
export function mutants(policy: PolicyFile): Mutant[] {
	const { where, pass, review } = policy.checked;
	const changed = (part: Part, node: Node | null, what: string): Mutant => ({
		what,
		policy: { ...policy, checked: { ...policy.checked, [part]: node } as PolicyFile["checked"] },
	});
	const found = [changed("pass", negated(pass), "pass negated")];
	if (where) found.push(changed("where", negated(where), "where negated"), changed("where", null, "where dropped"));
	if (review) found.push(changed("review", negated(review), "review negated"), changed("review", null, "review dropped"));
	for (const part of ["where", "pass", "review"] as const) {
		const node = policy.checked[part];
		if (node) for (const { what, tree } of [...offByOne(node), ...lacking(node, policy[part] ?? "")]) found.push(changed(part, tree, `${part}: ${what}`));
	}
	for (const [name, declaration] of Object.entries(policy.params))
		for (const value of otherDefaults(declaration))
			found.push({
				what: `params.${name}: ${shown(declaration.default)} becomes ${shown(value)}`,
				policy: { ...policy, params: { ...policy.params, [name]: { ...declaration, default: value } } },
			});
	return found;
}

/** Mutants that all of the policy's own examples take for the policy. */
export function survivors(policies: readonly PolicyFile[]): { policy: string; file: string; what: string }[] {
	return policies.flatMap((policy) =>
		mutants(policy)
			.filter(({ policy: mutant }) => holds(mutant))
			.map(({ what }) => ({ policy: policy.id, file: policy.file, what })),
	);
}

/** All examples come out as they say. Most have no parameters of their own, and share one compilation. */
export function holds(policy: PolicyFile): boolean {
	const usual = compilePolicy(policy);
	return policy.tests.every(({ params, subject, now, expect }) => {
		const compiled = Object.keys(params).length > 0 ? compilePolicy(policy, params) : usual;
		return compiled.judge(subject, now) === expect;
	});
}

function negated(node: Node): Node {
	return { op: "not", operand: node, type: node.type, at: node.at, end: node.end };
}

/** One unit of a number as it stands in a condition. Times are milliseconds there, and nobody writes less than a second. */
function unitOf(kind: string): number {
	return kind === "timestamp" || kind === "duration" ? 1000 : kind === "double" ? 0.01 : 1;
}

/** The tree once for each number in it and each direction, with that number one unit off. */
function offByOne(root: Node): { what: string; tree: Node }[] {
	return numbersIn(root).flatMap((found) =>
		[1, -1].map((sign) => {
			const value = found.value + sign * unitOf(found.type.kind);
			return { what: `${found.value} becomes ${value}`, tree: replaced(root, found, { ...found, value }) as Node };
		}),
	);
}

/** The tree once for each term of its `&&` and `||`, without that term. A guard against null stays: the checker asks for it, whether it decides anything or not. */
function lacking(root: Node, text: string): { what: string; tree: Node }[] {
	return chainsIn(root).flatMap((chain) =>
		chain.items
			.filter((item) => !isGuard(item))
			.map((item) => {
				const rest = chain.items.filter((other) => other !== item);
				const tree = replaced(root, chain, rest.length === 1 ? rest[0] : { ...chain, items: rest }) as Node;
				return { what: `without ${text.slice(item.at, item.end)}`, tree };
			}),
	);
}

type ChainNode = Node & { op: "and" | "or" };

/** What a loop says of an element counts too. */
function chainsIn(node: Node): ChainNode[] {
	const inner = parts(node).flatMap(chainsIn);
	return node.op === "and" || node.op === "or" ? [node, ...inner] : inner;
}

function isGuard(node: Node): boolean {
	return node.op === "equal" && node.negated && [node.left, node.right].some((side) => side.op === "const" && side.value === null);
}

type NumberNode = Node & { op: "const"; value: number };

function numbersIn(value: unknown): NumberNode[] {
	if (typeof value !== "object" || value === null) return [];
	if (isNumber(value)) return [value];
	// Types hold the catalogue's tables of fields, which are large and no part of the condition.
	return Object.entries(value).flatMap(([key, inner]) => (key === "type" ? [] : numbersIn(inner)));
}

function isNumber(value: object): value is NumberNode {
	return "op" in value && value.op === "const" && "value" in value && typeof value.value === "number";
}

function replaced(value: unknown, from: object, to: unknown): unknown {
	if (value === from) return to;
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map((inner) => replaced(inner, from, to));
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === "type" ? inner : replaced(inner, from, to)]));
}

/** Defaults one unit off, a switch turned, a list without one of its elements. What the declaration forbids is no default. */
function otherDefaults({ type, default: value, minimum, maximum }: ParamDeclaration): (Scalar | Scalar[])[] {
	if (typeof value === "boolean") return [!value];
	if (Array.isArray(value)) return value.length > 0 ? [[], ...ends(value)] : [];
	if (typeof value !== "number") return [];
	const unit = type === "number" ? 0.01 : 1;
	return [value + unit, value - unit].filter((other) => other >= (minimum ?? -Infinity) && other <= (maximum ?? Infinity));
}

/** A list without its first and without its last element: lists are thresholds too, and those are their bounds. */
function ends(list: Scalar[]): Scalar[][] {
	return list.length > 1 ? [list.slice(1), list.slice(0, -1)] : [];
}

function shown(value: unknown): string {
	return JSON.stringify(value);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const dir = process.argv[2] ?? join(import.meta.dirname, "../policies");
	const { policies, diagnostics } = await loadPolicies([dir]);
	for (const { file, line, message } of diagnostics) console.error(`${file}:${line}: ${message}`);
	const wrong = policies.filter((policy) => !holds(policy));
	for (const { file } of wrong) console.error(`${file}: its examples fail as it is: keelson policy test`);
	const left = survivors(policies);
	for (const { file, what } of left) console.log(`${file}: no example fails when ${what}`);
	const all = policies.reduce((sum, policy) => sum + mutants(policy).length, 0);
	console.log(`${policies.length} policies, ${all} mutants: ${left.length} survive`);
	process.exitCode = left.length + wrong.length + diagnostics.length > 0 ? 1 : 0;
}
