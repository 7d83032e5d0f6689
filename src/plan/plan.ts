import type { Evidence } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";

/** A reviewed list of changes. It holds immutable ids; names are for the reader. */
export interface Plan {
	schema: "keelson.dev/plan/v1";
	tenant: string;
	created: Millis;
	/** sha-256 of the canonical plan without this field: what approval is given to. */
	digest: string;
	/** Digest of the plan whose changes this one takes back: its actions rest on the journal, not on findings. */
	undoes?: string;
	/** Asked for by a person: its actions answer no finding, and it is applied with `--operator` only. */
	operator?: true;
	/** What the stack file declares: its actions rest on the declaration, and each is made only while that still asks for it. */
	declared?: true;
	basis: {
		/** Newest finished scan per system, when the plan was made. */
		scans: Record<string, { id: number; finished: Millis }>;
		stack: string;
		policies: string;
	};
	/** Posture and worst identity, now and if every action holds. */
	score: { before: number | null; after: number | null; accounts: { key: string; label: string; before: number | null; after: number | null }[] };
	blast: Blast;
	actions: PlannedAction[];
	/** Findings, or parts of them, that no action answers, and why. For an undo: what can't be taken back. */
	notPlanned: { finding: string; policy: string; label: string; why: string }[];
}

/** What the plan touches, counted. */
export interface Blast {
	accounts: number;
	privilegedAccounts: number;
	bySystem: Record<string, { accounts: number; enabledAccounts: number | null }>;
	byKind: Partial<Record<ActionKind, number>>;
	irreversible: number;
	/** Groups whose every member an action touches. Null: can't be said. */
	groups?: { system: string; group: string; name: string; members: number | null; privileged: number | null }[];
	/** Settings that are changed, and how many accounts each is for. Null: can't be said. */
	settings?: { system: string; setting: string; name: string; for: "everyone" | number | null }[];
}

export interface PlannedFinding {
	id: string;
	policy: string;
	message: string;
	evidence: Evidence[];
	/** It is accepted in the baseline, and was asked for by its id all the same. */
	baseline?: true;
}

export interface PlannedAction {
	/** Stable within and over plans: hash of system, kind and target. */
	id: string;
	system: string;
	kind: ActionKind;
	target: ActionTarget;
	/** For the reader: never used to find anything. */
	label: string;
	/** Empty for an operator's own action and for an undo. */
	findings: PlannedFinding[];
	/** Facts that must still hold right before the call (`status: ACTIVE`). */
	precondition: Record<string, unknown>;
	effect: string;
	reversible: boolean;
	inverse: { kind: ActionKind; target: ActionTarget } | null;
	/** Ids of actions that must have held before. */
	after: string[];
}
