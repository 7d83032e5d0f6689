import { type Parts, pathText } from "./paths.js";
import { clip, shownKey } from "./report.js";
import { mapping } from "./values.js";

const words: Record<string, string> = {
	string: "text",
	integer: "a whole number",
	number: "a number",
	boolean: "true or false",
	object: "a mapping of keys to values",
	array: "a list",
};

/** JSON Schema's types for people; that a value may be empty too needs no word. */
export function typeWords(types: string[]): string {
	return types
		.filter((type) => type !== "null")
		.map((type) => words[type] ?? type)
		.join(" or ");
}

/** A value for a message: its kind and, where it is short and plain, itself. Never for what may be a secret. */
export function describe(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a mapping";
	if (typeof value === "string") return `the text \`${clip(value)}\``;
	return typeof value === "number" ? `the number ${value}` : String(value);
}

/** A place for a message: its key, or the whole path of an item of a list. */
export function where(parts: Parts): string {
	const last = parts.at(-1);
	if (last === undefined) return "the file";
	return /^\d+$/.test(String(last)) ? `\`${clip(pathText(parts))}\`` : shownKey(parts.slice(0, -1), String(last));
}

/** What a schema says that it expects. */
export function expectation(schema: object): string | null {
	return "x-expected" in schema && typeof schema["x-expected"] === "string" ? schema["x-expected"] : null;
}

/** The description of one of a schema's properties. */
export function propertyHint(schema: object, key: string): string | undefined {
	const properties = mapping("properties" in schema ? schema.properties : null);
	const description = Object.hasOwn(properties, key) ? mapping(properties[key]).description : undefined;
	return typeof description === "string" ? description : undefined;
}
