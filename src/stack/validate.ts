import { _, Ajv2020, type ErrorObject, type Options, type ValidateFunction } from "ajv/dist/2020.js";
import type { CheckKind } from "./prepared.js";
import { stackSchema } from "./schema.js";
import { textKeywords } from "./text-keywords.js";

/**
 * A compiler of JSON Schemas of one kind. In a provider's schema a field marked `secret: true` must be a reference.
 * `validateSchema: false`: the schemas are ours and tested; checking them against the meta-schema takes 0.15 s at every start.
 */
export function schemaCompiler(kind: CheckKind, options: Options): Ajv2020 {
	if (kind === "values") return new Ajv2020({ strict: false, ...options });
	if (kind === "stack") return new Ajv2020({ validateSchema: false, strictTypes: false, strictRequired: false, keywords: ["x-expected"], ...options });
	const ajv = new Ajv2020({ validateSchema: false, strict: false, validateFormats: false, ...options });
	for (const [keyword, holds] of Object.entries(textKeywords)) {
		ajv.removeKeyword(keyword);
		ajv.addKeyword({
			keyword,
			type: "string",
			code(context) {
				// The name under which a prepared check imports the same function: see `tools/prepare-checks.ts`.
				const { gen, schemaCode, data } = context;
				const func = gen.scopeValue("func", { key: keyword, ref: holds, code: _`textKeywords[${keyword}]` });
				context.pass(_`${func}(${schemaCode}, ${data})`);
			},
		});
	}
	return ajv;
}

const everything: Options = { allErrors: true, verbose: true };
let compiled: ValidateFunction | null = null;

/** Errors of a stack file's data against `stackSchema`. */
export function schemaErrors(data: unknown): ErrorObject[] {
	compiled ??= schemaCompiler("stack", everything).compile(stackSchema);
	return compiled(data) ? [] : (compiled.errors ?? []);
}

/**
 * Errors of one system's `url`, `auth`, `act`, `options` against the provider's schema, or of a setting's values against theirs.
 * Throws where the schema itself is broken.
 */
export function errorsOf(kind: CheckKind, schema: object, data: unknown): ErrorObject[] {
	const validate = schemaCompiler(kind, everything).compile(schema);
	return validate(data) ? [] : (validate.errors ?? []);
}
