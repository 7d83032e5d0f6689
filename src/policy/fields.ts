import type { CelType, FieldSource } from "./cel-type.js";
import { type Node, parts } from "./node.js";
import { member } from "./runtime.js";
import { catalogue, type PolicySubject } from "./types.js";

/** The subject's fields that expressions use, as policies write them, sorted; through lists, the list itself. */
export function usedFields(nodes: readonly (Node | null)[], word: PolicySubject): string[] {
	const found = new Set<string>();
	for (const node of nodes) if (node) collect(node, word, found);
	return [...found].sort();
}

function collect(node: Node, word: string, found: Set<string>): void {
	const path = fieldPath(node);
	if (path) found.add([word, ...path].join("."));
	else for (const part of parts(node)) collect(part, word, found);
}

/** Names from the subject down, for a chain of plain names; null for anything else. */
function fieldPath(node: Node): string[] | null {
	if (node.op !== "field" && node.op !== "member") return null;
	if (node.op === "member" && (node.key.op !== "const" || typeof node.key.value !== "string" || !/^[A-Za-z_]\w*$/.test(node.key.value))) return null;
	const name = node.op === "field" ? node.field : node.key.op === "const" ? String(node.key.value) : "";
	if (node.operand.op === "subject") return [name];
	const before = fieldPath(node.operand);
	return before && [...before, name];
}

export interface FieldFound {
	value: unknown;
	type: CelType;
	source: FieldSource;
}

/** The type and source of `account.lastActivity`, or which name in it is unknown and what there is instead. */
export function resolveField(
	word: PolicySubject,
	path: string,
): { type: CelType; source: FieldSource; names: string[] } | { unknown: string; known: string[] } {
	const [first, ...names] = path.split(".");
	if (first !== word) return { unknown: first ?? "", known: [word] };
	let type: CelType = catalogue[word];
	let source: FieldSource = "derived";
	for (const name of names) {
		if (type.kind === "dyn") continue;
		const spec = type.fields && Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
		if (!spec) return { unknown: name, known: Object.keys(type.fields ?? {}) };
		({ type, source } = spec);
	}
	return names.length === 0 ? { unknown: path, known: Object.keys(catalogue[word].fields ?? {}).map((name) => `${word}.${name}`) } : { type, source, names };
}

/** Looks a field up in a subject by its path. The path has been checked by `resolveField`. */
export function fieldAt(word: PolicySubject, path: string, subject: object): FieldFound {
	const found = resolveField(word, path);
	if ("unknown" in found) return { value: undefined, type: { kind: "dyn", nullable: true }, source: "derived" };
	let value: unknown = subject;
	let type: CelType = catalogue[word];
	for (const name of found.names) {
		value = type.kind === "dyn" ? member(value, name, 0) : typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
		type = type.fields && Object.hasOwn(type.fields, name) ? (type.fields[name]?.type ?? type) : { kind: "dyn", nullable: true };
	}
	return { value, type: found.type, source: found.source };
}
