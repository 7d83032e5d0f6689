import type { LockOutProof } from "../plan/lockout.js";
import type { PlannedAction } from "../plan/plan.js";
import { actionSpecs } from "../plan/specs.js";
import type { ActionKind } from "../provider/action.js";
import type { ApplyInput, Opened } from "./apply.js";
import type { Guarded } from "./checks.js";
import { type Execution, execute, recover, StopRun } from "./execute.js";
import { checkFreeze, checkSnapshotAge } from "./guardrails.js";
import type { Journal, Progress } from "./journal.js";
import type { HeldLease } from "./lease.js";
import { type ActionResult, type ApplyReport, dependsOn, outcomeOf, result } from "./report.js";
import type { Revalidation } from "./revalidate.js";

/** A run that holds the lease. */
export interface Run {
	input: ApplyInput;
	lease: HeldLease;
	journal: Journal;
	guarded: Guarded;
	/** Writing connections, opened when needed. */
	acts: Map<string, Opened>;
	results: Map<string, ActionResult>;
	progress: Map<string, Progress>;
	checked: Revalidation;
}

/** Kinds after which an account may have another status. */
const changesStatus: ActionKind[] = ["suspend-account", "unsuspend-account", "expire-password", "deactivate-account", "reset-authenticators"];

/** Finds out what became of the calls of a run that was interrupted. Looks and journals; changes nothing at a vendor. */
export async function recoverChanges(run: Run): Promise<void> {
	for (const action of run.input.plan.actions) {
		const before = run.progress.get(action.id);
		if (before?.state !== "intent" && before?.state !== "performed") continue;
		if (!(await run.lease.hold())) throw new StopRun("the lease was lost to another run");
		const found = await recover(await execution(run, action, () => {}));
		if (found) run.results.set(action.id, found);
	}
}

/** Makes the changes in order. A failure ends what comes after it on the same account; the others go on. */
export async function makeChanges(run: Run, remaining: PlannedAction[], proofs: LockOutProof[]): Promise<ApplyReport> {
	const { input, journal, results } = run;
	let calls = 0;
	let stopped: string | null = null;
	const called = () => {
		calls++;
	};
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
			const done = failed
				? result(action, "skipped", `${dependsOn} "${failed.action.label}", which did not hold`)
				: await execute(await execution(run, action, called));
			results.set(action.id, done);
			input.log(`${done.outcome}: ${action.label}${done.detail ? ` (${done.detail})` : ""}`);
			if (failed) await note(run, "skipped", { detail: done.detail }, action);
		}
	} catch (error) {
		if (!(error instanceof StopRun)) throw error;
		stopped = error.message;
		if (error.sent) results.set(error.sent.id, result(error.sent, "unverified", `the call was sent, and its end could not be recorded: ${error.message}`));
	}
	const actions = input.plan.actions.map((action) => results.get(action.id) ?? result(action, "not-reached", stopped ?? ""));
	const outcome = outcomeOf(actions, stopped, calls);
	if (remaining.length > 0) await journal.append(null, "ended", { outcome, calls, ...(stopped === null ? {} : { stopped }) }).catch(() => {});
	return { plan: input.plan.digest, tenant: input.plan.tenant, outcome, refusals: [], proofs, actions, stopped, calls };
}

/** The earlier change holds, or nothing calls for it any more. */
function holdsOrIsMoot({ outcome, action }: ActionResult, run: Run): boolean {
	return ["verified", "recovered", "already", "done-before"].includes(outcome) || (outcome === "skipped" && run.checked.dropped.has(action.id));
}

async function execution(run: Run, action: PlannedAction, called: () => void): Promise<Execution> {
	const { input, lease, guarded, journal } = run;
	let act = run.acts.get(action.system);
	if (!act) {
		act = await input.openAct(action.system);
		run.acts.set(action.system, act);
	}
	const { provider, connection, redact } = act;
	const spec = actionSpecs(provider).find(({ kind }) => kind === action.kind);
	if (!spec) throw new StopRun(`${provider.title} has no ${action.kind}`);
	return {
		action,
		spec,
		connection,
		journal,
		redact: redact ?? ((text) => text),
		async stop() {
			const against = [...checkFreeze(input.stack, input.now()), ...checkSnapshotAge(guarded.facts.values(), input.stack, input.now())];
			if (against[0]) return `${against[0].message}; run it again to go on`;
			return (await lease.hold()) ? null : "the lease was lost to another run";
		},
		called,
		statusMayDiffer: run.input.plan.actions.some((earlier) => action.after.includes(earlier.id) && changesStatus.includes(earlier.kind)),
		before: run.progress.get(action.id) ?? { state: "untouched" },
	};
}

async function note(run: Run, event: string, data: Record<string, unknown>, action: PlannedAction | null = null): Promise<void> {
	try {
		await run.journal.append(action, event, data);
	} catch (error) {
		throw new StopRun(`the journal could not be written (${(error as Error).message}), and without it nothing is`);
	}
}
