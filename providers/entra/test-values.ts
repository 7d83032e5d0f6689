import fc from "fast-check";
import { type Json, object } from "./schema.js";

/** Values that a JSON Schema of settings allows; fails for what those schemas don't use. */
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
			const model = Object.fromEntries(Object.entries(object(schema.properties) ?? {}).map(([key, inner]) => [key, allowed(object(inner) ?? {})]));
			return fc.record(model, { requiredKeys: [], noNullPrototype: true }).filter((value) => Object.keys(value).length > 0);
		}
		default:
			throw new Error(`a schema of type ${String(schema.type)} is not understood`);
	}
}
