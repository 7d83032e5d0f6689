import { type HistoryEvent, type HistoryTarget, historyOf, roleHistory } from "../history/object.js";
import type { AccountRecord } from "../model/account.js";
import type { Finding } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { CollectionName } from "../model/snapshot.js";
import type { TrendPoint } from "../store/store.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { eventJson, eventLines, spellLines, trendLines } from "./history-text.js";
import { colour } from "./output.js";
import { keptRuns, runProgress } from "./runs.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface HistoryOptions extends CommonOptions {
	/** Runs, newest first. */
	runs?: number;
}

const shownRuns = 30;

/** `keelson history [what]`: what the stored runs tell of the tenant, of an object or of a finding; no network. */
export async function history(what: string | undefined, options: HistoryOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	try {
		if (what === undefined) return await ofTenant(workspace, options);
		if (/^f_[0-9a-f]{20}$/.test(what)) return await ofFinding(workspace, what, options);
		return await ofObject(workspace, what, options);
	} finally {
		await workspace.close();
	}
}

async function ofTenant({ store, stack, policyDigest }: Workspace, options: HistoryOptions): Promise<ExitCode> {
	// Judged again, a run has several points: the newest is its own.
	const points = [...new Map((await store.trend(stack.name)).map((point) => [point.at, point])).values()];
	if (points.length === 0) throw new CliError("nothing is stored yet: run keelson scan");
	const runs = points.reverse();
	const count = options.runs ?? shownRuns;
	if (options.json) return print({ tenant: stack.name, runs: runs.slice(0, count).map((point) => pointJson(point, policyDigest)) });
	return write(trendLines(runs, { count, policyDigest }, colour(process.stdout)));
}

function pointJson({ at, tenant: _, ...point }: TrendPoint, policyDigest: string): object {
	return { at: new Date(at).toISOString(), ...point, comparable: point.policyDigest === policyDigest };
}

async function ofFinding(workspace: Workspace, id: string, options: HistoryOptions): Promise<ExitCode> {
	const { store, stack } = workspace;
	const finding = await findingOf(workspace, id);
	const { runs, kept } = await keptRuns(store, stack);
	const { verdictsOf } = await import("../history/blame.js");
	const progress = runProgress(options);
	const verdicts = await verdictsOf(finding, { ...workspace, runs: runs.slice(0, options.runs ?? shownRuns), progress });
	if (options.json)
		return print({
			finding: {
				id: finding.id,
				policy: finding.policy,
				system: finding.system,
				subject: finding.subject,
				state: finding.state,
				firstSeen: iso(finding.firstSeen),
			},
			runs: verdicts.map(({ at, outcome, fields, facts }) => ({ at: iso(at), outcome, fields, facts })),
		});
	return write(spellLines(finding, verdicts, { more: runs.length > verdicts.length, kept }, colour(process.stdout)));
}

/** @throws CliError when there never was one of this id */
async function findingOf({ store, policies }: Workspace, id: string): Promise<Finding> {
	const finding = (await store.findings({})).find((one) => one.id === id);
	if (!finding) throw new CliError(`no stored finding is named ${id}`);
	if (!policies.some(({ policy }) => policy.id === finding.policy))
		throw new CliError(`${id} is of the policy ${finding.policy}, which is not in force any more`);
	return finding;
}

async function ofObject(workspace: Workspace, what: string, options: HistoryOptions): Promise<ExitCode> {
	const { store, stack } = workspace;
	const input = { store, journal: await store.journal({ tenant: stack.name }) };
	const [system = "", role] = what.split("/role/");
	if (role !== undefined && stack.systems[system]) {
		const events = await roleHistory(system, role, input);
		if (events.length === 0) throw new CliError(`no stored scan of ${system} tells of a change of the role ${role}`);
		return shown([{ target: { system, collection: "roleAssignments", id: role }, name: role, events }], workspace, options);
	}
	const found: Told[] = [];
	for (const target of await targetsOf(workspace, what)) {
		const events = await historyOf(target, input);
		const newest = (await store.history(target.system, target.collection, target.id)).at(-1)?.body as { login?: string; name?: string } | undefined;
		found.push({ target, name: newest?.login ?? newest?.name ?? target.id, events });
	}
	if (found.length === 0)
		throw new CliError(
			`no stored scan has ${JSON.stringify(what)}: name a login, <system>/<id>, <system>/group/<id>, <system>/role/<role>, or a finding (f_…)`,
		);
	return shown(found, workspace, options);
}

export interface Told {
	target: HistoryTarget;
	name: string;
	events: HistoryEvent[];
}

async function shown(found: Told[], workspace: Workspace, options: HistoryOptions): Promise<ExitCode> {
	if (options.json) return print({ objects: found.map(({ target, name, events }) => ({ ...target, name, events: events.map((event) => eventJson(event)) })) });
	const lines: string[] = [];
	for (const told of found) lines.push(...(await eventLines(told, workspace, colour(process.stdout))));
	return write(lines);
}

/** Where objects with an id of their own are. */
const named: CollectionName[] = ["accounts", "groups", "settings", "apps", "credentials", "devices", "groupRules", "workers"];

/** Objects by key or by login, also those that are gone. */
async function targetsOf({ store, stack }: Workspace, what: string): Promise<HistoryTarget[]> {
	const slash = what.indexOf("/");
	const system = what.slice(0, Math.max(slash, 0));
	if (stack.systems[system]) {
		const id = what.slice(slash + 1).replace(/^group\//, "");
		const collections = what.slice(slash + 1).startsWith("group/") ? (["groups"] as const) : named;
		const targets: HistoryTarget[] = [];
		for (const collection of collections) if ((await store.history(system, collection, id)).length > 0) targets.push({ system, collection, id });
		if (targets.length > 0) return targets;
	}
	const wanted = what.toLowerCase();
	const targets: HistoryTarget[] = [];
	for (const one of Object.keys(stack.systems)) {
		const ids = new Set<string>();
		for (const { id, body } of await store.spans(one, "accounts", "")) if ((body as AccountRecord).login?.toLowerCase() === wanted) ids.add(id);
		for (const id of ids) targets.push({ system: one, collection: "accounts", id });
	}
	return targets;
}

const iso = (at: Millis) => new Date(at).toISOString();

function print(value: object): ExitCode {
	process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
	return exitCodes.fine;
}

function write(lines: string[]): ExitCode {
	process.stdout.write(`${lines.join("\n")}\n`);
	return exitCodes.fine;
}
