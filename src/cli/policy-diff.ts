import { dirname, join, relative } from "node:path";
import { diffPolicies, type Judging, type PolicyChange, type PolicyDiff } from "../assess/policy-diff.js";
import { GitError } from "../forge/git.js";
import { type Diagnostic, renderDiagnostic } from "../model/diagnostic.js";
import { nearest } from "../model/nearest.js";
import { choose } from "../policy/choose.js";
import { type CompiledPolicy, compilePolicy } from "../policy/compile.js";
import type { Scalar } from "../policy/node.js";
import { checkParams } from "../policy/params.js";
import type { ParamDeclaration } from "../policy/source.js";
import { loadStack } from "../stack/load.js";
import type { Stack } from "../stack/stack.js";
import { checkedOut } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { reaches } from "./fail-on.js";
import { type CommonOptions, openWorkspace, shippedPolicies } from "./workspace.js";

export interface PolicyDiffOptions extends CommonOptions {
	/** A branch or commit [KEELSON_BASE, else HEAD]. */
	base?: string;
	/** `<policy>.<param>=<value>`, tried without an edit. */
	set?: string[];
}

/**
 * `keelson policy diff`: what the policies of the working copy say of the stored state, and what those of a base say of the same. No
 * network, and nothing in the store changes.
 */
export async function policyDiff(options: PolicyDiffOptions): Promise<ExitCode> {
	const failOn = options.failOn ?? "none";
	reaches("critical", failOn);
	const workspace = await openWorkspace(options);
	try {
		const own: Judging = { policies: workspace.policies, policyDigest: workspace.policyDigest };
		const tried = (options.set ?? []).map(settingOf);
		const proposed = tried.length === 0 ? own : { ...own, policies: withParams(own.policies, tried) };
		const name = options.base ?? (tried.length > 0 ? null : process.env.KEELSON_BASE || "HEAD");
		const base = name === null ? own : await basePolicies(workspace.stack, name);
		const diff = await diffPolicies(workspace, base, proposed);
		if (!diff) throw new CliError("nothing is stored yet: run keelson scan");
		const newly = newlyFlagged(diff, failOn);
		const whole = { base: name ?? "the working copy", tried: options.set ?? [], newlyFlagged: newly, ...diff };
		if (options.json) process.stdout.write(`${JSON.stringify({ ...whole, at: new Date(diff.at).toISOString() }, null, 2)}\n`);
		else (await import("./policy-diff-text.js")).printDiff(whole, failOn);
		return newly > 0 ? exitCodes.findings : exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

/** Of the findings at least so severe, those that were none before, or that were milder: what a gate would newly stop at. */
function newlyFlagged({ policies }: PolicyDiff, failOn: string): number {
	const counts = policies.map(({ severity, severityChange, subjects, after }: PolicyChange) => {
		if (!reaches(severity, failOn)) return 0;
		if (severityChange && !reaches(severityChange.before, failOn)) return after?.fail ?? 0;
		return subjects.filter(({ kind }) => kind === "flagged").length;
	});
	return counts.reduce((sum, count) => sum + count, 0);
}

/** The policies in force by the stack file of that branch or commit. Nothing else of it is used. */
async function basePolicies(stack: Stack, ref: string): Promise<Judging> {
	const wrong = (what: string) => new CliError(`on ${ref}:\n${what}`);
	const choosing = checkedOut(stack.file, ref, async (file) => {
		// Which providers are installed does not matter: only the policies are asked for.
		const read = await loadStack(file);
		const errors = read.diagnostics.filter(({ level }) => level !== "warning");
		// Told as files of the working copy: the checkout is gone when somebody reads it.
		const here = (path: string) => relative(process.cwd(), join(dirname(stack.file), relative(dirname(file), path)));
		const told = (some: Diagnostic[]) => some.map((diagnostic) => renderDiagnostic({ ...diagnostic, file: here(diagnostic.file) })).join("\n\n");
		if (!read.stack) throw wrong(told(errors));
		const { compiled, digest, diagnostics } = await choose(shippedPolicies, read.stack);
		if (diagnostics.length > 0) throw wrong(told(diagnostics));
		return { policies: compiled, policyDigest: digest };
	});
	return choosing.catch((error) => {
		if (!(error instanceof GitError)) throw error;
		throw new CliError(`${ref} can't be looked at: ${error.message}. --base takes a branch or a commit; --set tries a parameter without any`);
	});
}

interface Tried {
	policy: string;
	param: string;
	text: string;
}

function settingOf(text: string): Tried {
	const [, policy, param, value] = /^([a-z0-9-]+)\.([A-Za-z]\w*)=(.*)$/s.exec(text) ?? [];
	if (policy === undefined || param === undefined || value === undefined)
		throw new CliError(`--set takes <policy>.<param>=<value>, such as dormant-account.days=30, not ${JSON.stringify(text)}`);
	return { policy, param, text: value };
}

/** The policies with the parameters that are tried, over those that the stack file sets. @throws CliError when one doesn't fit */
function withParams(policies: readonly CompiledPolicy[], tried: readonly Tried[]): CompiledPolicy[] {
	const ids = policies.map(({ policy }) => policy.id);
	const missing = tried.find(({ policy }) => !ids.includes(policy));
	if (missing) {
		const near = nearest(missing.policy, ids);
		throw new CliError(`--set: ${missing.policy} is no policy in force; ${near ? `did you mean ${near}?` : "keelson policy list shows them"}`);
	}
	return policies.map((one) => {
		const own = tried.filter(({ policy }) => policy === one.policy.id);
		if (own.length === 0) return one;
		const { params } = one.policy;
		const values = Object.fromEntries(own.map(({ param, text }) => [param, Object.hasOwn(params, param) ? typed(text, params[param]) : text]));
		const [problem] = checkParams(params, values);
		if (problem) throw new CliError(`--set ${one.policy.id}: ${problem.message}${problem.hint ? `; ${problem.hint}` : ""}`);
		return compilePolicy(one.policy, { ...(one.params as Record<string, Scalar | Scalar[]>), ...values });
	});
}

/** As the declaration types it; what is not of that type stays text, and is refused as such. Lists are written with commas. */
function typed(text: string, declared: ParamDeclaration | undefined): Scalar | Scalar[] {
	const number = (word: string): Scalar => (word.trim() !== "" && Number.isFinite(Number(word)) ? Number(word) : word);
	switch (declared?.type) {
		case "integer":
		case "number":
			return number(text);
		case "boolean":
			return text === "true" ? true : text === "false" ? false : text;
		case "array": {
			const items = text === "" ? [] : text.split(",").map((item) => item.trim());
			return declared.items === "integer" ? items.map(number) : items;
		}
		default:
			return text;
	}
}
