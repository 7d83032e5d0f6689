import { nearest } from "../model/nearest.js";
import type { Parts } from "./paths.js";
import { isMapping, items, mapping } from "./values.js";

/** A key that decides between the forms of a value, and holds none of the words that do. */
export interface WrongChoice {
	parts: Parts;
	key: string;
	allowed: string[];
	meant: string | null;
	missing: boolean;
}

/**
 * Replaces `oneOf`/`anyOf` by the one branch that the data chose by a constant (`method: private-key-jwt`), so that errors
 * speak of what was meant. Branches are looked up through local references; unions without such a key stay.
 */
export function narrow(schema: unknown, data: unknown, root: unknown, parts: Parts, wrong: WrongChoice[]): unknown {
	const here = dereference(schema, root);
	if (!isMapping(here)) return here;
	const out: Record<string, unknown> = { ...here };
	for (const union of ["oneOf", "anyOf"]) {
		const branches = items(here[union]).map((branch) => dereference(branch, root));
		const key = branches.length > 1 ? discriminator(branches) : null;
		if (key === null || !isMapping(data)) continue;
		const chosen = branches.filter((branch) => constants(branch, key).includes(data[key]));
		if (chosen.length === 1) {
			delete out[union];
			const rest = narrow(chosen[0], data, root, parts, wrong);
			return Object.keys(out).some((name) => name !== "description" && name !== "type") ? { allOf: [out, rest] } : rest;
		}
		if (chosen.length > 1) continue;
		delete out[union];
		const allowed = branches.flatMap((branch) => constants(branch, key)).map(String);
		const written = data[key];
		wrong.push({ parts, key, allowed, meant: typeof written === "string" ? nearest(written, allowed) : null, missing: written === undefined });
	}
	const properties = mapping(here.properties);
	if (isMapping(data) && Object.keys(properties).length > 0) {
		out.properties = Object.fromEntries(
			Object.entries(properties).map(([name, property]) => [
				name,
				data[name] === undefined ? property : narrow(property, data[name], root, [...parts, name], wrong),
			]),
		);
	}
	return out;
}

function dereference(schema: unknown, root: unknown): unknown {
	let here = schema;
	for (let hops = 0; hops < 20 && isMapping(here) && typeof here.$ref === "string" && here.$ref.startsWith("#/"); hops++) {
		here = here.$ref
			.slice(2)
			.split("/")
			.reduce<unknown>((at, step) => mapping(at)[step], root);
	}
	return here;
}

function discriminator(branches: unknown[]): string | null {
	const keys = Object.keys(mapping(mapping(branches[0]).properties));
	return keys.find((key) => branches.every((branch) => constants(branch, key).length > 0)) ?? null;
}

function constants(branch: unknown, key: string): unknown[] {
	const property = mapping(mapping(mapping(branch).properties)[key]);
	return "const" in property ? [property.const] : items(property.enum);
}
