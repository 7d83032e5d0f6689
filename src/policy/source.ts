import type { Outcome, Severity } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { Node, Scalar } from "./node.js";
import type { PolicySubject } from "./types.js";

/** What a policy's outcome can be before exemptions are looked at. */
export type PolicyOutcome = Exclude<Outcome, "excepted">;

export const remediationKinds = [
	"suspend-account",
	"end-sessions",
	"expire-password",
	"remove-privileged-role",
	"remove-group-member",
	"revoke-credential",
	"fix-setting",
	"open-ticket",
	"notify",
] as const;
export type RemediationKind = (typeof remediationKinds)[number];
/** One step of the mend: an action Keelson can plan, or what a person has to do. */
export type Remediation = RemediationKind | { manual: string };

/** A parameter the stack file may set. */
export interface ParamDeclaration {
	type: "integer" | "number" | "string" | "boolean" | "array";
	/** Of an array: what its elements are; default string. */
	items?: "string" | "integer";
	default: Scalar | Scalar[];
	minimum?: number;
	maximum?: number;
	enum?: Scalar[];
	description: string;
}

/** A message: plain text, and expressions that stood in braces. */
export type MessagePart = string | Node;

/** One example in the policy file. `subject` holds times as milliseconds; a missing field is unknown. */
export interface PolicyTest {
	name: string;
	/** Line in the policy file. */
	line: number;
	subject: object;
	params: Record<string, Scalar | Scalar[]>;
	now: Millis;
	expect: PolicyOutcome;
	message?: string;
}

/** A policy, read and checked. */
export interface PolicySource {
	file: string;
	/** SHA-256 of the file's text, hex: a plan names the policies it was made with. */
	digest: string;
	id: string;
	title: string;
	severity: Severity;
	/** Findings of one cause are damped together in the score. */
	cause: string;
	for: PolicySubject;
	/** `skip`: declared emergency accounts are not judged. */
	breakGlass: "skip" | "include";
	params: Record<string, ParamDeclaration>;
	/** The conditions' text as written; `where` null = every subject. */
	where: string | null;
	pass: string;
	review: string | null;
	message: string;
	/** The same, checked. */
	checked: { where: Node | null; pass: Node; review: Node | null; message: MessagePart[] };
	why: string;
	remediation: Remediation[];
	blast: string | null;
	controls: string[];
	references: string[];
	whenNotToUse: string | null;
	/** Fields to show as evidence; null = those that `where` and `pass` use. */
	evidence: string[] | null;
}

/** A policy with the examples of its file. */
export interface PolicyFile extends PolicySource {
	tests: PolicyTest[];
}
