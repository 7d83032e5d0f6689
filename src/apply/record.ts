import type { PlannedAction } from "../plan/plan.js";
import type { Journal } from "./journal.js";
import type { ActionResult } from "./report.js";

/** What is needed to write down what becomes of an action. */
export interface Recording {
	action: PlannedAction;
	journal: Journal;
	/** Takes every secret of the connection out of a text. */
	redact(text: string): string;
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

export interface Shown {
	request: { requestId: string | null } | null;
	proof?: ActionResult["proof"];
	doubtful?: true;
}

/** The next run looks first whether the call was made after all. */
export const doubtful: Shown = { request: null, doubtful: true };

/** Ends an action in the journal. @throws StopRun */
export async function end(
	run: Recording,
	event: "verified" | "unverified" | "failed" | "already" | "recovered",
	detail: string,
	shown: Shown = { request: null },
): Promise<ActionResult> {
	const said = run.redact(detail);
	await durable(run, event, { detail: said, proof: shown.proof ?? null, request: shown.request, ...(shown.doubtful ? { doubtful: true } : {}) });
	return { action: run.action, outcome: event, detail: said, proof: shown.proof ?? null, requestId: shown.request?.requestId ?? null };
}

/** @throws StopRun: without a durable journal nothing more is written. */
export async function durable(run: Recording, event: string, data: Record<string, unknown>): Promise<void> {
	try {
		await run.journal.append(run.action, event, data);
	} catch (error) {
		throw new StopRun(`the journal could not be written (${text(run, error)}), and without it nothing is`, run.sent ? run.action : null);
	}
}

export function text(run: Pick<Recording, "redact">, error: unknown): string {
	return run.redact(error instanceof Error ? error.message : String(error));
}
