import { join } from "node:path";
import { checkFreeze, checkPlanAge, checkTenant } from "../apply/guardrails.js";
import { progressOf } from "../apply/journal.js";
import type { ApplyReport } from "../apply/report.js";
import type { Plan } from "../plan/plan.js";
import { readPlan } from "../plan/read-plan.js";
import type { JournalEntry } from "../store/store.js";
import { failuresOf, LifecycleError, PartialError } from "./errors.js";
import type { Lifecycle, Props } from "./lifecycle.js";
import type { Session } from "./session.js";

/** One approved plan file. Inputs: `stack`, `plan` (the file's name), `digest`, `actions` (id → what it does). State: `outcome`, `results` too. */
export const lifecycle: Lifecycle = {
	async check(session, olds, news) {
		if (olds.digest === news.digest) return { inputs: news, failures: [] };
		const failure = (reason: string) => ({ inputs: news, failures: [{ property: "plan", reason: `${String(news.plan)}: ${reason}` }] });
		try {
			const plan = await load(session, news);
			if (plan.operator) return failure("it holds a person's own actions: keelson apply --operator makes them, Pulumi never");
			const begun = (await session.journal(plan.digest)).length > 0;
			const refusals = begun
				? checkTenant(plan, session.stack)
				: [...checkTenant(plan, session.stack), ...checkPlanAge(plan, session.stack, session.now()), ...checkFreeze(session.stack, session.now())];
			return refusals.length > 0 ? failure(refusals.map(({ message }) => message).join("; ")) : { inputs: news, failures: [] };
		} catch (error) {
			return failure(error instanceof Error ? error.message : String(error));
		}
	},
	diff: (olds, news) => olds.digest !== news.digest || olds.outcome === "partial",
	async create(session, inputs) {
		const id = `plan/${String(inputs.digest)}`;
		return { id, props: await run(session, id, inputs) };
	},
	/** From the journal alone; a plan that another store's journal knows keeps the state it has. */
	async read(session, id, props) {
		const { outcome, results, ...inputs } = props;
		const entries = await session.journal(String(props.digest));
		if (entries.length === 0) return { id, props, inputs };
		const state = { outcome: outcomeIn(entries), results: resultsIn(entries) };
		return { id, props: { ...inputs, ...state }, inputs };
	},
	update: (session, id, _olds, news) => run(session, id, news),
	forget: (id) => `${id} is not listed any more; what it changed stays, and keelson undo takes it back`,
};

async function run(session: Session, id: string, inputs: Props): Promise<Props> {
	const report = await session.apply(await load(session, inputs), fileOf(session, inputs));
	const failures = failuresOf(report);
	const entries = await session.journal(report.plan);
	// As `read` would say it, so that a quiet run stays quiet.
	const results = entries.length > 0 ? resultsIn(entries) : resultsOf(report);
	const props = { ...inputs, outcome: report.outcome === "partial" ? "partial" : "applied", results };
	if (failures.length > 0) throw new PartialError(`${String(inputs.plan)} was applied in part: run it again to go on`, id, props, failures);
	return props;
}

function fileOf(session: Session, { plan }: Props): string {
	return join(session.stack.remediation.plans, String(plan));
}

async function load(session: Session, inputs: Props): Promise<Plan> {
	const { plan: file, digest } = inputs;
	const { plan, diagnostics } = await readPlan(fileOf(session, inputs));
	if (!plan) throw new LifecycleError(diagnostics.map(({ message, hint }) => (hint ? `${message} (${hint})` : message)).join("; "));
	if (plan.digest !== digest) throw new LifecycleError(`${String(file)} is another plan now than the one that was reviewed`);
	return plan;
}

function resultsOf({ actions }: ApplyReport): Record<string, string> {
	return Object.fromEntries(actions.map(({ action, outcome }) => [action.id, outcome]));
}

function outcomeIn(entries: JournalEntry[]): string {
	const last = entries.findLast(({ action, event }) => action === null && (event === "ended" || event === "began"));
	return last?.event === "ended" && last.data.outcome !== "partial" ? "applied" : "partial";
}

function resultsIn(entries: JournalEntry[]): Record<string, string> {
	const events = new Map<string, string>();
	for (const { action, event } of entries) if (action !== null) events.set(action, event);
	const progress = progressOf(entries);
	return Object.fromEntries(
		[...events].map(([id, event]) => {
			const state = progress.get(id);
			return [id, state?.state === "done" ? state.event : event];
		}),
	);
}
