import type { Assessment } from "../model/assessment.js";
import { asItIs, untrueClaims } from "../plan/claims.js";
import { mismatchesOf, type PlanReport } from "../report/plan-report.js";
import { packagesFolder } from "./base.js";
import { shownPlan } from "./plan-names.js";
import type { Workspace } from "./workspace.js";

/** A plan file beside the stored state: what it does, whether it fits, and what an apply would meet. No network. @throws CliError for a bad plan file */
export async function planReport(workspace: Workspace, assessment: Assessment, file: string): Promise<PlanReport> {
	const { planOf } = await import("./apply.js");
	const plan = await planOf(file);
	const { stack } = workspace;
	const mismatches = mismatchesOf(plan, { tenant: stack.name, policyDigest: workspace.policyDigest, stack: stack.digest, scans: assessment.systems });
	const none: PlanReport = { plan: await shownPlan(plan, workspace), mismatches, untrue: [], refusals: null, dropped: new Map(), proofs: [] };
	if (plan.tenant !== stack.name) return none;
	if (plan.actions.length === 0) return { ...none, refusals: [] };
	const [{ previewRun, staticRefusals }, { loadProvider }] = await Promise.all([import("../apply/checks.js"), import("../provider/load.js")]);
	const providers = Object.fromEntries(
		await Promise.all(
			Object.entries(stack.systems).map(async ([system, { provider }]) => [system, await loadProvider(provider, packagesFolder(stack.file))] as const),
		),
	);
	const limits = { ...workspace, plan, assessment, providers, operator: plan.operator ?? false, now: Date.now };
	const first = await staticRefusals(limits);
	// Without the scan it rests on, or the systems it names, there is nothing to hold it against.
	if (first.some(({ guardrail }) => guardrail === "tenant" || guardrail === "other-store")) return { ...none, refusals: first };
	const { refusals, proofs, dropped, ...found } = await previewRun(limits);
	const shown = asItIs(plan, { ...found, assessment, providers });
	return {
		plan: await shownPlan(shown, workspace),
		mismatches,
		untrue: untrueClaims(plan, shown),
		refusals: [...first, ...refusals],
		proofs,
		dropped,
	};
}
