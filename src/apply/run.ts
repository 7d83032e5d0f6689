import type { Recipients } from "../notify/recipients.js";
import type { LockOutProof } from "../plan/lockout.js";
import { isNotice } from "../plan/notices.js";
import type { PlannedAction } from "../plan/plan.js";
import { actionSpecs } from "../plan/specs.js";
import type { ApplyInput, Opened } from "./apply.js";
import type { Guarded } from "./checks.js";
import { type Execution, execute } from "./execute.js";
import { checkFreeze, checkSnapshotAge } from "./guardrails.js";
import type { Journal, Progress } from "./journal.js";
import { type HeldLease, leastForACall } from "./lease.js";
import { StopRun } from "./record.js";
import { recover } from "./recover.js";
import { type ActionResult, type ApplyReport, dependsOn, holds, outcomeOf, result } from "./report.js";
import type { Revalidation } from "./revalidate.js";
import { tell, tooEarly } from "./tell.js";

/** A run that holds the lease. */
export interface Run {
	input: ApplyInput;
	lease: HeldLease;
	journal: Journal;
	/** What every write's state is held against: how old it is. */
	facts: Guarded["facts"];
	/** Writing connections, opened when needed. */
	acts: Map<string, Opened>;
	results: Map<string, ActionResult>;
	progress: Map<string, Progress>;
	dropped: Revalidation["dropped"];
	warnings: string[];
	/** Looks up whom to tell; made when the first notice is due. */
	people?: Promise<Recipients>;
	/** Calls that change something, sent so far. */
	calls: number;
}

/** Finds out what became of the calls of a run that was interrupted. Looks and journals; changes nothing at a vendor but what was left half done. */
export async function recoverChanges(run: Run): Promise<void> {
	for (const action of run.input.plan.actions) {
		const before = run.progress.get(action.id);
		if ((before?.state !== "intent" && before?.state !== "performed") || isNotice(action)) continue;
		await goesOn(run);
		const found = await recover(await execution(run, action, before));
		if (found) run.results.set(action.id, found);
	}
}

/** @throws StopRun when a person stopped the run, or the lease is lost */
export async function goesOn({ input, lease }: Run): Promise<void> {
	const why = (await lease.hold()) ? stoppedBy(input) : leaseLost;
	if (why !== null) throw new StopRun(why);
}

export const leaseLost = "the lease was lost to another run";

/** Why a person ended the run; null = nobody did. */
export function stoppedBy({ signal }: Pick<ApplyInput, "signal">): string | null {
	if (!signal?.aborted) return null;
	return `${signal.reason instanceof Error ? signal.reason.message : "it was stopped"}; run it again to go on`;
}

/** Makes the changes in order. A failure ends what comes after it on the same account; the others go on. */
export async function makeChanges(run: Run, remaining: PlannedAction[], proofs: LockOutProof[]): Promise<ApplyReport> {
	const { input, journal, results } = run;
	let stopped: string | null = null;
	try {
		if (remaining.length > 0)
			await note(run, "began", {
				holder: input.holder,
				token: run.lease.token,
				actions: remaining.map(({ id }) => id),
				witnesses: proofs.flatMap(({ witnesses }) => witnesses.map(({ account }) => account)),
			});
		for (const action of remaining) {
			const failed = action.after.map((id) => results.get(id)).find((earlier) => earlier && !holdsOrIsMoot(earlier, run));
			if (isNotice(action)) await goesOn(run);
			const early = failed ? null : await tooEarly(run, action);
			const done = isNotice(action)
				? await tell(run, action, remaining)
				: failed
					? result(action, "skipped", `${dependsOn} "${failed.action.label}", which did not hold`)
					: early !== null
						? result(action, "skipped", `${dependsOn} ${early}`)
						: await execute(await execution(run, action, run.progress.get(action.id)));
			results.set(action.id, done);
			input.log(`${done.outcome}: ${action.label}${done.detail ? ` (${done.detail})` : ""}`);
			if ((failed || early !== null) && !isNotice(action)) await skip(run, action, done.detail);
		}
	} catch (error) {
		// Whatever ends a run, what was done is told.
		stopped = error instanceof Error ? error.message : String(error);
		if (error instanceof StopRun && error.sent)
			results.set(error.sent.id, result(error.sent, "unverified", `the call was sent, and its end could not be recorded: ${stopped}`));
	}
	const report = reportOf(run, stopped, proofs);
	if (remaining.length > 0)
		await journal.append(null, "ended", { outcome: report.outcome, calls: run.calls, ...(stopped === null ? {} : { stopped }) }).catch(() => {});
	return report;
}

/** What was done, and what was not. */
export function reportOf(run: Run, stopped: string | null, proofs: LockOutProof[] = []): ApplyReport {
	const { plan } = run.input;
	const actions = plan.actions.map((action) => run.results.get(action.id) ?? result(action, "not-reached", stopped ?? ""));
	const outcome = outcomeOf(actions, stopped, run.calls);
	return { plan: plan.digest, tenant: plan.tenant, outcome, refusals: [], proofs, actions, stopped, calls: run.calls, warnings: run.warnings };
}

/** Ends an action that is not made. Where an interrupted run had begun it, `recover` saw that it is not there. */
export function skip(run: Run, action: PlannedAction, detail: string): Promise<void> {
	return note(run, "skipped", { detail }, action);
}

/** The earlier change holds, or nothing calls for it any more. */
function holdsOrIsMoot(earlier: ActionResult, run: Run): boolean {
	return holds(earlier) || (earlier.outcome === "skipped" && run.dropped.has(earlier.action.id));
}

/** @throws StopRun for a change that the provider does not know */
export async function execution(run: Run, action: PlannedAction, before: Progress = { state: "untouched" }): Promise<Execution> {
	const { input, lease, journal } = run;
	let act = run.acts.get(action.system);
	if (!act) {
		act = await input.openAct(action.system, mayWrite(lease));
		run.acts.set(action.system, act);
	}
	const { provider, connection, redact } = act;
	const specs = actionSpecs(provider);
	const spec = specs.find(({ kind }) => kind === action.kind);
	if (!spec) throw new StopRun(`${provider.title} has no ${action.kind}`);
	const made = input.plan.actions.filter(({ id }) => action.after.includes(id) && holds(run.results.get(id) ?? { outcome: "not-reached" }));
	return {
		action,
		spec,
		connection,
		journal,
		redact: redact ?? ((text) => text),
		async stop() {
			const against = [...checkFreeze(input.stack, input.now()), ...checkSnapshotAge(run.facts.values(), input.stack, input.now())];
			if (against[0]) return `${against[0].message}; run it again to go on`;
			return stoppedBy(input) ?? ((await lease.hold()) ? null : leaseLost);
		},
		fence: () => tooLate(lease),
		called() {
			run.calls++;
		},
		statuses: made.map(({ kind }) => specs.find((one) => one.kind === kind)?.leadsTo ?? []).findLast((words) => words.length > 0) ?? [],
		before,
	};
}

/** What a writing connection asks right before each attempt to change something. */
export function mayWrite(lease: HeldLease): () => number {
	return () => {
		const late = tooLate(lease);
		if (late !== null) throw new Error(late);
		return lease.left();
	};
}

function tooLate(lease: HeldLease): string | null {
	return lease.left() >= leastForACall ? null : "the lease ends too soon for another call";
}

async function note(run: Run, event: string, data: Record<string, unknown>, action: PlannedAction | null = null): Promise<void> {
	try {
		await run.journal.append(action, event, data);
	} catch (error) {
		throw new StopRun(`the journal could not be written (${(error as Error).message}), and without it nothing is`);
	}
}
