import type { NamedDrift } from "../drift/named.js";
import type { Unread } from "../drift/read-live.js";
import { byWords, partWords, sinceWords } from "./drift-words.js";
import { fill, type Section } from "./markdown-fill.js";
import { cell, code } from "./markdown-rows.js";

/** Both ways out of one drift, in words. */
export interface WaysOut {
	key: string;
	adopt: { command: string; lines: string[] } | { why: string };
	/** What a plan would change, one line each. */
	revert: string[];
	/** Parts that no plan mends, and why. */
	notHere: string[];
}

export interface DriftReport {
	tenant: string;
	/** Objects that the stack file declares. */
	declared: number;
	drift: NamedDrift[];
	unread: Unread[];
	ways: WaysOut[];
	/** A member's login. */
	login(system: string, id: string): string;
	/** The plan that reverts it, where one was written. */
	plan: string | null;
}

/** The drift as a comment or an issue: what, since when, by whom, and both ways out; within `limit` UTF-8 bytes by whole rows. */
export function renderDriftMarkdown(report: DriftReport, limit: number): string {
	const { tenant, declared, drift, unread } = report;
	const asDeclared = declared - drift.length - unread.length;
	const counts = [
		`${declared} declared`,
		`${asDeclared} as declared`,
		`**${drift.length} drifted**`,
		...(unread.length > 0 ? [`${unread.length} could not be read`] : []),
	];
	const head = `## Drift of ${cell(tenant)}\n\n${counts.join(", ")}\n`;
	const sections: Section[] = [];
	const rows = drift.flatMap((one) => one.parts.map((part) => partRow(one, part, report)));
	if (rows.length > 0) sections.push({ title: "What differs", name: "differences", head: "| Object | What | Since | Who |\n|---|---|---|---|", rows });
	if (unread.length > 0)
		sections.push({
			title: "Could not be read",
			name: "objects that could not be read",
			head: "| Object | Why |\n|---|---|",
			rows: unread.map(({ key, why }) => `| ${code(key)} | ${cell(why, 400)} |`),
		});
	if (drift.length > 0) {
		sections.push({ title: "To restore what is declared", name: "ways back", head: restoring(report), rows: report.ways.flatMap(revertRows) });
		sections.push({
			title: "To adopt what is live",
			name: "ways to adopt",
			head: "Each as a change of the stack file, to be reviewed.\n",
			rows: report.ways.map(adoptRow),
			folded: true,
		});
	}
	return fill(head, sections, limit, "keelson drift");
}

function partRow({ key, name, system }: NamedDrift, part: NamedDrift["parts"][number], { login }: DriftReport): string {
	const object = `${cell(name ?? key)}${name === null ? "" : ` ${code(key)}`}`;
	const what = partWords(part, (id) => login(system, id));
	return `| ${object} | ${cell(what, 400)} | ${cell(sinceWords(part.since), 300)} | ${cell(byWords(part.by), 500)} |`;
}

function restoring({ plan }: DriftReport): string {
	const how = plan === null ? "`keelson drift --plan <file>` writes a plan for review" : `The plan ${code(plan)} does it`;
	return `${how}, which \`keelson apply\` makes inside the guardrails; \`keelson up\` does the same at once.\n`;
}

function revertRows({ key, revert, notHere }: WaysOut): string[] {
	return [...revert.map((line) => `- ${code(key)}: ${cell(line, 300)}`), ...notHere.map((line) => `- ${code(key)}: not by a plan: ${cell(line, 300)}`)];
}

function adoptRow({ key, adopt }: WaysOut): string {
	if ("why" in adopt) return `- ${code(key)}: ${cell(adopt.why, 300)}`;
	// A fence longer than any inside.
	const fence = "`".repeat(Math.max(3, ...adopt.lines.map((line) => (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0) + 1)));
	const lines = adopt.lines.map((line) => `  ${plainLine(line)}`);
	return [`- ${code(key)}: \`${adopt.command.replaceAll("`", "")}\``, "", `  ${fence}diff`, ...lines, `  ${fence}`].join("\n");
}

/** In a code block all is text; only what hides or breaks a line is shown as what it is. */
function plainLine(line: string): string {
	return line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (char) =>
		char === "\t" ? char : `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
	);
}
