import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { at, type Json, lookUp, object } from "./schema.js";
import type { PolicyKind } from "./settings-kinds.js";
import { canonicalOf, schemaOf } from "./settings-shape.js";

/** JSON Schema of the values that a stack file may declare of this kind. */
export function valuesSchemaOf(kind: PolicyKind): Record<string, unknown> {
	return { $schema: "https://json-schema.org/draft/2020-12/schema", ...schemaOf(kind.shape), minProperties: 1 };
}

/** What the server says of an object, and nobody declares. */
export const servers = ["id", "system", "created", "lastUpdated", "_links", "_embedded"];

/** The one form, in which two sets of values of this kind are compared. */
export function canonicalValues(kind: PolicyKind, values: Json): Json {
	const given = filled(kind, Object.fromEntries(Object.entries(values).filter(([key]) => !servers.includes(key))));
	const { denies } = kind;
	// Okta ignores zones where any network will do, and what a session is like where none is given.
	if (at(given, "conditions", "network", "connection") === "ANYWHERE") replace(given, ["conditions", "network"], { connection: "ANYWHERE" });
	if (denies && at(given, ...denies.access) === "DENY") replace(given, denies.idle, undefined);
	return given;
}

/** The same, without leaving out what says nothing: fit for declaring again. */
export function filled(kind: PolicyKind, values: Json): Json {
	return structuredClone(object(canonicalOf(kind.shape, values)) ?? {});
}

function replace(values: Json, path: string[], value: unknown): void {
	const last = path.at(-1) ?? "";
	const holder = object(at(values, ...path.slice(0, -1)));
	if (!holder) return;
	if (value === undefined) delete holder[last];
	else holder[last] = value;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with declared values, one sentence; null = nothing. */
export function invalid(kind: PolicyKind, values: Json): string | null {
	return wrongBy(kind.kind, () => valuesSchemaOf(kind), values);
}

/** The same by the schema of a kind. */
export function wrongBy(kind: string, schema: () => Record<string, unknown>, values: Json): string | null {
	const validate = compiled.get(kind) ?? ajv.compile(schema());
	compiled.set(kind, validate);
	if (validate(values)) return null;
	const [first] = validate.errors ?? [];
	return first ? sentence(first) : "the values are not as the schema asks";
}

function sentence({ instancePath, keyword, params, message }: ErrorObject): string {
	const path = instancePath.split("/").filter(Boolean);
	if (keyword === "additionalProperties") return `${[...path, String(params.additionalProperty)].join(".")} is not a value that can be declared here`;
	return `${path.join(".") || "the setting"} ${message ?? "is not as the schema asks"}`;
}

/** What of `live` stands where `declared` says something: declaring that again takes `declared` back. */
export function taken(live: Json, declared: Json): Json {
	return Object.fromEntries(
		Object.entries(declared).map(([key, value]) => {
			const was = lookUp(live, key);
			const [held, given] = [object(was), object(value)];
			return [key, held && given ? taken(held, given) : (was ?? null)];
		}),
	);
}

/** The object without keys that are null, at any depth: Okta takes absent for null. https://developer.okta.com/docs/reference/core-okta-api/#null-values */
export function withoutNulls(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutNulls);
	const given = object(value);
	if (!given) return value;
	return Object.fromEntries(Object.entries(given).flatMap(([key, inner]) => (inner === null || inner === undefined ? [] : [[key, withoutNulls(inner)]])));
}
