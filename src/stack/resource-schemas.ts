import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What `schema/resources/<package>.json` holds: the listed types of one vendor's Pulumi package. */
export interface ResourceSchemas {
	$schema: string;
	title: string;
	package: string;
	/** The package's version that they are made from. */
	version: string;
	/** By type: every property that the object has once it exists. */
	types: Record<string, string[]>;
	/** The package's other types, of which only the names are known here. */
	others: string[];
	/** By type: JSON Schema of its properties. What the types share has names of its own. */
	$defs: Record<string, Record<string, unknown>>;
}

const folder = new URL("schema/resources/", root());
const read = new Map<string, ResourceSchemas | null>();

/** Where `schema/` stands: the package's root, from source or compiled. */
function root(): URL {
	const above = new URL("../../", import.meta.url);
	return existsSync(fileURLToPath(new URL("schema/", above))) ? above : new URL("../", above);
}

/** The listed types of a package; null: none of its types are listed. */
export function schemasOf(name: string): ResourceSchemas | null {
	const held = read.get(name);
	if (held !== undefined) return held;
	const file = fileURLToPath(new URL(`${name}.json`, folder));
	const found = /^[a-z][a-z0-9-]*$/.test(name) && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ResourceSchemas) : null;
	read.set(name, found);
	return found;
}

/** JSON Schema of one listed type's properties, with the definitions that it needs and no others. */
export function typeSchema({ $schema, $defs }: ResourceSchemas, type: string): Record<string, unknown> {
	const needed: ResourceSchemas["$defs"] = {};
	const add = (value: unknown): void => {
		if (typeof value !== "object" || value === null) return;
		for (const [key, one] of Object.entries(value)) {
			if (key !== "$ref" || typeof one !== "string") add(one);
			else if (!needed[one.slice("#/$defs/".length)]) {
				const name = one.slice("#/$defs/".length);
				needed[name] = $defs[name] ?? {};
				add(needed[name]);
			}
		}
	};
	const own = $defs[type] ?? {};
	add(own);
	return { $schema, ...own, $defs: needed };
}

/** Names of the packages that have listed types. */
export const listedPackages = ["okta", "azuread", "googleworkspace"];
