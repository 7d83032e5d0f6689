import { encodeKnown } from "../model/json.js";
import { readType } from "../stack/resource-type.js";
import type { Stack, StackResource } from "../stack/stack.js";
import { checkSystem, refused, trustedBy } from "./base.js";

/** Options by which a resource says whose code runs, and what it sees. */
const trustedOptions = ["pluginDownloadURL", "version", "envVarMappings"];

/**
 * Holds proposed `resources` to the base branch before a plugin is started: it has the system's credential. The systems must be as there, and
 * so must providers of a resource's own, where a plugin comes from, and which packages are used beside those of the systems.
 * @throws CliError, exit code 4, naming what differs
 */
export async function checkResources(stack: Stack): Promise<void> {
	const base = await trustedBy(stack);
	if (base === null) return;
	const used = Object.values(stack.resources);
	for (const system of new Set(used.flatMap((resource) => resource.system ?? []))) await checkSystem(stack, system);
	const known = new Set(Object.values(base.stack.resources).map(packageOf));
	for (const [key, resource] of Object.entries(stack.resources)) {
		const before = Object.hasOwn(base.stack.resources, key) ? base.stack.resources[key] : undefined;
		const isProvider = resource.type.startsWith("pulumi:providers:");
		if (isProvider && (!before || encodeKnown(plain(before)) !== encodeKnown(plain(resource)))) throw refused(`resources.${key}`, base.ref);
		for (const option of trustedOptions)
			if (resource.options[option] !== undefined && encodeKnown(resource.options[option]) !== encodeKnown(before?.options[option] ?? null))
				throw refused(`resources.${key}.options.${option}`, base.ref);
		if (resource.system === null && !isProvider && !known.has(packageOf(resource))) throw refused(`resources.${key}.type`, base.ref);
	}
}

function packageOf({ type }: StackResource): string {
	return readType(type)?.package ?? type;
}

function plain({ name, type, properties, options, get, defaultProvider }: StackResource): object {
	return { name, type, properties, options, get, defaultProvider };
}
