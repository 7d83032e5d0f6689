import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type OpenApi, responseSchema, toJsonSchema } from "./openapi.js";

const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
export const versions = ["beta", "v2024", "v2026"] as const;
export type SpecVersion = (typeof versions)[number];
const fileOf = (version: SpecVersion) => join(shared, "specs/sailpoint", `openapi.${version}.json`);

/** Whether the vendor's specification is there to check against. */
export const present = versions.every((version) => existsSync(fileOf(version)));
if (!present) console.warn(`Skipped: the vendor's specification is not at ${join(shared, "specs/sailpoint")}; set KEELSON_SHARED.`);

/** Where live answers are known to differ from the schema. */
const LIVE = [
	// Uncorrelated accounts have a null there in recorded answers.
	/^GET \/accounts\S* \/(\d+\/)?identityId must be string/,
	// The beta's schema has no null for these; the newer ones have it for the same objects.
	/^GET \/roles\S* \/(\d+\/)?owner must be object/,
	/^GET \/certifications \/\d+\/signed must be string/,
];

const documents = new Map(present ? versions.map((version) => [version, document(version)]) : []);

function document(version: SpecVersion): { api: OpenApi; ajv: Ajv } {
	const api = nullsSpread(JSON.parse(readFileSync(fileOf(version), "utf8"))) as OpenApi;
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: true, validateSchema: false });
	addFormats.default(ajv);
	ajv.addSchema(toJsonSchema(api));
	return { api, ajv };
}

/** `allOf: [X, { nullable: true }]` means "X or null" in this vendor's documents; here it is said so that a validator understands. */
function nullsSpread(node: unknown): unknown {
	if (Array.isArray(node)) return node.map(nullsSpread);
	if (typeof node !== "object" || node === null) return node;
	const out = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullsSpread(value)]));
	const parts = (node as { allOf?: { nullable?: boolean; $ref?: string }[] }).allOf;
	const nullable = Array.isArray(parts) && parts.some((part) => part.nullable === true && !part.$ref);
	if (!nullable) return out;
	const kept = (out.allOf as { nullable?: boolean; $ref?: string }[]).filter((part) => part.$ref || part.nullable !== true);
	return { anyOf: [{ ...out, allOf: kept }, { enum: [null] }] };
}

/** The path of the specification that a served one is, or undefined: parameters may have other names. */
function pathOf(api: OpenApi, served: string): string | undefined {
	const bare = (path: string) => path.replace(/\{[^}]*\}/g, "{}");
	return Object.keys(api.paths).find((path) => bare(path) === bare(served));
}

const compiled = new Map<string, ValidateFunction | null>();

/** What is wrong with an answer, one line each; undefined where the specification has no schema for it. */
export function checkAnswer(version: SpecVersion, method: string, served: string, status: number, body: unknown): string[] | undefined {
	const found = documents.get(version);
	const path = found && pathOf(found.api, served);
	if (!found || path === undefined) return undefined;
	const key = `${version} ${method} ${path} ${status}`;
	const schema = compiled.has(key) ? undefined : responseSchema(found.api, path, method, status);
	const validate = compiled.get(key) ?? (schema ? found.ajv.compile(schema) : null);
	compiled.set(key, validate);
	if (!validate) return undefined;
	if (validate(body)) return [];
	return (validate.errors ?? [])
		.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "enum")
		.map((error) => `${method} ${served} ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
		.filter((line) => !LIVE.some((known) => known.test(line)));
}

/** Whether the specification has the operation at all. */
export function isOperation(version: SpecVersion, method: string, served: string): boolean {
	const api = documents.get(version)?.api;
	const path = api && pathOf(api, served);
	return path !== undefined && api?.paths[path]?.[method.toLowerCase()] !== undefined;
}
