import { assess } from "../assess/assess.js";
import type { Condition } from "../assess/people.js";
import type { Assessment } from "../model/assessment.js";
import type { Millis } from "../model/known.js";
import type { CompiledPolicy } from "../policy/compile.js";
import type { Connection, Provider } from "../provider/provider.js";
import type { Stack } from "../stack/stack.js";
import type { Store } from "../store/store.js";
import { runScan } from "../sync/scan.js";
import { blastOf } from "./blast.js";
import { sealPlan } from "./digest.js";
import { factsFor } from "./make-plan.js";
import { type Asked, fixedAction } from "./one-action.js";
import { ordered } from "./order.js";
import type { Plan, PlannedAction } from "./plan.js";

export interface DeclaredInput {
	stack: Stack;
	store: Store;
	policies: CompiledPolicy[];
	policyDigest: string;
	compile(text: string): Condition;
	/** Connects with the reading credential, to scan a system of which the store knows too little. */
	connect(system: string, purpose: "read"): Promise<{ provider: Provider; connection: Connection }>;
	/** The changes that bring live objects to what the stack file declares. */
	changes: Asked[];
	/** Parts of drifts that no change answers, for the plan's reader. */
	notPlanned?: Plan["notPlanned"];
	/** The plan says of itself that it is declared, and is held to that when it is applied from a file. */
	sealed?: true;
	now(): Millis;
}

/**
 * The plan of changes that answer no finding: the declaration is what was reviewed. `refused`: changes that may not be made, one line each.
 * Scans a system of which the store knows too little; writes to no vendor.
 */
export async function declaredPlan(input: DeclaredInput): Promise<{ plan: Plan; refused: string[] }> {
	const { stack, changes } = input;
	const systems = [...new Set(changes.map(({ system }) => system))];
	const providers: Record<string, Provider> = {};
	for (const system of systems) providers[system] = await providerOf(input, system, await knows(input, system));
	const assessment = await judged(input);
	const facts = await factsFor({ ...input, assessment }, [], changes);
	const actions: PlannedAction[] = [];
	const refused: string[] = [];
	for (const change of changes) {
		const known = facts.get(change.system);
		const provider = providers[change.system];
		if (!known || !provider) continue;
		const action = fixedAction(change, { provider, facts: known, stack }, false);
		if ("why" in action) refused.push(`${change.kind} ${change.target.account ?? change.target.setting ?? ""}: ${action.why}`);
		else actions.push(action);
	}
	const list = ordered(actions);
	const posture = assessment.posture.posture;
	const plan = sealPlan({
		schema: "keelson.dev/plan/v1",
		tenant: stack.name,
		created: input.now(),
		...(input.sealed ? { declared: true as const } : {}),
		basis: {
			scans: Object.fromEntries(assessment.systems.map(({ system, scan, started, finished }) => [system, { id: scan, finished: finished ?? started }])),
			stack: stack.digest,
			policies: assessment.policyDigest,
		},
		score: { before: posture === null ? null : Math.round(posture * 10) / 10, after: null, accounts: [] },
		blast: blastOf(list, facts, assessment.systems),
		actions: list,
		notPlanned: input.notPlanned ?? [],
	});
	return { plan, refused };
}

async function judged(input: DeclaredInput): Promise<Assessment> {
	const assessment = await assess({ ...input, dryRun: true });
	if (!assessment) throw new Error("nothing is stored: run keelson scan");
	return assessment;
}

/** Whether the newest scan knows everything that the changes name. */
async function knows({ store, changes }: DeclaredInput, system: string): Promise<boolean> {
	const [scan] = await store.scans({ system, limit: 1 });
	if (!scan) return false;
	for (const { target } of changes.filter((change) => change.system === system)) {
		if (target.account !== undefined && !(await store.record(scan, "accounts", target.account))) return false;
		if (target.setting !== undefined && !(await store.record(scan, "settings", target.setting))) return false;
	}
	return true;
}

/** The provider of a system, which is scanned first where the store knows too little of it. */
async function providerOf(input: DeclaredInput, system: string, known: boolean): Promise<Provider> {
	const { provider, connection } = await input.connect(system, "read");
	try {
		const budget = input.stack.systems[system]?.budget ?? { perAccountRequests: null, perAccountMaxAge: 0 };
		if (!known) await runScan({ store: input.store, provider, connection, system, stackDigest: input.stack.digest, budget, now: input.now });
		return provider;
	} finally {
		await connection.close();
	}
}
