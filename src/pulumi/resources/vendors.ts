import type * as pulumi from "@pulumi/pulumi";
import { isProposal, packagesFolder } from "../../cli/base.js";
import { checkResources } from "../../cli/base-resources.js";
import { loadPulumiPackage } from "../../provider/load.js";
import type { PulumiPackage } from "../../provider/pulumi-package.js";
import type { Stack } from "../../stack/stack.js";

/**
 * Declares a stack file's `resources` to the engine; loads nothing where there are none. In a pull request vendors' packages come from where
 * Keelson is installed, not from what is proposed.
 * @param folder the user's project
 * @throws PackageError for what is missing; CliError where a proposal goes further than its base branch allows
 */
export async function vendorResources(stack: Stack, folder: string): Promise<pulumi.Resource[]> {
	if (Object.keys(stack.resources).length === 0) return [];
	await checkResources(stack);
	const packages = new Map<string, PulumiPackage>();
	for (const [system, { provider }] of Object.entries(stack.systems)) {
		const found = await loadPulumiPackage(provider, packagesFolder(stack.file));
		if (found) packages.set(system, found);
	}
	const { realiseResources } = await import("./realise.js");
	return realiseResources(stack, { packages, folder: isProposal() ? packagesFolder(stack.file) : folder, reads: isProposal() });
}
