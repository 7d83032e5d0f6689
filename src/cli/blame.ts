import pc from "picocolors";
import { assess } from "../assess/assess.js";
import { peopleSystem } from "../assess/persons.js";
import { slack } from "../drift/who.js";
import { type Blame, blame as blameFindings } from "../history/blame.js";
import { type OwnChange, ownChanges } from "../history/object.js";
import type { Finding } from "../model/finding.js";
import type { Millis } from "../model/known.js";
import type { ChangeLog } from "../provider/changes.js";
import { byWords, moment } from "../report/drift-words.js";
import { withHistory } from "../report/history.js";
import { safeText } from "../report/sanitise.js";
import { whole } from "../report/words.js";
import type { JournalEntry } from "../store/store.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { changeWords, verdictWords } from "./history-text.js";
import { liveSystems } from "./live.js";
import { colour } from "./output.js";
import { keptRuns, runProgress } from "./runs.js";
import { type CommonOptions, openWorkspace, type Workspace } from "./workspace.js";

export interface BlameOptions extends CommonOptions {
	/** Runs to look at, at most. */
	runs?: number;
	/** Ask the vendors' audit logs. */
	who?: boolean;
}

const runsAtMost = 100;
const clean = (text: string, limit = 600) => safeText(text, "terminal", limit);

/** One finding with since when it is one, what made it one, and what Keelson and the vendor's log have of that time. */
interface Blamed {
	finding: Finding;
	blame: Blame;
	/** Changes of the subject between the two runs that Keelson's own journal has. */
	keelson: OwnChange[];
	/** Null: it was not asked. */
	log: ChangeLog | { unknown: string } | null;
}

/** `keelson blame <what>`: since which run a finding is one, and what changed then. Reads the store; the vendors' logs only with `--who`. */
export async function blame(what: string, options: BlameOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	const systems = liveSystems(workspace.stack);
	try {
		const { findings, at } = await findingsOf(workspace, what);
		const { runs: judged, kept } = await keptRuns(workspace.store, workspace.stack);
		// A scan whose run ended before it was judged is what is found of now, all the same.
		const runs = [...new Set([at, ...judged])].sort((a, b) => b - a);
		const blames = await blameFindings(findings, { ...workspace, runs: runs.slice(0, options.runs ?? runsAtMost), progress: runProgress(options) });
		const journal = await workspace.store.journal({ tenant: workspace.stack.name });
		const told: Blamed[] = [];
		for (const finding of findings) {
			const one = blames.get(finding.id);
			if (!one) continue;
			const log = options.who ? await logOf(finding, one, systems.changesOf) : null;
			told.push({ finding, blame: one, keelson: ownBetween(finding, one, journal), log });
		}
		if (options.json) process.stdout.write(`${JSON.stringify({ findings: told.map(blameJson), kept: kept === null ? null : iso(kept) }, null, 2)}\n`);
		else process.stdout.write(`${told.flatMap((one) => lines(one, { all: runs.length, kept })).join("\n")}\n`);
		return exitCodes.fine;
	} finally {
		await workspace.close();
		await systems.close();
	}
}

/** @throws CliError when nothing of that name is found now */
async function findingsOf(workspace: Workspace, what: string): Promise<{ findings: Finding[]; at: Millis }> {
	const assessment = await assess({ ...workspace, dryRun: true });
	if (!assessment) throw new CliError("nothing is stored yet: run keelson scan");
	const wanted = what.toLowerCase();
	const stored = await workspace.store.findings({ systems: [...assessment.systems.map(({ system }) => system), peopleSystem] });
	const found = withHistory(assessment, stored).findings.filter(
		({ id, subject, policy, system, state }) =>
			state !== "fixed" &&
			(id === what ||
				subject.key === what ||
				subject.label.toLowerCase() === wanted ||
				policy === what ||
				`${system}/${subject.label}`.toLowerCase() === wanted),
	);
	if (found.length === 0)
		throw new CliError(
			`nothing is found of ${JSON.stringify(what)} now: name a finding (f_…), a policy, or a login or <system>/<id> with an open finding; keelson history tells of the past`,
		);
	return { findings: found, at: assessment.at };
}

/** What Keelson did to the subject after the run that did not find it. */
function ownBetween({ system, subject }: Finding, { before, since }: Blame, journal: readonly JournalEntry[]): OwnChange[] {
	if (!before) return [];
	return ownChanges(journal, system, placeOf(subject.key, system).id).filter(({ at }) => at > before.at && at <= since);
}

/** `okta/group/00g1` → a group and its id. */
function placeOf(key: string, system: string): { kind: "group" | "role" | "setting"; id: string } {
	const id = key.slice(system.length + 1);
	const kind = (["group", "role"] as const).find((one) => id.startsWith(`${one}/`));
	return kind ? { kind, id: id.slice(kind.length + 1) } : { kind: "setting", id };
}

async function logOf(finding: Finding, { before, since }: Blame, ask: ReturnType<typeof liveSystems>["changesOf"]): Promise<Blamed["log"]> {
	const { kind, key, label } = finding.subject;
	if (kind !== "group" && kind !== "setting" && kind !== "managed")
		return { unknown: `Keelson asks the logs for settings, groups and roles, not for a ${kind}` };
	if (!before) return { unknown: "no run is known in which it was otherwise" };
	const query = { ...placeOf(key, finding.system), ...(kind === "group" && { kind }), name: label, members: [] };
	const log = await ask(finding.system, { ...query, since: before.at - slack, until: Date.now() });
	if (!log) return { unknown: "Keelson reads no audit log of this vendor" };
	return { ...log, events: log.events.filter(({ at }) => at - log.skew >= before.at - slack && at - log.skew <= since) };
}

function lines(
	{ finding, blame: { since, before, unknown, runs, changed, unread, otherwise }, keelson, log }: Blamed,
	{ all, kept }: { all: number; kept: number | null },
): string[] {
	const c = pc.createColors(colour(process.stdout));
	const gap = unknown > 0 ? `; unknown in ${whole(unknown)} of the runs` : "";
	const out = [
		"",
		c.bold(clean(finding.message)),
		c.dim(`  ${finding.id} · ${finding.severity} · ${clean(finding.policy)} · first reported ${moment(finding.firstSeen)}`),
	];
	if (before)
		out.push(
			`  since the run of ${moment(since)}: in that of ${moment(before.at)} it ${before.outcome === "absent" ? "was " : ""}${verdictWords[before.outcome]}${gap}`,
		);
	else
		out.push(
			`  since the run of ${moment(since)} or before: in none of the ${whole(runs)} runs that were looked at was it otherwise${gap}`,
			...further(runs, all, kept, c),
		);
	if (before && before.outcome !== "absent")
		out.push(
			...(changed.length + unread.length === 0
				? ["  nothing that the policy reads changed between the two: time has passed"]
				: changed.map((one) => `  ${c.yellow("~")} ${changeWords(one)}`)),
			...unread.map((path) => c.dim(`  ? ${clean(path)}: not known, or not whole, in one of the two`)),
		);
	if (otherwise)
		out.push(`  by other data until the run of ${moment(otherwise.at)}`, ...otherwise.changed.map((one) => `  ${c.yellow("~")} ${changeWords(one)}`));
	for (const event of keelson) out.push(`  Keelson: ${event.action}, ${event.outcome}, ${moment(event.at)}, plan ${event.plan.slice(0, 8)}`);
	if (log && "unknown" in log) out.push(c.dim(`  who: ${clean(log.unknown)}`));
	else if (log) {
		for (const event of log.events.slice(0, shownEvents)) out.push(`  ${clean(byWords({ event, others: 0 }))}  ${c.dim(clean(`${event.type} ${event.id}`))}`);
		const late = log.from > (before?.at ?? 0);
		const readWhole = log.reasons.length === 0 && !late;
		if (log.events.length === 0)
			out.push(c.dim(`  who: ${readWhole ? "the vendor's log" : "what was read of the vendor's log"} has no change of it in that time`));
		if (late) out.push(c.dim(`  the log goes back to ${moment(log.from)} only`));
		if (log.events.length > shownEvents) out.push(c.dim(`  and ${log.events.length - shownEvents} more changes of that time`));
		for (const { detail } of log.reasons.slice(0, 1)) out.push(c.dim(`  not all of the log was read: ${clean(detail)}`));
	}
	return out;
}

const shownEvents = 5;

function further(runs: number, all: number, kept: number | null, c: ReturnType<typeof pc.createColors>): string[] {
	if (all > runs) return [c.dim(`  --runs ${all} looks at all that are stored`)];
	return kept === null ? [] : [c.dim(`  what was true before ${moment(kept)} is no longer kept`)];
}

const iso = (at: number) => new Date(at).toISOString();

function blameJson({ finding, blame: { since, before, otherwise, ...rest }, keelson, log }: Blamed): object {
	const { id, policy, severity, message, system, subject, firstSeen } = finding;
	return {
		finding: { id, policy, severity, message, system, subject, firstSeen: iso(firstSeen) },
		since: iso(since),
		before: before && { at: iso(before.at), outcome: before.outcome },
		...rest,
		otherwise: otherwise && { ...otherwise, at: iso(otherwise.at) },
		keelson: keelson.map(({ at, ...event }) => ({ at: iso(at), ...event })),
		who: log,
	};
}
