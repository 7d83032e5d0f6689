import { assess } from "../assess/assess.js";
import type { Mend } from "../drift/mend.js";
import type { Assessment } from "../model/assessment.js";
import type { Millis } from "../model/known.js";
import { blastOf } from "../plan/blast.js";
import { sealPlan } from "../plan/digest.js";
import { factsFor } from "../plan/make-plan.js";
import { fixedAction } from "../plan/one-action.js";
import { ordered } from "../plan/order.js";
import type { Plan, PlannedAction } from "../plan/plan.js";
import type { Provider } from "../provider/provider.js";
import { runScan } from "../sync/scan.js";
import { RefusedError } from "./errors.js";
import type { SessionParts } from "./session.js";

export interface DesiredInput extends SessionParts {
	changes: Mend[];
	now(): Millis;
}

/**
 * The plan whose actions bring live objects to what the stack file declares. They answer no finding: the declaration is what was reviewed.
 * What an interrupted mend had begun is found out by `applyPlan` before the next one writes: each mend is a plan of its own.
 * @throws RefusedError naming every change that may not be made
 */
export async function desiredPlan(input: DesiredInput): Promise<Plan> {
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
	if (refused.length > 0) throw new RefusedError(refused);
	const list = ordered(actions);
	const posture = assessment.posture.posture;
	return sealPlan({
		schema: "keelson.dev/plan/v1",
		tenant: stack.name,
		created: input.now(),
		basis: {
			scans: Object.fromEntries(assessment.systems.map(({ system, scan, started, finished }) => [system, { id: scan, finished: finished ?? started }])),
			stack: stack.digest,
			policies: assessment.policyDigest,
		},
		score: { before: posture === null ? null : Math.round(posture * 10) / 10, after: null, accounts: [] },
		blast: blastOf(list, facts, assessment.systems),
		actions: list,
		notPlanned: [],
	});
}

async function judged(input: SessionParts): Promise<Assessment> {
	const assessment = await assess({ ...input, dryRun: true });
	if (!assessment) throw new Error("nothing is stored: run keelson scan");
	return assessment;
}

/** Whether the newest scan knows everything that the changes name. */
async function knows({ store, changes }: DesiredInput, system: string): Promise<boolean> {
	const [scan] = await store.scans({ system, limit: 1 });
	if (!scan) return false;
	for (const { target } of changes.filter((change) => change.system === system)) {
		if (target.account !== undefined && !(await store.record(scan, "accounts", target.account))) return false;
		if (target.setting !== undefined && !(await store.record(scan, "settings", target.setting))) return false;
	}
	return true;
}

/** The provider of a system, which is scanned first where the store knows too little of it. */
async function providerOf(input: DesiredInput, system: string, known: boolean): Promise<Provider> {
	const { provider, connection } = await input.connect(system, "read");
	try {
		const budget = input.stack.systems[system]?.budget ?? { perAccountRequests: null, perAccountMaxAge: 0 };
		if (!known) await runScan({ store: input.store, provider, connection, system, stackDigest: input.stack.digest, budget, now: input.now });
		return provider;
	} finally {
		await connection.close();
	}
}
