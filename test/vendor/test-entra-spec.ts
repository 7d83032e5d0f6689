import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { type OpenApi, responseSchema, toJsonSchema } from "./openapi.js";

type Json = Record<string, unknown>;

const shared = resolve(process.env.KEELSON_SHARED ?? "../shared");
const files = { "v1.0": join(shared, "specs/entra/graph-v1.0.json"), beta: join(shared, "specs/entra/graph-beta.json") } as const;

/** Whether the vendor's specification is there to check against. */
export const present = Object.values(files).every((file) => existsSync(file));
if (!present) console.warn(`Skipped: the vendor's specification is not at ${join(shared, "specs/entra")}; set KEELSON_SHARED.`);

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

const refers = (value: Json): boolean => "$ref" in value || (Array.isArray(value.allOf) && value.allOf.every((part) => isObject(part) && "$ref" in part));

/**
 * The document here lost two things of the vendor's metadata: a complex or enumerated property may be null unless it says otherwise (the live
 * service sends `certification: null` and many more), and flags are texts of several words with commas.
 */
function mended(node: unknown, inProperties = false): unknown {
	if (Array.isArray(node)) return node.map((item) => mended(item));
	if (!isObject(node)) return node;
	if (inProperties)
		return Object.fromEntries(
			Object.entries(node).map(([name, value]) => [name, isObject(value) && refers(value) ? { nullable: true, allOf: [mended(value)] } : mended(value)]),
		);
	const words = Array.isArray(node.enum) && String(node.description ?? "").startsWith("Flags") ? node.enum.join("|") : null;
	if (words !== null) return { type: "string", pattern: `^(${words})(,(${words}))*$` };
	return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, mended(value, name === "properties")]));
}

function engine(file: string): { document: OpenApi; ajv: Ajv } {
	const document = mended(JSON.parse(readFileSync(file, "utf8"))) as OpenApi;
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false });
	addFormats.default(ajv);
	for (const name of ["base64url", "int32", "int64", "double", "binary"]) ajv.addFormat(name, true);
	ajv.addSchema(toJsonSchema(document));
	return { document, ajv };
}

const engines = present ? { "v1.0": engine(files["v1.0"]), beta: engine(files.beta) } : null;
const definitions = (): Record<string, Json> => (engines?.["v1.0"].document.components.schemas ?? {}) as Record<string, Json>;

/** Every operation of a version, as it stands in the document. */
export function operations(version: "v1.0" | "beta", method: string): string[] {
	const paths = engines?.[version].document.paths ?? {};
	return Object.keys(paths).filter((path) => method in (paths[path] ?? {}));
}

/** Sent by the live service, and not in the vendor's metadata. */
const undocumented = new Set(["includeTargets", "creationOptions", "createdDateTime", "isPrivileged", "rules", "userRoles"]);

function propertiesOf(name: string): Set<string> {
	const schema = definitions()[name];
	const parts = [schema, ...((schema?.allOf ?? []) as Json[])];
	const own = parts.flatMap((part) => Object.keys((part?.properties ?? {}) as Json));
	const bases = parts.flatMap((part) => (typeof part?.$ref === "string" ? [part.$ref.split("/").at(-1) ?? ""] : []));
	return new Set([...own, ...bases.flatMap((base) => [...propertiesOf(base)])]);
}

/** Objects that name their type, at any depth: checked against it, unknown properties included. */
function typed(value: unknown, at: string, problems: string[]): void {
	if (Array.isArray(value)) for (const item of value) typed(item, `${at}/*`, problems);
	if (!isObject(value)) return;
	for (const [name, inner] of Object.entries(value)) typed(inner, `${at}/${name}`, problems);
	const type = value["@odata.type"];
	if (typeof type !== "string") return;
	const name = type.replace("#", "");
	if (definitions()[name] && engines)
		problems.push(...check("v1.0", engines["v1.0"].ajv, { $ref: `openapi#/definitions/${name}` }, value, at), ...unknown(name, value, at));
}

function unknown(type: string, value: Json, at: string): string[] {
	const known = propertiesOf(type);
	return Object.keys(value).flatMap((name) =>
		known.has(name) || name.includes("@") || undocumented.has(name) ? [] : [`${at}: ${type} has no property ${name}`],
	);
}

const compiled = new Map<string, ValidateFunction>();

function check(version: "v1.0" | "beta", ajv: Ajv, schema: Json, value: unknown, at: string): string[] {
	const key = `${version} ${JSON.stringify(schema)}`;
	const validate = compiled.get(key) ?? ajv.compile(schema);
	compiled.set(key, validate);
	if (validate(value)) return [];
	const errors: ErrorObject[] = validate.errors ?? [];
	return errors.filter(({ keyword }) => keyword !== "anyOf").map(({ instancePath, message }) => `${at}${instancePath.replace(/\/\d+/g, "/*")} ${message}`);
}

/** Type of a response's items, or of the response. */
function typeOf(schema: Json): string | undefined {
	const value = ((schema.properties as Json | undefined)?.value as Json | undefined)?.items;
	const ref = (isObject(value) ? value.$ref : schema.$ref) as string | undefined;
	return ref
		?.split("/")
		.at(-1)
		?.replace(/__any$/, "");
}

const schemas = new Map<string, Json>();

/** What is wrong with an answer, one line each; `undefined` where the document has no schema for it. */
export function checkAnswer(version: "v1.0" | "beta", method: string, path: string, status: number, body: unknown): string[] | undefined {
	if (!engines) return undefined;
	const { document, ajv } = engines[version];
	const key = `${version} ${method} ${path} ${status}`;
	const schema = schemas.get(key) ?? responseSchema(document, path, method, status);
	if (!schema) return undefined;
	schemas.set(key, schema);
	const at = `${method} ${path}`;
	const problems = check(version, ajv, schema, body, at);
	if (version === "v1.0") {
		const type = typeOf(schema);
		const items = isObject(body) && Array.isArray(body.value) ? body.value : [body];
		// Objects of several types name their own.
		if (type) for (const item of items) if (isObject(item) && !("@odata.type" in item)) problems.push(...unknown(type, item, at));
		typed(body, at, problems);
	}
	return [...new Set(problems)];
}
