import { encodeKnown } from "../model/json.js";
import { merged } from "../plan/specs.js";
import type { LiveSetting } from "./live.js";

/** One declared value that differs. A missing key is one that the side doesn't have. */
export interface ValueChange {
	/** Keys from the outside in, joined by dots, for people. */
	path: string;
	keys: string[];
	desired?: unknown;
	live?: unknown;
	/** The difference in words, where the two values don't say it. */
	said?: string;
}

/** Where the live values would change if the declared ones were laid over them, in canonical form. */
export function differences(desired: Record<string, unknown>, live: Pick<LiveSetting, "values" | "canonical">): ValueChange[] {
	return compare(live.canonical(merged(live.values, desired)), live.canonical(live.values), []);
}

function compare(desired: Record<string, unknown>, live: Record<string, unknown>, outer: string[]): ValueChange[] {
	const keys = [...new Set([...Object.keys(desired), ...Object.keys(live)])].sort();
	return keys.flatMap((key): ValueChange[] => {
		const [wanted, held] = [own(desired, key), own(live, key)];
		const path = [...outer, key];
		if (isObject(wanted) && isObject(held)) return compare(wanted, held, path);
		if (wanted === undefined ? held === undefined : held !== undefined && encodeKnown(wanted) === encodeKnown(held)) return [];
		return [{ path: path.join("."), keys: path, ...(wanted === undefined ? {} : { desired: wanted }), ...(held === undefined ? {} : { live: held }) }];
	});
}

/** The declared values as they are live: what differs has its live value, the rest is as declared. */
export function asLive(desired: Record<string, unknown>, changed: ValueChange[]): Record<string, unknown> {
	const out = structuredClone(desired);
	for (const { keys, live } of changed) put(out, keys, live);
	return out;
}

function put(into: Record<string, unknown>, [key = "", ...rest]: string[], value: unknown): void {
	if (rest.length === 0) {
		if (value === undefined) delete into[key];
		else into[key] = value;
		return;
	}
	const inner = own(into, key);
	const next = isObject(inner) ? inner : {};
	into[key] = next;
	put(next, rest, value);
}

function own(values: Record<string, unknown>, key: string): unknown {
	return Object.hasOwn(values, key) ? values[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
