import type { Assessment } from "../model/assessment.js";
import { gitlabParts } from "./gitlab.js";
import { renderJunit } from "./junit.js";
import { ocsfParts } from "./ocsf.js";
import { renderOscal } from "./oscal.js";
import { renderSarif } from "./sarif.js";
import type { Place, PolicyFacts, Surroundings } from "./surroundings.js";

export const stackLine: Place = { path: "stacks/acme.yaml", line: 1, column: 1, endColumn: 11 };

/** Surroundings of an assessment whose policies and subjects are named as `plainTexts` names them. */
export function testSurroundings(over: Partial<Surroundings["places"]> = {}, facts: Record<string, Partial<PolicyFacts>> = {}): Surroundings {
	const at = (line: number): Place => ({ path: "stacks/acme.yaml", line, column: 3, endColumn: 40 });
	return {
		version: "1.2.3",
		places: { stack: stackLine, subjects: new Map([["key number 0", at(7)]]), exemptions: new Map(), policies: new Map([["policy-1", at(20)]]), ...over },
		policies: new Map(Object.entries(facts).map(([policy, held]) => [policy, { subject: "account", remediation: [], controls: [], references: [], ...held }])),
	};
}

/** The formats that other machines read. */
export const machineFormats: Record<string, (assessment: Assessment, surroundings?: Surroundings) => string> = {
	sarif: (assessment, surroundings = testSurroundings()) => renderSarif(assessment, surroundings),
	ocsf: (assessment, surroundings = testSurroundings()) => [...ocsfParts(assessment, surroundings)].join(""),
	junit: (assessment, surroundings = testSurroundings()) => renderJunit(assessment, surroundings),
	gitlab: (assessment, surroundings = testSurroundings()) => [...gitlabParts(assessment, surroundings)].join(""),
	oscal: (assessment, surroundings = testSurroundings()) => renderOscal(assessment, surroundings),
};

/** The texts of a JSON value, keys and values. */
export function* stringsOf(value: unknown): Iterable<string> {
	if (typeof value === "string") yield value;
	else if (Array.isArray(value)) for (const item of value) yield* stringsOf(item);
	else if (typeof value === "object" && value !== null)
		for (const [key, held] of Object.entries(value)) {
			yield key;
			yield* stringsOf(held);
		}
}
