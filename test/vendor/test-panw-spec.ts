import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { type OpenApi, responseSchema, toJsonSchema } from "./openapi.js";

const folder = join(resolve(process.env.KEELSON_SHARED ?? "../shared"), "specs/panw-sspm");
const files = ["sspm", "identity-sspm", "auth", "iam-service-accounts"].map((name) => join(folder, `${name}.json`));

/** Whether the vendor's specification is there to check against. */
export const present = files.every((file) => existsSync(file));
if (!present) console.warn(`Skipped: the vendor's specification is not at ${folder}; set KEELSON_SHARED.`);

const engines = (present ? files : []).map((file) => {
	const document = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false });
	addFormats.default(ajv);
	ajv.addSchema(toJsonSchema(document));
	return { document, ajv };
});

/** Every operation that the specification has. */
export const operations = engines.flatMap(({ document }) =>
	Object.entries(document.paths).flatMap(([path, item]) =>
		Object.keys(item).flatMap((method) => (method === "parameters" ? [] : [`${method.toUpperCase()} ${path}`])),
	),
);

/** What is wrong with an answer, one line each. A status that the specification doesn't list is wrong; an answer without a schema is not. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): string[] {
	const found = engines.find(({ document }) => document.paths[path]?.[method.toLowerCase()]);
	const operation = found?.document.paths[path]?.[method.toLowerCase()];
	if (!found || !operation?.responses[String(status)]) return [`${method} ${path} has no answer ${status} in the specification`];
	const schema = responseSchema(found.document, path, method, status);
	if (!schema) return [];
	const validate = found.ajv.compile(schema);
	return validate(body) ? [] : (validate.errors ?? []).map((error) => `${method} ${path} ${error.instancePath} ${error.message}`);
}

/** Fields of an answer's rows that the specification doesn't name: a misspelt one would pass every schema, as none is required. */
export function strangers(name: string, rows: Record<string, unknown>[]): string[] {
	const known = engines.flatMap(({ document }) => Object.keys((document.components.schemas[name]?.properties as object | undefined) ?? {}));
	return [...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => !known.includes(key))))];
}
