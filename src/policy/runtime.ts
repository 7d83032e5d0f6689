import { RE2JS } from "re2js";
import type { KnownList } from "../model/known.js";
import type { ArithmeticOperator, OrderOperator } from "./node.js";
import { durationMillis, timestampMillis } from "./time.js";

/**
 * What generated code calls when the quick way is not enough. Unknown is `undefined`.
 * A runtime error (a number ordered with a string, a division by zero) is unknown too, and leaves its reason in `defect`.
 */
export const defect: { reason: string | null; site: number } = { reason: null, site: -1 };

/** Notes a runtime error of the policy; its value is unknown. `site` is the offset of the expression in its text. */
export function fail(reason: string, site: number): undefined {
	if (defect.reason === null) {
		defect.reason = reason;
		defect.site = site;
	}
	return undefined;
}

export function isPartial(list: unknown): boolean {
	return (list as KnownList<unknown>).partial === true;
}

function describe(value: unknown): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export function order(operator: OrderOperator, a: unknown, b: unknown, site: number): boolean | undefined {
	if (a === undefined || b === undefined) return undefined;
	if (typeof a === typeof b && (typeof a === "number" || typeof a === "string" || typeof a === "boolean")) {
		const y = b as typeof a;
		return operator === "<" ? a < y : operator === "<=" ? a <= y : operator === ">" ? a > y : a >= y;
	}
	return fail(`${describe(a)} cannot be ordered with ${describe(b)}`, site);
}

/** Kleene equality: known as soon as one known part differs. */
export function equal(a: unknown, b: unknown): boolean | undefined {
	if (a === undefined || b === undefined) return undefined;
	if (a === b) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	if (Array.isArray(a) && Array.isArray(b)) return equalLists(a, b);
	const left = Object.entries(a);
	if (left.length !== Object.keys(b).length) return false;
	let result: boolean | undefined = true;
	for (const [key, value] of left) {
		if (!Object.hasOwn(b, key)) return false;
		const same = equal(value, Reflect.get(b, key));
		if (same === false) return false;
		if (same === undefined) result = undefined;
	}
	return result;
}

function equalLists(a: KnownList<unknown>, b: KnownList<unknown>): boolean | undefined {
	// More elements may exist, at any place: only a complete list that is too short is known to differ.
	if (isPartial(a) || isPartial(b)) return (!isPartial(b) && a.length > b.length) || (!isPartial(a) && b.length > a.length) ? false : undefined;
	if (a.length !== b.length) return false;
	let result: boolean | undefined = true;
	for (let i = 0; i < a.length; i++) {
		const same = equal(a[i], b[i]);
		if (same === false) return false;
		if (same === undefined) result = undefined;
	}
	return result;
}

export function not(value: unknown): boolean | undefined {
	return value === true ? false : value === false ? true : undefined;
}

export function within(value: unknown, container: unknown, site: number): boolean | undefined {
	if (container === undefined) return undefined;
	if (Array.isArray(container)) {
		let result: boolean | undefined = isPartial(container) ? undefined : false;
		for (const item of container) {
			const same = equal(value, item);
			if (same === true) return true;
			if (same === undefined) result = undefined;
		}
		return result;
	}
	if (typeof container !== "object" || container === null) return fail(`${describe(container)} holds nothing`, site);
	return value === undefined ? undefined : typeof value === "string" && Object.hasOwn(container, value);
}

/** A key of a vendor's object, or an element of a list. A missing key of a present object is absent, which is known: null. */
export function member(container: unknown, key: unknown, site: number): unknown {
	if (container === undefined || key === undefined) return undefined;
	if (container === null) return null;
	if (Array.isArray(container)) {
		if (typeof key !== "number") return fail("a list has no named fields", site);
		if (isPartial(container)) return undefined;
		return Number.isInteger(key) && key >= 0 && key < container.length
			? container[key]
			: fail(`there is no element ${key} in a list of ${container.length}`, site);
	}
	if (typeof container !== "object") return fail(`${describe(container)} has no fields`, site);
	return Object.hasOwn(container, String(key)) ? Reflect.get(container, String(key)) : null;
}

export function size(value: unknown, site: number): number | undefined {
	if (value === undefined) return undefined;
	if (Array.isArray(value)) return isPartial(value) ? undefined : value.length;
	if (typeof value === "string") return codePoints(value);
	if (typeof value === "object" && value !== null) return Object.keys(value).length;
	return fail(`${describe(value)} has no size`, site);
}

function codePoints(text: string): number {
	let count = 0;
	for (const _ of text) count++;
	return count;
}

export function asBool(value: unknown, site: number): boolean | undefined {
	if (value === undefined || typeof value === "boolean") return value;
	return fail(`${describe(value)} is neither true nor false`, site);
}

/** The list to loop over; undefined when unknown. */
export function range(value: unknown, site: number): KnownList<unknown> | undefined {
	if (value === undefined || Array.isArray(value)) return value;
	return fail(`${describe(value)} is no list`, site);
}

export function arithmetic(operator: ArithmeticOperator, integers: boolean, a: unknown, b: unknown, site: number): unknown {
	if (a === undefined || b === undefined) return undefined;
	if (operator === "+" && typeof a === "string" && typeof b === "string") return a + b;
	if (operator === "+" && Array.isArray(a) && Array.isArray(b)) return concat(a, b);
	if (typeof a !== "number" || typeof b !== "number") return fail(`\`${operator}\` does not work on ${describe(a)} and ${describe(b)}`, site);
	if (!integers)
		return operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : operator === "/" ? a / b : fail("`%` needs integers", site);
	if ((operator === "/" || operator === "%") && b === 0) return fail("division by zero", site);
	// CEL's integer division cuts towards zero, and so does its remainder. `+ 0` keeps -0 out.
	const result = (operator === "+" ? a + b : operator === "-" ? a - b : operator === "*" ? a * b : operator === "/" ? Math.trunc(a / b) : a % b) + 0;
	return Number.isSafeInteger(result) ? result : fail("the integer is too large", site);
}

function concat(a: KnownList<unknown>, b: KnownList<unknown>): KnownList<unknown> {
	const joined: KnownList<unknown> = [...a, ...b];
	if (isPartial(a) || isPartial(b)) joined.partial = true;
	return joined;
}

export function negate(value: unknown, site: number): number | undefined {
	return value === undefined ? undefined : typeof value === "number" ? 0 - value : fail(`${describe(value)} cannot be negated`, site);
}

export type TextTest = "startsWith" | "endsWith" | "contains";

export function textTest(name: TextTest, text: unknown, part: unknown, site: number): boolean | undefined {
	if (text === undefined || part === undefined) return undefined;
	if (typeof text !== "string" || typeof part !== "string") return fail(`${name} needs strings, not ${describe(typeof text === "string" ? part : text)}`, site);
	return name === "startsWith" ? text.startsWith(part) : name === "endsWith" ? text.endsWith(part) : text.includes(part);
}

/** Lower case of A to Z only, as CEL's string extension has it. */
export function lowerAscii(text: unknown, site: number): string | undefined {
	if (text === undefined) return undefined;
	return typeof text === "string"
		? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
		: fail(`lowerAscii needs a string, not ${describe(text)}`, site);
}

export function compilePattern(pattern: string): RE2JS {
	return RE2JS.compile(pattern);
}

/** Whether the pattern is found anywhere in the text, in time linear in the text's length. */
export function matches(text: unknown, pattern: unknown, site: number): boolean | undefined {
	if (text === undefined || pattern === undefined) return undefined;
	if (typeof text !== "string" || (typeof pattern !== "string" && !(pattern instanceof RE2JS))) return fail("matches needs strings", site);
	try {
		return (typeof pattern === "string" ? RE2JS.compile(pattern) : pattern).test(text);
	} catch {
		return fail("the pattern is not valid", site);
	}
}

const unitMillis = { days: 86_400_000, hours: 3_600_000, minutes: 60_000 } as const;

export function span(unit: keyof typeof unitMillis, count: unknown, site: number): number | undefined {
	if (count === undefined) return undefined;
	return typeof count === "number" ? count * unitMillis[unit] : fail(`${unit} needs a number, not ${describe(count)}`, site);
}

export function time(kind: "timestamp" | "duration", text: unknown, site: number): number | undefined {
	if (text === undefined) return undefined;
	const millis = typeof text !== "string" ? null : kind === "timestamp" ? timestampMillis(text) : durationMillis(text);
	return millis ?? fail(`this is no ${kind}`, site);
}
