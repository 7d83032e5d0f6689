import { type Grant, grantsOf, notHere } from "../drift/grants.js";
import type { LiveMembership, LiveReader } from "../drift/live.js";
import type { Mend } from "../drift/mend.js";
import { readMembership, type Unread } from "../drift/read-live.js";
import { declaredPlan } from "../plan/declared-plan.js";
import type { Plan } from "../plan/plan.js";
import type { Stack } from "../stack/stack.js";
import { type ApplyInput, applyPlan, tellOf } from "./apply.js";
import type { ApplyReport } from "./report.js";

export interface ExpireInput extends Omit<ApplyInput, "plan" | "desired" | "operator"> {
	/** Reads live with the reading credential. */
	readerOf(system: string): Promise<LiveReader>;
	/** Systems to look at [all]. */
	systems?: string[];
	/** Makes the plan and writes nothing. */
	dryRun?: boolean;
}

export interface ExpireReport {
	/** Overdue accesses that were found, before anything was done. */
	due: Grant[];
	/** Of them, those that are still there, each with why. */
	overdue: Grant[];
	/** The removals; null: there is none to be made. */
	plan: Plan | null;
	/** What applying made of it; null: nothing was applied. */
	applied: ApplyReport | null;
	/** What could not be read: whether something is overdue there is unknown. */
	unread: Unread[];
}

/**
 * Ends what the stack file gave until a time that is past, and nothing else: who is not declared at all is left alone. Every removal goes
 * through `applyPlan`, inside the guardrails. Where the budget does not hold all, the longest overdue are ended and the rest is told.
 * Safe to run again at any moment. Without an entry whose time is past, nothing is read or written.
 * @throws what `applyPlan` throws
 */
export async function expireGrants(input: ExpireInput): Promise<ExpireReport> {
	const { stack, now } = input;
	const passed = withPassed(stack, now(), input.systems);
	const { live, unread } = await readPassed(passed, input.readerOf);
	const seen = { live, unread, journal: [], notice: 0 };
	const due = grantsOf({ stack: { memberships: passed }, ...seen, now: now() }).filter(({ overdue }) => overdue);
	const changes = due.flatMap((grant) => removals(grant, live.get(grant.key)));
	const report: ExpireReport = { due, overdue: due, plan: null, applied: null, unread };
	if (changes.length === 0) return report;
	const { plan, refused } = await planOf(input, changes);
	const unplanned = ({ account, detail }: Grant) => refused.find((line) => line.includes(` ${account}: `)) ?? detail;
	if (plan.actions.length === 0) return { ...report, plan, overdue: due.map((grant) => ({ ...grant, detail: unplanned(grant) })) };
	if (input.dryRun) return { ...report, plan };
	const { applied, plan: made } = await applyWithin(input, plan, changes);
	await tellOf(applied, input);
	const ended = endedIn(applied);
	const overdue = due.filter((grant) => !ended.has(placeOf(grant))).map((grant) => leftOver(grant, applied, unplanned(grant)));
	return { ...report, plan: made, applied, overdue };
}

/** Declared entries with somebody whose time is over; mode observe is looked at and never changed. */
function withPassed(stack: Stack, now: number, systems: string[] | undefined): Stack["memberships"] {
	return Object.fromEntries(
		Object.entries(stack.memberships).filter(
			([, { system, members }]) => (systems?.includes(system) ?? true) && members.some(({ id, until }) => id !== null && until !== null && until <= now),
		),
	);
}

async function readPassed(passed: Stack["memberships"], readerOf: ExpireInput["readerOf"]): Promise<{ live: Map<string, LiveMembership>; unread: Unread[] }> {
	const live = new Map<string, LiveMembership>();
	const unread: Unread[] = [];
	for (const [key, { kind, target, system, name }] of Object.entries(passed)) {
		try {
			const one = await readMembership(await readerOf(system), { kind, target });
			if (name !== null && one.exists && one.name !== null && one.name !== name)
				unread.push({
					key,
					why: `it is named ${JSON.stringify(one.name)} and not ${JSON.stringify(name)}: the id may be the wrong one, and nothing is changed`,
				});
			else live.set(key, one);
		} catch (error) {
			unread.push({ key, why: error instanceof Error ? error.message : String(error) });
		}
	}
	return { live, unread };
}

function removals({ system, kind, target, account, mode }: Grant, live: LiveMembership | undefined): Mend[] {
	const member = live?.members.get(account);
	if (mode === "observe" || !member) return [];
	if (kind === "role")
		return (member.assignments ?? []).map(({ id, scope }) => ({
			system,
			kind: "remove-role" as const,
			target: { account, assignment: id, role: target, ...(scope === null ? {} : { scope }) },
			note: "its time is over",
		}));
	if (notHere({ kind }, member) !== null) return [];
	return [{ system, kind: "remove-group-member", target: { account, group: target }, note: "its time is over" }];
}

function planOf(input: ExpireInput, changes: Mend[]): Promise<{ plan: Plan; refused: string[] }> {
	return declaredPlan({ ...input, connect: (system) => input.openRead(system), changes });
}

/** Over the budget nothing of a plan is applied: a smaller plan is made of those that are overdue longest. */
async function applyWithin({ notifier: _, ...input }: ExpireInput, first: Plan, changes: Mend[]): Promise<{ applied: ApplyReport; plan: Plan }> {
	let plan = first;
	let applied = await applyPlan({ ...input, plan, desired: true });
	for (let count = Math.floor(changes.length / 2); count > 0 && overBudget(applied); count = Math.floor(count / 2)) {
		const smaller = (await planOf(input, changes.slice(0, count))).plan;
		if (smaller.actions.length === 0) break;
		const attempt = await applyPlan({ ...input, plan: smaller, desired: true });
		if (attempt.outcome === "refused" && !overBudget(attempt)) break;
		if (attempt.outcome !== "refused") return { applied: { ...attempt, refusals: applied.refusals }, plan: smaller };
		[plan, applied] = [smaller, attempt];
	}
	return { applied, plan };
}

function overBudget({ outcome, refusals }: ApplyReport): boolean {
	return outcome === "refused" && refusals.every(({ guardrail }) => guardrail === "budget");
}

const placeOf = ({ system, target, account }: Pick<Grant, "system" | "target" | "account">) => `${system}/${target}/${account}`;

/** Accesses of which every removal holds. */
function endedIn({ actions }: ApplyReport): Set<string> {
	const ended = new Set<string>();
	const open = new Set<string>();
	for (const { action, outcome } of actions) {
		const { account = "", group, role = "" } = action.target;
		const place = placeOf({ system: action.system, target: group ?? role, account });
		(["verified", "recovered", "already", "done-before"].includes(outcome) ? ended : open).add(place);
	}
	for (const place of open) ended.delete(place);
	return ended;
}

function leftOver(grant: Grant, { actions, refusals, stopped }: ApplyReport, why: string | null): Grant {
	const own = actions.filter(
		({ action }) =>
			placeOf({ system: action.system, target: action.target.group ?? action.target.role ?? "", account: action.target.account ?? "" }) === placeOf(grant),
	);
	const failed = own.find(({ outcome }) => outcome === "failed" || outcome === "unverified");
	if (failed) return { ...grant, state: "failed", detail: failed.detail };
	const kept = own.find(({ outcome, detail }) => outcome === "skipped" && detail !== "")?.detail;
	return { ...grant, detail: refusals[0]?.message ?? stopped ?? kept ?? why };
}
