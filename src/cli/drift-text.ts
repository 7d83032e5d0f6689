import pc from "picocolors";
import type { DriftPart, NamedDrift } from "../drift/named.js";
import { byWords, pathWords, sinceWords, valueWords } from "../report/drift-words.js";
import type { DriftReport, WaysOut } from "../report/markdown-drift.js";
import { safeText } from "../report/sanitise.js";

type Colors = ReturnType<typeof pc.createColors>;
const clean = (text: string) => safeText(text, "terminal");
const cleanLong = (text: string) => safeText(text, "terminal", 600);

/** The drift for a person at a terminal. */
export function renderDrift(report: DriftReport, color: boolean): string {
	const c = pc.createColors(color);
	const { drift, unread, declared: all } = report;
	const lines = drift.flatMap((one, index) => driftLines(one, report.ways[index], report, c));
	for (const { key, why } of unread) lines.push("", `${c.bold(clean(key))}`, `  ${c.yellow("?")} ${cleanLong(why)}`);
	const inSync = all - drift.length - unread.length;
	const summary = [`${all} declared`, `${inSync} as declared`, `${drift.length} drifted`, ...(unread.length > 0 ? [`${unread.length} could not be read`] : [])];
	lines.push("", all === 0 ? "the stack file declares no setting and no membership" : summary.join(", "), "");
	return lines.join("\n");
}

function driftLines(one: NamedDrift, ways: WaysOut | undefined, { login }: DriftReport, c: Colors): string[] {
	const lines = ["", `${c.bold(clean(one.name ?? one.key))}  ${c.dim(`${clean(one.key)} · ${one.mode}`)}`];
	for (const part of one.parts)
		lines.push(
			partLine(one, part, (id) => login(one.system, id), c),
			`      ${c.dim(cleanLong(sinceWords(part.since)))}`,
			`      ${"unknown" in part.by ? c.dim(cleanLong(byWords(part.by))) : cleanLong(byWords(part.by))}`,
			...("unknown" in part.by ? [] : [`      ${c.dim(clean(`${part.by.event.type} ${part.by.event.id}`))}`]),
		);
	return ways ? [...lines, ...wayLines(ways, c)] : lines;
}

function partLine(one: NamedDrift, part: DriftPart, login: (id: string) => string, c: Colors): string {
	const { path, member, desired, live, said } = part;
	if (path === "exists") return `  ${c.red("✗")} the vendor has no such object`;
	if (path === "name" && one.misnamed !== null)
		return `  ${c.red("✗")} declared with the name ${clean(JSON.stringify(one.misnamed))}: the id may be the wrong one`;
	if (said !== undefined) return `  ${c.yellow("~")} ${clean(pathWords(path, login))}: ${cleanLong(said)}`;
	if (member === undefined) return `  ${c.yellow("~")} ${clean(pathWords(path, login))}: ${clean(valueWords(live))} → ${clean(valueWords(desired))}`;
	const who = `${clean(login(member))}  ${c.dim(clean(member))}`;
	return live === undefined ? `  ${c.green("+")} ${who}  declared, and not there` : `  ${c.red("-")} ${who}  there, and not declared`;
}

function wayLines({ adopt, revert, notHere }: WaysOut, c: Colors): string[] {
	const lines = ["", `  restore: ${revert.length > 0 ? "keelson drift --plan <file>, then keelson apply; or keelson up" : "not by a plan"}`];
	for (const line of revert) lines.push(c.dim(`    ${cleanLong(line)}`));
	for (const line of notHere) lines.push(c.dim(`    not by a plan: ${cleanLong(line)}`));
	if ("why" in adopt) return [...lines, `  adopt:   ${cleanLong(adopt.why)}`];
	lines.push(`  adopt:   ${clean(adopt.command)}`);
	for (const line of adopt.lines) {
		const text = `    ${cleanLong(line)}`;
		lines.push(line.startsWith("+") ? c.green(text) : line.startsWith("-") ? c.red(text) : c.dim(text));
	}
	return lines;
}
