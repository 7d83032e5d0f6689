import { dirname, isAbsolute, relative } from "node:path";
import type { Stack } from "../stack/stack.js";
import { checkSystem, trustedBy } from "./base.js";
import { checkResources } from "./base-resources.js";
import { CliError } from "./exit.js";

/**
 * What of a proposal a review by the stored state says nothing of, a sentence each: where credentials would be sent and whose code would run,
 * and folders of which nothing was laid over the checkout. Empty outside of a pull request.
 */
export async function unjudged(stack: Stack): Promise<string[]> {
	const base = await trustedBy(stack);
	if (base === null) return [];
	const checks = [...Object.keys(stack.systems).map((system) => () => checkSystem(stack, system)), () => checkResources(stack)];
	const refused: string[] = [];
	for (const check of checks)
		await check().catch((error) => {
			if (!(error instanceof CliError)) throw error;
			refused.push(error.message);
		});
	return [...new Set(refused), ...strange(stack, base.stack).map((place) => notLaidOver(place, base.ref))];
}

/** Places that name a file or a folder which `keelson overlay` takes nothing of. */
function strange(stack: Stack, base: Stack): string[] {
	const taken = [dirname(base.file), ...base.policies.dirs, base.remediation.plans];
	const named = [
		...stack.policies.dirs.map((path, index) => [`policies.dirs.${index}`, path] as const),
		["remediation.plans", stack.remediation.plans] as const,
		...(stack.baseline && stack.baseline.file !== base.baseline?.file ? [["baseline", stack.baseline.file] as const] : []),
	];
	return named.filter(([, path]) => !taken.some((folder) => isWithin(folder, path))).map(([place]) => place);
}

function isWithin(folder: string, path: string): boolean {
	const way = relative(folder, path);
	return !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}

function notLaidOver(place: string, ref: string): string {
	return `${place} names a place that ${ref} does not: what this pull request changes there is not judged here. Merge this part of the stack file by itself, after a review`;
}
