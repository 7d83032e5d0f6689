import { openSnapshot } from "../assess/snapshot.js";
import type { Assessment } from "../model/assessment.js";
import type { SystemFacts } from "../plan/facts.js";
import { type LockOutProof, proveLockOut } from "../plan/lockout.js";
import { isNotice } from "../plan/notices.js";
import type { PlannedAction } from "../plan/plan.js";
import { type GroupMembers, membersOf } from "../plan/reach.js";
import type { Provider } from "../provider/provider.js";
import type { JournalEntry } from "../store/store.js";
import type { ApplyInput, Opened } from "./apply.js";
import { checkBudget, journaledGroups } from "./budget.js";
import { exemptionWarnings } from "./exempted.js";
import * as guard from "./guardrails.js";
import { type Revalidation, revalidate } from "./revalidate.js";

/** What the guardrails look at. */
export type Limits = Pick<ApplyInput, "stack" | "plan" | "store" | "operator" | "desired" | "now" | "compile" | "approval">;

/** A run with what it knows of the systems it is about to change. */
export interface Guarded extends Limits {
	openAct?(system: string): Promise<Opened>;
	assessment: Assessment;
	providers: Record<string, Provider>;
	facts: Map<string, SystemFacts>;
	/** The reading connections; null: the state is the stored one, and no age is asked of it. */
	readers: Map<string, Opened> | null;
}

/** What stands against a run before anything is read. */
export async function staticRefusals({ plan, stack, store, now, desired, approval }: Limits): Promise<guard.Refusal[]> {
	const refusals = [
		...guard.checkTenant(plan, stack),
		...guard.checkFreeze(stack, now()),
		...guard.checkPlanAge(plan, stack, now()),
		...guard.checkCredential(
			plan.actions.filter((action) => !isNotice(action)),
			stack,
		),
	];
	// What the stack file declares was reviewed as the stack file was: it has no plan file that anybody could approve.
	if (stack.remediation.guardrails.approvals > 0 && !desired) refusals.push(...guard.checkApprovals((await approval?.()) ?? null, stack));
	const { broken } = await store.verifyJournal(stack.name);
	if (broken !== null)
		refusals.push({ guardrail: "journal", message: `entry ${broken} of the journal does not fit its chain: it was changed, and its budget can't be believed` });
	for (const [system, basis] of Object.entries(plan.basis.scans)) {
		const made = (await store.scans({ system, asOf: basis.finished, limit: 1 }))[0];
		if (made?.id !== basis.id || made.finished !== basis.finished)
			refusals.push({
				guardrail: "other-store",
				message: `the plan rests on scan ${basis.id} of ${system}, which is not in this store: budgets and journal are kept where it was made`,
			});
	}
	return refusals;
}

/** Everything that the state decides, together. `acts` null: the writing credential is left alone. */
export async function liveRefusals(
	run: Guarded,
	actions: PlannedAction[],
	acts: Map<string, Opened> | null,
): Promise<{ refusals: guard.Refusal[]; proofs: LockOutProof[] }> {
	// Telling somebody changes nothing that a guardrail guards.
	const remaining = actions.filter((action) => !isNotice(action));
	const { stack, plan, facts, providers, assessment, now } = run;
	const { guardrails } = stack.remediation;
	const since = now() - guardrails.window;
	const journal = await run.store.journal({ tenant: stack.name, since });
	const members = await groupMembers(run, journal);
	const proofs = [...new Set(remaining.map((action) => action.system))].flatMap((system) => {
		const known = facts.get(system);
		const provider = providers[system];
		if (!known || !provider) return [];
		const here = remaining.filter((action) => action.system === system);
		return proveLockOut({ facts: known, provider, actions: here, keepAdmins: guardrails.keepAdmins, now: now() }) ?? [];
	});
	const refusals = [
		...guard.checkOperator(plan, providers, run.operator ?? false, run.desired || (plan.declared ?? false)),
		...(remaining.length === 0
			? []
			: [
					...guard.checkPeople(assessment),
					...guard.checkCoverage(remaining, facts, providers),
					...guard.checkUntouchable(remaining, facts, stack),
					...checkBudget({ guardrails, actions: remaining, journal, systems: assessment.systems, members }),
					...guard.checkLockOut(proofs),
					...(run.readers ? guard.checkSnapshotAge(facts.values(), stack, now()) : []),
				]),
	];
	// The credential that writes is resolved only when nothing else stands against it.
	if (refusals.length > 0 || remaining.length === 0 || !acts || !run.readers) return { refusals, proofs };
	return { refusals: guard.checkOwnClient(remaining, await ownIdentities(run, remaining, acts), facts), proofs };
}

/** Members of the groups whose roles change in this run, and of those that changed within the window, by the newest scan. */
async function groupMembers({ facts, store }: Guarded, journal: JournalEntry[]): Promise<(system: string, group: string) => GroupMembers | undefined> {
	const earlier = new Map<string, GroupMembers>();
	for (const { system, group } of journaledGroups(journal)) {
		const known = facts.get(system);
		const scan = known?.scan ?? (await store.scans({ system, limit: 1 }))[0];
		if (scan) earlier.set(`${system}/${group}`, await membersOf(known?.snapshot ?? openSnapshot(store, scan), group));
	}
	return (system, group) => facts.get(system)?.members.get(group) ?? earlier.get(`${system}/${group}`);
}

/** What a run of this plan would meet, by the stored state: for a plan's reader, and for a refusal that names everything. Reads no system. */
export async function previewRun(
	input: Limits & Pick<Guarded, "assessment" | "providers">,
): Promise<{ refusals: guard.Refusal[]; proofs: LockOutProof[]; warnings: string[] } & Omit<Revalidation, "valid">> {
	const checked = await revalidate({ ...input, now: input.now() });
	return {
		...(await liveRefusals({ ...input, facts: checked.facts, readers: null }, checked.valid, null)),
		...checked,
		warnings: exemptionWarnings(input, checked.facts),
	};
}

async function ownIdentities(run: Guarded, remaining: PlannedAction[], acts: Map<string, Opened>): Promise<Map<string, ReadonlySet<string>>> {
	const own = new Map<string, ReadonlySet<string>>();
	for (const system of new Set(remaining.map((action) => action.system))) {
		const act = acts.get(system) ?? (await run.openAct?.(system));
		if (act) acts.set(system, act);
		const ids = new Set<string>();
		for (const opened of [act, run.readers?.get(system)]) {
			const self = await opened?.connection.self?.();
			for (const id of [...(self?.accounts ?? []), ...(self?.credentials ?? []), ...(self?.clients ?? [])]) ids.add(id);
		}
		own.set(system, ids);
	}
	return own;
}
