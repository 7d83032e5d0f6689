import type { Finding, SubjectKind } from "../model/finding.js";

/** A line of a file in the repository. Lines and columns from 1, in UTF-16 code units; `endColumn` is the one after the last character. */
export interface Place {
	/** From the repository's root, parted by `/`, symbolic links resolved. */
	path: string;
	line: number;
	column: number;
	endColumn: number;
}

/** Where what a report speaks of is declared. */
export interface Places {
	/** Line 1 of the stack file, for what is declared nowhere. */
	stack: Place;
	/** By subject key (`okta/00u1`, `okta/group/00g1`, `okta`). */
	subjects: ReadonlyMap<string, Place>;
	/** By policy and subject key, see `exemptionKey`. */
	exemptions: ReadonlyMap<string, Place>;
	/** Lines of the stack file that set or enable a policy, else the policy's own where its file is the user's and in the repository. */
	policies: ReadonlyMap<string, Place>;
}

/** What an assessment does not hold of a policy, since it has findings only where something fails. */
export interface PolicyFacts {
	/** What it judges: where the lists of those were not read whole, that nothing fails proves nothing. */
	subject: SubjectKind;
	/** Sentences, or kinds of change that Keelson can plan. */
	remediation: readonly string[];
	/** `framework:control`. */
	controls: readonly string[];
	/** https URLs. */
	references: readonly string[];
}

/** What formats for other machines need beside the assessment. Plain data: the same gives the same bytes. */
export interface Surroundings {
	/** Keelson's. */
	version: string;
	places: Places;
	policies: ReadonlyMap<string, PolicyFacts>;
}

export function exemptionKey(policy: string, subject: string): string {
	return JSON.stringify([policy, subject]);
}

/** The exemption's line, else that of the subject, else the policy's, else the stack file's first. */
export function placeOf({ policy, subject, outcome }: Pick<Finding, "policy" | "subject" | "outcome">, places: Places): Place {
	const exemption = outcome === "excepted" ? places.exemptions.get(exemptionKey(policy, subject.key)) : undefined;
	return exemption ?? places.subjects.get(subject.key) ?? placeOfPolicy(policy, places);
}

export function placeOfPolicy(policy: string, places: Places): Place {
	return places.policies.get(policy) ?? places.stack;
}
