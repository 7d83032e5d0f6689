import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nearest } from "../model/nearest.js";
import type { ProviderExample } from "./example.js";
import type { Provider } from "./provider.js";
import type { PulumiPackage } from "./pulumi-package.js";

const folder = fileURLToPath(new URL("../../providers/", import.meta.url));
/** The product runs compiled; its tests run from source. */
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

export class ProviderError extends Error {
	override name = "ProviderError";
}

/** Names of the providers that ship with Keelson: one folder each. */
export function providerNames(): string[] {
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, `index.${extension}`)))
		.map((entry) => entry.name)
		.sort();
}

/**
 * Loads the provider a stack file names. A name with a slash or a scope (`@acme/keelson-hr`) is a package next to the stack file
 * that exports `provider` with the same interface.
 * @throws ProviderError when there is no such provider
 */
export async function loadProvider(name: string, baseDir: string): Promise<Provider> {
	const names = providerNames();
	if (names.includes(name)) return take(await import(pathToFileURL(join(folder, name, `index.${extension}`)).href), name);
	if (name.includes("/") || name.startsWith("@")) {
		const require = createRequire(join(baseDir, "package.json"));
		let path: string;
		try {
			path = require.resolve(name);
		} catch {
			throw new ProviderError(`provider package ${name} is not installed in ${baseDir}: npm install ${name}`);
		}
		return take(await import(pathToFileURL(path).href), name);
	}
	const guess = nearest(name, names);
	throw new ProviderError(`there is no provider ${name}; ${guess ? `did you mean ${guess}?` : `there is: ${names.join(", ")}`}`);
}

/**
 * The `configSchema` of a provider, without its HTTP client where it has a `config-schema` module of its own, as those that ship with Keelson do:
 * a stack file is checked at every start, and most commands send nothing.
 * @throws ProviderError when there is no such provider
 */
export async function loadConfigSchema(name: string, baseDir: string): Promise<Provider["configSchema"]> {
	const path = join(folder, name, `config-schema.${extension}`);
	if (!providerNames().includes(name) || !existsSync(path)) return (await loadProvider(name, baseDir)).configSchema;
	const { configSchema } = (await import(pathToFileURL(path).href)) as Partial<Provider>;
	return configSchema ?? (await loadProvider(name, baseDir)).configSchema;
}

/**
 * The vendor's Pulumi package, from a provider's `pulumi` module, which loads nothing else of it; null where it has none.
 * @throws ProviderError when there is no such provider
 */
export async function loadPulumiPackage(name: string, baseDir: string): Promise<PulumiPackage | null> {
	if (!providerNames().includes(name)) return (await loadProvider(name, baseDir)).pulumiPackage ?? null;
	const path = join(folder, name, `pulumi.${extension}`);
	if (!existsSync(path)) return null;
	const { pulumiPackage } = (await import(pathToFileURL(path).href)) as Partial<Provider>;
	return pulumiPackage ?? null;
}

/** What a new stack file says of a system of this provider; null: there is no such provider, or it has no example. */
export async function loadExample(name: string): Promise<ProviderExample | null> {
	const path = join(folder, name, `example.${extension}`);
	if (!providerNames().includes(name) || !existsSync(path)) return null;
	return ((await import(pathToFileURL(path).href)) as { example: ProviderExample }).example;
}

function take(module: { provider?: Provider }, name: string): Provider {
	if (!module.provider?.readers) throw new ProviderError(`provider ${name} does not export a provider`);
	return module.provider;
}
