import { existsSync } from "node:fs";
import { undoPlan } from "../apply/undo.js";
import { planOf } from "./apply.js";
import type { ExitCode } from "./exit.js";
import { judged, type PlanOptions, planned, present } from "./plan.js";
import { openWorkspace } from "./workspace.js";

export type UndoOptions = Pick<PlanOptions, "stack" | "json" | "quiet" | "scan">;

/** `keelson undo <plan file | digest>`: write the plan that takes an applied one back, for review. */
export async function undo(what: string, options: UndoOptions): Promise<ExitCode> {
	const digest = existsSync(what) ? (await planOf(what)).digest : what;
	const workspace = await openWorkspace(options);
	try {
		const { assessment, providers } = await judged(workspace, options);
		const made = await planned(() => undoPlan({ ...workspace, assessment, providers, now: Date.now(), digest }));
		return await present(workspace, made, assessment, providers, options);
	} finally {
		await workspace.close();
	}
}
