import { nearest } from "../model/nearest.js";
import type { Mark } from "./document.js";
import { isSecretPath } from "./mask.js";
import { type Parts, pathText } from "./paths.js";
import { hasReference, readReference, resourceNames } from "./references.js";
import { clip, type Reporter } from "./report.js";
import { isMapping, mapping } from "./values.js";

/** Checks every text of the file for what may stand where: secret references, references between resources, private keys, words that are a boolean to others. */
export function checkTexts(data: unknown, marks: Map<string, Mark>, reporter: Reporter): void {
	const resources = mapping(mapping(data).resources);
	const visit = (value: unknown, parts: Parts): void => {
		if (typeof value === "string") checkText(value, parts);
		else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...parts, index]);
		else if (isMapping(value)) for (const [key, item] of Object.entries(value)) visit(item, [...parts, key]);
	};
	const checkText = (text: string, parts: Parts): void => {
		if (isFreeForm(parts) && marks.get(pathText(parts))?.ambiguousWord === true) {
			const boolean = /^(y|yes|on)$/i.test(text);
			reporter.at(parts, `\`${text}\` without quotes is text to some readers of YAML and ${boolean} to others`, {
				hint: `write ${boolean}, or "${text}" in quotes`,
			});
		}
		if (/-----BEGIN [A-Z ]*PRIVATE KEY/.test(text))
			return reporter.at(parts, "a private key must not stand in this file", { hint: "write ${file:path} or ${env:NAME}" });
		if (isSecretPath(parts)) {
			const found = readReference(text);
			if (found.kind === "bad") reporter.at(parts, found.error, { hint: found.hint });
			return;
		}
		if (!hasReference(text)) return;
		if (/\$\{(env|file):/.test(text))
			return reporter.at(parts, "a secret reference can stand only under `auth` and `act` of a system", {
				hint: "elsewhere no secret is needed; for the characters themselves write $${",
			});
		if (parts[0] !== "resources")
			return reporter.at(parts, "`${…}` refers to a resource, which can be done only under `resources`", { hint: "for the characters themselves write $${" });
		for (const name of resourceNames(text)) {
			if (name === "pulumi" || Object.hasOwn(resources, name) || reporter.failed(parts)) continue;
			reporter.at(parts, `there is no resource \`${clip(name)}\``, { hint: () => meantResource(name, resources) });
		}
	};
	visit(data, []);
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
