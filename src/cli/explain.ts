import pc from "picocolors";
import { requestOf } from "../assess/account-run.js";
import { assess } from "../assess/assess.js";
import { type FoundAccount, findAccounts, findPerson } from "../assess/lookup.js";
import type { Assessment } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { type ExplainNode, explainTree } from "../policy/explain.js";
import { fieldAt, usedFields } from "../policy/fields.js";
import { formatValue } from "../policy/format.js";
import { differencesOf, sideWords } from "../report/differences.js";
import { safeText } from "../report/sanitise.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { severalAccounts, whoseAccount, whyTogether } from "./explain-person.js";
import { colour } from "./output.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

type Colors = ReturnType<typeof pc.createColors>;
const clean = (text: string) => safeText(text, "terminal");
/** Sentences of a policy, and messages that list: longer than a name. */
const cleanLong = (text: string) => safeText(text, "terminal", 600);

/** `keelson explain <finding | account>`: why, from which field of which call, and what would change it. */
export async function explain(what: string, options: CommonOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	try {
		const assessment = await assess({ ...workspace, dryRun: true });
		if (!assessment) throw new CliError("nothing is stored yet: run keelson scan");
		const finding = assessment.findings.find(({ id }) => id === what);
		const c = pc.createColors(colour(process.stdout));
		if (finding) await explainFinding(workspace, finding, options, c);
		else await explainAccount(workspace, assessment, what, options, c);
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

async function explainFinding(workspace: Workspace, finding: Finding, options: CommonOptions, c: Colors): Promise<void> {
	const stored = (await workspace.store.findings({ systems: [finding.system] })).find(({ id }) => id === finding.id) ?? finding;
	const policy = workspace.policies.find((candidate) => candidate.policy.id === finding.policy);
	const [account] = finding.subject.kind === "account" ? await findAccounts(workspace, finding.subject.key) : [];
	const tree = policy && account ? explainTree(policy, account.account, account.scan.finished ?? account.scan.started) : null;
	if (options.json) {
		process.stdout.write(
			`${JSON.stringify({ finding: stored, explanation: tree, ...(finding.subject.kind === "person" && { person: await findPerson(workspace, finding.subject.key) }) }, null, 2)}\n`,
		);
		return;
	}
	const lines = [
		"",
		`${c.bold(cleanLong(finding.message))}`,
		`  ${finding.severity} · ${finding.policy} · ${finding.outcome} · first seen ${iso(stored.firstSeen)}`,
		"",
	];
	if (policy) lines.push(`  ${cleanLong(policy.policy.why)}`, "");
	lines.push(c.bold("  From"));
	for (const fact of finding.evidence) {
		const { field, value, unknown, call, requestId, observedAt } = fact;
		const differences = differencesOf(fact);
		const items = differences || unknown ? null : itemsOf(value);
		const shown = differences ? "" : unknown ? c.yellow("unknown") : items ? `${items.length}` : clean(JSON.stringify(value) ?? "");
		const seen = [call, requestId ? `request ${clean(requestId)}` : "", observedAt ? iso(observedAt) : ""].filter(Boolean).join(", ");
		lines.push(`    ${field}${differences ? "" : ` = ${shown}`}`, c.dim(`      ${seen}`));
		for (const item of items?.slice(0, shownItems) ?? []) lines.push(`      - ${cleanLong(item)}`);
		if (items && items.length > shownItems) lines.push(c.dim(`      and ${items.length - shownItems} more`));
		for (const { path, desired, live } of differences?.parts ?? [])
			lines.push(`      ${c.yellow("~")} ${clean(path)}: live ${clean(sideWords(live))}, declared ${clean(sideWords(desired))}`);
		if (differences?.more) lines.push(`      ${c.yellow("?")} and maybe more: not all of it was read`);
	}
	if (finding.subject.kind === "person") lines.push(...(await whyTogether(workspace, finding.subject.key, c)));
	else if (account && finding.evidence.some(({ field }) => ofPerson.test(field))) lines.push(...(await whoseAccount(workspace, account.account, c)));
	if (tree) {
		lines.push("", c.bold("  It would pass if"));
		lines.push(...ways(tree.pass, 2, c));
	}
	if (finding.remediation.length > 0) lines.push("", c.bold("  Mend"), ...finding.remediation.map((step) => `    ${cleanLong(step)}`));
	if (finding.controls.length > 0) lines.push("", c.dim(`  ${finding.controls.join("  ")}`));
	process.stdout.write(`${lines.join("\n")}\n\n`);
}

/** What is known of an account by way of its person only. */
const ofPerson = /^account\.(leaver|worker|linkConflicts)\b/;

/** Items of a list of objects that are shown. */
const shownItems = 12;

/** A list of objects, each in one line; null for any other value. */
function itemsOf(value: unknown): string[] | null {
	const list = Array.isArray(value) ? value : (value as { $partial?: unknown } | null)?.$partial;
	if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== "object" || item === null)) return null;
	return list.map((item: Record<string, unknown>) =>
		typeof item.path === "string"
			? item.path
			: Object.entries(item)
					.map(([field, one]) => `${field}: ${typeof one === "string" ? one : JSON.stringify(one)}`)
					.join(", "),
	);
}

async function explainAccount(workspace: Workspace, assessment: Assessment, what: string, options: CommonOptions, c: Colors): Promise<void> {
	const found = await findAccounts(workspace, what);
	if (found.length === 0) throw new CliError(`${clean(what)} is neither an open finding (f_…) nor an account of the newest scan`);
	if (found.length > 1) {
		const nameOf = async (person: string) => (await findPerson(workspace, person))?.name ?? null;
		const accounts = found.map(({ account }) => ({ account, risk: assessment.accounts.find(({ key }) => key === account.key) ?? null }));
		process.stdout.write(options.json ? `${JSON.stringify({ accounts }, null, 2)}\n` : await severalAccounts(found, assessment, { what, nameOf, c }));
		return;
	}
	const [one] = found as [FoundAccount];
	const { account } = one;
	const risk = assessment.accounts.find(({ key }) => key === account.key);
	const now = one.scan.finished ?? one.scan.started;
	const verdicts = workspace.policies
		.filter(({ policy }) => policy.for === "account")
		.map((policy) => ({ policy, outcome: policy.judge(account, now) }))
		.filter(({ outcome }) => outcome !== "not-applicable");
	if (options.json) {
		process.stdout.write(
			`${JSON.stringify({ account, risk: risk ?? null, policies: verdicts.map(({ policy, outcome }) => ({ policy: policy.policy.id, outcome })) }, null, 2)}\n`,
		);
		return;
	}
	const score = risk
		? `${risk.risk.score ?? "unknown"} ${risk.risk.band}${risk.risk.scoreMax > (risk.risk.score ?? 0) ? ` (up to ${risk.risk.scoreMax})` : ""} → ${risk.advice}`
		: "0 low";
	const lines = [
		"",
		`${c.bold(clean(account.login ?? account.id))}  ${account.key}`,
		`  risk ${score}`,
		`  ${account.kind} (${clean(account.kindReason)})${account.breakGlass ? ", break-glass" : ""}`,
		"",
	];
	for (const part of risk?.risk.contributions ?? []) lines.push(`    +${String(part.points).padStart(2)}  ${clean(part.label)}`);
	for (const { policy, outcome } of verdicts) {
		const mark = outcome === "pass" ? c.green("✓") : outcome === "fail" ? c.red("✗") : c.yellow("?");
		lines.push("", `  ${mark} ${c.bold(clean(policy.policy.title))}  ${c.dim(policy.policy.id)}  ${outcome}`);
		const { where, pass } = policy.policy.checked;
		for (const path of usedFields([where, pass], "account")) {
			const { value, type, source } = fieldAt("account", path, account);
			const request = requestOf(one, source, path);
			lines.push(
				`      ${path} = ${clean(formatValue(value, type))}  ${c.dim(request ? `${request.call}${request.requestId ? ` ${clean(request.requestId)}` : ""}` : source)}`,
			);
		}
	}
	process.stdout.write(`${lines.join("\n")}\n\n`);
}

/** The parts of a condition that stand in the way of a pass, nested as they are. */
function ways(node: ExplainNode, depth: number, c: Colors): string[] {
	const pad = "  ".repeat(depth);
	if (node.wanted === undefined) return [];
	const open = node.parts.filter((part) => part.wanted !== undefined);
	if (node.join && open.length > 1) return [`${pad}${node.join === "all" ? "all of" : "one of"}`, ...open.flatMap((part) => ways(part, depth + 1, c))];
	if (node.join && open.length === 1 && !node.element) return ways(open[0] as ExplainNode, depth, c);
	const now = node.value === undefined ? `unknown: no data for ${node.unknownFields.join(", ")}` : `it is ${clean(node.shown)}`;
	return [`${pad}${clean(node.text)}${node.element ? ` for ${clean(node.element)}` : ""} were ${node.wanted}  ${c.dim(`(${now})`)}`];
}

function iso(at: number): string {
	return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
