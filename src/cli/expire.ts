import pc from "picocolors";
import { type ExpireReport, expireGrants } from "../apply/expire.js";
import { type Grant, grantsOf } from "../drift/grants.js";
import { readLive } from "../drift/read-live.js";
import { approvalOf } from "../forge/approval.js";
import { grantHappenings } from "../notify/grants.js";
import type { Stack } from "../stack/stack.js";
import { parseDuration } from "../stack/time.js";
import { refuseProposal } from "./base.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { grantJson, grantLines } from "./grants-text.js";
import { liveSystems } from "./live.js";
import { checkNotify, type NotifyOption, notifierOf, notifyChannels } from "./notify.js";
import { colour } from "./output.js";
import { memoised, receiptOf } from "./receipt.js";
import { runner } from "./runner.js";
import { listenForStop } from "./stop-signal.js";
import { type CommonOptions, connect, openStackStore, openWorkspace, readStack } from "./workspace.js";

export interface ExpireOptions extends CommonOptions, NotifyOption {
	system?: string[];
	/** List every access with an end, and change nothing. */
	list?: boolean;
	dryRun?: boolean;
	/** With `--list`: what ends within this time is said to be ending. */
	within?: string;
}

/** `keelson expire`: ends what the stack file gave until a time that is past. Refused: 4; something is still there: 1; not read: 3. */
export async function expire(options: ExpireOptions): Promise<ExitCode> {
	checkNotify(options);
	if (options.list) return list(options);
	if (!options.dryRun) refuseProposal("no access is ended");
	const workspace = await openWorkspace(options);
	const { stack } = workspace;
	checkSystems(stack, options.system);
	const systems = liveSystems(stack);
	const stop = listenForStop((line) => process.stderr.write(`keelson: ${line}\n`));
	try {
		const holder = `${runner()} expire ${process.pid}`;
		const report = await expireGrants({
			...workspace,
			concluded: receiptOf({ ...workspace, appliedBy: holder, approval: memoised(() => approvalOf(stack.file, process.env)) }),
			readerOf: systems.readerOf,
			...(options.system && { systems: options.system }),
			dryRun: options.dryRun ?? false,
			openRead: (system) => connect(stack, system, "read"),
			openAct: (system, mayWrite) => connect(stack, system, "act", () => {}, mayWrite),
			signal: stop.signal,
			now: Date.now,
			log: (line) => {
				if (!options.quiet) process.stderr.write(`  ${line}\n`);
			},
			holder,
			...(options.dryRun ? {} : notifierOf(stack)),
		});
		const settled = { whole: report.unread.length === 0 && !options.system };
		if (options.notify)
			await notifyChannels(workspace, grantHappenings({ tenant: stack.name, at: Date.now(), grants: report.overdue, ...settled }), options.notify);
		const { due, overdue, plan, applied, unread } = report;
		const json = { due: due.map(grantJson), overdue: overdue.map(grantJson), plan: plan?.digest ?? null, applied, unread };
		if (options.json) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
		else process.stdout.write(rendered(report, options.dryRun ?? false, colour(process.stdout)));
		return exitOf(report, options.dryRun ?? false);
	} finally {
		stop.end();
		await workspace.close();
		await systems.close();
	}
}

function exitOf({ overdue, applied, unread }: ExpireReport, dryRun: boolean): ExitCode {
	return worst([
		(applied?.refusals.length ?? 0) > 0 ? exitCodes.refused : exitCodes.fine,
		overdue.length > 0 && !dryRun ? exitCodes.findings : exitCodes.fine,
		unread.length > 0 ? exitCodes.coverage : exitCodes.fine,
	]);
}

/** Every access with an end, requested and as it is. */
async function list(options: ExpireOptions): Promise<ExitCode> {
	if (options.dryRun) throw new CliError("--list changes nothing: leave out --dry-run");
	const stack = await readStack(options.stack);
	checkSystems(stack, options.system);
	const notice = parseDuration(options.within ?? "24h");
	if ("error" in notice) throw new CliError(`--within ${options.within}: ${notice.error}`);
	const systems = liveSystems(stack);
	const store = await openStackStore(stack);
	try {
		const timed = Object.entries(stack.memberships).filter(
			([, { system, members }]) => (options.system?.includes(system) ?? true) && members.some(({ until }) => until !== null),
		);
		const declared = { ...stack, settings: {}, memberships: Object.fromEntries(timed) };
		const { live, unread } = await readLive(declared, systems.readerOf);
		const journal = await store.journal({ tenant: stack.name });
		const grants = grantsOf({ stack: declared, live: live.memberships, unread, journal, now: Date.now(), notice: notice.value });
		const settled = { whole: unread.length === 0 && !options.system };
		if (options.notify) await notifyChannels({ stack, store }, grantHappenings({ tenant: stack.name, at: Date.now(), grants, ...settled }), options.notify);
		if (options.json) process.stdout.write(`${JSON.stringify({ grants: grants.map(grantJson), unread }, null, 2)}\n`);
		else process.stdout.write(`${grantLines(grants, colour(process.stdout)).join("\n")}\n`);
		const bad = grants.some(({ overdue, state }) => overdue || state === "failed");
		return worst([bad ? exitCodes.findings : exitCodes.fine, unread.length > 0 ? exitCodes.coverage : exitCodes.fine]);
	} finally {
		await store.close();
		await systems.close();
	}
}

function rendered({ due, overdue, plan, applied, unread }: ExpireReport, dryRun: boolean, color: boolean): string {
	const c = pc.createColors(color);
	const lines: string[] = [];
	const left = new Set(overdue.map(({ key, account }) => `${key} ${account}`));
	const ended = dryRun ? [] : due.filter(({ key, account }) => !left.has(`${key} ${account}`));
	if (due.length === 0 && unread.length === 0) lines.push("nothing is overdue");
	if (ended.length > 0) lines.push(c.bold("Ended"), ...lists(ended));
	if (overdue.length > 0) lines.push(c.bold(dryRun ? "Overdue, and would be ended" : c.red("Overdue, and still there")), ...lists(overdue));
	if (dryRun && plan) lines.push(...plan.actions.map(({ label }) => `  would: ${label}`));
	for (const { guardrail, message } of applied?.refusals ?? []) lines.push(`  ${c.red("✗")} ${message}  ${c.dim(guardrail)}`);
	for (const { key, why } of unread) lines.push(`${c.yellow("?")} ${key}: whether something is overdue there is unknown: ${why}`);
	return `${lines.join("\n")}\n`;

	function lists(grants: Grant[]): string[] {
		return grantLines(grants, color).filter((line) => line !== "");
	}
}

function checkSystems(stack: Stack, chosen: string[] = []): void {
	for (const system of chosen) if (!Object.hasOwn(stack.systems, system)) throw new CliError(`${system} is not a system of ${stack.file}`);
}
