import { dirname } from "node:path";
import pc from "picocolors";
import { type Drift, driftOf } from "../drift/drift.js";
import { loginsOf } from "../drift/logins.js";
import { readLive, type Unread } from "../drift/read-live.js";
import { safeText } from "../report/sanitise.js";
import type { Stack } from "../stack/stack.js";
import { openStore } from "../store/open.js";
import { CliError, type ExitCode, exitCodes, worst } from "./exit.js";
import { liveSystems } from "./live.js";
import { colour } from "./output.js";
import { type CommonOptions, readStack } from "./workspace.js";

export interface DriftOptions extends CommonOptions {
	system?: string[];
}

type Logins = Map<string, Map<string, string>>;
const clean = (text: string) => safeText(text, "terminal");

/** `keelson drift`: reads what the stack file declares, and nothing else, and says how it differs. */
export async function drift(options: DriftOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	for (const system of options.system ?? []) if (!stack.systems[system]) throw new CliError(`${system} is not a system of ${stack.file}`);
	const systems = liveSystems(stack);
	const store = await openStore(stack.store, { baseDir: dirname(stack.file) });
	try {
		const { live, unread } = await readLive(stack, systems.readerOf, options.system);
		const found = driftOf(stack, live, Date.now());
		const names = await namesFor(found, stack, (system, ids) => loginsOf(stack, store, system, ids));
		if (options.json) process.stdout.write(`${JSON.stringify({ drift: found.map((one) => withLogins(one, names)), unread }, null, 2)}\n`);
		else process.stdout.write(rendered(declaredIn(stack, options.system), found, unread, names));
		return worst([found.length > 0 ? exitCodes.drift : exitCodes.fine, unread.length > 0 ? exitCodes.coverage : exitCodes.fine]);
	} catch (error) {
		throw error instanceof Error && error.name === "DriftError" ? new CliError(error.message) : error;
	} finally {
		await store.close();
		await systems.close();
	}
}

async function namesFor(found: Drift[], stack: Stack, logins: (system: string, ids: string[]) => Promise<Map<string, string>>): Promise<Logins> {
	const names: Logins = new Map();
	for (const system of Object.keys(stack.systems))
		names.set(
			system,
			await logins(
				system,
				found.filter((one) => one.system === system).flatMap(({ missing, extra }) => [...missing, ...extra]),
			),
		);
	return names;
}

function withLogins(one: Drift, names: Logins) {
	const { outside, ...rest } = one;
	const named = (ids: string[]) => ids.map((id) => ({ id, login: names.get(one.system)?.get(id) ?? outside[id] ?? null }));
	return { ...rest, missing: named(one.missing), extra: named(one.extra) };
}

/** How many objects the stack file declares in these systems. */
function declaredIn(stack: Stack, systems: string[] | undefined): number {
	return [...Object.values(stack.settings), ...Object.values(stack.memberships)].filter(({ system }) => systems?.includes(system) ?? true).length;
}

function rendered(all: number, found: Drift[], unread: Unread[], names: Logins): string {
	const c = pc.createColors(colour(process.stdout));
	const lines: string[] = [];
	for (const one of found) {
		lines.push("", `${c.bold(clean(one.name ?? one.key))}  ${c.dim(`${clean(one.key)} · ${one.mode}`)}`);
		if (!one.exists) lines.push(`  ${c.red("✗")} the vendor has no such object`);
		if (one.misnamed !== null) lines.push(`  ${c.red("✗")} declared with the name ${clean(JSON.stringify(one.misnamed))}: the id may be the wrong one`);
		const member = (id: string) => `${clean(names.get(one.system)?.get(id) ?? one.outside[id] ?? id)}  ${c.dim(clean(id))}`;
		for (const id of one.missing) lines.push(`  ${c.green("+")} ${member(id)}  declared, and not there`);
		for (const id of one.extra) lines.push(`  ${c.red("-")} ${member(id)}  there, and not declared`);
		for (const { path, desired, live } of one.changed) lines.push(`  ${c.yellow("~")} ${clean(path)}: ${shown(live)} → ${shown(desired)}`);
	}
	for (const { key, why } of unread) lines.push("", `${c.bold(clean(key))}`, `  ${c.yellow("?")} ${clean(why)}`);
	const inSync = all - found.length - unread.length;
	const summary = [`${all} declared`, `${inSync} as declared`, `${found.length} drifted`, ...(unread.length > 0 ? [`${unread.length} could not be read`] : [])];
	lines.push("", all === 0 ? "the stack file declares no setting and no membership" : summary.join(", "), "");
	return `${lines.join("\n")}`;
}

function shown(value: unknown): string {
	return value === undefined ? "nothing" : clean(JSON.stringify(value));
}
