import { relative } from "node:path";
import { type Drift, driftOf, type LiveState } from "../drift/drift.js";
import { loginsOf } from "../drift/logins.js";
import { type NamedDrift, nameDrift } from "../drift/named.js";
import { readLive } from "../drift/read-live.js";
import { driftHappening } from "../notify/drifts.js";
import { type DriftReport, renderDriftMarkdown } from "../report/markdown-drift.js";
import type { Stack } from "../stack/stack.js";
import { adoptionOf } from "./adopt-edit.js";
import { driftJson } from "./drift-json.js";
import { type WrittenPlan, writeDriftPlan } from "./drift-plan.js";
import { renderDrift } from "./drift-text.js";
import { waysOutOf } from "./drift-ways.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { liveSystems } from "./live.js";
import { checkNotify, type NotifyOption, notifyChannels } from "./notify.js";
import { colour } from "./output.js";
import { type CommonOptions, openStackStore, openWorkspace, readStack } from "./workspace.js";

export interface DriftOptions extends CommonOptions, NotifyOption {
	system?: string[];
	/** Write the live state of these objects into the stack file. */
	adopt?: string[];
	/** Write the plan that restores what is declared there. */
	plan?: string;
	/** List what the stack file does not declare instead. */
	unmanaged?: boolean;
	kind?: string[];
	format?: "terminal" | "markdown";
	/** Bytes of Markdown at most. */
	limit?: number;
	/** False (`--no-who`): the audit logs are not asked. */
	who?: boolean;
}

const markdownLimit = 65_536;

/** `keelson drift`: reads what the stack file declares, and nothing else, and says how it differs, since when, by whom, and both ways out. */
export async function drift(options: DriftOptions): Promise<ExitCode> {
	checkNotify(options);
	if (options.notify && (options.unmanaged || options.adopt)) throw new CliError("--notify tells of drift: leave out --unmanaged and --adopt");
	if (options.unmanaged) return (await import("./unmanaged.js")).unmanaged(options);
	if (options.kind) throw new CliError("--kind chooses what --unmanaged lists: add --unmanaged");
	const workspace = options.plan === undefined ? null : await openWorkspace(options);
	const stack = workspace?.stack ?? (await readStack(options.stack));
	for (const system of options.system ?? []) if (!stack.systems[system]) throw new CliError(`${system} is not a system of ${stack.file}`);
	const systems = liveSystems(stack);
	const store = workspace?.store ?? (await openStackStore(stack));
	try {
		const now = Date.now();
		const { live, unread } = await readLive(stack, systems.readerOf, options.system);
		const found = driftOf(stack, live, now);
		const names = await namesFor(found, stack, (system, ids) => loginsOf(stack, store, system, ids));
		const logins = (system: string) => names.get(system) ?? new Map<string, string>();
		if (options.adopt) return await adopt(options.adopt, options, stack, found, live, logins);
		const changes = options.who === false ? null : systems.changesOf;
		const named: NamedDrift[] = await nameDrift(found, { stack, store, live, logins, kinds: systems.kindsOf, changes, now });
		const ways = await waysOutOf(found, stack, live, logins, now);
		const written = workspace && options.plan !== undefined ? await writeDriftPlan(workspace, found, live, options.plan) : null;
		const outside = (system: string, id: string) => found.find((one) => one.system === system && id in one.outside)?.outside[id];
		const report: DriftReport = {
			tenant: stack.name,
			declared: declaredIn(stack, options.system),
			drift: named,
			unread,
			ways,
			login: (system, id) => logins(system).get(id) ?? outside(system, id) ?? id,
			plan: written?.file ?? null,
		};
		if (options.notify) {
			const news = { tenant: stack.name, at: now, drifts: named, whole: unread.length === 0 && !options.system, login: report.login };
			await notifyChannels({ stack, store }, [driftHappening(news)], options.notify);
		}
		print(report, written, options);
		return worst([found.length > 0 ? exitCodes.drift : exitCodes.fine, unread.length > 0 ? exitCodes.coverage : exitCodes.fine]);
	} catch (error) {
		throw error instanceof Error && error.name === "DriftError" ? new CliError(error.message) : error;
	} finally {
		await (workspace ?? store).close();
		await systems.close();
	}
}

function print(report: DriftReport, written: WrittenPlan | null, options: DriftOptions): void {
	if (options.json) process.stdout.write(`${JSON.stringify(driftJson(report, written), null, 2)}\n`);
	else if (options.format === "markdown") process.stdout.write(renderDriftMarkdown(report, options.limit ?? markdownLimit));
	else {
		const color = colour(process.stdout);
		process.stdout.write(renderDrift(report, color));
		if (written) process.stdout.write(written.text(color));
	}
}

/** Writes the live state of each object into its declaration, one after the other. Writes to no vendor. */
async function adopt(
	keys: string[],
	options: DriftOptions,
	stack: Stack,
	found: Drift[],
	live: LiveState,
	logins: (system: string) => ReadonlyMap<string, string>,
): Promise<ExitCode> {
	const done: { key: string; lines: string[] }[] = [];
	for (const key of keys) {
		if (!Object.hasOwn(stack.memberships, key) && !Object.hasOwn(stack.settings, key))
			throw new CliError(`${key} is not declared: keelson import ${key} declares it as it is`);
		const one = found.find((drifted) => drifted.key === key);
		if (!one && !live.memberships.has(key) && !live.settings.has(key)) throw new CliError(`${key} could not be read: run keelson drift`, exitCodes.coverage);
		if (!one) throw new CliError(`${key} is as declared: there is nothing to adopt`);
		const adoption = await adoptionOf(await readStack(options.stack), one, live, logins(one.system), Date.now());
		if ("why" in adoption) throw new CliError(`${key}: ${adoption.why}`);
		await adoption.write();
		done.push({ key, lines: adoption.lines });
	}
	const file = relative(process.cwd(), stack.file);
	if (options.json) process.stdout.write(`${JSON.stringify({ file, adopted: done }, null, 2)}\n`);
	else for (const { key, lines } of done) process.stdout.write(`${file}: ${key} is declared as it is live\n${lines.map((line) => `  ${line}\n`).join("")}`);
	return exitCodes.fine;
}

async function namesFor(
	found: Drift[],
	stack: Stack,
	logins: (system: string, ids: string[]) => Promise<Map<string, string>>,
): Promise<Map<string, Map<string, string>>> {
	const names = new Map<string, Map<string, string>>();
	for (const system of Object.keys(stack.systems)) {
		const ids = found.filter((one) => one.system === system).flatMap(({ missing, extra }) => [...missing, ...extra]);
		names.set(system, await logins(system, ids));
	}
	return names;
}

/** How many objects the stack file declares in these systems. */
function declaredIn(stack: Stack, systems: string[] | undefined): number {
	return [...Object.values(stack.settings), ...Object.values(stack.memberships)].filter(({ system }) => systems?.includes(system) ?? true).length;
}
