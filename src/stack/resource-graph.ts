import { nearest } from "../model/nearest.js";
import type { Parts } from "./paths.js";
import { clip } from "./report.js";
import { type ResourceReference, readPieces, referencesIn, runFacts, wholeReference } from "./resource-references.js";
import { schemasOf } from "./resource-schemas.js";
import { readType } from "./resource-type.js";
import type { StackResource } from "./stack.js";
import type { Scope } from "./targets.js";
import { items } from "./values.js";

type Resources = Record<string, StackResource>;

/** Options that name other resources, each as a whole. */
const links = ["dependsOn", "deletedWith", "parent", "provider"];
const other = "write `${other}`, with the name of a resource";

/** Checks what references name, and writes down what each resource waits for. That a named resource exists at all was checked with the file's texts. */
export function checkReferences(resources: Resources, scope: Scope): void {
	for (const [key, resource] of Object.entries(resources)) {
		const parts = ["resources", key];
		const after = new Set<string>();
		const inputs = [
			...referencesIn(resource.properties, [...parts, "properties"]),
			...referencesIn(resource.get?.state, [...parts, "get", "state"]),
			...referencesIn(resource.get?.id, [...parts, "get", "id"]),
		];
		for (const { parts: at, reference } of inputs) {
			checkValue(reference, at, resources, scope);
			if (reference.name !== "pulumi") after.add(reference.name);
		}
		for (const option of Object.keys(resource.options)) {
			const at = [...parts, "options", option];
			if (links.includes(option)) for (const name of checkLink(resource, option, at, resources, scope)) after.add(name);
			else if (option !== "aliases" && referencesIn(resource.options[option], at).length > 0)
				scope.reporter.at(at, `\`${option}\` takes no reference`, { hint: "for the characters themselves write $${" });
		}
		resource.after = [...after].filter((name) => Object.hasOwn(resources, name));
	}
}

function checkValue(reference: ResourceReference, at: Parts, resources: Resources, scope: Scope): void {
	const { name, path } = reference;
	const [first] = path;
	if (name === "pulumi") {
		if (path.length === 1 && runFacts.includes(String(first))) return;
		const meant = typeof first === "string" ? nearest(first, runFacts) : null;
		scope.reporter.at(at, "`pulumi` has no such value", {
			hint: meant === null ? `there are ${runFacts.join(", ")}` : `did you mean \`\${pulumi.${meant}}\`?`,
		});
		return;
	}
	const resource = resources[name];
	if (!resource || !Object.hasOwn(resources, name)) return;
	if (first === undefined) {
		scope.reporter.at(at, `\`\${${clip(name)}}\` is the whole resource, and a value is wanted here`, { hint: `write \`\${${clip(name)}.id}\`` });
		return;
	}
	const type = readType(resource.type);
	const known = type === null ? undefined : schemasOf(type.package)?.types[type.token];
	if (known === undefined || (typeof first === "string" && ["id", "urn", ...known].includes(first))) return;
	const meant = nearest(String(first), ["id", "urn", ...known]);
	scope.reporter.at(at, `\`${clip(name)}\` has no property \`${clip(String(first))}\``, {
		hint: meant === null ? `there are id, ${known.join(", ")}` : `did you mean \`\${${name}.${meant}}\`?`,
	});
}

function checkLink(resource: StackResource, option: string, at: Parts, resources: Resources, scope: Scope): string[] {
	const value = resource.options[option];
	const list: [unknown, Parts][] = option === "dependsOn" ? items(value).map((item, index) => [item, [...at, index]]) : [[value, at]];
	return list.flatMap(([item, place]) => {
		if (typeof item !== "string" || scope.reporter.failed(place)) return [];
		const reference = wholeReference(item);
		if (reference === null || reference.path.length > 0) {
			// A name that is written without the braces, or a text that can't be read, which was reported already.
			if ("pieces" in readPieces(item))
				scope.reporter.at(place, `\`${option}\` must name a resource as a whole`, { hint: Object.hasOwn(resources, item) ? `write \`\${${item}}\`` : other });
			return [];
		}
		const named = resources[reference.name];
		const isProvider = named?.type.startsWith("pulumi:providers:") === true;
		if (option === "provider" && named && !isProvider)
			scope.reporter.at(place, `\`${clip(reference.name)}\` is no provider`, { hint: "its type must be `pulumi:providers:<package>`" });
		const wanted = readType(resource.type)?.package;
		if (option === "provider" && named && isProvider && named.type !== `pulumi:providers:${wanted}`)
			scope.reporter.at(place, `\`${clip(reference.name)}\` is a provider of another package`, { hint: `this resource needs one of \`${wanted}\`` });
		return [reference.name];
	});
}

/** Reports resources that wait for each other. */
export function checkOrder(resources: Resources, scope: Scope): void {
	const { circle } = ordered(resources);
	const [first] = circle;
	if (first === undefined) return;
	const way = [...circle, first].map((name) => `\`${clip(name)}\``).join(" → ");
	scope.reporter.at(["resources", first], circle.length === 1 ? `\`${clip(first)}\` refers to itself` : `these resources wait for each other: ${way}`, {
		on: "key",
		hint: "take one of the references out",
	});
}

/** Keys so that each comes after what it waits for, in the file's order where that says nothing. `circle`: keys that wait for each other, none where all is well. */
export function ordered(resources: Resources): { keys: string[]; circle: string[] } {
	const keys: string[] = [];
	const done = new Set<string>();
	const open: string[] = [];
	let circle: string[] = [];
	const visit = (key: string): void => {
		if (done.has(key) || circle.length > 0) return;
		if (open.includes(key)) {
			circle = open.slice(open.indexOf(key));
			return;
		}
		open.push(key);
		for (const name of resources[key]?.after ?? []) visit(name);
		open.pop();
		done.add(key);
		keys.push(key);
	};
	for (const key of Object.keys(resources)) visit(key);
	return { keys, circle };
}
