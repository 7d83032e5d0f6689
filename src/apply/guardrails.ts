import type { Assessment } from "../model/assessment.js";
import type { Millis } from "../model/known.js";
import type { CollectionName } from "../model/snapshot.js";
import type { SystemFacts } from "../plan/facts.js";
import type { LockOutProof } from "../plan/lockout.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import { groupReached } from "../plan/reach.js";
import { actionSpecs } from "../plan/specs.js";
import { untouchable } from "../plan/untouchable.js";
import type { Provider } from "../provider/provider.js";
import type { Stack } from "../stack/stack.js";
import type { Approval } from "./approval.js";
import { checkDesired } from "./desired.js";

/** A limit that stands against a run. One is enough: nothing is written then. */
export interface Refusal {
	guardrail:
		| "tenant"
		| "lease"
		| "freeze"
		| "plan-age"
		| "approvals"
		| "snapshot-age"
		| "operator"
		| "credential"
		| "other-store"
		| "journal"
		| "interrupted"
		| "people"
		| "coverage"
		| "protected"
		| "own-client"
		| "budget"
		| "lock-out";
	message: string;
}

export function checkTenant(plan: Plan, stack: Stack): Refusal[] {
	if (plan.tenant !== stack.name) return [{ guardrail: "tenant", message: `the plan is for ${plan.tenant}, and the stack file is ${stack.name}'s` }];
	const strangers = [...new Set(plan.actions.map(({ system }) => system))].filter((system) => !Object.hasOwn(stack.systems, system));
	return strangers.map((system) => ({ guardrail: "tenant", message: `the plan names the system ${system}, which the stack file doesn't declare` }));
}

export function checkFreeze(stack: Stack, now: Millis): Refusal[] {
	return stack.remediation.guardrails.freeze
		.filter(({ from, to }) => now >= from && now <= to)
		.map(({ to, reason }) => ({ guardrail: "freeze", message: `no changes until ${iso(to)}${reason ? ` (${reason})` : ""}: remediation.guardrails.freeze` }));
}

export function checkPlanAge(plan: Plan, stack: Stack, now: Millis): Refusal[] {
	const { maxPlanAge } = stack.remediation.guardrails;
	if (plan.created > now + clockTolerance)
		return [{ guardrail: "plan-age", message: `the plan was made at ${iso(plan.created)}, which is still to come: check this machine's clock` }];
	if (now - plan.created <= maxPlanAge) return [];
	return [
		{ guardrail: "plan-age", message: `the plan is from ${iso(plan.created)} and older than ${length(maxPlanAge)} (maxPlanAge): run keelson plan again` },
	];
}

/** Approval that is not known is none. */
export function checkApprovals(approval: Approval | null, stack: Stack): Refusal[] {
	const needed = stack.remediation.guardrails.approvals;
	const by = approval?.approvedBy ?? [];
	if (by.length >= needed) return [];
	const of = approval?.pullRequest ? ` of pull request ${approval.pullRequest.number}` : "";
	const why = approval === null ? "git and the forge were not asked" : approval.unknown;
	const seen = why === null ? `${by.length} are there${of}${by.length > 0 ? ` (${by.join(", ")})` : ""}` : `who approved it is not known${of}: ${why}`;
	return [{ guardrail: "approvals", message: `the plan file needs ${needed} ${needed === 1 ? "approval" : "approvals"} (approvals), and ${seen}` }];
}

/** Clocks of two machines differ. */
const clockTolerance = 5 * 60_000;

/** The state that decisions rest on must be younger than this at every write; counted from the read's beginning. */
export function checkSnapshotAge(facts: Iterable<SystemFacts>, stack: Stack, now: Millis): Refusal[] {
	const { maxSnapshotAge } = stack.remediation.guardrails;
	return [...facts]
		.filter(({ scan }) => now - scan.started > maxSnapshotAge)
		.map(({ system, scan }) => ({
			guardrail: "snapshot-age",
			message: `${system} was read at ${iso(scan.started)}, longer than ${length(maxSnapshotAge)} ago (maxSnapshotAge)`,
		}));
}

/** `desired`: the plan is what the stack file declares. */
export function checkOperator(plan: Plan, providers: Record<string, Provider>, operator: boolean, desired = false): Refusal[] {
	if (desired) return checkDesired(plan, providers);
	if (operator) return [];
	const refusals: Refusal[] = [];
	const bare = plan.undoes === undefined ? plan.actions.filter(({ findings }) => findings.length === 0) : [];
	if (plan.operator || bare.length > 0)
		refusals.push({ guardrail: "operator", message: "the plan holds a person's own actions, which answer no finding: apply it with --operator" });
	for (const action of plan.actions) {
		const provider = providers[action.system];
		if (provider && actionSpecs(provider).some((spec) => spec.kind === action.kind && spec.operatorOnly))
			refusals.push({ guardrail: "operator", message: `${action.label}: ${action.kind} is for an operator only: apply the plan with --operator` });
	}
	return refusals;
}

export function checkCredential(actions: PlannedAction[], stack: Stack): Refusal[] {
	const systems = [...new Set(actions.map(({ system }) => system))].filter((system) => stack.systems[system] && !stack.systems[system]?.act);
	return systems.map((system) => ({
		guardrail: "credential",
		message: `systems.${system}.act is not declared: without a credential of its own nothing is written`,
	}));
}

/** Entries that guard somebody and can't be resolved: while it isn't sure who they are, nobody is changed. */
export function checkPeople(assessment: Assessment): Refusal[] {
	return assessment.problems
		.filter(({ blocksWrites }) => blocksWrites)
		.map(({ path, line, message }) => ({ guardrail: "people", message: `${path}${line === null ? "" : ` (line ${line})`}: ${message}` }));
}

const needed: CollectionName[] = ["accounts", "roleAssignments", "settings"];

/** Who is an administrator and how people sign in must be known whole before anything of it is changed. */
export function checkCoverage(actions: PlannedAction[], facts: Map<string, SystemFacts>, providers: Record<string, Provider>): Refusal[] {
	const refusals: Refusal[] = [];
	for (const system of new Set(actions.map((action) => action.system)))
		for (const collection of actions.some((action) => action.system === system && groupReached(action.target)) ? [...needed, "memberships" as const] : needed) {
			if (!providers[system]?.readers.some((reader) => reader.collection === collection)) continue;
			const coverage = facts.get(system)?.snapshot.coverage(collection);
			if (coverage?.state === "complete") continue;
			const why = coverage?.reasons[0]?.detail;
			refusals.push({
				guardrail: "coverage",
				message: `${system}: ${collection} are ${coverage?.state ?? "unread"}${why ? ` (${why})` : ""}, and must be complete before anything is changed`,
			});
		}
	return refusals;
}

/** Emergency and protected accounts, and Keelson's own client: never touched, whoever asks. */
export function checkUntouchable(actions: PlannedAction[], facts: Map<string, SystemFacts>, stack: Stack): Refusal[] {
	return actions.flatMap((action): Refusal[] => {
		const known = facts.get(action.system);
		const why = known ? untouchable(stack, known, action.target) : null;
		return why ? [{ guardrail: "protected", message: `${action.label}: ${why}` }] : [];
	});
}

/** What the two connections say they are: an account, a credential, a client that must stay as it is. */
export function checkOwnClient(actions: PlannedAction[], own: Map<string, ReadonlySet<string>>, facts: Map<string, SystemFacts>): Refusal[] {
	return actions.flatMap((action): Refusal[] => {
		const { account, credential } = action.target;
		const owner = credential === undefined ? null : facts.get(action.system)?.credentials.get(credential)?.owner;
		const members = facts.get(action.system)?.members.get(groupReached(action.target) ?? "") ?? [];
		const ours = [account, credential, owner, ...members].some((id) => id !== undefined && id !== null && own.get(action.system)?.has(id));
		return ours ? [{ guardrail: "own-client", message: `${action.label}: it is what Keelson signs in with` }] : [];
	});
}

export function checkLockOut(proofs: LockOutProof[]): Refusal[] {
	return proofs
		.filter(({ holds }) => !holds)
		.map(({ system, needed: least, witnesses, countedOut }) => {
			const who = countedOut.map(({ label, why }) => `${label}: ${why}`).join("; ");
			const found = witnesses.length === 0 ? "no administrator" : `only ${witnesses.map(({ label }) => label).join(", ")}`;
			return {
				guardrail: "lock-out",
				message: `${system}: ${found} would provably still get in, and ${least} must (keepAdmins)${who ? `. Not counted on: ${who}` : ""}`,
			};
		});
}

function length(ms: Millis): string {
	const units: [number, string][] = [
		[86_400_000, "d"],
		[3_600_000, "h"],
		[60_000, "min"],
		[1000, "s"],
	];
	const [size, unit] = units.find(([one]) => ms >= one && ms % one === 0) ?? [1, "ms"];
	return `${ms / size} ${unit}`;
}

function iso(at: Millis): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
