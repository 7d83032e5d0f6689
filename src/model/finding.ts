import type { Known, Millis } from "./known.js";

export const severities = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

export type SubjectKind = "account" | "person" | "credential" | "device" | "group" | "app" | "setting" | "system" | "managed";

/** Result of one policy on one subject. Always shown with its denominator. */
export type Outcome = "pass" | "fail" | "unknown" | "not-applicable" | "review" | "excepted";

/** One fact a finding rests on. */
export interface Evidence {
	/** Field path as policies write it: `account.lastActivity`. */
	field: string;
	/** JSON value; missing = unknown. Times are RFC 3339. */
	value?: unknown;
	unknown?: true;
	observedAt: Millis | null;
	/** `GET /api/v1/users`, or `stack file`, `derived`. */
	call: string;
	requestId: string | null;
}

/** One subject failing one policy. `id` = hash(policy id, system, immutable subject id, sub-key): stable over renames and scans. */
export interface Finding {
	id: string;
	policy: string;
	title: string;
	severity: Severity;
	cause: string;
	outcome: "fail" | "review" | "excepted";
	system: string;
	subject: SubjectRef;
	message: string;
	evidence: Evidence[];
	remediation: string[];
	controls: string[];
	state: "new" | "open" | "fixed" | "reopened";
	firstSeen: Millis;
	lastSeen: Millis;
	exemption?: ExemptionRef;
	/** A failure that an exemption names, which does not hold now. */
	withheld?: Withheld;
}

export interface SubjectRef {
	kind: SubjectKind;
	/** `<system>/<immutable id>`. */
	key: string;
	/** For people; never used to find anything. */
	label: string;
}

export interface ExemptionRef {
	/** `baseline`: accepted with everything that was open when a team started; missing: agreed on by itself in the stack file. */
	source?: "baseline";
	owner: string;
	reason: string;
	ticket?: string;
	expires: string;
	/** The policy that passes for the same subject, and must. */
	compensatedBy?: string;
}

/** Why an exemption does not hold: the policy that must pass for the same subject does not, or nobody knows. */
export interface Withheld {
	compensatedBy: string;
	/** `not-in-force`: the stack file does not use that policy, so nothing is known of it. */
	outcome: Exclude<Outcome, "pass" | "excepted"> | "not-in-force";
	expires: string;
}

/** One policy's counts over its population: `pass + fail + unknown + review + excepted` is the denominator. */
export interface PolicyCounts {
	policy: string;
	title: string;
	severity: Severity;
	cause: string;
	/** What is at stake, in the policy's words. */
	why?: string;
	pass: number;
	fail: number;
	unknown: number;
	review: number;
	excepted: number;
	notApplicable: number;
	/** The same, weighted by exposure (scoring.md §2). */
	weight: { pass: number; fail: number; unknown: number; excepted: number };
	/** Why subjects are unknown: field → how many. */
	unknownFields: Record<string, number>;
}

export type Band = "low" | "medium" | "high" | "critical" | "unknown";

/** Risk of one identity, 0–100. `score` null: nothing known. `scoreMax`: were every unknown a failure. */
export interface RiskScore {
	score: number | null;
	scoreMax: number;
	band: Band;
	bandMax: Band;
	/** Whole points that sum to `score`, by finding id or exposure word. */
	contributions: Contribution[];
	unknownPolicies: number;
	evaluatedPolicies: number;
}

export interface Contribution {
	source: "finding" | "exposure";
	/** Finding id, or `top-privilege`, `privilege`, `external`, `reachable-anywhere`, `dormant`. */
	id: string;
	label: string;
	points: number;
}

/** Facts that make a gap worse. Unknown counts as absent in `score` and as present in `scoreMax`. */
export interface Exposure {
	topPrivilege: Known<boolean>;
	privilege: Known<boolean>;
	external: Known<boolean>;
	reachableAnywhere: Known<boolean>;
	dormant: Known<boolean>;
}

/** Posture, 0–100, higher is better: per policy, control, tenant. Null: nothing known, or nothing applies. */
export interface Posture {
	posture: number | null;
	postureMax: number | null;
	/** known / total, 0–1; null when nothing applies. */
	coverage: number | null;
}
