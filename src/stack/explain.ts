import type { ErrorObject } from "ajv";
import { nearest } from "../model/nearest.js";
import type { Mark } from "./document.js";
import { isSecretPath } from "./mask.js";
import { type Parts, pathText, pointerParts } from "./paths.js";
import { clip, type Reporter, shownKey } from "./report.js";

interface Place {
	parts: Parts;
	marks: Map<string, Mark>;
	reporter: Reporter;
}

/** Reports the schema validator's errors, each in one sentence with its mend. `root`: where in the file the validated value stands. */
export function reportSchemaErrors(errors: ErrorObject[], root: Parts, marks: Map<string, Mark>, reporter: Reporter): void {
	const unions = errors.filter((e) => e.keyword === "oneOf" || e.keyword === "anyOf");
	for (const error of errors) {
		if (unions.some((union) => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/`))) continue;
		const parts = [...root, ...pointerParts(error.instancePath)];
		// A trap in how the value is written was reported already, and says more than its type does.
		if (reporter.failed(parts) && !["required", "additionalProperties", "unevaluatedProperties"].includes(error.keyword)) continue;
		explain(error, { parts, marks, reporter });
	}
}

function explain(error: ErrorObject, place: Place): void {
	const { parts, reporter } = place;
	const params: Record<string, unknown> = error.params;
	const schema = error.parentSchema ?? {};
	const value = isSecretPath(parts) ? "" : ` ${describe(error.data)}`.trimEnd();
	const got = value === "" ? "" : `, got${value}`;
	const expected = typeof schema["x-expected"] === "string" ? schema["x-expected"] : null;
	switch (error.keyword) {
		case "additionalProperties":
		case "unevaluatedProperties":
			return unknownKey(String(params.additionalProperty ?? params.unevaluatedProperty), Object.keys(schema.properties ?? {}), place);
		case "propertyNames":
			return; // its own errors follow, with `propertyName`
		case "required":
			return reporter.at(parts, `\`${params.missingProperty}\` is missing${parts.length === 0 ? "" : ` in ${where(parts)}`}`, {
				on: "key",
				hint: describedKey(schema, String(params.missingProperty)),
			});
		case "secret":
			return reporter.at(parts, `${where(parts)} is a secret and must not stand in this file`, { hint: "write ${env:NAME} or ${file:path}" });
		case "type":
			return wrongType(error, got, expected, place);
		case "enum":
		case "const":
			return notAllowed(error, got, place);
		case "minLength":
			return error.propertyName === undefined
				? reporter.at(parts, `${where(parts)} is empty`, { hint: expected ? `write ${expected}` : "write a value, or remove the key" })
				: reporter.at(parts, "a key is empty text");
		case "minProperties":
		case "minItems":
			return reporter.at(parts, `${where(parts)} is empty`, { on: "key", hint: `at least ${params.limit} must stand here` });
		case "oneOf":
		case "anyOf":
			return union(error, place);
		case "minimum":
		case "maximum":
			return reporter.at(parts, `${where(parts)} must be at ${error.keyword === "minimum" ? "least" : "most"} ${params.limit}${got}`);
		case "uniqueItems":
			return reporter.at([...parts, Math.max(Number(params.i), Number(params.j))], `this item stands twice in ${where(parts)}`, {
				hint: "keep one of the two",
			});
		case "false schema":
			return reporter.at(parts, `${where(parts)} is not allowed here`, { on: "key" });
		case "if":
		case "not":
			return error.keyword === "if" ? undefined : reporter.at(parts, `${where(parts)} is not allowed as it stands`);
		default:
			if (error.propertyName !== undefined) return badName(error.propertyName, expected, place);
			return reporter.at(parts, `${where(parts)} ${expected ? `must be ${expected}` : (error.message ?? "is not as expected")}${got}`);
	}
}

function unknownKey(key: string, known: string[], { parts, reporter }: Place): void {
	const meant = nearest(key, known);
	const list = known.length === 0 ? "no keys are known here" : `known here: ${known.join(", ")}`;
	reporter.at(
		[...parts, key],
		`${shownKey(parts, key) === "this key" ? "this key is not known" : `unknown key ${shownKey(parts, key)}`}${parts.length === 0 ? "" : ` in ${where(parts)}`}`,
		{
			on: "key",
			hint: meant === null ? list : `did you mean \`${meant}\`?`,
		},
	);
}

function wrongType(error: ErrorObject, got: string, expected: string | null, { parts, marks, reporter }: Place): void {
	const types = [error.params.type].flat().filter((type) => type !== "null");
	const mark = marks.get(pathText(parts));
	// A number that would be right in quotes: an id of digits only.
	const quotable = expected === null || (typeof error.parentSchema?.pattern === "string" && new RegExp(error.parentSchema.pattern).test(String(error.data)));
	const wants = (quotable ? null : expected) ?? types.map((type) => typeNames[String(type)] ?? String(type)).join(" or ");
	let hint: string | undefined;
	if (types.includes("boolean") && mark?.ambiguousWord)
		hint = `YAML 1.2 reads this as text: write ${/^(y|yes|on)$/i.test(String(error.data)) ? "true" : "false"}`;
	else if (types.includes("string") && ["number", "boolean"].includes(typeof error.data)) hint = quotable ? "put it in quotes" : undefined;
	else if (types.includes("array")) hint = "write each item on a line of its own after `- `, or all in [ ]";
	else if (types.includes("object")) hint = "write `key: value` lines below it, indented, or all in { }";
	else if (typeof error.data === "string" && (types.includes("number") || types.includes("integer"))) hint = "write a plain number, without quotes and unit";
	reporter.at(parts, `${parts.length === 0 ? "the file" : where(parts)} must be ${wants}${got}`, { hint });
}

function notAllowed(error: ErrorObject, got: string, { parts, reporter }: Place): void {
	const allowed = error.keyword === "const" ? [error.params.allowedValue] : [error.params.allowedValues].flat();
	const meant = typeof error.data === "string" ? nearest(error.data, allowed.map(String)) : null;
	const one = allowed.map((value) => `\`${value}\``).join(", ");
	reporter.at(parts, `${where(parts)} must be ${allowed.length > 1 ? "one of " : ""}${one}${got}`, {
		hint: meant === null ? undefined : `did you mean \`${meant}\`?`,
	});
}

function union(error: ErrorObject, { parts, reporter }: Place): void {
	const branches = Array.isArray(error.schema) ? error.schema : [];
	const keys = branches.flatMap((branch) => (Array.isArray(branch?.required) ? branch.required : []));
	const choice = keys.map((key) => `\`${key}\``).join(" or ");
	const onlyRequired = branches.every((branch) => Object.keys(branch ?? {}).join() === "required");
	if (!onlyRequired)
		return reporter.at(parts, `${where(parts)} fits none of the forms it may have`, { on: "key", hint: keys.length > 0 ? `it needs ${choice}` : undefined });
	const several = error.params.passingSchemas !== null && error.params.passingSchemas !== undefined;
	reporter.at(parts, several ? `${choice}: only one of them can stand in ${where(parts)}` : `${choice} is missing in ${where(parts)}`, {
		on: "key",
		hint: several ? "remove one" : undefined,
	});
}

function badName(name: string, expected: string | null, { parts, reporter }: Place): void {
	reporter.at([...parts, name], `\`${clip(name)}\` can't be a name in ${where(parts)}`, { on: "key", hint: expected ? `write ${expected}` : undefined });
}

const typeNames: Record<string, string> = {
	string: "text",
	integer: "a whole number",
	number: "a number",
	boolean: "true or false",
	object: "a mapping of keys to values",
	array: "a list",
	null: "empty",
};

/** A value for a message: its kind and, where it is short and plain, itself. */
function describe(value: unknown): string {
	if (value === null || value === undefined) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a mapping";
	if (typeof value === "string") return `the text \`${clip(value)}\``;
	return typeof value === "number" ? `the number ${value}` : String(value);
}

function where(parts: Parts): string {
	const last = parts.at(-1);
	if (typeof last === "number" || /^\d+$/.test(String(last))) return `\`${pathText(parts)}\``;
	return last === undefined ? "the file" : shownKey(parts.slice(0, -1), String(last));
}

function describedKey(schema: Record<string, unknown>, key: string): string | undefined {
	const properties = schema.properties;
	if (typeof properties !== "object" || properties === null) return undefined;
	const description = Object.entries(properties).find(([name]) => name === key)?.[1]?.description;
	return typeof description === "string" ? description : undefined;
}
