import type { Literal, Node } from "./filter.js";
import type { Raw } from "./state.js";

const isRecord = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

function valueAt(item: unknown, path: readonly string[]): unknown {
	let value: unknown = item;
	for (const part of path) {
		if (part === "$count") return Array.isArray(value) ? value.length : 0;
		if (!isRecord(value)) return null;
		value = value[part];
	}
	return value ?? null;
}

/** The vendor's directory compares texts without regard to case. */
function fold(value: unknown): unknown {
	return typeof value === "string" ? value.toLowerCase() : value;
}

function compare(value: unknown, wanted: Literal): number | null {
	if (value === null || wanted === null) return null;
	if (typeof value === "number" && typeof wanted === "number") return value - wanted;
	if (typeof value !== "string" || typeof wanted !== "string") return null;
	const [a, b] = [Date.parse(value), Date.parse(wanted)];
	if (/^\d{4}-\d\d-\d\dT/.test(wanted) && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
	return value.toLowerCase() < wanted.toLowerCase() ? -1 : value.toLowerCase() > wanted.toLowerCase() ? 1 : 0;
}

function equal(value: unknown, wanted: Literal): boolean {
	const order = compare(value, wanted);
	return order === null ? fold(value) === fold(wanted) : order === 0;
}

/** Whether an object meets a filter. `names`: what a lambda's variable stands for. */
export function matches(node: Node, item: unknown, names: Readonly<Record<string, unknown>> = {}): boolean {
	const at = (path: readonly string[]): unknown => {
		const [first = "", ...rest] = path;
		return first in names ? valueAt(names[first], rest) : valueAt(item, path);
	};
	switch (node.op) {
		case "and":
			return matches(node.left, item, names) && matches(node.right, item, names);
		case "or":
			return matches(node.left, item, names) || matches(node.right, item, names);
		case "not":
			return !matches(node.node, item, names);
		case "in":
			return node.values.some((value) => equal(at(node.path), value));
		case "eq":
			return equal(at(node.path), node.value);
		case "ne":
			return !equal(at(node.path), node.value);
		case "any": {
			const list = at(node.path);
			if (!Array.isArray(list)) return false;
			const { body } = node;
			return body === null ? list.length > 0 : list.some((one) => matches(body, item, { ...names, [node.variable]: one }));
		}
		case "startswith":
		case "endswith":
		case "contains": {
			const value = at(node.path);
			if (typeof value !== "string" || typeof node.value !== "string") return false;
			const [text, part] = [value.toLowerCase(), node.value.toLowerCase()];
			return node.op === "startswith" ? text.startsWith(part) : node.op === "endswith" ? text.endsWith(part) : text.includes(part);
		}
		default: {
			const order = compare(at(node.path), node.value);
			if (order === null) return false;
			return node.op === "gt" ? order > 0 : node.op === "ge" ? order >= 0 : node.op === "lt" ? order < 0 : order <= 0;
		}
	}
}
