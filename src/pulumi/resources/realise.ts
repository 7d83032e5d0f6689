import type * as pulumi from "@pulumi/pulumi";
import type { PulumiPackage } from "../../provider/pulumi-package.js";
import { ordered } from "../../stack/resource-graph.js";
import { wholeReference } from "../../stack/resource-references.js";
import { readType } from "../../stack/resource-type.js";
import type { Stack, StackResource } from "../../stack/stack.js";
import { classOf, loadPackage, PackageError } from "./packages.js";
import { systemProviders } from "./providers.js";
import { inputOf, type Made } from "./values.js";

export interface RealiseOptions {
	/** The vendor's Pulumi package of each system that has one. */
	packages: ReadonlyMap<string, PulumiPackage>;
	/** The user's project: vendors' packages are loaded from there. */
	folder: string;
	/** Only read, with the credentials that read: the preview of a pull request. */
	reads?: boolean;
}

/**
 * Declares everything under `resources` to the engine, each after what it refers to.
 * @throws PackageError for a package that is not installed, a type it does not have, and a credential that is not there; an Error naming the resource for anything else
 */
export function realiseResources(stack: Stack, { packages, folder, reads = false }: RealiseOptions): pulumi.Resource[] {
	if (Object.keys(stack.resources).length === 0) return [];
	const providers = systemProviders(stack, packages, { folder, reads });
	const made = new Map<string, pulumi.Resource>();
	const find: Made = (name) => {
		const found = made.get(name);
		if (!found) throw new Error(`there is no resource ${name}`);
		return found;
	};
	const defaults = new Map<string, pulumi.ProviderResource>();
	const keys = ordered(stack.resources).keys;
	// A provider that is its package's default stands in options that don't name it.
	for (const key of [...keys].sort((a, b) => Number(isDefault(stack.resources[b])) - Number(isDefault(stack.resources[a])))) {
		const resource = stack.resources[key];
		if (!resource) continue;
		const type = readType(resource.type);
		if (!type) throw new PackageError(`resources.${key}: ${resource.type} is no Pulumi type`);
		const vendor = [...packages.values()].find(({ name }) => name === type.package);
		const module = vendor?.module ?? `@pulumi/${type.package}`;
		const Class = classOf(loadPackage(type.package, module, vendor?.install ?? `npm install ${module}`, folder), type);
		const own = resource.system === null ? (defaults.get(type.package) ?? undefined) : providers.get(resource.system);
		const options = { ...optionsOf(resource, find), ...(own && resource.options.provider === undefined && { provider: own }) };
		const properties = inputOf(resource.properties, find) as Record<string, unknown>;
		if (resource.get) {
			if (!Class.get) throw new PackageError(`resources.${key}: ${resource.type} can't be read with \`get\``);
			made.set(key, Class.get(resource.name, inputOf(resource.get.id, find) as string, inputOf(resource.get.state, find) as Record<string, unknown>, options));
		} else made.set(key, new Class(resource.name, properties, options));
		if (isDefault(resource)) defaults.set(type.package, made.get(key) as pulumi.ProviderResource);
	}
	return [...made.values()];
}

function isDefault(resource: StackResource | undefined): boolean {
	return resource?.defaultProvider === true;
}

/** Options as the engine takes them: what names a resource is that resource. */
function optionsOf({ options }: StackResource, find: Made): pulumi.CustomResourceOptions {
	const linked = (value: unknown): unknown => {
		const reference = wholeReference(value);
		return reference === null ? value : find(reference.name);
	};
	return Object.fromEntries(
		Object.entries(options).map(([key, value]) => {
			if (key === "dependsOn") return [key, Array.isArray(value) ? value.map(linked) : value];
			if (key === "parent" || key === "provider" || key === "deletedWith") return [key, linked(value)];
			return [key, value];
		}),
	);
}
