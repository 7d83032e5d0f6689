import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { readReference } from "./references.js";
import { stackSchema } from "./schema.js";

// `validateSchema: false`: the schemas are ours and tested; checking them against the meta-schema takes 0.15 s at every start.
let compiled: ValidateFunction | null = null;

/** Errors of a stack file's data against `stackSchema`. */
export function schemaErrors(data: unknown): ErrorObject[] {
	compiled ??= new Ajv2020({
		validateSchema: false,
		allErrors: true,
		verbose: true,
		strictTypes: false,
		strictRequired: false,
		keywords: ["x-expected"],
	}).compile(stackSchema);
	return compiled(data) ? [] : (compiled.errors ?? []);
}

/**
 * Errors of one system's `url`, `auth`, `act`, `options` against the provider's schema. A field marked `secret: true` must be a
 * reference; what a reference will be can't be known yet, so that patterns, lengths and formats are not asked of it.
 * Throws where the schema itself is broken.
 */
export function providerErrors(schema: object, data: unknown): ErrorObject[] {
	const ajv = new Ajv2020({ validateSchema: false, allErrors: true, verbose: true, strict: false, validateFormats: false });
	ajv.addKeyword({ keyword: "secret", schemaType: "boolean", type: "string", validate: (secret: boolean, text: string) => !secret || isReference(text) });
	const textKeywords: Record<string, (limit: string | number, text: string) => boolean> = {
		pattern: (pattern, text) => new RegExp(String(pattern), "u").test(text),
		minLength: (limit, text) => [...text].length >= Number(limit),
		maxLength: (limit, text) => [...text].length <= Number(limit),
		format: (format, text) => matchesFormat(String(format), text),
	};
	for (const [keyword, holds] of Object.entries(textKeywords)) {
		ajv.removeKeyword(keyword);
		ajv.addKeyword({ keyword, type: "string", validate: (limit: string | number, text: string) => isReference(text) || holds(limit, text) });
	}
	const validate = ajv.compile(schema);
	return validate(data) ? [] : (validate.errors ?? []);
}

function isReference(text: string): boolean {
	return readReference(text).kind !== "none";
}

function matchesFormat(name: string, text: string): boolean {
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
