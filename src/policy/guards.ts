import { type Node, stableKey } from "./node.js";

/** Keys of the values (`stableKey`) known not to be null when `node` came out as `outcome`. */
export function nonNullWhen(node: Node, outcome: boolean): string[] {
	switch (node.op) {
		case "not":
			return nonNullWhen(node.operand, !outcome);
		case "asBool":
			return nonNullWhen(node.operand, outcome);
		case "and":
			return outcome ? node.items.flatMap((item) => nonNullWhen(item, true)) : common(node.items.map((item) => nonNullWhen(item, false)));
		case "or":
			return outcome ? common(node.items.map((item) => nonNullWhen(item, true))) : node.items.flatMap((item) => nonNullWhen(item, false));
		case "conditional":
			return common([
				[...nonNullWhen(node.condition, true), ...nonNullWhen(node.yes, outcome)],
				[...nonNullWhen(node.condition, false), ...nonNullWhen(node.no, outcome)],
			]);
		case "equal":
			return equality(node.left, node.right, node.negated !== outcome);
		case "in":
			return outcome && node.right.op === "const" && Array.isArray(node.right.value) && !node.right.value.includes(null) ? key(node.left) : [];
		default:
			return [];
	}
}

function equality(left: Node, right: Node, equal: boolean): string[] {
	const nullSide = isNull(left) ? right : isNull(right) ? left : null;
	if (nullSide) return equal ? [] : key(nullSide);
	if (!equal) return [];
	// Equal to something that is never null.
	return [...(right.type.nullable ? [] : key(left)), ...(left.type.nullable ? [] : key(right))];
}

function isNull(node: Node): boolean {
	return node.op === "const" && node.value === null;
}

function key(node: Node): string[] {
	const found = stableKey(node);
	return found === null ? [] : [found];
}

function common(lists: string[][]): string[] {
	const [first = [], ...others] = lists;
	return first.filter((k) => others.every((list) => list.includes(k)));
}
