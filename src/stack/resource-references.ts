import type { Parts } from "./paths.js";
import { isMapping } from "./values.js";

/** A piece of a text: as it stands, or a reference to a resource's property (`${name.prop[0]["key"]}`). */
export type Piece = { text: string } | ResourceReference;

export interface ResourceReference {
	/** The resource's key, or `pulumi`. */
	name: string;
	/** Steps from the resource to the value; none: the resource itself. */
	path: (string | number)[];
}

/** Facts of the run that `${pulumi.…}` names. */
export const runFacts = ["project", "stack", "organization"];

/**
 * A text of a resource in its pieces, by Pulumi YAML's rules: `$${` stands for `${`.
 * @returns `fault`: what is wrong with the first reference that can't be read
 */
export function readPieces(text: string): { pieces: Piece[] } | { fault: string } {
	const pieces: Piece[] = [];
	let plain = "";
	for (let at = 0; at < text.length; ) {
		if (text.startsWith("$${", at)) {
			plain += "${";
			at += 3;
		} else if (text.startsWith("${", at)) {
			const end = endOf(text, at + 2);
			if (end === -1) return { fault: "a reference is not closed" };
			const reference = readReferenceText(text.slice(at + 2, end));
			if (reference === null) return { fault: "this is no reference to a resource" };
			if (plain !== "") pieces.push({ text: plain });
			plain = "";
			pieces.push(reference);
			at = end + 1;
		} else plain += text.charAt(at++);
	}
	if (plain !== "" || pieces.length === 0) pieces.push({ text: plain });
	return { pieces };
}

/** The brace that closes a reference, those in quotes left out. */
function endOf(text: string, from: number): number {
	let quoted = false;
	for (let at = from; at < text.length; at++) {
		const char = text.charAt(at);
		if (quoted && char === "\\") at++;
		else if (char === '"') quoted = !quoted;
		else if (char === "}" && !quoted) return at;
	}
	return -1;
}

function readReferenceText(text: string): ResourceReference | null {
	const head = /^\s*([^\s.[\]{}"':]+)/.exec(text);
	if (!head?.[1]) return null;
	const path: (string | number)[] = [];
	let rest = text.slice(head[0].length).trimEnd();
	while (rest !== "") {
		const step = /^(?:\.([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\])/.exec(rest);
		if (!step) return null;
		if (step[1] !== undefined) path.push(step[1]);
		else if (step[2] !== undefined) path.push(Number(step[2]));
		else path.push(quotedText(step[3] ?? '""'));
		rest = rest.slice(step[0].length);
	}
	return { name: head[1], path };
}

function quotedText(text: string): string {
	try {
		return String(JSON.parse(text));
	} catch {
		return text.slice(1, -1);
	}
}

/** The reference that a value is as a whole: `${name}`, `${name.prop}`; null: it is something else. */
export function wholeReference(value: unknown): ResourceReference | null {
	if (typeof value !== "string") return null;
	const read = readPieces(value);
	const [only, more] = "pieces" in read ? read.pieces : [];
	return only && !more && "name" in only ? only : null;
}

/** Every reference in a value, at any depth, with where it stands. */
export function referencesIn(value: unknown, parts: Parts): { parts: Parts; reference: ResourceReference }[] {
	if (typeof value === "string") {
		const read = readPieces(value);
		return "pieces" in read ? read.pieces.flatMap((piece) => ("name" in piece ? [{ parts, reference: piece }] : [])) : [];
	}
	if (Array.isArray(value)) return value.flatMap((item, index) => referencesIn(item, [...parts, index]));
	if (!isMapping(value)) return [];
	return Object.entries(value).flatMap(([key, item]) => referencesIn(item, [...parts, key]));
}
