import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { loadStack } from "../stack/load.js";
import type { Stack } from "../stack/stack.js";
import { shippedPolicies } from "./workspace.js";

/** The stack file, where there is one that can be read: work on a policy needs none, and is not held up by one that is half written. */
export async function stackIfAny(file: string): Promise<Stack | null> {
	if (!existsSync(file)) return null;
	const { stack } = await loadStack(resolve(file));
	if (stack) return stack;
	process.stderr.write(
		`keelson: ${relative(process.cwd(), resolve(file))} has mistakes, so the policies that it names are left out; keelson policy list tells them\n`,
	);
	return null;
}

/** Folders with the policies that ship and those of the stack file's own, as far as they are there. */
export async function policyFolders(file: string): Promise<string[]> {
	const stack = await stackIfAny(file);
	return [shippedPolicies, ...(stack?.policies.dirs ?? []).filter((dir) => existsSync(dir))];
}
