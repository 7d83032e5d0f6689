import type { Known, Millis } from "../../src/model/known.js";
import { date, type Json, object, word } from "../../src/provider/decode.js";

/** Google leaves out what is empty: in a whole object absent is none. A value of another type is unknown. */
export function textOrNone(value: unknown): Known<string | null> {
	if (value === undefined || value === null || value === "") return null;
	return typeof value === "string" ? value : undefined;
}

/** A list of texts, absent when empty. */
export function textsOrNone(value: unknown): Known<string[]> {
	if (value === undefined || value === null) return [];
	return Array.isArray(value) && value.every((item) => typeof item === "string") ? [...value] : undefined;
}

/** A list of objects, absent when empty; unknown where it is none. */
export function objectsOrNone(value: unknown): Known<Json[]> {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value)) return undefined;
	const all = value.map(object);
	return all.every((item) => item !== null) ? all : undefined;
}

/** A time that Google always fills: the first second of 1970 is its "never", anything that is no time is unknown. */
export function timeOrNever(value: unknown): Known<Millis | null> {
	const found = date(value);
	if (found === null || found === undefined) return undefined;
	return found === 0 ? null : found;
}

/** A time that is left out where there is none. */
export function timeOrNone(value: unknown): Known<Millis | null> {
	return value === undefined ? null : date(value);
}

/** A number that comes as text, as 64 bit numbers do; ids of that kind are never made numbers. */
export function int64(value: unknown): Known<number> {
	const given = typeof value === "number" ? value : /^-?\d{1,15}$/.test(word(value) ?? "") ? Number(value) : Number.NaN;
	return Number.isFinite(given) ? given : undefined;
}
