import type * as pulumi from "@pulumi/pulumi";
import type { PulumiPackage } from "../../provider/pulumi-package.js";
import { readType } from "../../stack/resource-type.js";
import type { Stack } from "../../stack/stack.js";
import { classOf, loadPackage, PackageError } from "./packages.js";

/**
 * The vendor's provider for every system that has resources. What it is told is no secret; the credential reaches the plugin by its environment.
 * `reads`: with the credential that reads, for the preview of a pull request.
 */
export function systemProviders(
	stack: Stack,
	packages: ReadonlyMap<string, PulumiPackage>,
	{ folder, reads }: { folder: string; reads: boolean },
): Map<string, pulumi.ProviderResource> {
	const block = reads ? "auth" : "act";
	const types = new Map<string, Set<string>>();
	for (const { system, type } of Object.values(stack.resources)) if (system !== null) types.set(system, (types.get(system) ?? new Set()).add(type));
	const providers = new Map<string, pulumi.ProviderResource>();
	for (const [system, used] of types) {
		const declared = stack.systems[system];
		const vendor = packages.get(system);
		const credential = declared?.[block];
		if (!declared || !credential || !vendor) throw new PackageError(`systems.${system}: no provider can be made of it`);
		const setup = vendor.provider({ url: declared.url, credential, options: declared.options, ...(reads && { reads }) }, [...used].sort());
		if ("problem" in setup) throw new PackageError(`systems.${system}.${block}: ${setup.problem} (${setup.hint})`);
		const missing = Object.keys(setup.env).filter((name) => !process.env[name]);
		if (missing.length > 0)
			throw new PackageError(
				`resources of ${system} are ${reads ? "read with its `auth`" : "made with its `act`"} credential, and ${missing.map((name) => `the environment variable ${name}`).join(" and ")} is not set`,
			);
		const type = readType(`pulumi:providers:${vendor.name}`);
		if (!type) throw new PackageError(`${vendor.name} can't be the name of a package`);
		const Provider = classOf(loadPackage(vendor.name, vendor.module, vendor.install, folder), type);
		providers.set(system, new Provider(system, setup.config, { envVarMappings: setup.env }) as unknown as pulumi.ProviderResource);
	}
	return providers;
}
