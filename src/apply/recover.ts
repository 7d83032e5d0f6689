import { type Execution, execute, factsBefore, look } from "./execute.js";
import { doubtful, end, StopRun, text } from "./record.js";
import type { ActionResult } from "./report.js";

/**
 * Ends what an interrupted run left: the call may have been made. What it left half done is finished at once, whatever else stands against the run:
 * half of it was never approved. Null: it was not made, as far as anybody can see.
 * @throws StopRun
 */
export async function recover(run: Execution): Promise<ActionResult | null> {
	const { action, spec, connection, before } = run;
	if (before.state !== "intent" && before.state !== "performed") return null;
	try {
		const now = await look(run);
		if (now.done) return await end(run, "recovered", "an interrupted run had made it", { request: now.request });
		if (now.halfDone) return await execute(run);
		if (before.state === "intent") return null;
		const verification = await spec.verify(connection, action.target, { ...now, facts: factsBefore(before) });
		return verification.holds ? await end(run, "recovered", `an interrupted run had made it: ${verification.detail}`, verification) : null;
	} catch (error) {
		if (error instanceof StopRun) throw error;
		return end(run, "failed", `it can't be said whether an interrupted run made it: ${text(run, error)}`, doubtful);
	}
}
