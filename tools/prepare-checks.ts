import { createRequire } from "node:module";
import type { CheckKind } from "../src/stack/prepared.js";

interface Modules {
	prepared: typeof import("../src/stack/prepared.js");
	validate: typeof import("../src/stack/validate.js");
}

/** It is CommonJS, and its types name no default export. */
const standalone = createRequire(import.meta.url)("ajv/dist/standalone").default as typeof import("ajv/dist/standalone/index.js").default;

/** The code of a `PreparedCheck`. `keywords`: how it imports the module of `textKeywords`. */
export function checkModule(kind: CheckKind, schema: object, keywords: string, { prepared, validate }: Modules): string {
	const ajv = validate.schemaCompiler(kind, { messages: false, code: { source: true, esm: true } });
	ajv.addSchema(withoutWords(schema) as object, "check");
	return [
		'import { createRequire } from "node:module";',
		`import { textKeywords } from ${JSON.stringify(keywords)};`,
		"const require = createRequire(import.meta.url);",
		`export const engine = ${JSON.stringify(prepared.checkEngine())};`,
		standalone(ajv, { check: "check" }).replace(/^"use strict";/, ""),
		"",
	].join("\n");
}

const words = ["$schema", "title", "description", "x-expected"];
const data = ["const", "enum", "default", "examples"];

/** A schema without what it says for people, of which it is mostly made. A property may be named `title`; then its schema stands there and no text. */
function withoutWords(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(withoutWords);
	if (typeof schema !== "object" || schema === null) return schema;
	const kept = Object.entries(schema).filter(([key, value]) => typeof value !== "string" || !words.includes(key));
	return Object.fromEntries(kept.map(([key, value]) => [key, data.includes(key) ? value : withoutWords(value)]));
}
