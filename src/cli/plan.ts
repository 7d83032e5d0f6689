import { relative } from "node:path";
import { previewRun, staticRefusals } from "../apply/checks.js";
import { assess } from "../assess/assess.js";
import type { Assessment } from "../model/assessment.js";
import { makePlan, type PlanInput } from "../plan/make-plan.js";
import { nameless } from "../plan/nameless.js";
import { PlanError } from "../plan/one-action.js";
import type { Plan } from "../plan/plan.js";
import { writePlan } from "../plan/plan-file.js";
import { actionKinds } from "../provider/action.js";
import { loadProvider } from "../provider/load.js";
import type { Provider } from "../provider/provider.js";
import { isProposal, packagesFolder } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { renderPlan } from "./plan-text.js";
import { scanSystems } from "./scan.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface PlanOptions extends CommonOptions {
	/** False (`--no-scan`): plan from the stored state. */
	scan?: boolean;
	system?: string[];
	/** Only findings of these policies. */
	policy?: string[];
	/** Only these findings. */
	finding?: string[];
	/** Accounts to touch at most, as text. */
	limit?: string;
	/** A person's own actions: `okta/deactivate-account/00u1`, `okta/remove-role/00u1/<assignment>`, `okta/remove-group-member/00u1/00g2`, `okta/revoke-credential/<id>`, `entra/delete-authenticator/<account>/<method>`, `entra/disable-app/<id>`, `sspm/open-ticket/<setting>`. */
	action?: string[];
	/** Allows what is for an operator only. */
	operator?: boolean;
}

/** `keelson plan`: read, judge, and write the changes that answer the findings, for review. */
export async function plan(options: PlanOptions): Promise<ExitCode> {
	const operatorActions = options.action?.map(readAction);
	if (operatorActions && !options.operator) throw new CliError("--action names a person's own changes, which answer no finding: add --operator");
	const workspace = await openWorkspace(options);
	try {
		const { assessment, providers } = await judged(workspace, options);
		const made = await planned(() =>
			makePlan({
				...workspace,
				assessment,
				providers,
				now: Date.now(),
				...(options.policy ? { only: options.policy } : {}),
				...(options.finding ? { findings: options.finding } : {}),
				...(options.limit === undefined ? {} : { limit: readLimit(options.limit) }),
				...(operatorActions ? { operatorActions } : {}),
			}),
		);
		return await present(workspace, made, assessment, providers, options);
	} finally {
		await workspace.close();
	}
}

/** The newest judged state, read first unless `--no-scan`, and every system's provider. */
export async function judged(workspace: Workspace, options: PlanOptions): Promise<{ assessment: Assessment; providers: Record<string, Provider> }> {
	if (options.scan !== false) await scanSystems(workspace, options);
	const assessment = await assess({ ...workspace, dryRun: isProposal() });
	if (!assessment) throw new CliError("nothing is stored yet: run keelson scan");
	const providers: Record<string, Provider> = {};
	for (const [system, declared] of Object.entries(workspace.stack.systems))
		providers[system] = await loadProvider(declared.provider, packagesFolder(workspace.stack.file));
	return { assessment, providers };
}

/** Runs what makes a plan; what can't be planned is bad input. */
export async function planned(make: () => Promise<Plan>): Promise<Plan> {
	try {
		return await make();
	} catch (error) {
		if (error instanceof PlanError) throw new CliError(error.message);
		throw error;
	}
}

/** Writes the plan file and shows the plan, with what an apply would meet. */
export async function present(
	workspace: Workspace,
	made: Plan,
	assessment: Assessment,
	providers: Record<string, Provider>,
	options: PlanOptions,
): Promise<ExitCode> {
	const { stack } = workspace;
	const written = stack.remediation.names ? made : nameless(made);
	const file = made.actions.length > 0 ? await writePlan(written, stack.remediation.plans) : null;
	const limits = { ...workspace, plan: made, assessment, providers, operator: options.operator ?? false, now: Date.now };
	const preview = made.actions.length > 0 ? await previewRun(limits) : { refusals: [], proofs: [], warnings: [] };
	const refusals = made.actions.length > 0 ? [...(await staticRefusals(limits)), ...preview.refusals] : [];
	if (options.json) process.stdout.write(`${JSON.stringify({ plan: written, file, refusals, proofs: preview.proofs, warnings: preview.warnings }, null, 2)}\n`);
	else
		process.stdout.write(
			renderPlan(
				{ ...made, digest: written.digest },
				{
					file: file && relative(process.cwd(), file),
					refusals,
					proofs: preview.proofs,
					warnings: preview.warnings,
					color: colour(process.stdout),
				},
			),
		);
	return exitCodes.fine;
}

function readLimit(text: string): number {
	if (!/^[1-9]\d{0,6}$/.test(text)) throw new CliError(`--limit takes a number of accounts, not ${JSON.stringify(text)}`);
	return Number(text);
}

function readAction(text: string): NonNullable<PlanInput["operatorActions"]>[number] {
	const [system = "", word = "", id = "", ...rest] = text.split("/");
	const kind = actionKinds.find((one) => one === word);
	const second = rest.join("/");
	if (!kind || kind === "notify")
		throw new CliError(`--action ${text}: write <system>/<kind>/<id>; kinds are ${actionKinds.filter((one) => one !== "notify").join(", ")}`);
	if (kind === "close-ticket") throw new CliError("--action close-ticket: a ticket is closed by keelson undo of the plan that opened it");
	if (id === "" || kind === "update-setting")
		throw new CliError(`--action ${text}: write <system>/${kind}/<id>${kind === "update-setting" ? "; settings are declared in the stack file" : ""}`);
	if (kind === "open-ticket") return { system, kind, target: { setting: [id, second].filter(Boolean).join("/") } };
	const pairs = kind.endsWith("-role") || kind.endsWith("-group-member") || kind === "delete-authenticator";
	if (pairs !== (second !== ""))
		throw new CliError(
			`--action ${text}: ${pairs ? `write <system>/${kind}/<account>/<${kind.endsWith("-role") ? "assignment or role" : kind === "delete-authenticator" ? "authenticator" : "group"}>` : `${kind} takes one id`}`,
		);
	if (kind === "revoke-credential") return { system, kind, target: { credential: id } };
	if (kind === "disable-app" || kind === "enable-app") return { system, kind, target: { app: id } };
	if (kind === "delete-authenticator") return { system, kind, target: { account: id, authenticator: second } };
	if (kind.endsWith("-group-member")) return { system, kind, target: { account: id, group: second } };
	if (kind === "remove-role") return { system, kind, target: { account: id, assignment: second } };
	return { system, kind, target: kind === "add-role" ? { account: id, role: second } : { account: id } };
}
