import fc from "fast-check";
import { type Json, object } from "./schema.js";

/**
 * Values that a JSON Schema allows: every key alone and together, every word, the bounds of numbers, null where it is allowed.
 * Knows only what the schemas of settings use, and fails for anything else.
 */
export function allowed(schema: Json): fc.Arbitrary<unknown> {
	if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
	const types = Array.isArray(schema.type) ? schema.type : [schema.type];
	const each = types.map((type) => ofType(String(type), schema));
	return each.length === 1 && each[0] ? each[0] : fc.oneof(...each);
}

function ofType(type: string, schema: Json): fc.Arbitrary<unknown> {
	switch (type) {
		case "null":
			return fc.constant(null);
		case "boolean":
			return fc.boolean();
		case "integer":
			return fc.integer({ min: Number(schema.minimum), max: Number(schema.maximum) });
		case "string":
			return fc.stringMatching(schema.pattern === "^[A-Za-z0-9_.:-]+$" ? /^[A-Za-z0-9_.:-]{1,12}$/ : /^[A-Za-zäß漢=&'<>"][A-Za-zäß漢 =&'<>"]{0,12}[A-Za-z漢]$/);
		case "array":
			return fc.uniqueArray(allowed(object(schema.items) ?? {}), {
				minLength: Number(schema.minItems ?? 0),
				maxLength: 4,
				selector: (value) => JSON.stringify(value),
			});
		case "object":
			return ofObject(schema);
		default:
			throw new Error(`a schema of type ${type} is not understood`);
	}
}

function ofObject(schema: Json): fc.Arbitrary<unknown> {
	const rest = object(schema.additionalProperties);
	if (rest) return fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), allowed(rest), { maxKeys: 3, noNullPrototype: true });
	const properties = Object.entries(object(schema.properties) ?? {});
	const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
	const model = Object.fromEntries(properties.map(([key, inner]) => [key, allowed(object(inner) ?? {})]));
	const least = Number(schema.minProperties ?? 0);
	return fc.record(model, { requiredKeys: required, noNullPrototype: true }).filter((value) => Object.keys(value).length >= least);
}
