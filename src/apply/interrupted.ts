import type { PlannedAction } from "../plan/plan.js";
import type { Refusal } from "./guardrails.js";
import type { Change } from "./journal.js";
import { openCalls, openJournal } from "./journal.js";
import { end, StopRun } from "./record.js";
import { recover } from "./recover.js";
import { holds } from "./report.js";
import { execution, goesOn, type Run } from "./run.js";

/**
 * Calls of other plans that were begun and never seen to end, on what this plan is about to change: finds out what became of each, and journals that
 * under its own plan. So no change is made over one that nobody knows of, and each mend of a declared object recovers what the mend before it began.
 * @returns what could not be found out
 * @throws StopRun
 */
export async function settleOthers(run: Run): Promise<Refusal[]> {
	const { store, stack, plan, log } = run.input;
	const refusals: Refusal[] = [];
	for (const { plan: other, action: id, progress } of openCalls(await store.journal({ tenant: stack.name }))) {
		const action = actionOf(id, progress.intent.data);
		if (other === plan.digest || !action || !plan.actions.some((one) => sameTarget(one, action))) continue;
		await goesOn(run);
		const name = `plan ${other.slice(0, 8)} was interrupted at "${action.label}"`;
		const unsettled = (why: string) =>
			refusals.push({
				guardrail: "interrupted",
				message: `${name}, and ${why}: run keelson apply with that plan again, or mend it by hand and run this again`,
			});
		try {
			const one = await execution({ ...run, journal: openJournal(store, stack.name, other, run.input.now) }, action, progress);
			const found = await recover(one);
			if (found && !holds(found)) unsettled(found.detail);
			log(`${name}: ${(found ?? (await end(one, "failed", "it was not made, as far as anybody can see"))).detail}`);
		} catch (error) {
			if (error instanceof StopRun) throw error;
			unsettled(error instanceof Error ? error.message : String(error));
		}
	}
	return refusals;
}

/** The action of another plan, as its intent was journaled; null where the entry can't be read. */
function actionOf(id: string, data: Record<string, unknown>): PlannedAction | null {
	const { system, kind, target, label, inverse } = data as unknown as Change;
	if (typeof system !== "string" || typeof kind !== "string" || typeof target !== "object" || target === null) return null;
	return {
		id,
		system,
		kind,
		target,
		label: String(label ?? kind),
		findings: [],
		precondition: {},
		effect: "",
		reversible: inverse != null,
		inverse: inverse ?? null,
		after: [],
	};
}

/** Both are about the same account, credential, setting or group. */
function sameTarget(a: PlannedAction, b: PlannedAction): boolean {
	if (a.system !== b.system) return false;
	const same = (key: "account" | "credential" | "setting" | "group") => a.target[key] !== undefined && a.target[key] === b.target[key];
	return same("account") || same("credential") || same("setting") || same("group");
}
