import { unresolved } from "../provider/desired.js";
import { type ResourceReference, readPieces } from "../stack/resource-references.js";
import type { StackResource } from "../stack/stack.js";
import { isMapping } from "../stack/values.js";

type Resources = Record<string, StackResource>;

/** References that lead on and on are followed so far. */
const maxHops = 20;

/** A resource's properties with every reference replaced by what another resource's properties say; `unresolved` where only the vendor will know. */
export function resolvedProperties(resource: StackResource, resources: Resources): Record<string, unknown> {
	return Object.fromEntries(Object.entries(resource.properties).map(([key, value]) => [key, resolved(value, resources, maxHops)]));
}

function resolved(value: unknown, resources: Resources, hops: number): unknown {
	if (typeof value === "string") return resolvedText(value, resources, hops);
	if (Array.isArray(value)) return value.map((item) => resolved(item, resources, hops));
	if (!isMapping(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, resources, hops)]));
}

function resolvedText(text: string, resources: Resources, hops: number): unknown {
	const read = readPieces(text);
	if ("fault" in read || hops === 0) return unresolved;
	const values = read.pieces.map((piece) => ("text" in piece ? piece.text : followed(piece, resources, hops - 1)));
	if (values.length === 1) return values[0];
	return values.includes(unresolved) ? unresolved : values.map(String).join("");
}

function followed({ name, path }: ResourceReference, resources: Resources, hops: number): unknown {
	const [first, ...rest] = path;
	const properties = Object.hasOwn(resources, name) ? resources[name]?.properties : undefined;
	if (typeof first !== "string" || !properties || !Object.hasOwn(properties, first)) return unresolved;
	let here = resolved(properties[first], resources, hops);
	for (const step of rest) here = typeof here === "object" && here !== null ? (here as Record<string | number, unknown>)[step] : unresolved;
	return here === undefined ? unresolved : here;
}
