import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { nearest } from "../../model/nearest.js";
import type { ResourceType } from "../../stack/resource-type.js";

/** A class of a vendor's package: one type of resource. */
export interface ResourceClass {
	new (name: string, args: Record<string, unknown>, options: pulumi.CustomResourceOptions): pulumi.CustomResource;
	get?(name: string, id: pulumi.Input<string>, state: Record<string, unknown>, options: pulumi.CustomResourceOptions): pulumi.CustomResource;
	__pulumiType?: string;
}

type Namespace = Record<string, unknown>;

/** A vendor's package that is not in the user's project, or has no such type: one sentence. */
export class PackageError extends Error {
	override readonly name = "PackageError";
}

/**
 * Loads a vendor's Pulumi package from the user's project: installed, or written under `sdks/` by `pulumi package add`.
 * @param folder the project's
 * @throws PackageError when it is in neither place
 */
export function loadPackage(name: string, module: string, install: string, folder: string): Namespace {
	const require = createRequire(join(folder, "package.json"));
	const local = join(folder, "sdks", name);
	for (const path of [module, local]) {
		if (path === local && !existsSync(join(local, "package.json"))) continue;
		try {
			require.resolve(path);
		} catch {
			continue;
		}
		return require(path) as Namespace;
	}
	throw new PackageError(`the Pulumi package ${module} is not installed in ${folder}: ${install}`);
}

/** The class of a type. @throws PackageError naming the nearest type, where the package has none */
export function classOf(namespace: Namespace, type: ResourceType): ResourceClass {
	const found = type.module === null ? namespace.Provider : inModule(namespace, type.module, type.name);
	if (isClass(found) && (type.module === null || found.__pulumiType === type.token)) return found;
	const all = [namespace, ...Object.values(namespace).filter(isNamespace)].flatMap(typesIn);
	const meant = nearest(type.token, all) ?? all.find((token) => token.endsWith(`:${type.name}`));
	throw new PackageError(`there is no type ${type.token} in the installed package ${type.package}${meant ? `; did you mean ${meant}?` : ""}`);
}

/** `policy/signon` stands in the package's namespace `policy`, `index/group` in the package itself. */
function inModule(namespace: Namespace, module: string, name: string): unknown {
	const [space = ""] = module.split("/");
	const held = space === "index" ? namespace : namespace[space];
	return isNamespace(held) ? held[name] : undefined;
}

function typesIn(namespace: Namespace): string[] {
	return Object.values(namespace).flatMap((one) => (isClass(one) && one.__pulumiType?.includes(":") ? [one.__pulumiType] : []));
}

function isClass(value: unknown): value is ResourceClass {
	return typeof value === "function" && "__pulumiType" in value;
}

function isNamespace(value: unknown): value is Namespace {
	return typeof value === "object" && value !== null;
}
