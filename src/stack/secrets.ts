import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Parts } from "./paths.js";
import { isSecretRef } from "./references.js";
import type { SecretRef } from "./stack.js";
import { isMapping } from "./values.js";

export interface ResolveOptions {
	env: Record<string, string | undefined>;
	/** Relative `${file:…}` paths start here; a loaded stack's are absolute already. */
	baseDir: string;
	/** Hears of a secret file that every user of this machine may read. */
	warn?(message: string): void;
}

/** Secrets that can't be had. The message names variables and files, never a value. */
export class SecretError extends Error {
	override name = "SecretError";
	/** Where each of them stands in the block. */
	readonly problems: { parts: Parts; message: string }[];

	constructor(problems: SecretError["problems"]) {
		super([...new Set(problems.map(({ message }) => message))].join("; "));
		this.problems = problems;
	}
}

/** The largest secret file, in bytes. */
const maxFile = 1024 * 1024;

/**
 * An `auth` or `act` block with its references replaced by what they refer to. A file's trailing line breaks are left out.
 * Call it only in the process that makes the vendor's calls, and pass `secretValues` of the result to `redactor`.
 * @throws SecretError naming every variable and file that is missing, empty or unreadable.
 */
export async function resolveSecrets(block: Record<string, unknown>, options: ResolveOptions): Promise<Record<string, unknown>> {
	const problems: SecretError["problems"] = [];
	// One after the other, so that problems are told in the file's order.
	const walk = async (value: unknown, parts: Parts): Promise<unknown> => {
		if (isSecretRef(value)) {
			const found = await lookUp(value, options);
			if ("problem" in found) problems.push({ parts, message: found.problem });
			return "value" in found ? found.value : null;
		}
		if (Array.isArray(value)) {
			const list: unknown[] = [];
			for (const [index, item] of value.entries()) list.push(await walk(item, [...parts, index]));
			return list;
		}
		return isMapping(value) ? walkMapping(value, parts) : value;
	};
	const walkMapping = async (value: Record<string, unknown>, parts: Parts): Promise<Record<string, unknown>> => {
		const out: Record<string, unknown> = {};
		for (const [key, item] of Object.entries(value)) out[key] = await walk(item, [...parts, key]);
		return out;
	};
	const resolved = await walkMapping(block, []);
	if (problems.length > 0) throw new SecretError(problems);
	return resolved;
}

async function lookUp({ secret, name }: SecretRef, options: ResolveOptions): Promise<{ value: string } | { problem: string }> {
	if (secret === "env") {
		const value = Object.hasOwn(options.env, name) ? options.env[name] : undefined;
		if (value === undefined) return { problem: `the environment variable ${name} is not set` };
		return value.trim() === "" ? { problem: `the environment variable ${name} is empty` } : { value };
	}
	const path = resolve(options.baseDir, name);
	try {
		const info = await stat(path);
		if (!info.isFile()) return { problem: `the secret file ${path} is not a file` };
		if (info.size > maxFile) return { problem: `the secret file ${path} is larger than 1 MiB` };
		if (process.platform !== "win32" && (info.mode & 0o004) !== 0)
			options.warn?.(`the secret file ${path} can be read by every user of this machine: chmod o-r ${path}`);
		const value = (await readFile(path, "utf8")).replace(/^\ufeff/, "").replace(/[\r\n]+$/, "");
		return value.trim() === "" ? { problem: `the secret file ${path} is empty` } : { value };
	} catch (error) {
		const code = error instanceof Error && "code" in error ? error.code : null;
		return { problem: code === "ENOENT" ? `there is no secret file ${path}` : `the secret file ${path} can't be read (${code ?? "unknown error"})` };
	}
}

/** The values that `resolveSecrets` put in the place of references. */
export function secretValues(block: unknown, resolved: unknown): string[] {
	if (isSecretRef(block)) return typeof resolved === "string" ? [resolved] : [];
	if (Array.isArray(block) && Array.isArray(resolved)) return block.flatMap((item, index) => secretValues(item, resolved[index]));
	if (isMapping(block) && isMapping(resolved)) return Object.keys(block).flatMap((key) => secretValues(block[key], resolved[key]));
	return [];
}

/**
 * A function that takes secret values out of any text: as they are, as JSON, as a URL and as base64 write them, and a
 * multi-line secret (a PEM key) line by line, for logs cut it up.
 */
export function redactor(secrets: string[]): (text: string) => string {
	const forms = new Set<string>();
	for (const secret of secrets) {
		const lines = secret.includes("\n") ? secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith("-----")) : [];
		for (const form of [secret, ...lines]) {
			for (const written of [
				form,
				JSON.stringify(form).slice(1, -1),
				encode(form),
				Buffer.from(form).toString("base64"),
				Buffer.from(form).toString("base64url"),
			])
				forms.add(written);
		}
	}
	forms.delete("");
	if (forms.size === 0) return (text) => text;
	const pattern = new RegExp(
		[...forms]
			.sort((a, b) => b.length - a.length)
			.map((form) => form.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"))
			.join("|"),
		"g",
	);
	return (text) => text.replace(pattern, "•••");
}

function encode(text: string): string {
	// A lone surrogate has no URL form.
	return /\p{Surrogate}/u.test(text) ? "" : encodeURIComponent(text);
}
