import { assess } from "../assess/assess.js";
import type { Condition } from "../assess/people.js";
import type { Assessment } from "../model/assessment.js";
import type { Millis } from "../model/known.js";
import { minute } from "../model/time.js";
import { announce } from "../notify/announce.js";
import { applyHappening } from "../notify/applied.js";
import type { Notifier } from "../notify/open.js";
import { planDigest } from "../plan/digest.js";
import { isNotice } from "../plan/notices.js";
import type { Plan } from "../plan/plan.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Connection, Provider } from "../provider/provider.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { runScan } from "../sync/scan.js";
import type { Approval } from "./approval.js";
import { type Guarded, liveRefusals, previewRun, staticRefusals } from "./checks.js";
import { exemptionWarnings } from "./exempted.js";
import type { Refusal } from "./guardrails.js";
import { settleOthers } from "./interrupted.js";
import { openJournal, type Progress, progressOf } from "./journal.js";
import { type HeldLease, takeLease } from "./lease.js";
import { StopRun } from "./record.js";
import { type ActionResult, type ApplyReport, result } from "./report.js";
import { asReviewed, revalidate } from "./revalidate.js";
import { leaseLost, makeChanges, mayWrite, type Run, recoverChanges, reportOf, skip, stoppedBy } from "./run.js";

/** A connection with one of a system's two credentials. */
export interface Opened {
	provider: Provider;
	connection: Connection;
	/** Takes the credential's secrets out of a text. */
	redact?(text: string): string;
}

export interface ApplyInput {
	stack: Stack;
	plan: Plan;
	store: Store;
	/** Connects with the reading credential. */
	openRead(system: string): Promise<Opened>;
	/**
	 * Connects with the credential that writes; called only when something is about to be written, or to see what became of it. `mayWrite` is
	 * `ConnectConfig.mayWrite`.
	 */
	openAct(system: string, mayWrite: () => Millis): Promise<Opened>;
	policies: CompiledPolicy[];
	policyDigest: string;
	compile(text: string): Condition;
	now(): Millis;
	/** What goes on, for people. */
	log(line: string): void;
	/** Who applies, for whoever is kept out meanwhile: user, machine, process. */
	holder: string;
	/** Allows a person's own actions and the kinds that are for an operator only. */
	operator?: boolean;
	/** The plan is what settings and memberships declare: written in the stack file and reviewed in git. */
	desired?: boolean;
	/** Tells people and channels [nobody]. */
	notifier?: Notifier;
	/** Ends the run after the call that is under way; its reason is an Error that says who ended it. */
	signal?: AbortSignal;
	/** How long a lease lasts without renewal [1 min]: after a crash nobody writes for that long. */
	leaseTtl?: Millis;
	progress?: Parameters<typeof runScan>[0]["progress"];
	/** Who agreed to the plan file [not known]. */
	approval?(): Promise<Approval>;
	/** Told of what was done while nobody else can write; what it throws is a warning. */
	concluded?(report: ApplyReport): Promise<void>;
}

/**
 * Applies a reviewed plan: reads the systems again, drops what is no longer called for, holds the rest against every guardrail, and makes
 * the changes one after the other, each journaled before and after. Run again after any interruption, on any machine with the same store,
 * it goes on where it was. Nothing is written to a vendor when a guardrail refuses.
 * @throws what the store, the providers' connections and `makePlan` throw before the first write
 */
export async function applyPlan(input: ApplyInput): Promise<ApplyReport> {
	const report = await applied(input);
	await tellOf(report, input);
	return report;
}

/** Tells the channels what became of the run. What they do changes nothing of it. */
export async function tellOf(
	report: ApplyReport,
	{ notifier, store, stack, now, log }: Pick<ApplyInput, "notifier" | "store" | "stack" | "now" | "log">,
): Promise<void> {
	if (!notifier) return;
	try {
		for (const { channel, delivery } of await announce({ store, tenant: stack.name, notifier, now }, applyHappening(report, now())))
			if (delivery?.sent === false) log(`warning: ${channel} was not told of this run: ${delivery.why}`);
	} catch (error) {
		log(`warning: nobody was told of this run: ${error instanceof Error ? error.message : String(error)}`);
	}
}

async function applied(input: ApplyInput): Promise<ApplyReport> {
	const { plan, stack, store } = input;
	if (planDigest(plan) !== plan.digest) throw new Error("the plan was edited after it was made: run keelson plan again");
	const entries = await store.journal({ tenant: stack.name, plan: plan.digest });
	const progress = progressOf(entries);
	if (plan.tenant === stack.name && plan.actions.every((action) => isNotice(action) || progress.get(action.id)?.state === "done"))
		return finished(plan, progress);
	const opened = new Map<string, Opened>();
	try {
		const early = await staticRefusals(input);
		if (early.length > 0) return refused(plan, [...early, ...(await stored(input, opened))], []);
		const lease = await takeLease({ store, tenant: stack.name, holder: input.holder, now: input.now, ttl: input.leaseTtl ?? minute });
		if ("heldBy" in lease) {
			const until = lease.until === null ? "" : ` until ${new Date(lease.until).toISOString().slice(0, 19)}Z, if it doesn't go on`;
			return refused(plan, [{ guardrail: "lease", message: `${lease.heldBy} is writing to ${stack.name}${until}: one run at a time` }], []);
		}
		try {
			return await concluded(input, lease, await applyHeld(input, lease, opened));
		} finally {
			// A lease that can't be given back ends by itself; the report of what was done must not be lost for it.
			await lease.release().catch(() => {});
		}
	} finally {
		for (const { connection } of opened.values()) await connection.close().catch(() => {});
	}
}

async function applyHeld(input: ApplyInput, lease: HeldLease, opened: Map<string, Opened>): Promise<ApplyReport> {
	const { plan, stack, store } = input;
	const journal = openJournal(store, stack.name, plan.digest, input.now);
	const acts = new Map<string, Opened>();
	const run: Run = { input, lease, journal, facts: new Map(), acts, results: new Map(), progress: new Map(), dropped: new Map(), warnings: [], calls: 0 };
	try {
		await rescan(input, lease, opened);
		const unsettled = await settleOthers(run);
		if (unsettled.length > 0) return refused(plan, unsettled, [], run);
		return await applyRead(run, opened);
	} catch (error) {
		const stopped = error instanceof StopRun ? error.message : (stoppedBy(input) ?? (lease.lost.aborted ? leaseLost : null));
		if (stopped === null) throw error;
		return reportOf(run, stopped);
	} finally {
		for (const { connection } of acts.values()) await connection.close().catch(() => {});
	}
}

/** What was done must not be lost for what is told of it. */
async function concluded(input: ApplyInput, lease: HeldLease, report: ApplyReport): Promise<ApplyReport> {
	if (!input.concluded) return report;
	const without = (why: string) => ({ ...report, warnings: [...report.warnings, `this run has no receipt (${why}): the next one's is over it too`] });
	if (!(await lease.hold())) return without(leaseLost);
	try {
		await input.concluded(report);
		return report;
	} catch (error) {
		return without(error instanceof Error ? error.message : String(error));
	}
}

/** Judges what was read, recovers, and makes the rest. @throws StopRun */
async function applyRead(run: Run, opened: Map<string, Opened>): Promise<ApplyReport> {
	const { input, lease, acts, results } = run;
	const { plan, stack, store } = input;
	const assessment = await judged(input);
	if (plan.basis.policies !== assessment.policyDigest)
		input.log("policies or their parameters changed since the plan was made: its findings are judged by those of now");
	// Read after the lease was taken: nobody has written since.
	run.progress = progressOf(await store.journal({ tenant: stack.name, plan: plan.digest }));
	const providers = Object.fromEntries([...opened].map(([system, { provider }]) => [system, provider]));
	const checked = await revalidate({ ...input, assessment, providers, now: input.now() });
	run.facts = checked.facts;
	run.dropped = checked.dropped;
	run.warnings = exemptionWarnings(input, checked.facts);
	for (const warning of run.warnings) input.log(`warning: ${warning}`);
	for (const action of plan.actions) {
		const before = run.progress.get(action.id);
		if (before?.state === "done") results.set(action.id, result(action, "done-before", `an earlier run made it (${before.event})`));
	}
	await recoverChanges(run);
	const open = plan.actions.filter(({ id }) => !results.has(id));
	for (const action of open) {
		const why = checked.dropped.get(action.id);
		if (why === undefined) continue;
		results.set(action.id, result(action, "skipped", why));
		// Begun, not to be seen, and not called for any more: nobody comes back to it.
		if (run.progress.has(action.id) && run.progress.get(action.id)?.state !== "untouched") await skip(run, action, why);
	}
	const remaining = open.filter(({ id }) => !results.has(id)).map((action) => asReviewed(action, checked.fresh.get(action.id)) ?? action);
	const guarded: Guarded = {
		...input,
		openAct: (system) => input.openAct(system, mayWrite(lease)),
		assessment,
		providers,
		facts: checked.facts,
		readers: opened,
	};
	const { refusals, proofs } = await liveRefusals(guarded, remaining, acts);
	if (refusals.length > 0) return refused(plan, refusals, proofs, run);
	return makeChanges(run, remaining, proofs);
}

/** Reads every system that the plan touches again, and the personnel systems: who was rehired meanwhile is no leaver. */
async function rescan(input: ApplyInput, lease: HeldLease, opened: Map<string, Opened>): Promise<void> {
	for (const system of new Set([...input.plan.actions.map((action) => action.system), ...(await personnel(input))])) {
		const recheck = new Set(input.plan.actions.filter((action) => action.system === system).flatMap(({ target }) => target.account ?? []));
		const reader = await input.openRead(system);
		opened.set(system, reader);
		input.log(`reading ${system} again`);
		await runScan({
			store: input.store,
			provider: reader.provider,
			connection: reader.connection,
			system,
			stackDigest: input.stack.digest,
			budget: { ...(input.stack.systems[system]?.budget ?? { perAccountRequests: null, perAccountMaxAge: 0 }), recheck },
			now: input.now,
			signal: input.signal ? AbortSignal.any([lease.lost, input.signal]) : lease.lost,
			...(input.progress ? { progress: input.progress } : {}),
		});
	}
}

async function personnel({ store, stack }: ApplyInput): Promise<string[]> {
	const found: string[] = [];
	for (const system of Object.keys(stack.systems)) {
		const [scan] = await store.scans({ system, limit: 1 });
		if (scan?.coverage.some(({ collection }) => collection === "workers")) found.push(system);
	}
	return found;
}

async function judged(input: ApplyInput): Promise<Assessment> {
	const assessment = await assess({ ...input, dryRun: true });
	if (!assessment) throw new Error("nothing is stored: run keelson scan");
	return assessment;
}

/** What the stored state would be refused for as well, so that a refusal names everything at once. Reads no system. */
async function stored(input: ApplyInput, opened: Map<string, Opened>): Promise<Refusal[]> {
	const assessment = await assess({ ...input, dryRun: true });
	if (!assessment || input.plan.tenant !== input.stack.name) return [];
	for (const system of new Set(input.plan.actions.map((action) => action.system))) {
		if (!assessment.systems.some((one) => one.system === system) || !input.stack.systems[system]) return [];
		opened.set(system, await input.openRead(system));
	}
	const providers = Object.fromEntries([...opened].map(([system, { provider }]) => [system, provider]));
	return (await previewRun({ ...input, assessment, providers })).refusals;
}

function refused(plan: Plan, refusals: Refusal[], proofs: ApplyReport["proofs"], run: Partial<Run> = {}): ApplyReport {
	const { results = new Map<string, ActionResult>(), calls = 0, warnings = [] } = run;
	const actions = plan.actions.map((action) => results.get(action.id) ?? result(action, "not-reached", "refused by a guardrail"));
	return { plan: plan.digest, tenant: plan.tenant, outcome: "refused", refusals, proofs, actions, stopped: null, calls, warnings };
}

function finished(plan: Plan, progress: Map<string, Progress>): ApplyReport {
	const actions = plan.actions.map((action) => {
		const before = progress.get(action.id);
		if (before?.state !== "done") return result(action, "skipped", "nothing is left to tell");
		return result(action, "done-before", `an earlier run made it (${before.event})`);
	});
	return { plan: plan.digest, tenant: plan.tenant, outcome: "nothing-to-do", refusals: [], proofs: [], actions, stopped: null, calls: 0, warnings: [] };
}
