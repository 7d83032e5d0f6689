import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { codeDigest } from "../model/code-digest.js";

/** Which schemas: a stack file's, a provider's part of it, a setting's values. Each kind has rules of its own; see `schemaCompiler`. */
export type CheckKind = "stack" | "provider" | "values";

/** A module that `tools/prepare.ts` writes at the end of a build, named by its `checkKey`: a schema as code. */
export interface PreparedCheck {
	/** The `codeDigest` of the modules beside this one. */
	engine: string;
	check(data: unknown): boolean;
}

const shippedFolder = new URL("../../prepared/checks/", import.meta.url);

/**
 * Whether a check that the build has prepared for exactly this schema finds nothing wrong. False says nothing: there may be no such check,
 * or one that other modules than these have made; and what is wrong, and how to mend it, is for the schema itself to tell.
 */
export async function accepted(kind: CheckKind, schema: object, data: unknown, folder = shippedFolder): Promise<boolean> {
	const file = new URL(`${checkKey(kind, schema)}.js`, folder);
	if (!existsSync(file)) return false;
	const { engine, check } = (await import(file.href)) as PreparedCheck;
	return engine === checkEngine() && check(data);
}

/** A schema and its kind, as SHA-256 of their text: another schema is another check. */
export function checkKey(kind: CheckKind, schema: object): string {
	return createHash("sha256")
		.update(JSON.stringify([kind, schema]))
		.digest("hex");
}

let engineDigest: string | null = null;

/** Names the modules that prepared checks are made with and for. */
export function checkEngine(): string {
	engineDigest ??= codeDigest(import.meta.url);
	return engineDigest;
}
