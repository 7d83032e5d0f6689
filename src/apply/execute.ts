import type { PlannedAction } from "../plan/plan.js";
import type { ActionSpec, Inspection } from "../provider/action.js";
import type { Connection } from "../provider/provider.js";
import type { Progress } from "./journal.js";
import { doubtful, durable, end, type Recording, StopRun, text } from "./record.js";
import type { ActionResult } from "./report.js";

/** What one action needs to be made. */
export interface Execution extends Recording {
	spec: ActionSpec;
	connection: Connection;
	/** Why nothing may be written now (the lease, the state's age, a freeze, a person); null = go on. */
	stop(): Promise<string | null>;
	/** Why the call may not be sent after all. Asked with nothing between it and the call. */
	fence(): string | null;
	/** Heard of every call that changes something, before it is sent. */
	called(): void;
	/** Statuses to which earlier changes of the plan surely brought the account. */
	statuses: readonly string[];
	/** The state before the call that an interrupted run was about to make. */
	before: Progress;
}

/**
 * Makes one change: look, journal, call, journal, read back, journal. Never throws for what the vendor does.
 * @throws StopRun when the run must not go on
 */
export async function execute(run: Execution): Promise<ActionResult> {
	const { action, spec } = run;
	// A call that an earlier run may have made stays in doubt until somebody sees what became of it.
	const doubted = run.before.state === "intent" || run.before.state === "performed";
	const unmade = (why: string) => end(run, "failed", why, doubted ? doubtful : undefined);
	let before: Inspection;
	try {
		before = await look(run);
	} catch (error) {
		return unmade(`it could not be looked at before the call: ${text(run, error)}`);
	}
	if (before.done && doubted) return end(run, "recovered", "an interrupted run had made it", { request: before.request });
	if (before.done) return end(run, "already", "it held already", { request: before.request });
	if (before.refused !== null && before.forNow) return unmade(before.refused);
	const outdated = before.refused ?? difference(action, before, run.statuses);
	if (outdated !== null) return { ...(await unmade(outdated)), outdated: true };
	const stop = await run.stop();
	if (stop) throw new StopRun(stop);

	let inverse: ReturnType<ActionSpec["inverse"]>;
	try {
		inverse = spec.reversible ? spec.inverse(action.target, before) : null;
	} catch (error) {
		return unmade(`it can't be said what would take it back: ${text(run, error)}`);
	}
	if (action.inverse && !inverse) return unmade("it was reviewed as a change that can be taken back, and as its target is now it can't be");
	const repeated = run.before.state === "intent" ? { repeated: true } : {};
	const { system, kind, target, label } = action;
	// From here on a crash leaves a trace: without this entry the call is not made.
	await durable(run, "intent", {
		system,
		kind,
		target,
		label,
		inverse,
		facts: before.facts,
		findings: action.findings.map(({ id }) => id),
		request: before.request,
		...repeated,
	});
	// Writing that entry may have taken long, and the machine may have slept.
	const late = (await run.stop()) ?? run.fence();
	if (late !== null) {
		// Where this can't be written either, the next run looks.
		await durable(run, doubted ? "failed" : "skipped", { detail: `not sent: ${late}`, ...(doubted ? { doubtful: true } : {}) }).catch(() => {});
		throw new StopRun(late);
	}
	run.called();
	run.sent = true;
	const answer = await perform(run, before);
	if (!("error" in answer)) await durable(run, "performed", { request: answer.request });
	else if (answer.definite) return end(run, "failed", answer.error);
	return readBack(run, before, "error" in answer ? answer.error : null);
}

/** The target as it is; of a call that was interrupted, what it may have left half done is told apart from what others did. */
export function look({ spec, connection, action, before }: Execution): Promise<Inspection> {
	if (before.state !== "intent" && before.state !== "performed") return spec.inspect(connection, action.target);
	return spec.inspect(connection, action.target, factsBefore(before));
}

/** What was seen right before the call that was interrupted. */
export function factsBefore({ intent }: Extract<Progress, { state: "intent" | "performed" }>): Record<string, unknown> {
	const { facts } = intent.data;
	return typeof facts === "object" && facts !== null ? { ...facts } : {};
}

type Answer = { request: Awaited<ReturnType<ActionSpec["perform"]>> } | { error: string; definite: boolean };

async function perform({ spec, connection, action, ...run }: Execution, before: Inspection): Promise<Answer> {
	try {
		return { request: await spec.perform(connection, action.target, before) };
	} catch (error) {
		// Only an error that says so itself is a refusal; all others may hide a success.
		const definite = typeof error === "object" && error !== null && "ambiguous" in error && error.ambiguous === false;
		return { error: text(run, error), definite };
	}
}

async function readBack(run: Execution, before: Inspection, error: string | null): Promise<ActionResult> {
	const { spec, connection, action } = run;
	const doubt = error === null ? "" : `after ${error}: `;
	try {
		const verification = await spec.verify(connection, action.target, before);
		const { holds, proof, detail } = verification;
		// After a cut connection, "accepted" is what nobody saw.
		if (holds && (error === null || proof !== "accepted")) return await end(run, "verified", doubt + detail, verification);
		if (error === null) return await end(run, "unverified", detail, verification);
		return await end(run, "failed", `${doubt}it may have been made, and nothing shows it`, doubtful);
	} catch (caught) {
		if (caught instanceof StopRun) throw caught;
		const detail = `it could not be read back: ${text(run, caught)}`;
		return error === null ? end(run, "unverified", detail) : end(run, "failed", `${doubt}it may have been made, and ${detail}`, doubtful);
	}
}

/** How the target differs from what was reviewed; null = as planned. */
function difference(action: PlannedAction, now: Inspection, statuses: readonly string[]): string | null {
	for (const [fact, planned] of Object.entries(action.precondition)) {
		const live = fact === "exists" ? now.exists : now.facts[fact];
		if (live === planned || (fact === "status" && statuses.some((status) => status === live))) continue;
		if (fact === "exists") return "its target is no longer there";
		return `${fact} was ${JSON.stringify(planned)} when it was planned and is ${live === undefined ? "not known" : JSON.stringify(live)} now`;
	}
	return null;
}
