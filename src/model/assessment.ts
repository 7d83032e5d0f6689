import type { Exposure, Finding, PolicyCounts, Posture, RiskScore, Withheld } from "./finding.js";
import type { Millis } from "./known.js";
import type { Coverage } from "./snapshot.js";

/** Everything one judging run found out: what reports render and what `--json` prints. */
export interface Assessment {
	tenant: string;
	/** Snapshot's time: the `now` of every policy. */
	at: Millis;
	systems: AssessedSystem[];
	/** sha-256 over policies and their parameters: only runs with the same one are compared. */
	policyDigest: string;
	posture: Posture & { cappedBy: string | null };
	policies: PolicyCounts[];
	/** Open findings, worst first, and those fixed since the last run. */
	findings: Finding[];
	/** Identities with a finding or an unknown check, worst first; the rest is in `bands`. */
	accounts: AccountRisk[];
	bands: Record<"low" | "medium" | "high" | "critical" | "unknown", number>;
	/** Declared things that don't fit the tenant, and exemptions that are unused or over. */
	problems: Problem[];
	/** What became of the findings that the baseline accepts; missing where the stack file names none. */
	baseline?: BaselineCounts;
	/** What became of every exemption of the stack file, in its order. */
	exemptions?: ExemptionUse[];
	/** Earlier runs, oldest first. */
	trend: { at: Millis; posture: number | null; comparable: boolean }[];
}

/** One exemption of the stack file, by what it does. */
export interface ExemptionUse {
	/** Path in the stack file: `exemptions.0`. */
	path: string;
	/**
	 * `used`: it excuses a failure. `withheld`: it would, but for the policy that compensates. `unknown`: for lack of data nobody can say
	 * whether it is needed. `ended`: its time is over.
	 */
	state: "used" | "unused" | "unknown" | "withheld" | "ended";
	/** Ids of the failures that it names, excused or not. */
	findings: string[];
	withheld?: Withheld;
}

/** Findings that a baseline names, by what became of them. */
export interface BaselineCounts {
	/** Still there, and excepted. */
	accepted: number;
	/** Still there and open again: their time is over. */
	ended: number;
	/** Whether they are still there can't be said: data is missing. */
	unknown: number;
	/** Not there any more: nothing has to be accepted. */
	fixed: { policy: string; subject: string }[];
}

export interface AssessedSystem {
	system: string;
	provider: string;
	scan: number;
	started: Millis;
	finished: Millis | null;
	interrupted: boolean;
	requests: number;
	accounts: number;
	enabledAccounts: number;
	coverage: Coverage[];
}

export interface AccountRisk {
	key: string;
	label: string;
	kind: string;
	privileged: boolean | null;
	/** Declared as an emergency account. */
	breakGlass?: true;
	risk: RiskScore;
	exposure: Exposure;
	findings: string[];
	unknownPolicies: string[];
	advice: string;
}

export interface Problem {
	path: string;
	line: number | null;
	message: string;
	blocksWrites: boolean;
}
