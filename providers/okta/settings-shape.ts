import { encodeKnown } from "../../src/model/json.js";
import { type Json, lookUp, object } from "./schema.js";

/**
 * One description of a setting's values, from which its JSON Schema and its canonical form follow.
 * `initial` is what the server takes where a value is absent; a value without one may be null: the vendor's "none".
 */
export type Shape =
	| { is: "text"; initial?: string; needed?: boolean }
	| { is: "word"; words: string[]; initial?: string }
	| { is: "whole"; min: number; max?: number; initial?: number }
	| { is: "flag"; initial?: boolean }
	| { is: "set"; words?: string[]; least?: number }
	| Fields
	/** Objects whose order says nothing; `key` tells one from another. */
	| { is: "list"; of: Fields; key: string[]; none?: (entry: Json) => boolean }
	/** Objects by a name of the vendor's. */
	| { is: "map"; of: Fields; none?: (entry: Json) => boolean };

export interface Fields {
	is: "fields";
	fields: Record<string, Shape>;
	/** Absent is something else than empty. */
	optional?: boolean;
	needed?: string[];
}

export const text = (initial?: string): Shape => ({ is: "text", ...(initial !== undefined && { initial }) });
/** Text that the vendor's object always has. */
export const name = (): Shape => ({ is: "text", needed: true });
export const word = (words: string[], initial?: string): Shape => ({ is: "word", words, ...(initial !== undefined && { initial }) });
export const whole = (min: number, initial?: number, max?: number): Shape => ({
	is: "whole",
	min,
	...(max !== undefined && { max }),
	...(initial !== undefined && { initial }),
});
export const flag = (initial?: boolean): Shape => ({ is: "flag", ...(initial !== undefined && { initial }) });
export const ids = (least?: number): Shape => ({ is: "set", ...(least !== undefined && { least }) });
/** A set of the vendor's words, which come in either case. */
export const words = (list: string[]): Shape => ({ is: "set", words: list });
export const fields = (inner: Record<string, Shape>, more: Pick<Fields, "optional" | "needed"> = {}): Fields => ({ is: "fields", fields: inner, ...more });

// Okta stores no character of four bytes and trims blanks: neither may come back as a difference.
const plain = "^(?![\\s])[\\u0000-\\uFFFF]*(?<!\\s)$";

/** JSON Schema 2020-12; strict: a key that is not described is an error. */
export function schemaOf(shape: Shape): Record<string, unknown> {
	const orNull = (type: string, initial: unknown) => (initial === undefined ? [type, "null"] : type);
	switch (shape.is) {
		case "text":
			return {
				type: shape.needed ? "string" : orNull("string", shape.initial),
				pattern: plain,
				...(shape.initial !== "" && { minLength: 1 }),
				maxLength: 1024,
			};
		case "word":
			return { enum: shape.initial === undefined ? [...shape.words, null] : shape.words };
		case "whole":
			return { type: orNull("integer", shape.initial), minimum: shape.min, maximum: shape.max ?? 2_147_483_647 };
		case "flag":
			return { type: orNull("boolean", shape.initial) };
		case "set":
			return {
				type: "array",
				uniqueItems: true,
				...(shape.least !== undefined && { minItems: shape.least }),
				items: shape.words ? { enum: shape.words } : { type: "string", pattern: "^[A-Za-z0-9_.:-]+$" },
			};
		case "list":
			return { type: "array", uniqueItems: true, items: schemaOf(shape.of) };
		case "map":
			return { type: "object", propertyNames: { pattern: "^[a-z][a-z0-9_]*$" }, additionalProperties: schemaOf(shape.of) };
		case "fields": {
			const properties = Object.fromEntries(Object.entries(shape.fields).map(([key, inner]) => [key, schemaOf(inner)]));
			return { type: shape.optional ? ["object", "null"] : "object", additionalProperties: false, ...(shape.needed && { required: shape.needed }), properties };
		}
	}
}

/** The one form of a value: defaults filled in, sets ordered, words in one case. Idempotent. `inList`: what is not described is left out. */
export function canonicalOf(shape: Shape, value: unknown, inList = false): unknown {
	switch (shape.is) {
		case "word":
			return inCase(shape.words, value) ?? shape.initial;
		case "set":
			if (!Array.isArray(value)) return value ?? [];
			return sorted(value.map((item) => inCase(shape.words ?? [], item)));
		case "list": {
			if (!Array.isArray(value)) return value ?? [];
			const entries = value.map((entry) => canonicalOf(shape.of, entry, true) ?? {});
			return sorted(entries.filter((entry) => !isNone(shape, entry)));
		}
		case "map": {
			const given = object(value ?? {});
			if (!given) return value;
			const entries = Object.entries(given).map(([key, entry]): [string, unknown] => [key, canonicalOf(shape.of, entry, true)]);
			return kept(entries.filter(([, entry]) => !isNone(shape, entry)));
		}
		case "fields": {
			if (shape.optional && (value === undefined || value === null)) return undefined;
			const given = object(value ?? {});
			if (!given) return value;
			// Declaring a key that is not described must show as a difference; in a list the declared entry stands for the whole.
			const others = inList ? [] : Object.entries(given).filter(([key, other]) => !Object.hasOwn(shape.fields, key) && other !== null);
			const inner = kept([...others, ...Object.entries(shape.fields).map(([key, one]): [string, unknown] => [key, canonicalOf(one, given[key], inList)])]);
			return inner ?? (shape.optional ? {} : undefined);
		}
		default:
			return value ?? shape.initial;
	}
}

function isNone({ none }: { none?: (entry: Json) => boolean }, entry: unknown): boolean {
	const given = object(entry);
	return given !== null && (none?.(given) ?? false);
}

function kept(entries: [string, unknown][]): Json | undefined {
	const given = entries.filter(([, value]) => value !== undefined);
	return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The vendor's word whatever case it came in; any other value as it is. */
function inCase(words: string[], value: unknown): unknown {
	return (typeof value === "string" ? words.find((one) => one.toLowerCase() === value.toLowerCase()) : undefined) ?? value;
}

function sorted(items: unknown[]): unknown[] {
	const byText = new Map(items.map((item) => [encodeKnown(item ?? null), item]));
	return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** `declared` laid over `live`: objects are merged, lists replaced; an entry that stays in a list keeps what is not declared of it. */
export function overlay(shape: Shape | undefined, live: unknown, declared: unknown): unknown {
	const [held, given] = [object(live), object(declared)];
	if (held && given) {
		const inner = (key: string): Shape | undefined => (shape?.is === "fields" ? lookUp(shape.fields, key) : shape?.is === "map" ? shape.of : undefined);
		return { ...held, ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, overlay(inner(key), held[key], value)])) };
	}
	if (shape?.is !== "list" || !Array.isArray(live) || !Array.isArray(declared) || shape.key.length === 0) return declared;
	const keyOf = (entry: unknown): string => encodeKnown(shape.key.map((key) => object(entry)?.[key] ?? null));
	const before = new Map(live.map((entry) => [keyOf(entry), entry]));
	return declared.map((entry) => (before.has(keyOf(entry)) ? overlay(shape.of, before.get(keyOf(entry)), entry) : entry));
}
