import type { PlannedAction } from "../plan/plan.js";
import type { ActionSpec, Inspection } from "../provider/action.js";
import type { Connection } from "../provider/provider.js";
import type { Journal, Progress } from "./journal.js";
import type { ActionResult } from "./report.js";

/** What one action needs to be made. */
export interface Execution {
	action: PlannedAction;
	spec: ActionSpec;
	connection: Connection;
	journal: Journal;
	/** Takes every secret of the connection out of a text. */
	redact(text: string): string;
	/** Why nothing may be written now (the lease, the state's age, a freeze); null = go on. Asked right before the call. */
	stop(): Promise<string | null>;
	/** Heard of every call that changes something, before it is sent. */
	called(): void;
	/** An earlier action of the plan on the same account may have changed its status. */
	statusMayDiffer: boolean;
	/** The state before the call that an interrupted run was about to make. */
	before: Progress;
	/** Set when the call was sent. */
	sent?: boolean;
}

/** Thrown to end the whole run: nothing more may be written. The message says why; `sent` is the action whose call was under way. */
export class StopRun extends Error {
	override readonly name = "StopRun";
	constructor(
		message: string,
		readonly sent: PlannedAction | null = null,
	) {
		super(message);
	}
}

/**
 * Makes one change: look, journal, call, journal, read back, journal. Never throws for what the vendor does.
 * @throws StopRun when the run must not go on
 */
export async function execute(run: Execution): Promise<ActionResult> {
	const { action, spec, connection } = run;
	// A call that an earlier run may have made stays in doubt until somebody sees what became of it.
	const doubted = run.before.state === "intent" || run.before.state === "performed";
	const unmade = (why: string) => end(run, "failed", why, doubted ? doubtful : undefined);
	let before: Inspection;
	try {
		before = await spec.inspect(connection, action.target);
	} catch (error) {
		return unmade(`it could not be looked at before the call: ${text(run, error)}`);
	}
	if (before.done && doubted) return end(run, "recovered", "an interrupted run had made it", { request: before.request });
	if (before.done) return end(run, "already", "it held already", { request: before.request });
	if (before.refused !== null) return unmade(before.refused);
	const differs = difference(action, before, run.statusMayDiffer);
	if (differs) return unmade(differs);
	const stop = await run.stop();
	if (stop) throw new StopRun(stop);

	const inverse = spec.reversible ? spec.inverse(action.target, before) : null;
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
	run.called();
	run.sent = true;
	const answer = await perform(run, before);
	if (!("error" in answer)) await durable(run, "performed", { request: answer.request });
	else if (answer.definite) return end(run, "failed", answer.error);
	return readBack(run, before, "error" in answer ? answer.error : null);
}

/** Ends what an interrupted run left: the call may have been made. Null: it was not, as far as anybody can see. */
export async function recover(run: Execution): Promise<ActionResult | null> {
	const { action, spec, connection, before } = run;
	if (before.state !== "intent" && before.state !== "performed") return null;
	try {
		const now = await spec.inspect(connection, action.target);
		if (now.done) return await end(run, "recovered", "an interrupted run had made it", { request: now.request });
		if (before.state === "intent") return null;
		const verification = await spec.verify(connection, action.target, { ...now, facts: factsOf(before.intent.data.facts) });
		return verification.holds ? await end(run, "recovered", `an interrupted run had made it: ${verification.detail}`, verification) : null;
	} catch (error) {
		if (error instanceof StopRun) throw error;
		return end(run, "failed", `it can't be said whether an interrupted run made it: ${text(run, error)}`, doubtful);
	}
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

interface Shown {
	request: { requestId: string | null } | null;
	proof?: ActionResult["proof"];
	doubtful?: true;
}

/** The next run looks first whether the call was made after all. */
const doubtful: Shown = { request: null, doubtful: true };

async function end(
	run: Execution,
	event: "verified" | "unverified" | "failed" | "already" | "recovered",
	detail: string,
	shown: Shown = { request: null },
): Promise<ActionResult> {
	const said = run.redact(detail);
	await durable(run, event, { detail: said, proof: shown.proof ?? null, request: shown.request, ...(shown.doubtful ? { doubtful: true } : {}) });
	return { action: run.action, outcome: event, detail: said, proof: shown.proof ?? null, requestId: shown.request?.requestId ?? null };
}

/** @throws StopRun: without a durable journal nothing more is written. */
async function durable(run: Pick<Execution, "journal" | "action" | "redact" | "sent">, event: string, data: Record<string, unknown>): Promise<void> {
	try {
		await run.journal.append(run.action, event, data);
	} catch (error) {
		throw new StopRun(`the journal could not be written (${text(run, error)}), and without it nothing is`, run.sent ? run.action : null);
	}
}

/** How the target differs from what was reviewed; null = as planned. */
function difference(action: PlannedAction, now: Inspection, statusMayDiffer: boolean): string | null {
	for (const [fact, planned] of Object.entries(action.precondition)) {
		if (fact === "status" && statusMayDiffer) continue;
		const live = fact === "exists" ? now.exists : now.facts[fact];
		if (live === planned) continue;
		if (fact === "exists") return "its target is no longer there";
		return `${fact} was ${JSON.stringify(planned)} when it was planned and is ${live === undefined ? "not known" : JSON.stringify(live)} now`;
	}
	return null;
}

function factsOf(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? { ...value } : {};
}

function text(run: Pick<Execution, "redact">, error: unknown): string {
	return run.redact(error instanceof Error ? error.message : String(error));
}
