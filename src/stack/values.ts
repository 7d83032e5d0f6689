import type { Parts } from "./paths.js";

/** A mapping; anything else, already reported by the schema, counts as an empty one. */
export function mapping(value: unknown): Record<string, unknown> {
	return isMapping(value) ? value : {};
}

export function isMapping(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A list; anything else counts as an empty one. */
export function items(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

export function textOr<T>(value: unknown, otherwise: T): string | T {
	return typeof value === "string" ? value : otherwise;
}

export function numberOr(value: unknown, otherwise: number): number {
	return typeof value === "number" ? value : otherwise;
}

/** A record without a prototype, so that a name such as `constructor` finds nothing that isn't declared. */
export function byName<T>(source: Record<string, unknown>, make: (value: unknown, name: string) => T): Record<string, T> {
	const out: Record<string, T> = Object.create(null);
	for (const [name, value] of Object.entries(source)) out[name] = make(value, name);
	return out;
}

/** The value with every text in it replaced. */
export function mapTexts(value: unknown, parts: Parts, change: (text: string, parts: Parts) => unknown): unknown {
	if (typeof value === "string") return change(value, parts);
	if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, [...parts, index], change));
	if (!isMapping(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, [...parts, key], change)]));
}
