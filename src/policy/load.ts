import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { type Prepared, textDigest } from "./prepared.js";
import type { PolicyFile, PolicySource } from "./source.js";

/** Reads every `*.yaml` under the folders, but for `packs/`, in the order of folders and paths. A policy with mistakes is left out and reported; an id used twice is a mistake. */
export function loadPolicies(dirs: readonly string[]): Promise<Loaded<PolicyFile>> {
	return load(dirs, parse);
}

/** The same without the examples, and without reading again what a build has prepared. */
export function loadPreparedPolicies(dirs: readonly string[], prepared: Prepared): Promise<Loaded<PolicySource>> {
	return load<PolicySource>(dirs, async (text, file) => {
		const policy = prepared.policy(textDigest(text), file);
		return policy ? { policy, errors: [] } : parse(text, file);
	});
}

interface Loaded<P extends PolicySource> {
	policies: P[];
	diagnostics: Diagnostic[];
}

/** The parser of policy files and its schema are loaded only where a file has to be parsed. */
async function parse(text: string, file: string): Promise<{ policy?: PolicyFile; errors: Diagnostic[] }> {
	const { parsePolicy } = await import("./policy-file.js");
	return parsePolicy(text, file);
}

async function load<P extends PolicySource>(
	dirs: readonly string[],
	read: (text: string, file: string) => Promise<{ policy?: P; errors: Diagnostic[] }>,
): Promise<Loaded<P>> {
	const diagnostics: Diagnostic[] = [];
	const policies = new Map<string, P>();
	for (const dir of dirs) {
		for (const file of policyFiles(dir, diagnostics)) {
			const text = readFileSync(file, "utf8");
			const { policy, errors } = await read(text, file);
			diagnostics.push(...errors);
			if (!policy) continue;
			const earlier = policies.get(policy.id);
			if (earlier) diagnostics.push(duplicate(policy, earlier, text));
			else policies.set(policy.id, policy);
		}
	}
	return { policies: [...policies.values()], diagnostics };
}

function policyFiles(dir: string, diagnostics: Diagnostic[]): string[] {
	try {
		const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
		return entries
			.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
			.map((entry) => join(entry.parentPath, entry.name))
			.filter((file) => relative(dir, file).split(sep)[0] !== "packs")
			.sort();
	} catch {
		diagnostics.push({
			file: dir,
			line: 1,
			column: 1,
			path: "",
			message: "this folder of policies cannot be read",
			hint: "does it exist, and may you read it?",
		});
		return [];
	}
}

function duplicate(policy: PolicySource, earlier: PolicySource, text: string): Diagnostic {
	const lines = text.split("\n");
	const line = Math.max(
		0,
		lines.findIndex((l) => /^["']?id["']?\s*:/.test(l)),
	);
	const excerpt = lines[line] ?? "";
	return {
		file: policy.file,
		line: line + 1,
		column: Math.max(1, excerpt.indexOf(policy.id) + 1),
		path: "id",
		message: `the id ${policy.id} is taken by ${earlier.file}`,
		hint: "ids are unique",
		excerpt,
	};
}
