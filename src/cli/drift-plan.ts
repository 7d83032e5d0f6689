import { relative, resolve } from "node:path";
import { previewRun } from "../apply/checks.js";
import { assess } from "../assess/assess.js";
import type { Drift, LiveState } from "../drift/drift.js";
import { driftDigest } from "../drift/drift.js";
import { declaredPlan } from "../plan/declared-plan.js";
import { nameless } from "../plan/nameless.js";
import type { Plan } from "../plan/plan.js";
import { writePlanTo } from "../plan/plan-file.js";
import type { Provider } from "../provider/provider.js";
import { leftOut, mendingOf } from "./drift-ways.js";
import { CliError } from "./exit.js";
import { renderPlan } from "./plan-text.js";
import { connect, type Workspace } from "./workspace.js";

/** The plan that restores what is declared, and what an apply of it would meet as things stand. */
export interface WrittenPlan {
	plan: Plan;
	/** Null: nothing of the drift can be mended by a plan, and no file was written. */
	file: string | null;
	refusals: Awaited<ReturnType<typeof previewRun>>["refusals"];
	/** For a person at a terminal. */
	text(color: boolean): string;
}

/** Writes the plan file that ends these drifts, as far as a plan can. Writes to no vendor. */
export async function writeDriftPlan(workspace: Workspace, found: Drift[], live: LiveState, file: string): Promise<WrittenPlan> {
	const { stack } = workspace;
	const changes = found.flatMap((drift) => mendingOf(drift, stack, live).changes);
	const notPlanned = leftOut(found, stack, live);
	const providers: Record<string, Provider> = {};
	const connected = async (system: string) => {
		const opened = await connect(stack, system, "read");
		providers[system] = opened.provider;
		return opened;
	};
	const input = { ...workspace, connect: connected, changes, notPlanned, sealed: true as const, now: Date.now };
	const made = await declaredPlan(input).catch((error: unknown) => {
		throw error instanceof Error && error.message.startsWith("nothing is stored") ? new CliError("nothing is stored yet: run keelson scan") : error;
	});
	const refused = made.refused.map((why) => ({ finding: found[0] ? driftDigest(found[0]) : "", policy: "drift", label: "", why }));
	const named = refused.length === 0 ? made.plan : (await declaredPlan({ ...input, notPlanned: [...notPlanned, ...refused] })).plan;
	const plan = stack.remediation.names ? named : nameless(named);
	const written = plan.actions.length > 0 ? resolve(file) : null;
	if (written !== null) await writePlanTo(plan, written);
	const assessment = plan.actions.length > 0 ? await assess({ ...workspace, dryRun: true }) : null;
	const preview = assessment
		? await previewRun({ ...workspace, plan, assessment, providers, desired: true, operator: false, now: Date.now })
		: { refusals: [], proofs: [], warnings: [] };
	const shown = written === null ? null : relative(process.cwd(), written);
	return {
		plan,
		file: shown,
		refusals: preview.refusals,
		text: (color) =>
			renderPlan({ ...named, digest: plan.digest }, { file: shown, refusals: preview.refusals, proofs: preview.proofs, warnings: preview.warnings, color }),
	};
}
