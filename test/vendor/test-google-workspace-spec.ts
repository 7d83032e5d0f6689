import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

type Json = Record<string, unknown>;

const folder = join(resolve(process.env.KEELSON_SHARED ?? "../shared"), "specs/google-workspace");

/** Whether the vendor's discovery documents are there to check against. */
export const present = existsSync(join(folder, "admin.directory_v1.trimmed.json"));
if (!present) console.warn(`Skipped: the vendor's discovery documents are not at ${folder}; set KEELSON_SHARED.`);

export interface SpecOperation {
	method: string;
	/** With a leading slash, parameters as `{name}`. */
	path: string;
	/** Long names; any of them opens the operation. */
	scopes: readonly string[];
	api: string;
	/** Schema of the answer; missing where it has no body. */
	answer?: string;
	/** Names of query parameters, those of every operation left out. */
	query: readonly string[];
}

interface Method {
	httpMethod: string;
	path: string;
	flatPath?: string;
	scopes?: string[];
	response?: { $ref: string };
	parameters?: Record<string, { location?: string }>;
}

interface Resources {
	methods?: Record<string, Method>;
	resources?: Record<string, Resources>;
}

interface Discovery extends Resources {
	id: string;
	servicePath: string;
	schemas: Record<string, Json>;
}

const documents = present
	? readdirSync(folder)
			.filter((name) => name.endsWith(".trimmed.json"))
			.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Discovery)
	: [];

function collect(document: Discovery, { methods, resources }: Resources): SpecOperation[] {
	const own = Object.values(methods ?? {}).map(({ httpMethod, path, flatPath, scopes, response, parameters }) => ({
		method: httpMethod,
		path: `/${document.servicePath}${flatPath ?? path}`,
		scopes: scopes ?? [],
		api: document.id,
		query: Object.entries(parameters ?? {}).flatMap(([name, { location }]) => (location === "query" ? [name] : [])),
		...(response && { answer: response.$ref }),
	}));
	return [...own, ...Object.values(resources ?? {}).flatMap((inner) => collect(document, inner))];
}

/** Every operation of every document. */
export const operations: readonly SpecOperation[] = documents.flatMap((document) => collect(document, document));

/** Path with its parameters' names taken out: names differ, places don't. */
export const bare = (path: string): string => path.replace(/\{[^}]+\}/g, "{}");

const byPath = new Map(operations.map((one) => [`${one.method} ${bare(one.path)}`, one]));

export function operationOf(method: string, path: string): SpecOperation | undefined {
	return byPath.get(`${method} ${bare(path)}`);
}

/** Shapes of texts (developers.google.com/discovery/v1/type-format). 64-bit numbers are texts. */
const texts: Record<string, Json> = {
	int64: { pattern: "^-?\\d{1,19}$" },
	"date-time": { format: "date-time" },
	"google-datetime": { format: "date-time" },
	date: { format: "date" },
	"google-duration": { pattern: "^-?\\d+(\\.\\d{1,9})?s$" },
	byte: { pattern: "^[A-Za-z0-9_+/=-]*$" },
};

/** A discovery schema as JSON Schema. What it doesn't name is an error. */
function converted(node: Json, name = ""): Json {
	if (typeof node.$ref === "string") return { $ref: `#/definitions/${node.$ref}` };
	switch (node.type) {
		case "array":
			return { type: "array", items: converted(node.items as Json) };
		case "object": {
			const properties = Object.entries((node.properties ?? {}) as Record<string, Json>);
			const more = node.additionalProperties as Json | undefined;
			return {
				type: "object",
				properties: Object.fromEntries(properties.map(([key, value]) => [key, converted(value, key)])),
				additionalProperties: more ? converted(more) : false,
			};
		}
		case "string": {
			const fixed = name === "kind" && typeof node.default === "string" && node.default !== "" ? { const: node.default } : {};
			return { type: "string", ...(Array.isArray(node.enum) && { enum: node.enum }), ...texts[String(node.format)], ...fixed };
		}
		case "integer":
		case "number":
		case "boolean":
			return { type: node.type };
		default:
			return {};
	}
}

function engine(document: Discovery): Ajv {
	const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateSchema: false });
	addFormats.default(ajv);
	const definitions = Object.fromEntries(Object.entries(document.schemas).map(([name, schema]) => [name, converted(schema)]));
	ajv.addSchema({ $id: document.id, definitions });
	return ajv;
}

const engines = new Map(documents.map((document) => [document.id, engine(document)]));
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with an answer's body, one line each; nothing where the operation has none. */
export function checkAnswer({ method, path, api, answer }: SpecOperation, body: unknown): string[] {
	if (answer === undefined) return body === "" ? [] : [`${method} ${path}: there should be no body`];
	const key = `${api}#/definitions/${answer}`;
	const validate = compiled.get(key) ?? engines.get(api)?.compile({ $ref: key });
	if (!validate) return [`${method} ${path}: no schema ${key}`];
	compiled.set(key, validate);
	if (validate(body)) return [];
	const lines = (validate.errors ?? []).map(({ instancePath, message, params }) => {
		const detail = Object.values(params).flat().slice(0, 1).map(String).join();
		return `${method} ${path}: ${answer}${instancePath.replace(/\/\d+/g, "/*")} ${message} (${detail})`;
	});
	return [...new Set(lines)];
}
