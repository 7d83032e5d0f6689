import type { Known, Millis } from "../../src/model/known.js";

/** One vendor object as a record, or why it could not be understood. */
export type Decoded<T> = { ok: T } | { bad: string; id: string | null };

export type Json = Record<string, unknown>;

/** The value as an object; null for everything else, lists too. */
export function object(value: unknown): Json | null {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** Follows keys through objects; undefined where one is missing. */
export function at(value: unknown, ...path: string[]): unknown {
	let here: unknown = value;
	for (const key of path) {
		const held = object(here);
		here = held && Object.hasOwn(held, key) ? held[key] : undefined;
	}
	return here;
}

/** What a table says of an outside word; undefined where it says nothing. `constructor` and the like are words too. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined {
	return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** A text that the vendor may leave empty: null is its "none", a missing key is unknown (delta answers and denied properties leave keys out). */
export function text(value: unknown): Known<string | null> {
	return value === null || typeof value === "string" ? value : undefined;
}

/**
 * A text the vendor always fills. Null is unknown too: Graph puts null where the caller may not read a property.
 * https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
export function word(value: unknown): Known<string> {
	return typeof value === "string" && value !== "" ? value : undefined;
}

export function flag(value: unknown): Known<boolean> {
	return typeof value === "boolean" ? value : undefined;
}

/** A list of texts; null is the empty list; anything else, or an element of another type, is unknown. */
export function texts(value: unknown): Known<string[]> {
	if (value === null) return [];
	return Array.isArray(value) && value.every((item) => typeof item === "string") ? [...value] : undefined;
}

const iso = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

/** An ISO 8601 time with its zone as epoch milliseconds; null is null ("never"); anything else is unknown. */
export function date(value: unknown): Known<Millis | null> {
	if (value === null) return null;
	if (typeof value !== "string") return undefined;
	const match = iso.exec(value);
	if (!match) return undefined;
	const day = Number(match[3]);
	// Date.parse takes 31 February for 3 March.
	if (day > 28 && day > new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate()) return undefined;
	const time = Date.parse(value);
	// Year 1 is the services' way of writing "none".
	return Number.isNaN(time) ? undefined : match[1] === "0001" ? null : time;
}

/** A time the vendor always fills: null is unknown too. */
export function stamp(value: unknown): Known<Millis> {
	return date(value) ?? undefined;
}

/** The object and its id, or the reason for setting it aside. */
export function identified(raw: unknown, what: string): { id: string; raw: Json } | { bad: string; id: null } {
	const record = object(raw);
	if (!record) return { bad: `a ${what} is ${raw === null ? "null" : Array.isArray(raw) ? "a list" : `a ${typeof raw}`}, not an object`, id: null };
	const id = word(record.id);
	return id ? { id, raw: record } : { bad: `a ${what} has no id`, id: null };
}

/** Leaves out the keys whose value is unknown, so that unknown is a missing key in JSON too. */
export function known<T extends object>(record: T): T {
	for (const key of Object.keys(record)) if (record[key as keyof T] === undefined) delete record[key as keyof T];
	return record;
}
