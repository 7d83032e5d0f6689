import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { progressOf } from "../apply/journal.js";
import { assess } from "../assess/assess.js";
import type { DesiredVerdict } from "../assess/desired.js";
import { peopleSystem } from "../assess/persons.js";
import type { Assessment } from "../model/assessment.js";
import { type Severity, severities } from "../model/finding.js";
import { withHistory } from "../report/history.js";
import { renderMarkdown } from "../report/markdown.js";
import { objectionsOf, type Review, reviewLead, reviewSections } from "../report/review.js";
import { type Rules, ruleChanges } from "../report/rules.js";
import { diagnosticAt } from "../stack/later.js";
import { desiredReport } from "./desired.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { reaches } from "./fail-on.js";
import { writeReport } from "./report.js";
import { planReport } from "./report-plan.js";
import { unjudged } from "./unjudged.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface ReviewOptions extends CommonOptions {
	/** The branch to compare with [KEELSON_BASE]. */
	base?: string;
	out?: string;
	limit?: number;
	/** No personal data: subjects by their immutable ids. */
	pseudonyms?: boolean;
}

/**
 * `keelson review`: everything that a pull request needs to be decided, on one page. Judges the stored state by the stack file and policies
 * of the working copy and by those of the base branch; no network, and nothing in the store changes.
 */
export async function review(options: ReviewOptions): Promise<ExitCode> {
	const failOn = severityOf(options.failOn ?? "critical");
	const workspace = await openWorkspace(options);
	try {
		const judged = await assess({ ...workspace, dryRun: true });
		if (!judged) throw new CliError("nothing is stored yet: run keelson scan");
		const stored = await workspace.store.findings({ systems: [...judged.systems.map(({ system }) => system), peopleSystem] });
		const base = await baseOf(workspace, options);
		const notJudged = await unjudged(workspace.stack);
		const whole: Review = {
			proposed: withHistory(judged, stored),
			base: base && { name: base.name, assessment: base.assessment },
			rules: base ? ruleChanges(base.rules, workspace) : [],
			declared: await declaredVerdicts(workspace, base?.verdicts ?? [], failOn),
			plans: await openPlans(workspace, judged),
			failOn,
			objections: notJudged,
		};
		const made = options.pseudonyms ? (await import("../report/pseudonyms-review.js")).reviewWithPseudonyms(whole) : whole;
		const objections = objectionsOf(made);
		const text = options.json
			? `${JSON.stringify({ objections, posture: made.proposed.posture, base: made.base?.assessment.posture ?? null, rules: made.rules, plans: made.plans.map(({ file }) => file) }, null, 2)}\n`
			: renderMarkdown(made.proposed, {
					title: `Keelson on ${workspace.stack.name}`,
					lead: reviewLead(made),
					first: reviewSections(made),
					...(options.limit !== undefined && { limit: options.limit }),
				});
		await writeReport(text, options);
		const refused = notJudged.length > 0 || made.plans.some(({ report }) => report.refusals === null || report.refusals.length > 0);
		return objections.length === 0 ? exitCodes.fine : refused ? exitCodes.refused : exitCodes.findings;
	} finally {
		await workspace.close();
	}
}

type Base = NonNullable<Review["base"]> & { rules: Rules; verdicts: DesiredVerdict[] };

/** What policies say of the objects as they are declared here, and not already of those of the base branch. */
async function declaredVerdicts(workspace: Workspace, before: DesiredVerdict[], failOn: Severity | null): Promise<Review["declared"]> {
	const known = new Set(before.map(verdictKey));
	const { verdicts } = await desiredReport(workspace, "none");
	return verdicts
		.filter((verdict) => !known.has(verdictKey(verdict)))
		.map(({ policy, severity, outcome, already, message, path }) => ({
			...{ policy, severity, outcome, message },
			place: placeOf(workspace, path),
			blocks: outcome === "fail" && !already && reaches(severity, failOn ?? "none"),
		}))
		.sort((a, b) => Number(b.blocks) - Number(a.blocks) || severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** A value that is worse than the one that failed before is another message. */
const verdictKey = ({ policy, subject, outcome, message }: DesiredVerdict) => `${policy}\0${subject}\0${outcome}\0${message}`;

function placeOf({ stack }: Workspace, path: string): string {
	const { file, line } = diagnosticAt(stack, path, "");
	return `${relative(process.cwd(), file)}:${line}`;
}

/** The stored state by the stack file and the policies of the base branch, checked out beside; null: none is named. */
async function baseOf(workspace: Workspace, options: ReviewOptions): Promise<Base | null> {
	const name = options.base ?? process.env.KEELSON_BASE;
	if (!name) return null;
	const { checkedOut, stackAt } = await import("./base.js");
	// Files of secrets by the names that they have here, not in a checkout of its own.
	const { systems, notify } = await stackAt(workspace.stack.file, name);
	return checkedOut(workspace.stack.file, name, async (file) => {
		const { store, ...base } = await openWorkspace({ stack: file });
		try {
			const assessment = await assess({ ...base, store: workspace.store, dryRun: true });
			const { verdicts } = await desiredReport({ ...base, store: workspace.store }, "none");
			return assessment && { name, assessment, rules: { ...base, stack: { ...base.stack, systems, notify } }, verdicts };
		} finally {
			await store.close();
		}
	});
}

/** Plan files in the stack's folder of plans of which something is still to be made, in the order of their names. */
async function openPlans(workspace: Workspace, assessment: Assessment): Promise<Review["plans"]> {
	const { stack, store } = workspace;
	const names = await readdir(stack.remediation.plans).catch(() => []);
	const plans: Review["plans"] = [];
	for (const name of names.filter((one) => /\.ya?ml$/.test(one)).sort()) {
		const path = join(stack.remediation.plans, name);
		const report = await planReport(workspace, assessment, path);
		const progress = progressOf(await store.journal({ tenant: stack.name, plan: report.plan.digest }));
		if (report.plan.actions.every(({ id }) => progress.get(id)?.state === "done")) continue;
		plans.push({ file: relative(process.cwd(), path), report });
	}
	return plans;
}

function severityOf(word: string): Severity | null {
	if (word === "none") return null;
	const found = severities.find((one) => one === word);
	if (!found) throw new CliError(`--fail-on takes critical, high, medium, low, info or none, not ${JSON.stringify(word)}`);
	return found;
}
