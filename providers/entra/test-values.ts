import fc from "fast-check";
import { type Json, object } from "./schema.js";

/** Values that a JSON Schema of settings allows to be written; fails for what those schemas don't use. */
export function allowed(schema: Json): fc.Arbitrary<unknown> {
	if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
	switch (schema.type) {
		case "boolean":
			return fc.boolean();
		case "integer":
			return fc.integer({ min: Number(schema.minimum), max: Number(schema.maximum) });
		case "string":
			return fc.stringMatching(/^[A-Za-z0-9_.:-]{1,12}$/);
		case "array":
			return fc.uniqueArray(allowed(object(schema.items) ?? {}), { maxLength: 4 });
		case "object": {
			const written = Object.entries(object(schema.properties) ?? {}).filter(([, inner]) => object(inner)?.readOnly !== true);
			const model = Object.fromEntries(written.map(([key, inner]) => [key, allowed(object(inner) ?? {})]));
			return fc.record(model, { requiredKeys: [], noNullPrototype: true }).filter((value) => Object.keys(value).length > 0);
		}
		default:
			throw new Error(`a schema of type ${String(schema.type)} is not understood`);
	}
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The same values as somebody else would write them down: lists in another order, ids in capitals, nothing as null, as an empty list or not at all. */
export function rewritten(value: unknown): fc.Arbitrary<unknown> {
	if (typeof value === "string" && guid.test(value)) return fc.constantFrom(value, value.toUpperCase());
	if (Array.isArray(value)) {
		const items: fc.Arbitrary<unknown>[] = value.map(rewritten);
		return fc.tuple(...items).chain((list) => (list.length === 0 ? fc.constantFrom<unknown>([], null) : fc.shuffledSubarray(list, { minLength: list.length })));
	}
	const held = object(value);
	if (!held) return value === null ? fc.constantFrom<unknown>(null, []) : fc.constant(value);
	const empty = (one: unknown): boolean => one === null || (Array.isArray(one) && one.length === 0);
	const parts = Object.entries(held).map(([key, inner]) =>
		fc.tuple(fc.constant(key), empty(inner) ? fc.option(rewritten(inner), { nil: undefined }) : rewritten(inner)),
	);
	return fc.tuple(...parts).map((pairs) => Object.fromEntries(pairs.filter(([, inner]) => inner !== undefined)));
}
