import { encodeKnown } from "../model/json.js";

/** One value that differs between two times. A missing side: there was none. */
export interface Change {
	/** Keys from the outside in, joined by dots; an element of a list of objects stands by its id. */
	path: string;
	before?: unknown;
	after?: unknown;
}

/** What differs between two bodies of a record, or between what a policy read of two. */
export function changesOf(before: object, after: object): Change[] {
	return differences(before, after, []);
}

function differences(before: unknown, after: unknown, outer: string[]): Change[] {
	const [was, is] = [parts(before, after), parts(after, before)];
	if (was && is)
		return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((key) => differences(own(was, key), own(is, key), [...outer, key]));
	if (before === undefined ? after === undefined : after !== undefined && encodeKnown(before) === encodeKnown(after)) return [];
	return [{ path: outer.join("."), ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** What a value is taken apart into; null: it is one. A list that was not read whole is: who is missing from it need not have gone. */
function parts(value: unknown, other: unknown): Record<string, unknown> | null {
	if (Array.isArray(value)) return Array.isArray(other) && value.length + other.length > 0 && isKeyed(value) && isKeyed(other) ? byId(value) : null;
	if (typeof value !== "object" || value === null || "$partial" in value) return null;
	return value as Record<string, unknown>;
}

function isKeyed(list: unknown[]): boolean {
	const ids = list.map((item) => (typeof item === "object" && item !== null ? (item as { id?: unknown }).id : undefined));
	return !(list as { partial?: true }).partial && ids.every((id) => typeof id === "string") && new Set(ids).size === ids.length;
}

function byId(list: unknown[]): Record<string, unknown> {
	return Object.fromEntries((list as { id: string }[]).map((item) => [item.id, item]));
}

function own(values: Record<string, unknown>, key: string): unknown {
	return Object.hasOwn(values, key) ? values[key] : undefined;
}
