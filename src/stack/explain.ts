import type { ErrorObject } from "ajv";
import { nearest } from "../model/nearest.js";
import type { Mark } from "./document.js";
import { isSecretPath } from "./mask.js";
import { type Parts, pathText, pointerParts } from "./paths.js";
import { clip, type Reporter, shownKey } from "./report.js";
import { describe, expectation, propertyHint, typeWords, where } from "./wording.js";

interface Said {
	message: string;
	hint?: string | undefined;
	on?: "key" | "value";
	/** Where it stands, if not at the value itself. */
	at?: Parts;
}

const atKeys = ["required", "additionalProperties", "unevaluatedProperties"];

/** Reports the schema validator's errors, each in one sentence with its mend. `root`: where in the file the validated value stands. */
export function reportSchemaErrors(errors: ErrorObject[], root: Parts, marks: Map<string, Mark>, reporter: Reporter): void {
	const unions = errors.filter((e) => e.keyword === "oneOf" || e.keyword === "anyOf");
	for (const error of errors) {
		if (unions.some((union) => union !== error && error.schemaPath.startsWith(`${union.schemaPath}/`))) continue;
		const parts = [...root, ...pointerParts(error.instancePath)];
		// A trap in how the value is written was reported already, and says more than its type does.
		if (reporter.failed(parts) && !atKeys.includes(error.keyword)) continue;
		const said = explain(error, parts, marks.get(pathText(parts)));
		if (said !== null) reporter.at(said.at ?? parts, said.message, said);
	}
}

function explain(error: ErrorObject, parts: Parts, mark: Mark | undefined): Said | null {
	const params: Record<string, unknown> = error.params;
	const schema = error.parentSchema ?? {};
	const got = isSecretPath(parts) ? "" : `, got ${describe(error.data)}`;
	const expected = expectation(schema);
	const place = where(parts);
	if (error.propertyName !== undefined) return badName(error.propertyName, expected, parts);
	switch (error.keyword) {
		case "propertyNames": // its own errors have been told, with `propertyName`
		case "if":
			return null;
		case "additionalProperties":
		case "unevaluatedProperties":
			return unknownKey(String(params.additionalProperty ?? params.unevaluatedProperty), Object.keys(schema.properties ?? {}), parts);
		case "required":
			return {
				message: `\`${params.missingProperty}\` is missing${parts.length === 0 ? "" : ` in ${place}`}`,
				on: "key",
				hint: propertyHint(schema, String(params.missingProperty)),
			};
		case "secret":
			return { message: `${place} is a secret and must not stand in this file`, hint: "write ${env:NAME} or ${file:path}" };
		case "type":
			return wrongType(error, got, expected, parts, mark);
		case "enum":
		case "const":
			return notAllowed(error, got, parts);
		case "minLength":
			return { message: `${place} is empty`, hint: expected ? `write ${expected}` : "write a value, or remove the key" };
		case "minProperties":
		case "minItems":
			return { message: `${place} is empty`, on: "key", hint: `at least ${params.limit} must stand here` };
		case "oneOf":
		case "anyOf":
			return union(error, parts);
		case "minimum":
		case "maximum":
			return { message: `${place} must be at ${error.keyword === "minimum" ? "least" : "most"} ${params.limit}${got}` };
		case "pattern": {
			const told = typeof schema.description === "string" ? schema.description : undefined;
			return {
				message: `${place} ${expected ? `must be ${expected}` : "does not have the form that is wanted here"}${got}`,
				hint: expected ? undefined : told,
			};
		}
		case "uniqueItems":
			return { message: `this item stands twice in ${place}`, hint: "keep one of the two", at: [...parts, Math.max(Number(params.i), Number(params.j))] };
		case "false schema":
			return { message: `${place} is not allowed here`, on: "key" };
		default:
			return { message: `${place} ${expected ? `must be ${expected}` : (error.message ?? "is not as expected")}${got}` };
	}
}

function unknownKey(key: string, known: string[], parts: Parts): Said {
	const meant = nearest(key, known);
	const shown = shownKey(parts, key);
	const list = known.length === 0 ? "no keys are known here" : `known here: ${known.join(", ")}`;
	return {
		message: `${shown === "this key" ? "this key is not known" : `unknown key ${shown}`}${parts.length === 0 ? "" : ` in ${where(parts)}`}`,
		hint: meant === null ? list : `did you mean \`${meant}\`?`,
		on: "key",
		at: [...parts, key],
	};
}

function wrongType(error: ErrorObject, got: string, expected: string | null, parts: Parts, mark: Mark | undefined): Said {
	const types = [error.params.type].flat().map(String);
	// A number that would be right in quotes: an id of digits only.
	const pattern = error.parentSchema?.pattern;
	const quotable = expected === null || (typeof pattern === "string" && typeof error.data === "number" && new RegExp(pattern).test(String(error.data)));
	const wants = (quotable ? null : expected) ?? typeWords(types);
	let hint: string | undefined;
	if (types.includes("boolean") && mark?.ambiguousWord)
		hint = `YAML 1.2 reads this as text: write ${/^(y|yes|on)$/i.test(String(error.data)) ? "true" : "false"}`;
	else if (types.includes("string") && ["number", "boolean"].includes(typeof error.data)) hint = quotable ? "put it in quotes" : undefined;
	else if (types.includes("array")) hint = "write each item on a line of its own after `- `, or all in [ ]";
	else if (types.includes("object")) hint = "write `key: value` lines below it, indented, or all in { }";
	else if (typeof error.data === "string" && (types.includes("number") || types.includes("integer"))) hint = "write a plain number, without quotes and unit";
	return { message: `${where(parts)} must be ${wants}${got}`, hint };
}

function notAllowed(error: ErrorObject, got: string, parts: Parts): Said {
	const allowed = (error.keyword === "const" ? [error.params.allowedValue] : [error.params.allowedValues].flat()).map(String);
	const meant = typeof error.data === "string" ? nearest(error.data, allowed) : null;
	const words = allowed.map((value) => `\`${value}\``).join(", ");
	return {
		message: `${where(parts)} must be ${allowed.length > 1 ? "one of " : ""}${words}${got}`,
		hint: meant === null ? undefined : `did you mean \`${meant}\`?`,
	};
}

function union(error: ErrorObject, parts: Parts): Said {
	const branches = Array.isArray(error.schema) ? error.schema : [];
	const keys = branches.flatMap((branch) => (Array.isArray(branch?.required) ? branch.required : []));
	const choice = keys.map((key) => `\`${key}\``).join(" or ");
	const onlyRequired = branches.every((branch) => Object.keys(branch ?? {}).join() === "required");
	if (!onlyRequired)
		return { message: `${where(parts)} fits none of the forms it may have`, on: "key", hint: keys.length > 0 ? `it needs ${choice}` : undefined };
	const several = error.params.passingSchemas !== null && error.params.passingSchemas !== undefined;
	if (several) return { message: `${choice}: only one of them can stand in ${where(parts)}`, on: "key", hint: "remove one" };
	return { message: `${choice} is missing in ${where(parts)}`, on: "key" };
}

function badName(name: string, expected: string | null, parts: Parts): Said {
	return { message: `\`${clip(name)}\` can't be a name in ${where(parts)}`, on: "key", hint: expected ? `write ${expected}` : undefined, at: [...parts, name] };
}
