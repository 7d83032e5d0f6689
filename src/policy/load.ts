import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Diagnostic } from "../model/diagnostic.js";
import { parsePolicy } from "./policy-file.js";
import type { PolicySource } from "./source.js";

/** Reads every `*.yaml` under the folders, but for `packs/`, in the order of folders and paths. A policy with mistakes is left out and reported; an id used twice is a mistake. */
export async function loadPolicies(dirs: readonly string[]): Promise<{ policies: PolicySource[]; diagnostics: Diagnostic[] }> {
	const diagnostics: Diagnostic[] = [];
	const policies = new Map<string, PolicySource>();
	for (const dir of dirs) {
		for (const file of await policyFiles(dir, diagnostics)) {
			const text = await readFile(file, "utf8");
			const { policy, errors } = parsePolicy(text, file);
			diagnostics.push(...errors);
			if (!policy) continue;
			const earlier = policies.get(policy.id);
			if (earlier) diagnostics.push(duplicate(policy, earlier, text));
			else policies.set(policy.id, policy);
		}
	}
	return { policies: [...policies.values()], diagnostics };
}

async function policyFiles(dir: string, diagnostics: Diagnostic[]): Promise<string[]> {
	try {
		const entries = await readdir(dir, { recursive: true, withFileTypes: true });
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
