import pc from "picocolors";
import { loginsOf } from "../drift/logins.js";
import type { Verdict, VerdictThen } from "../history/blame.js";
import type { Change } from "../history/changes.js";
import type { HistoryEvent } from "../history/object.js";
import type { Finding } from "../model/finding.js";
import { severities } from "../model/finding.js";
import type { GroupRecord } from "../model/objects.js";
import { moment, valueWords } from "../report/drift-words.js";
import { safeText } from "../report/sanitise.js";
import { points, whole } from "../report/words.js";
import { pruned } from "../store/erase.js";
import type { TrendPoint } from "../store/store.js";
import type { Told } from "./history.js";
import type { Workspace } from "./workspace.js";

type Colors = ReturnType<typeof pc.createColors>;
const clean = (text: string, limit = 200) => safeText(text, "terminal", limit);

/** The newest `count` runs, one a line, newest first: posture, what changed, open findings. */
export function trendLines(runs: TrendPoint[], { count, policyDigest }: { count: number; policyDigest: string }, color: boolean): string[] {
	const c = pc.createColors(color);
	const lines = runs.slice(0, count).map((run, index) => {
		const before = runs[index + 1];
		const counts = severities.toReversed().flatMap((severity) => ((run.counts[severity] ?? 0) > 0 ? [`${whole(run.counts[severity] ?? 0)} ${severity}`] : []));
		const data = run.coverage === null ? "no check applies" : `${Math.floor(run.coverage * 100)} % of checks have data`;
		const other = run.policyDigest === policyDigest ? "" : c.dim("  under other policies, not comparable");
		return `  ${moment(run.at)}  ${points(run.posture).padStart(7)} ${delta(run, before).padEnd(5)}  ${counts.join(", ") || "no open finding"}; ${data}${other}`;
	});
	const rest = runs.length > count ? [c.dim(`  and ${whole(runs.length - count)} more: --runs ${runs.length}`)] : [];
	return [...lines, ...rest];
}

/** Against the run before, where the same policies judged both. */
function delta(run: TrendPoint, before: TrendPoint | undefined): string {
	if (!before || before.policyDigest !== run.policyDigest || run.posture === null || before.posture === null) return "";
	const points = Math.round(run.posture) - Math.round(before.posture);
	return points === 0 ? "(=)" : `(${points > 0 ? "+" : "−"}${Math.abs(points)})`;
}

export const verdictWords: Record<VerdictThen, string> = {
	fail: "found",
	review: "to review",
	pass: "passed",
	"not-applicable": "did not apply",
	unknown: "unknown: a field that it needs was not read",
	absent: "not there",
	unread: "unknown: not all was read, and it was not among it",
};

/** Runs with the same outcome in one line, and what the policy reads and changed between them. */
export function spellLines(finding: Finding, verdicts: Verdict[], { more, kept }: { more: boolean; kept: number | null }, color: boolean): string[] {
	const c = pc.createColors(color);
	const lines = [
		"",
		c.bold(clean(finding.message, 600)),
		`  ${finding.severity} · ${clean(finding.policy)} · ${finding.state} · first reported ${moment(finding.firstSeen)}`,
		"",
	];
	for (let first = 0; first < verdicts.length; ) {
		const { outcome, at } = verdicts[first] as Verdict;
		let last = first;
		while (verdicts[last + 1]?.outcome === outcome) last++;
		const runs = last - first + 1;
		const from = (verdicts[last] as Verdict).at;
		const mark = outcome === "fail" ? c.red("✗") : outcome === "pass" ? c.green("✓") : c.yellow("?");
		const span = runs === 1 ? moment(at) : `${moment(from)} to ${moment(at)}, ${whole(runs)} runs`;
		lines.push(`  ${mark} ${span}: ${verdictWords[outcome]}`);
		first = last + 1;
	}
	lines.push("", c.dim(`  judged by today's stack file and policies${more ? "; --runs looks further back" : ""}`));
	if (kept !== null) lines.push(c.dim(`  what was true before ${moment(kept)} is no longer kept`));
	return [...lines, ""];
}

/** `status: "ACTIVE" → "SUSPENDED"`. A field of a record that has no value was not read, or was never set. */
export function changeWords({ path, before, after }: Change): string {
	const side = (value: unknown) => (value === undefined && !path.includes(".") ? "not known" : shown(value));
	return `${clean(path)}: ${clean(side(before))} → ${clean(side(after))}`;
}

/** Times are kept in milliseconds since 1970: this range of them, from 2001 on, is nothing else. */
function shown(value: unknown): string {
	return typeof value === "number" && value > 1e12 && value < 1e13 ? moment(value) : valueWords(value);
}

export function eventJson({ at, ...event }: HistoryEvent): object {
	return { at: new Date(at).toISOString(), ...event };
}

/** What is told of one object, newest first; what was seen at one time stands together. */
export async function eventLines({ target, name, events }: Told, { stack, store }: Workspace, color: boolean): Promise<string[]> {
	const c = pc.createColors(color);
	const ids = events.flatMap((event) => (event.what === "joined" || event.what === "left" ? [event.account] : "principal" in event ? [event.principal] : []));
	const logins = await loginsOf(stack, store, target.system, [...new Set(ids)]);
	const [scan] = await store.scans({ system: target.system, limit: 1 });
	const groups = new Map<string, string>();
	for (const event of events)
		if ("group" in event && scan && !groups.has(event.group)) {
			const record = await store.record(scan, "groups", event.group);
			groups.set(event.group, (record?.body as GroupRecord | undefined)?.name ?? event.group);
		}
	const world: Names = { target, login: (id) => clean(logins.get(id) ?? id), group: (id) => clean(groups.get(id) ?? id), c };
	const lines = ["", `${c.bold(clean(name))}  ${c.dim(`${clean(target.system)}/${clean(target.id)} · ${target.collection}`)}`];
	let before = 0;
	for (const event of events)
		for (const text of wordsOf(event, world)) {
			const time = event.at === before ? " ".repeat(20) : moment(event.at);
			before = event.at;
			lines.push(`  ${time}  ${text}${event.unsure ? c.dim("  (maybe long before: the scan before had not read all of it)") : ""}`);
		}
	if (events.length === 0) lines.push("  nothing is told of it");
	const kept = Number(await store.cursor(target.system, pruned(target.collection)));
	if (kept > 0) lines.push(c.dim(`  what was true before ${moment(kept)} is no longer kept`));
	return [...lines, ""];
}

interface Names {
	target: Told["target"];
	login(id: string): string;
	group(id: string): string;
	c: Colors;
}

function wordsOf(event: HistoryEvent, { target, login, group, c }: Names): string[] {
	switch (event.what) {
		case "first-seen":
			return ["first seen"];
		case "gone":
			return [c.red("gone")];
		case "back":
			return ["there again"];
		case "changed":
			return event.changes.map(changeWords);
		case "joined":
		case "left": {
			const came = event.what === "joined";
			if (target.collection === "groups") return [`${came ? c.green("+") : c.red("-")} ${login(event.account)} ${came ? "is in it" : "is no longer in it"}`];
			return [`${came ? c.green("+") : c.red("-")} ${came ? "in" : "no longer in"} the group ${group(event.group)}`];
		}
		case "role-given":
		case "role-taken": {
			const came = event.what === "role-given";
			const who = target.collection === "roleAssignments" ? `${login(event.principal)} ` : "";
			const [has, lost] = event.eligible ? ["may activate", "may no longer activate"] : ["holds", "no longer holds"];
			return [
				`${came ? c.green("+") : c.red("-")} ${who}${came ? has : lost} the role ${clean(event.label)}${event.scope ? ` within ${clean(event.scope)}` : ""}`,
			];
		}
		case "keelson":
			return [`Keelson: ${clean(event.action)}, ${event.outcome}, plan ${event.plan.slice(0, 8)}`];
	}
}
