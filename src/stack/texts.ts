import { nearest } from "../model/nearest.js";
import type { Mark } from "./document.js";
import { isSecretPath } from "./mask.js";
import { type Parts, pathText } from "./paths.js";
import { hasReference, readReference } from "./references.js";
import { clip, type Reporter } from "./report.js";
import { readPieces } from "./resource-references.js";
import { isMapping, mapping } from "./values.js";

interface Fault {
	message: string;
	hint: string | (() => string);
}

/** Checks every text of the file for what may stand where: secret references, references between resources, private keys, words that are a boolean to others. */
export function checkTexts(data: unknown, marks: Map<string, Mark>, reporter: Reporter): void {
	const resources = mapping(mapping(data).resources);
	const visit = (value: unknown, parts: Parts): void => {
		if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...parts, index]);
		else if (isMapping(value)) for (const [key, item] of Object.entries(value)) visit(item, [...parts, key]);
		else if (typeof value === "string") {
			const ambiguous = isFreeForm(parts) && marks.get(pathText(parts))?.ambiguousWord === true;
			const fault = ambiguous
				? ambiguousWord(value)
				: isSecretPath(parts) || pathText(parts) === "store"
					? secretFault(value)
					: textFault(value, parts, resources);
			if (fault !== null) reporter.at(parts, fault.message, fault);
		}
	};
	visit(data, []);
}

const references = "${env:NAME} or ${file:path}";
const unescaped = "for the characters themselves write $${";

function secretFault(text: string): Fault | null {
	if (holdsPrivateKey(text)) return { message: "a private key must not stand in this file", hint: `write ${references}` };
	const found = readReference(text);
	return found.kind === "bad" ? { message: found.error, hint: found.hint } : null;
}

function textFault(text: string, parts: Parts, resources: object): Fault | null {
	if (holdsPrivateKey(text))
		return { message: "a private key must not stand in this file", hint: `it belongs under \`auth\` or \`act\` of a system, as ${references}` };
	if (!hasReference(text)) return null;
	if (/\$\{(env|file):/.test(text))
		return {
			message: "a secret reference can stand only under `auth` and `act` of a system, and as a channel's address or key",
			hint: `elsewhere no secret is needed; ${unescaped}`,
		};
	if (parts[0] !== "resources") return { message: "`${…}` refers to a resource, which can be done only under `resources`", hint: unescaped };
	const read = readPieces(text);
	if ("fault" in read) return { message: read.fault, hint: "write `${name.property}`; for the characters themselves write $${" };
	const missing = read.pieces.map((piece) => ("name" in piece ? piece.name : "pulumi")).find((name) => name !== "pulumi" && !Object.hasOwn(resources, name));
	return missing === undefined ? null : { message: `there is no resource \`${clip(missing)}\``, hint: () => meantResource(missing, resources) };
}

function ambiguousWord(text: string): Fault {
	const boolean = /^(y|yes|on)$/i.test(text);
	return { message: `\`${text}\` without quotes is text to some readers of YAML and ${boolean} to others`, hint: `write ${boolean}, or "${text}" in quotes` };
}

function holdsPrivateKey(text: string): boolean {
	return /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text);
}

function meantResource(name: string, resources: object): string {
	const meant = nearest(name, Object.keys(resources));
	return meant === null ? "declare it under `resources`" : `did you mean \`${meant}\`?`;
}

/** Where any JSON value may stand, so that no schema of ours says whether text or a boolean is meant. */
function isFreeForm(parts: Parts): boolean {
	if (parts[0] === "settings") return parts[2] === "values";
	if (parts[0] === "resources") return parts.length > 3;
	return (parts[0] === "policies" && parts[3] === "params") || (parts[0] === "systems" && parts[2] === "options");
}
