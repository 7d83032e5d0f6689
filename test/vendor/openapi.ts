type Json = Record<string, unknown>;

interface OpenApi {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Json>; responses?: Record<string, Json> };
}

interface Operation {
	operationId?: string;
	security?: Record<string, string[]>[];
	responses: Record<string, Json>;
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const nameOf = (ref: string): string => ref.split("/").at(-1) ?? "";

/**
 * An OpenAPI 3.0 document as JSON Schema: `nullable` becomes a type, and a discriminator selects the schema it maps to.
 * A schema with a discriminator gets a second definition, `<name>__any`, that also checks the mapped one; its own heirs refer to the plain one.
 */
export function toJsonSchema(document: OpenApi): { $id: string; definitions: Json } {
	const { schemas } = document.components;
	const heirs = heirsOf(schemas);
	const definitions: Json = {};
	for (const [name, schema] of Object.entries(schemas)) {
		const { discriminator: _, ...plain } = schema;
		definitions[name] = convert(plain, heirs, name);
		const mapping = mappingOf(schema);
		if (mapping && !("oneOf" in schema)) definitions[`${name}__any`] = { allOf: [ref(name), ...choices(schema, mapping)] };
	}
	for (const name of Object.keys(schemas)) definitions[`${name}__any`] ??= ref(name);
	return { $id: "openapi", definitions };
}

/** For each schema with a discriminator, the schemas built on it by `allOf`, at any depth. */
function heirsOf(schemas: Record<string, Json>): Map<string, Set<string>> {
	const parents = (name: string): string[] => {
		const all = Array.isArray(schemas[name]?.allOf) ? (schemas[name].allOf as Json[]) : [];
		const own = all.flatMap((part) => (typeof part.$ref === "string" ? [nameOf(part.$ref)] : []));
		return own.flatMap((parent) => [parent, ...parents(parent)]);
	};
	const heirs = new Map<string, Set<string>>();
	for (const [name, schema] of Object.entries(schemas)) if (mappingOf(schema)) heirs.set(name, new Set());
	for (const name of Object.keys(schemas)) for (const parent of parents(name)) heirs.get(parent)?.add(name);
	return heirs;
}

const ref = (name: string): Json => ({ $ref: `openapi#/definitions/${name}` });

function mappingOf(schema: Json): Record<string, string> | undefined {
	const discriminator = schema.discriminator;
	return isObject(discriminator) && isObject(discriminator.mapping) ? (discriminator.mapping as Record<string, string>) : undefined;
}

function choices(schema: Json, mapping: Record<string, string>): Json[] {
	const property = String((schema.discriminator as Json).propertyName);
	// Equal to if/then, without an object that has a `then`.
	return Object.entries(mapping).map(([value, target]) => ({
		anyOf: [{ not: { properties: { [property]: { const: value } }, required: [property] } }, ref(nameOf(target))],
	}));
}

function convert(node: unknown, heirs: Map<string, Set<string>>, owner: string): unknown {
	if (Array.isArray(node)) return node.map((item) => convert(item, heirs, owner));
	if (!isObject(node)) return node;
	if (typeof node.$ref === "string" && node.$ref.startsWith("#/components/schemas/")) {
		const name = nameOf(node.$ref);
		return ref(heirs.get(name)?.has(owner) ? name : `${name}__any`);
	}
	const out: Json = {};
	const mapping = mappingOf(node);
	for (const [key, value] of Object.entries(node)) {
		if (key === "discriminator" || key === "example" || key === "examples" || key === "default" || key.startsWith("x-")) continue;
		if (key === "properties" && isObject(value))
			out.properties = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, heirs, owner)]));
		else if (mapping && (key === "oneOf" || key === "anyOf")) out.allOf = choices(node, mapping);
		else out[key] = convert(value, heirs, owner);
	}
	// What is only ever sent is not missing from an answer (OpenAPI 3.0.3, `writeOnly`).
	if (Array.isArray(out.required) && isObject(node.properties)) {
		const { properties } = node;
		out.required = out.required.filter((name) => !writeOnly(properties[String(name)]));
	}
	return node.nullable === true ? orNull(out) : out;
}

const writeOnly = (node: unknown): boolean => isObject(node) && node.writeOnly === true;

function orNull(schema: Json): Json {
	const { nullable: _, ...rest } = schema;
	return { anyOf: [rest, { type: "null" }] };
}

/** The schema of an operation's answer, or nothing when the document gives none. */
export function responseSchema(document: OpenApi, path: string, method: string, status: number): Json | undefined {
	const response = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
	if (!response) return undefined;
	const resolved = typeof response.$ref === "string" ? document.components.responses?.[nameOf(response.$ref)] : response;
	const content = resolved?.content as Record<string, { schema?: Json }> | undefined;
	const schema = content?.["application/json"]?.schema;
	if (!schema) return undefined;
	return convert(schema, heirsOf(document.components.schemas), "") as Json;
}

export type { OpenApi, Operation };
