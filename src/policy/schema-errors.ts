import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import type { Diagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { policySchema } from "./policy-schema.js";
import type { Path, YamlDocument } from "./yaml-document.js";

const ajv = new Ajv2020({ validateSchema: false, allErrors: true, strict: true, allowUnionTypes: true, verbose: true });
const validate = ajv.compile(policySchema);

/** Everything in which a file differs from the policy schema, in the user's words. */
export function schemaErrors(document: YamlDocument): Diagnostic[] {
	if (validate(document.value)) return [];
	const errors = validate.errors ?? [];
	// Of a choice (`anyOf`) one sentence is enough: the branches' own errors are left out.
	const choices = errors.filter((e) => e.keyword === "anyOf").map((e) => e.instancePath);
	const own = errors.filter((e) => e.keyword === "anyOf" || e.keyword === "propertyNames" || !choices.some((path) => e.instancePath.startsWith(path)));
	return own.filter((e) => e.propertyName === undefined).map((e) => diagnose(e, document));
}

function diagnose(e: ErrorObject, document: YamlDocument): Diagnostic {
	const path: Path = e.instancePath
		.split("/")
		.slice(1)
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
		.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
	const params: Readonly<Record<string, unknown>> = e.params;
	if (e.keyword === "additionalProperties") {
		const name = String(params.additionalProperty);
		const known = Object.keys((e.parentSchema as { properties?: object }).properties ?? {});
		const near = nearest(name, known);
		return document.at([...path, name], `unknown key ${name}`, near ? `did you mean ${near}?` : `there are ${known.join(", ")}`, true);
	}
	if (e.keyword === "propertyNames") {
		return document.at(
			[...path, String(params.propertyName)],
			`${String(params.propertyName)} is no parameter name`,
			"letters and digits, as in graceDays",
			true,
		);
	}
	if (e.keyword === "required") return document.at(path, `${String(params.missingProperty)} is missing`, undefined, path.length > 0);
	if (e.keyword === "enum") {
		const allowed = (params.allowedValues as unknown[]).map(String);
		const near = nearest(String(e.data), allowed);
		return document.at(path, `${JSON.stringify(e.data)} is not allowed here`, near ? `did you mean ${near}?` : `one of ${allowed.join(", ")}`);
	}
	if (e.keyword === "anyOf") return document.at(path, `${JSON.stringify(e.data)} is no remediation`, remediationHint(e));
	return document.at(path, plain(e, params), hints[String(params.pattern)]);
}

const hints: Readonly<Record<string, string>> = {
	"^[a-z0-9]+(-[a-z0-9]+)*$": "lower case, digits and hyphens, as in dormant-account",
	"^[a-z0-9-]+:\\S.*$": "framework:control, as in nist-800-53:ia-2.1",
	"^https?://\\S+$": "a web address, as in https://example.org/page",
};

function remediationHint(e: ErrorObject): string {
	const kinds = policySchema.properties.remediation.items.anyOf[0].enum;
	const near = typeof e.data === "string" ? nearest(e.data, [...kinds]) : null;
	return near ? `did you mean ${near}?` : `one of ${kinds.join(", ")}, or { manual: what to do }`;
}

function plain(e: ErrorObject, params: Readonly<Record<string, unknown>>): string {
	switch (e.keyword) {
		case "type":
			return `this must be a ${[params.type].flat().join(" or ")}`;
		case "minLength":
			return "this must not be empty";
		case "minItems":
			return "this list must not be empty";
		case "uniqueItems":
			return "this list has one entry twice";
		case "pattern":
			return `${JSON.stringify(e.data)} does not have the form wanted here`;
		default:
			return `this ${e.message ?? "is not allowed"}`;
	}
}
