import { createRequire } from "node:module";
import { readReference } from "./references.js";

/** What JSON Schema asks of a text, in a provider's schema. What a reference will be can't be known yet: none of it is asked of one. */
export const textKeywords = {
	secret: (secret: boolean, text: string) => !secret || isReference(text),
	pattern: (pattern: string, text: string) => isReference(text) || new RegExp(pattern, "u").test(text),
	minLength: (limit: number, text: string) => isReference(text) || [...text].length >= limit,
	maxLength: (limit: number, text: string) => isReference(text) || [...text].length <= limit,
	format: (name: string, text: string) => isReference(text) || matchesFormat(name, text),
};

function isReference(text: string): boolean {
	return readReference(text).kind !== "none";
}

function matchesFormat(name: string, text: string): boolean {
	const { fullFormats } = createRequire(import.meta.url)("ajv-formats/dist/formats.js") as typeof import("ajv-formats/dist/formats.js");
	const format: unknown = Object.entries(fullFormats).find(([key]) => key === name)?.[1];
	if (format instanceof RegExp) return format.test(text);
	if (typeof format === "function") return Boolean(format(text));
	if (typeof format === "object" && format !== null && "validate" in format) {
		const inner = format.validate;
		if (inner instanceof RegExp) return inner.test(text);
		if (typeof inner === "function") return Boolean(inner(text));
	}
	return true;
}
