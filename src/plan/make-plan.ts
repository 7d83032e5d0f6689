import type { Condition } from "../assess/people.js";
import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { ActionKind, ActionTarget } from "../provider/action.js";
import type { Provider } from "../provider/provider.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { blastOf, touched } from "./blast.js";
import { plainJson, sealPlan } from "./digest.js";
import { loadFacts, type SystemFacts } from "./facts.js";
import { noticesFor } from "./notices.js";
import { type Asked, fixedAction, PlanError, plannedAction } from "./one-action.js";
import { ordered } from "./order.js";
import { type PlannablePart, partsOf } from "./parts.js";
import type { Plan, PlannedAction } from "./plan.js";
import { predict } from "./predict.js";
import { groupReached } from "./reach.js";
import { inTheWay, refusedByStatus } from "./status.js";

export interface PlanInput {
	assessment: Assessment;
	stack: Stack;
	store: Store;
	/** By system name. */
	providers: Record<string, Provider>;
	compile(text: string): Condition;
	now: Millis;
	/** Policies to plan for [all]. */
	only?: string[];
	/** Findings to plan for, by id [all]. */
	findings?: string[];
	/** Accounts touched at most [no limit]: those at the highest risk; the others are left for a later plan. */
	limit?: number;
	/** A person's own actions instead of the findings': the plan is applied with `--operator` only. */
	operatorActions?: { system: string; kind: ActionKind; target: ActionTarget }[];
}

/**
 * Turns findings into a reviewed list of changes. Reads the store, writes nothing.
 * @throws PlanError when a named finding or an operator's action can't be planned, or the scan that was judged is gone
 */
export async function makePlan(input: PlanInput): Promise<Plan> {
	const { assessment, stack, operatorActions } = input;
	const findings = operatorActions ? [] : chosen(input);
	const facts = await factsFor(input, findings, operatorActions ?? []);
	const actions = new Map<string, PlannedAction>();
	const answered: { finding: Finding; planned: PlannedAction[] }[] = [];
	const notPlanned: Plan["notPlanned"] = [];
	for (const asked of operatorActions ?? []) {
		const where = context(input, facts, asked.system);
		const action = fixedAction(asked, where, true);
		const refused = "why" in action ? action.why : changesBefore(asked, operatorActions ?? []) ? null : refusedByStatus(asked, where);
		if ("why" in action || refused !== null) throw new PlanError(`${asked.system}: ${asked.kind}: ${refused}`);
		actions.set(action.id, action);
	}
	for (const finding of findings) {
		const { planned, missing } = answer(finding, input, facts);
		for (const action of planned) add(actions, action, finding);
		for (const why of new Set(missing.map((part) => part.why)))
			notPlanned.push({ finding: finding.id, policy: finding.policy, label: finding.subject.label, why });
		if (planned.some(({ kind }) => !mendsNothing.has(kind)) && !missing.some((part) => part.needed)) answered.push({ finding, planned });
	}
	for (const [id, why] of operatorActions ? [] : inTheWay(ordered([...actions.values()]), input.providers)) {
		const action = actions.get(id);
		actions.delete(id);
		for (const finding of action?.findings ?? []) notPlanned.push({ finding: finding.id, policy: finding.policy, label: action?.label ?? "", why });
	}
	const within = input.limit === undefined ? actions : riskiest(actions, assessment, input.limit);
	for (const action of actions.values())
		if (!within.has(action.id))
			for (const { id, policy } of action.findings)
				notPlanned.push({ finding: id, policy, label: action.label, why: `left for a later plan: this one touches ${input.limit} accounts at most` });
	const told = operatorActions ? null : noticesFor(within.values(), findings, facts, stack);
	notPlanned.push(...(told?.notPlanned ?? []));
	const list = ordered([...(told?.notices ?? []), ...within.values()], stack.notify.required);
	const settled = answered.filter(({ planned }) => planned.every(({ id }) => within.has(id))).map(({ finding }) => finding);
	const systems = assessment.systems.map(({ system, scan, finished, started }) => [system, { id: scan, finished: finished ?? started }] as const);
	return sealPlan({
		schema: "keelson.dev/plan/v1",
		tenant: stack.name,
		created: input.now,
		...(operatorActions ? { operator: true as const } : {}),
		basis: { scans: Object.fromEntries(systems), stack: stack.digest, policies: assessment.policyDigest },
		score: predict(assessment, settled),
		blast: blastOf(list, facts, assessment.systems),
		actions: list,
		notPlanned,
	});
}

/** Ending sessions changes nothing that a policy looks at; what a ticket asks for is mended when a later scan sees it. */
export const mendsNothing = new Set<ActionKind>(["end-sessions", "open-ticket", "close-ticket"]);

/** The actions on as many accounts as allowed, those at the highest risk first; what is on no account stays. */
function riskiest(actions: Map<string, PlannedAction>, assessment: Assessment, limit: number): Map<string, PlannedAction> {
	const place = new Map(assessment.accounts.map(({ key }, index) => [key, index]));
	const units = [...new Set([...actions.values()].flatMap((action) => touched(action) ?? []))];
	const last = Number.POSITIVE_INFINITY;
	const allowed = new Set(units.sort((a, b) => (place.get(a) ?? last) - (place.get(b) ?? last) || (a < b ? -1 : 1)).slice(0, limit));
	return new Map([...actions].filter(([, action]) => allowed.has(touched(action) ?? "") || touched(action) === null));
}

function chosen({ assessment, only, findings }: PlanInput): Finding[] {
	// What a baseline accepts is planned only for whoever asks for that very finding.
	const open = assessment.findings.filter(
		(finding) => finding.state !== "fixed" && (finding.outcome === "fail" || (findings !== undefined && finding.exemption?.source === "baseline")),
	);
	const unknown = findings?.filter((id) => !open.some((finding) => finding.id === id)) ?? [];
	if (unknown.length > 0) throw new PlanError(`${unknown.join(", ")}: not an open failure of the newest scan (keelson check lists them)`);
	return open.filter((finding) => (only?.includes(finding.policy) ?? true) && (findings?.includes(finding.id) ?? true));
}

/** What each system concerned holds, from the very scan that was judged. */
export async function factsFor(
	input: Pick<PlanInput, "assessment" | "store" | "stack" | "compile"> & Partial<Pick<PlanInput, "providers">>,
	findings: Pick<Finding, "system" | "subject">[],
	asked: Asked[],
): Promise<Map<string, SystemFacts>> {
	const facts = new Map<string, SystemFacts>();
	for (const { system, scan: id } of input.assessment.systems) {
		const subjects = findings
			.filter((finding) => finding.system === system && finding.subject.kind === "account")
			.map((finding) => finding.subject.key.slice(system.length + 1));
		const targets = asked.filter((one) => one.system === system).map((one) => one.target);
		const named = targets.flatMap(({ account }) => account ?? []);
		const groups = new Set(targets.flatMap((target) => groupReached(target) ?? []));
		const mended = findings.filter((finding) => finding.system === system && finding.subject.kind === "setting");
		const aims = new Set([...targets.flatMap(({ setting }) => setting ?? []), ...mended.map(({ subject }) => subject.key.slice(system.length + 1))]);
		if (!findings.some((finding) => finding.system === system) && !asked.some((one) => one.system === system)) continue;
		const scan = (await input.store.scans({ system, limit: 20 })).find((one) => one.id === id);
		if (!scan) throw new PlanError(`${system}: scan ${id} is not in the store any more: judge again`);
		const owners = await credentialOwners(input.store, scan);
		facts.set(
			system,
			await loadFacts({ ...input, scan, wanted: new Set([...subjects, ...named, ...owners]), groups, aims, provider: input.providers?.[system] }),
		);
	}
	return facts;
}

async function credentialOwners(store: Store, scan: Parameters<Store["records"]>[0]): Promise<string[]> {
	const owners = new Set<string>();
	for await (const batch of store.records(scan, "credentials"))
		for (const { body } of batch) if ("owner" in body && typeof body.owner === "string") owners.add(body.owner);
	return [...owners];
}

function context(input: PlanInput, facts: Map<string, SystemFacts>, system: string) {
	const provider = input.providers[system];
	const known = facts.get(system);
	if (!provider || !known) throw new PlanError(`${system}: nothing of it was scanned yet`);
	return { provider, facts: known, stack: input.stack };
}

/** Another of a person's own actions may bring the account into the status that this one needs. */
function changesBefore(asked: Asked, all: Asked[]): boolean {
	return all.some((other) => other !== asked && other.system === asked.system && other.target.account === asked.target.account);
}

function answer(
	finding: Finding,
	input: PlanInput,
	facts: Map<string, SystemFacts>,
): { planned: PlannedAction[]; missing: { why: string; needed: boolean }[] } {
	// What is wrong with a person over several systems is for people to decide: each system's own findings carry the changes.
	if (finding.subject.kind === "person") return { planned: [], missing: finding.remediation.map((why) => ({ why, needed: true })) };
	const where = context(input, facts, finding.system);
	const planned: PlannedAction[] = [];
	const missing: { why: string; needed: boolean }[] = [];
	const refusals: typeof missing = [];
	for (const part of partsOf(finding, where.facts, input.stack)) {
		if ("why" in part) {
			missing.push(part);
			continue;
		}
		const action = plannedAction(finding.system, part satisfies PlannablePart, where, false);
		const refused = "why" in action ? null : refusedByStatus(part, where);
		if ("why" in action) missing.push({ why: action.why, needed: part.kind !== "end-sessions" });
		else if (refused !== null) refusals.push({ why: refused, needed: true });
		else planned.push(action);
	}
	missing.push(...refusals);
	// Ended sessions can't be had back, and a sign-in that stays open begins new ones.
	if (refusals.length > 0 && planned.length > 0 && planned.every(({ kind }) => kind === "end-sessions"))
		missing.push(...planned.splice(0).map(({ label }) => ({ why: `${label}: not by itself, as the change that it would serve is refused`, needed: false })));
	if (planned.length === 0 && missing.length === 0) missing.push({ why: "its policy names no change, only a notice", needed: true });
	return { planned, missing };
}

function add(actions: Map<string, PlannedAction>, action: PlannedAction, finding: Finding): void {
	const held = actions.get(action.id) ?? action;
	if (!held.findings.some(({ id }) => id === finding.id))
		held.findings.push(
			plainJson({
				id: finding.id,
				policy: finding.policy,
				message: finding.message,
				evidence: finding.evidence,
				...(finding.outcome === "excepted" && { baseline: true as const }),
			}),
		);
	actions.set(action.id, held);
}
