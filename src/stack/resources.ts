import { nearest } from "../model/nearest.js";
import type { PulumiPackage } from "../provider/pulumi-package.js";
import type { Declared } from "./build.js";
import type { Mark } from "./document.js";
import { reportSchemaErrors } from "./explain.js";
import { type Parts, pathText } from "./paths.js";
import { accepted } from "./prepared.js";
import { checkOrder, checkReferences } from "./resource-graph.js";
import { listedPackages, schemasOf, typeSchema } from "./resource-schemas.js";
import { type ResourceType, readType } from "./resource-type.js";
import type { StackResource } from "./stack.js";
import { checkSystem, type Scope } from "./targets.js";
import { isMapping } from "./values.js";

export interface PackageLookup {
	/** A provider's Pulumi package; null where it has none. Without it nothing is said of which system a resource belongs to. */
	pulumiPackages?: ((provider: string) => Promise<PulumiPackage | null>) | undefined;
}

/** Checks everything under `resources`: types, properties, options, references, and the system each belongs to. */
export async function checkResources(stack: Declared, marks: Map<string, Mark>, scope: Scope, lookup: PackageLookup): Promise<void> {
	const resources = Object.entries(stack.resources);
	if (resources.length === 0) return;
	for (const [key, resource] of resources) {
		const parts = ["resources", key];
		const functions = checkFunctions(resource.properties, [...parts, "properties"], scope);
		const type = checkType(resource, parts, scope);
		if (type !== null && !functions) await checkProperties(resource, type, parts, marks, scope);
	}
	checkNames(stack, scope);
	checkReferences(stack.resources, scope);
	checkOrder(stack.resources, scope);
	if (lookup.pulumiPackages) await checkOwners(stack, scope, lookup.pulumiPackages);
}

function checkType(resource: StackResource, parts: Parts, scope: Scope): ResourceType | null {
	const at = [...parts, "type"];
	if (resource.type === "" || scope.reporter.failed(at)) return null;
	const type = readType(resource.type);
	if (type === null) {
		scope.reporter.at(at, `\`${resource.type}\` is no Pulumi type`, { hint: "write `<package>:<module>:<Type>`: `okta:policy/signon:Signon`" });
		return null;
	}
	resource.type = type.token;
	const schemas = schemasOf(type.package);
	if (schemas === null) {
		const meant = nearest(type.package, listedPackages);
		scope.reporter.at(at, `nothing is known here of the Pulumi package \`${type.package}\`: only the engine checks this resource`, {
			level: "warning",
			hint: meant === null || listedPackages.includes(type.package) ? undefined : `did you mean \`${meant}\`?`,
		});
		return type;
	}
	if (type.module === null || Object.hasOwn(schemas.types, type.token)) return type;
	if (schemas.others.includes(type.token)) {
		scope.reporter.at(at, `the properties of \`${type.token}\` are not known here: only the engine checks them`, { level: "warning" });
		return type;
	}
	const all = [...Object.keys(schemas.types), ...schemas.others];
	const meant = nearestType(type, all);
	// A newer package may have more types; only a type that is written in full can be one.
	const near = meant === null ? { hint: `@pulumi/${type.package} ${schemas.version} has none of this name` } : { hint: `did you mean \`${meant}\`?` };
	scope.reporter.at(at, `there is no type \`${type.token}\` in \`${type.package}\` ${schemas.version}`, { ...near, level: type.short ? "error" : "warning" });
	return type.short ? null : type;
}

/** The type that is nearest by its whole token, else by its name alone. */
export function nearestType({ token, name }: ResourceType, all: string[]): string | null {
	const byName = nearest(
		name,
		all.map((one) => one.slice(one.lastIndexOf(":") + 1)),
	);
	const near = nearest(token, all);
	if (byName === null) return near;
	return all.find((one) => one === near && one.endsWith(`:${byName}`)) ?? all.find((one) => one.endsWith(`:${byName}`)) ?? near;
}

async function checkProperties(resource: StackResource, type: ResourceType, parts: Parts, marks: Map<string, Mark>, scope: Scope): Promise<void> {
	const schemas = schemasOf(type.package);
	if (schemas === null || !Object.hasOwn(schemas.types, type.token) || resource.get !== null) return;
	const schema = typeSchema(schemas, type.token);
	if (await accepted("values", schema, resource.properties)) return;
	const { errorsOf } = await import("./validate.js");
	const root = marks.has(pathText([...parts, "properties"])) ? [...parts, "properties"] : parts;
	const errors = errorsOf("values", schema, resource.properties).filter(({ keyword }) => keyword !== "if");
	reportSchemaErrors(errors, root, marks, scope.reporter);
}

/** Whether a function of Pulumi YAML stands in a value; each is reported. */
function checkFunctions(value: unknown, parts: Parts, scope: Scope): boolean {
	if (Array.isArray(value)) return value.filter((item, index) => checkFunctions(item, [...parts, index], scope)).length > 0;
	if (!isMapping(value)) return false;
	return (
		Object.entries(value).filter(([key, item]) => {
			if (!key.startsWith("fn::")) return checkFunctions(item, [...parts, key], scope);
			scope.reporter.at([...parts, key], "functions of Pulumi YAML are not known in a stack file", { on: "key", hint: "write the value out" });
			return true;
		}).length > 0
	);
}

/** Pulumi knows a resource by type and name; each system's provider has the system's name. */
function checkNames(stack: Declared, scope: Scope): void {
	const seen = new Map<string, string>();
	for (const [key, { name, type }] of Object.entries(stack.resources)) {
		const before = seen.get(`${type} ${name}`);
		const at = ["resources", key, ...(name === key ? [] : ["name"])];
		if (before !== undefined)
			scope.reporter.at(at, `\`${before}\` has this name and type already`, { on: name === key ? "key" : "value", hint: "give it another name" });
		else if (type.startsWith("pulumi:providers:") && Object.hasOwn(stack.systems, name))
			scope.reporter.at(at, `the provider of the system \`${name}\` has this name`, { on: name === key ? "key" : "value", hint: "give it another name" });
		seen.set(`${type} ${name}`, key);
	}
}

/** Finds the system of every resource, and asks whether its vendor's plugin can have the system's `act` credential. */
async function checkOwners(stack: Declared, scope: Scope, packageOf: (provider: string) => Promise<PulumiPackage | null>): Promise<void> {
	const packages = new Map<string, PulumiPackage>();
	for (const [system, { provider }] of Object.entries(stack.systems)) {
		// A provider that can't be loaded was reported where it is named.
		const found = await packageOf(provider).catch(() => null);
		if (found) packages.set(system, found);
	}
	const used = new Map<string, { types: string[]; first: string }>();
	for (const [key, resource] of Object.entries(stack.resources)) {
		const type = readType(resource.type);
		if (type === null || scope.reporter.failed(["resources", key, "type"])) continue;
		const system = systemOf(key, resource, type, packages, scope);
		resource.system = system;
		if (system === null) continue;
		const before = used.get(system);
		if (before) before.types.push(type.token);
		else used.set(system, { types: [type.token], first: key });
	}
	for (const [system, { types, first }] of used) {
		const declared = stack.systems[system];
		const found = packages.get(system);
		if (!declared || !found) continue;
		if (declared.act === null) {
			scope.reporter.at(["resources", first], `resources are made with the \`act\` credential of their system, and \`${system}\` has none`, {
				on: "key",
				hint: `declare \`systems.${system}.act\``,
			});
			continue;
		}
		const made = found.provider({ url: declared.url, credential: declared.act, options: declared.options }, [...new Set(types)].sort());
		if ("problem" in made) scope.reporter.at(["systems", system, "act", ...(made.at === null ? [] : [made.at])], made.problem, { on: "key", hint: made.hint });
	}
}

function systemOf(key: string, resource: StackResource, type: ResourceType, packages: Map<string, PulumiPackage>, scope: Scope): string | null {
	const at = ["resources", key];
	const fitting = [...packages].filter(([, { name }]) => name === type.package).map(([system]) => system);
	const named = resource.system;
	if (named !== null) {
		if (!checkSystem(named, [...at, "system"], "value", scope)) return null;
		if (type.module !== null && fitting.includes(named) && resource.options.provider === undefined) return named;
		const why =
			type.module === null
				? "a provider belongs to no system"
				: resource.options.provider !== undefined
					? "a resource with a provider of its own belongs to no system"
					: `\`${named}\` is no system of the package \`${type.package}\``;
		scope.reporter.at([...at, "system"], why, { hint: fitting.length > 0 && type.module !== null ? `one of ${fitting.join(", ")}` : "remove `system`" });
		return null;
	}
	if (type.module === null || resource.options.provider !== undefined) return null;
	if (fitting.length > 1) {
		scope.reporter.at(at, `several systems are of the package \`${type.package}\``, { on: "key", hint: `write \`system:\` with one of ${fitting.join(", ")}` });
		return null;
	}
	if (fitting.length === 0 && schemasOf(type.package) !== null)
		scope.reporter.at([...at, "type"], `no system of this file is of the package \`${type.package}\``, {
			hint: "declare the system, or give the resource a `provider`",
		});
	return fitting[0] ?? null;
}
