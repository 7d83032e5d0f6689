import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { BEYOND } from "./okta-beyond.js";
import { type OpenApi, type Operation, responseSchema, toJsonSchema } from "./openapi.js";

const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const files = ["management", "oauth"].map((name) => join(shared, "specs/okta", `${name}.trimmed.json`));

/** Whether the vendor's specification is there to check against. */
export const present = files.every((file) => existsSync(file));
if (!present) console.warn(`Skipped: the vendor's specification is not at ${join(shared, "specs/okta")}; set KEELSON_SHARED.`);

/** Where the specification contradicts its own prose and examples; the answer follows those. */
export const MISPRINTS = [
	// The lookahead `(?!$)` of the published pattern has lost its `!`, so no duration fits.
	/ \/(\d+\/)?tokenWindow must match pattern/,
	// `expand=rules` gives a list; the schema says every embedded thing is an object.
	/\/_embedded\/rules must be object/,
	// The example is a list of enrolments; the schema is that of one.
	/authenticator-enrollments {2}must be object/,
	// "IdP types of `OKTA`, `AgentlessDSSO`, and `IWA` don't require an ID", says the text; the list of types has none of them.
	/actions\/idp\/providers\/\d+\/type must be equal to one of/,
	// The example is `your-event-source-name`; the pattern has lost its `+` and takes one letter.
	/eventSourceName must match pattern/,
	// `format: regex` stands where only a pattern is meant.
	/must match format "regex"/,
	// `(?i)` is no ECMAScript, and the trimmed file's stand-in for it has no capital letters in places.
	/must match pattern "\^\[0-9a-fA-F\]/,
];

const documents = present ? files.map((file) => JSON.parse(readFileSync(file, "utf8")) as OpenApi) : [];

/** The vendor's description of an operation. */
export function operationOf(method: string, path: string): Operation | undefined {
	for (const document of documents) {
		const found = document.paths[path]?.[method.toLowerCase()];
		if (found) return found;
	}
	return undefined;
}

/** Every operation of the specification, as `METHOD /path`. */
export function allOperations(): { method: string; path: string; operation: Operation }[] {
	return documents.flatMap((document) =>
		Object.entries(document.paths).flatMap(([path, item]) =>
			Object.entries(item).flatMap(([method, operation]) => (operation.responses ? [{ method: method.toUpperCase(), path, operation }] : [])),
		),
	);
}

function makeAjv(document: OpenApi): Ajv {
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: true, validateSchema: false });
	addFormats.default(ajv);
	ajv.addSchema(toJsonSchema(document));
	return ajv;
}

/** Compiled once for all tenants: it is most of the work. */
const engines = new Map(documents.map((document) => [document, makeAjv(document)]));
const compiled = new Map<string, ValidateFunction | null>();

function validatorOf(method: string, path: string, status: number): ValidateFunction | null {
	for (const document of documents) {
		if (!document.paths[path]?.[method.toLowerCase()]) continue;
		const schema = responseSchema(document, path, method, status);
		return schema ? (engines.get(document)?.compile(schema) ?? null) : null;
	}
	const name = method === "GET" ? BEYOND[path] : undefined;
	const bare = name?.replace("[]", "") ?? "";
	const [management] = documents;
	if (!management || !(bare in management.components.schemas)) return null;
	const ref = { $ref: `openapi#/definitions/${bare}__any` };
	return engines.get(management)?.compile(name?.endsWith("[]") ? { type: "array", items: ref } : ref) ?? null;
}

/** What is wrong with an answer, one line each; `undefined` where the specification has no schema for it. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): string[] | undefined {
	const key = `${method} ${path} ${status}`;
	const validate = compiled.get(key) ?? validatorOf(method, path, status);
	compiled.set(key, validate);
	if (!validate) return undefined;
	if (validate(body)) return [];
	const errors: ErrorObject[] = validate.errors ?? [];
	return errors
		.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "not")
		.map((error) => `${method} ${path} ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
