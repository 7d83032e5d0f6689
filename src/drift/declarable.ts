type Json = Record<string, unknown>;

/**
 * What of live values can be declared: where a schema lists the properties and allows no others, the others are left out, inside objects too.
 * Null: nothing of it can.
 */
export function declarable(values: Json, schema: Json): Json | null {
	const { properties, additionalProperties, minProperties } = schema as {
		properties?: Record<string, Json>;
		additionalProperties?: unknown;
		minProperties?: number;
	};
	if (!properties || additionalProperties !== false) return values;
	const kept = Object.entries(values).flatMap(([key, value]): [string, unknown][] => {
		const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
		if (!inner) return [];
		const part = isObject(value) ? declarable(value, inner) : value;
		return part === null && value !== null ? [] : [[key, part]];
	});
	return kept.length < (minProperties ?? 0) ? null : Object.fromEntries(kept);
}

function isObject(value: unknown): value is Json {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
