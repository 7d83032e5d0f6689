import type { LockOutProof } from "../plan/lockout.js";
import { isNotice } from "../plan/notices.js";
import type { PlannedAction } from "../plan/plan.js";
import type { Verification } from "../provider/action.js";
import type { Refusal } from "./guardrails.js";

/**
 * What became of one action. `verified`: made now and read back. `recovered`: an interrupted run had made it. `already`: it held before.
 * `done-before`: an earlier run of this plan made it. `unverified`: the vendor accepted it and it does not show. `failed`: it was not made, or nothing shows it.
 * `skipped`: not begun, for the reason given. `not-reached`: the run stopped before.
 */
export type ActionOutcome = "verified" | "recovered" | "already" | "done-before" | "unverified" | "failed" | "skipped" | "not-reached";

export interface ActionResult {
	action: PlannedAction;
	outcome: ActionOutcome;
	detail: string;
	/** How the success is known; null where there is none. */
	proof: Verification["proof"] | null;
	requestId: string | null;
	/** Its target is not as the plan needs it: the same plan will fail again. */
	outdated?: true;
}

export interface ApplyReport {
	plan: string;
	tenant: string;
	/**
	 * `applied`: every action that was still called for holds. `partial`: some failed, or the run stopped. `refused`: a guardrail stood against it and nothing was written.
	 * `nothing-to-do`: no call was needed.
	 */
	outcome: "applied" | "partial" | "refused" | "nothing-to-do";
	refusals: Refusal[];
	proofs: LockOutProof[];
	actions: ActionResult[];
	/** Why the run ended before its last action; null when it didn't. */
	stopped: string | null;
	/** Calls that change something, sent in this run. Of a refused run: those that finished what an interrupted one had left half done. */
	calls: number;
	/** What whoever applies should know, and what stands against nothing: one line each. */
	warnings: string[];
}

const bad: ActionOutcome[] = ["failed", "unverified", "not-reached"];

/** A notice that no change waits for counts for nothing here: it is told as a warning. */
export function outcomeOf(actions: ActionResult[], stopped: string | null, calls: number): ApplyReport["outcome"] {
	const counted = actions.filter(({ action }) => !isNotice(action) || actions.some((other) => other.action.after.includes(action.id)));
	if (stopped !== null || counted.some(({ outcome, detail }) => bad.includes(outcome) || (outcome === "skipped" && detail.startsWith(dependsOn))))
		return "partial";
	return calls === 0 && !actions.some(({ outcome }) => outcome === "recovered") ? "nothing-to-do" : "applied";
}

/** The change is there, whoever made it. */
export function holds({ outcome }: Pick<ActionResult, "outcome">): boolean {
	return ["verified", "recovered", "already", "done-before"].includes(outcome);
}

/** Some actions do not hold, and none of them would if the same plan were applied again. */
export function needsNewPlan({ outcome, stopped, actions }: Pick<ApplyReport, "outcome" | "stopped" | "actions">): boolean {
	const open = actions.filter((one) => !holds(one) && (one.outcome !== "skipped" || one.detail.startsWith(dependsOn)));
	return outcome === "partial" && stopped === null && open.some(({ outdated }) => outdated) && open.every((one) => one.outdated || one.outcome === "skipped");
}

/** How a skipped action begins to say that one before it did not hold. */
export const dependsOn = "it comes after";

export function result(action: PlannedAction, outcome: ActionOutcome, detail: string): ActionResult {
	return { action, outcome, detail, proof: null, requestId: null };
}
