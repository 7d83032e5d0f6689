import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { codeDigest } from "../model/code-digest.js";
import type { CelType, FieldTable } from "./cel-type.js";
import { type Node, parts } from "./node.js";
import type { Pack } from "./packs.js";
import type { PolicyFile, PolicySource } from "./source.js";
import { catalogue } from "./types.js";

/**
 * Policy files and packs that the build has read and checked already, found by the SHA-256 of their text: a changed file is not found,
 * and is read as any other.
 */
export interface Prepared {
	policy(digest: string, file: string): PolicySource | undefined;
	pack(digest: string): Pack | undefined;
}

interface PreparedFile {
	/** The `codeDigest` of the modules that checked the policies. */
	engine: string;
	/** Types of expressions, each once; the `fields` of an object are a place in `tables`. */
	types: CelType[];
	/** The `type` of an expression is a place in `types`. */
	policies: Record<string, Omit<PolicySource, "file">>;
	packs: Record<string, Pack>;
}

/** Nothing is prepared: every file is read. */
export const nothingPrepared: Prepared = { policy: () => undefined, pack: () => undefined };

/** Written by `tools/prepare.ts` at the end of a build; there is none beside the source. */
const shippedFile = new URL("../../prepared/policies.json", import.meta.url);

/** Reads what a build prepared. Nothing, when there is no such file or when other modules than these have made it. */
export function readPrepared(from: URL = shippedFile): Prepared {
	let held: PreparedFile;
	try {
		held = JSON.parse(readFileSync(from, "utf8")) as PreparedFile;
	} catch {
		return nothingPrepared;
	}
	if (held.engine !== codeDigest(import.meta.url)) return nothingPrepared;
	held.types.forEach(putTables);
	return {
		policy(digest, file) {
			const found = Object.hasOwn(held.policies, digest) ? held.policies[digest] : undefined;
			if (!found) return undefined;
			const { where, pass, review, message } = found.checked;
			for (const part of [where, pass, review, ...message]) if (part !== null && typeof part !== "string") putTypes(part, held.types);
			return { ...found, file };
		},
		pack: (digest) => (Object.hasOwn(held.packs, digest) ? held.packs[digest] : undefined),
	};
}

/** The text of the file that `readPrepared` reads. Examples are left out: they run from the policy file only. */
export function writePrepared(policies: readonly PolicyFile[], packs: readonly Pack[]): string {
	const bare = policies.map(({ file: _, tests: __, ...policy }) => [policy.digest, policy] as const);
	const types: string[] = [];
	const place = (type: object): number => {
		const text = JSON.stringify(type, (key, value) => (key === "fields" ? tables.indexOf(value) : value));
		if (!types.includes(text)) types.push(text);
		return types.indexOf(text);
	};
	const isType = (key: string, value: unknown): value is CelType => key === "type" && typeof value === "object" && value !== null && "kind" in value;
	const checked = JSON.stringify(Object.fromEntries(bare), (key, value) => (isType(key, value) ? place(value) : value));
	const held: PreparedFile = {
		engine: codeDigest(import.meta.url),
		types: types.map((text) => JSON.parse(text)),
		policies: JSON.parse(checked),
		packs: Object.fromEntries(packs.map((pack) => [pack.digest, pack])),
	};
	return JSON.stringify(held);
}

/** SHA-256 of a policy file's text, hex. */
export function textDigest(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

/** Every table of fields in the catalogue. The type of an object names its table by the place in this list, for the tables are large. */
const tables = tablesOf(Object.values(catalogue));

function tablesOf(types: readonly CelType[], found: FieldTable[] = []): FieldTable[] {
	for (const { element, fields } of types) {
		if (element) tablesOf([element], found);
		if (!fields || found.includes(fields)) continue;
		found.push(fields);
		tablesOf(
			Object.values(fields).map((field) => field.type),
			found,
		);
	}
	return found;
}

/** Puts the tables of fields back where their places stand. */
function putTables(type: CelType): void {
	if (type.element) putTables(type.element);
	if (typeof type.fields === "number") Reflect.set(type, "fields", tables[type.fields]);
}

/** Puts types back where their places stand. A second policy file with the same text has them already. */
function putTypes(node: Node, types: readonly CelType[]): void {
	if (typeof node.type === "number") Reflect.set(node, "type", types[node.type]);
	for (const part of parts(node)) putTypes(part, types);
}
