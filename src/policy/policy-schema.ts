import { severities } from "../model/finding.js";
import { remediationKinds } from "./source.js";
import { policySubjects } from "./types.js";

const line = { type: "string", minLength: 1 };
const cel = (description: string): object => ({ type: "string", minLength: 1, description: `${description} CEL; see docs.` });
const paramValue = { type: ["string", "number", "boolean", "array"], items: { type: ["string", "integer"] } };

const test = {
	type: "object",
	required: ["name", "expect"],
	additionalProperties: false,
	properties: {
		name: { ...line, description: "What the example shows." },
		...Object.fromEntries(
			policySubjects.map((kind) => [
				kind,
				{ type: "object", description: `Fields of the ${kind}. Times are ISO dates; a missing field is unknown; a partial list is { $partial: [ … ] }.` },
			]),
		),
		params: { type: "object", additionalProperties: paramValue },
		now: { ...line, description: "The snapshot's time; default 2026-01-01." },
		expect: { enum: ["pass", "fail", "unknown", "not-applicable", "review"] },
		message: { ...line, description: "The message expected." },
	},
};

/** JSON Schema (2020-12) of a policy file; published as `schema/policy.json`. */
export const policySchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://keelson.dev/schema/policy.json",
	title: "Keelson policy",
	description: "One policy: whom it is for, what they must satisfy, why, what mends it, and examples that are tested.",
	type: "object",
	required: ["id", "title", "severity", "cause", "for", "pass", "message", "why", "tests"],
	additionalProperties: false,
	properties: {
		id: { type: "string", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", description: "Immutable: findings and exemptions name it. Lower case, digits, hyphens." },
		title: { ...line, description: "What holds when all is well, in a few words." },
		severity: { enum: severities },
		cause: { type: "string", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", description: "Findings of one cause are damped together in the score." },
		for: { enum: policySubjects, description: "The kind of subject judged." },
		breakGlass: { enum: ["skip", "include"], default: "skip", description: "Whether declared emergency accounts are judged." },
		params: {
			type: "object",
			propertyNames: { pattern: "^[a-zA-Z][a-zA-Z0-9]*$" },
			additionalProperties: {
				type: "object",
				required: ["type", "default", "description"],
				additionalProperties: false,
				properties: {
					type: { enum: ["integer", "number", "string", "boolean", "array"] },
					items: { enum: ["string", "integer"] },
					default: paramValue,
					minimum: { type: "number" },
					maximum: { type: "number" },
					enum: { type: "array", minItems: 1, items: { type: ["string", "number", "boolean"] } },
					description: line,
				},
			},
		},
		where: cel("The subjects the policy applies to; without it, all."),
		pass: cel("What must be true."),
		review: cel("Where `pass` is false and this is true, the outcome is review, not fail."),
		message: { ...line, description: "The finding in one sentence. Braces hold CEL." },
		why: { ...line, description: "What an attacker, or chance, makes of the gap." },
		remediation: {
			type: "array",
			items: {
				anyOf: [{ enum: remediationKinds }, { type: "object", required: ["manual"], additionalProperties: false, properties: { manual: line } }],
			},
		},
		blast: { ...line, description: "What the mend may break." },
		controls: { type: "array", uniqueItems: true, items: { type: "string", pattern: "^[a-z0-9-]+:\\S.*$" }, description: "`framework:control`." },
		references: { type: "array", uniqueItems: true, items: { type: "string", pattern: "^https?://\\S+$" } },
		whenNotToUse: line,
		evidence: { type: "array", minItems: 1, uniqueItems: true, items: line, description: "Fields to show; default: those that `where` and `pass` use." },
		tests: { type: "array", minItems: 1, items: test },
	},
} as const;
