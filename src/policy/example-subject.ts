import type { Diagnostic } from "../model/diagnostic.js";
import type { KnownList } from "../model/known.js";
import { nearest } from "../model/nearest.js";
import { aType, type CelType } from "./cel-type.js";
import { timestampMillis } from "./time.js";
import type { Path, YamlDocument } from "./yaml-document.js";

/** Turns an object of a policy test, as written, into a subject: ISO dates to milliseconds, `{ $partial: [ … ] }` to partial lists. */
export function readSubject(written: unknown, type: CelType, path: Path, document: YamlDocument, errors: Diagnostic[]): unknown {
	if (written === null) {
		if (!type.nullable) errors.push(document.at(path, "this field is never null", "leave it out to make it unknown"));
		return null;
	}
	switch (type.kind) {
		case "dyn":
			return written;
		case "timestamp":
			return readTime(written, path, document, errors);
		case "list":
			return readList(written, type, path, document, errors);
		case "object":
			return readObject(written, type, path, document, errors);
		default:
			break;
	}
	const wanted = type.kind === "bool" ? "boolean" : type.kind === "string" ? "string" : "number";
	if (typeof written !== wanted || (type.kind === "int" && !Number.isSafeInteger(written))) {
		errors.push(document.at(path, `this must be ${aType(type)}`));
	} else if (typeof written === "string" && type.values && !type.values.includes(written)) {
		const near = nearest(written, [...type.values]);
		errors.push(document.at(path, `'${written}' never occurs here`, near ? `did you mean '${near}'?` : `there are ${type.values.join(", ")}`));
	}
	return written;
}

function readTime(written: unknown, path: Path, document: YamlDocument, errors: Diagnostic[]): number | null {
	const millis = typeof written === "string" ? timestampMillis(written) : null;
	if (millis === null) errors.push(document.at(path, "this must be a time", "write 2026-01-01 or 2026-01-01T09:00:00Z"));
	return millis;
}

function readList(written: unknown, type: CelType, path: Path, document: YamlDocument, errors: Diagnostic[]): KnownList<unknown> {
	const partial = typeof written === "object" && written !== null && !Array.isArray(written) && Object.keys(written).join() === "$partial";
	const items: unknown = partial ? Reflect.get(written, "$partial") : written;
	if (!Array.isArray(items)) {
		errors.push(document.at(path, `this must be ${aType(type)}`, "a list not read to the end is written { $partial: [ … ] }"));
		return [];
	}
	const below = partial ? [...path, "$partial"] : path;
	const list: KnownList<unknown> = items.map((item, i) => (type.element ? readSubject(item, type.element, [...below, i], document, errors) : item));
	if (partial) list.partial = true;
	return list;
}

function readObject(written: unknown, type: CelType, path: Path, document: YamlDocument, errors: Diagnostic[]): object {
	if (typeof written !== "object" || written === null || Array.isArray(written)) {
		errors.push(document.at(path, "this must be an object with fields"));
		return {};
	}
	const fields = type.fields ?? {};
	const entries: [string, unknown][] = [];
	for (const [name, value] of Object.entries(written)) {
		const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (spec) {
			entries.push([name, readSubject(value, spec.type, [...path, name], document, errors)]);
			continue;
		}
		const near = nearest(name, Object.keys(fields));
		errors.push(document.at([...path, name], `unknown field ${name}`, near ? `did you mean ${near}?` : `there are ${Object.keys(fields).join(", ")}`, true));
	}
	return Object.fromEntries(entries);
}
