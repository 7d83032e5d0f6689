import { relative } from "node:path";
import { assess } from "../assess/assess.js";
import type { Assessment, ExemptionUse } from "../model/assessment.js";
import type { Finding } from "../model/finding.js";
import { withheldWords } from "../model/withheld.js";
import { safeText } from "../report/sanitise.js";
import { counted } from "../report/words.js";
import type { Exemption, Stack } from "../stack/stack.js";
import { parseDuration, parseInstant } from "../stack/time.js";
import type { NewExemption } from "./exempt-edit.js";
import { writeExemptions } from "./exempt-write.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { type CommonOptions, openWorkspace, readStack, type Workspace } from "./workspace.js";

export interface ExemptOptions extends CommonOptions {
	owner?: string;
	reason?: string;
	ticket?: string;
	expires?: string;
	compensatedBy?: string;
}

const day = 86_400_000;
/** Days that this command gives an exemption at most. */
const longest = 365;
/** Days before its end in which an exemption is said to end soon: those of the channels' `exemption-ending`. */
const soon = 14;
const clean = (text: string) => safeText(text, "terminal");

/** `keelson exempt add`: writes an exemption for each of these findings into the stack file; for all of them, or for none. */
export async function add(ids: string[], options: ExemptOptions): Promise<ExitCode> {
	const owner = words("--owner", options.owner, "who answers for it: an address or a team");
	const reason = words("--reason", options.reason, "why the finding is accepted");
	const ticket = options.ticket === undefined ? undefined : words("--ticket", options.ticket, "the ticket it was agreed in");
	const expires = lastDay(options.expires ?? "90d", Date.now());
	const workspace = await openWorkspace(options);
	try {
		const { stack } = workspace;
		const assessment = await assess({ ...workspace, dryRun: true });
		if (!assessment) throw new CliError("nothing is stored yet: run keelson scan");
		const judged = [...new Set(ids)].map((id) => ({ id, finding: assessment.findings.find((one) => one.id === id) }));
		const wrong = judged.flatMap(({ id, finding }) => refusal(id, finding, assessment, stack) ?? []);
		if (wrong.length > 0) throw new CliError([...wrong, ...(judged.length > 1 ? ["nothing was written"] : [])].join("\n"));
		const findings = judged.flatMap(({ finding }) => finding ?? []);
		for (const { policy } of findings) checkCompensation(policy, options.compensatedBy, workspace);
		const made = findings.map(
			(finding): NewExemption => ({
				policy: finding.policy,
				subject: subjectOf(finding),
				owner,
				reason,
				...(ticket !== undefined && { ticket }),
				expires,
				...(options.compensatedBy !== undefined && { compensatedBy: options.compensatedBy }),
			}),
		);
		const written = await writeExemptions(stack, new Set(), made);
		await tellAdded(findings, made, { ...workspace, stack: { ...stack, exemptions: written } }, options);
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

/** Judged again with what was written: that an exemption is there does not say that it holds. */
async function tellAdded(findings: Finding[], made: NewExemption[], workspace: Workspace, options: ExemptOptions): Promise<void> {
	const after = await assess({ ...workspace, dryRun: true });
	const file = relative(process.cwd(), workspace.stack.file);
	const rows = findings.map((finding, index) => {
		const now = after?.findings.find(({ id }) => id === finding.id);
		return { finding, entry: made[index] as NewExemption, holds: now?.outcome === "excepted", withheld: now?.withheld };
	});
	if (options.json) {
		const added = rows.map(({ finding, entry, holds }) => ({ finding: finding.id, ...entry, holds }));
		process.stdout.write(`${JSON.stringify({ file, added }, null, 2)}\n`);
		return;
	}
	const lines = rows.map(({ finding, entry, withheld }) => {
		const but = withheld ? `; but ${withheldWords(withheld)}` : "";
		return `exempt from ${entry.policy} until ${entry.expires}: ${nameOf(finding.subject)}${but}`;
	});
	process.stdout.write(`${lines.join("\n")}\n\n${counted(rows.length, "exemption")} written into ${file}. Next: have the change reviewed.\n`);
}

/** A label with the key that it stands for. */
function nameOf({ label, key }: { label: string | null; key: string | null }): string {
	return [...new Set([label, key])].flatMap((text) => (text ? clean(text) : [])).join("  ");
}

/** Why a finding can't be exempted; null: it can. */
function refusal(id: string, finding: Finding | undefined, assessment: Assessment, stack: Stack): string | null {
	if (!finding) return `${id} is not open: the newest stored run has no such finding (keelson check lists them)`;
	if (finding.outcome === "review") return `${id} is for review and no failure: there is nothing to exempt`;
	const live = (assessment.exemptions ?? []).flatMap((use, index) => {
		const entry = stack.exemptions[index];
		return entry && entry.expires > Date.now() && use.findings.includes(id) ? [{ use, entry }] : [];
	});
	const [held] = live;
	if (!held) return null;
	const { entry, use } = held;
	const but = use.withheld ? `; ${withheldWords(use.withheld)}` : "";
	return `${id} is exempted already, until ${entry.expiresText} by ${clean(entry.owner)} (line ${stack.positions.get(entry.path)?.line ?? "?"})${but}`;
}

/** An account by login and id, anything else by its key; so is an account whose login can't be read, or can't stand in the file. */
function subjectOf({ system, subject: { kind, key, label } }: Finding): NewExemption["subject"] {
	const id = key.slice(system.length + 1);
	const readable = kind === "account" && label !== id && /\S/.test(label) && !/[\p{C}\p{Zl}\p{Zp}]/u.test(label) && /^[^\s@]+$/.test(id);
	return readable ? { login: `${system}/${label}`, id } : { key };
}

function checkCompensation(policy: string, other: string | undefined, { policies }: Workspace): void {
	if (other === undefined) return;
	const kind = (id: string) => policies.find((one) => one.policy.id === id)?.policy.for;
	if (kind(other) === undefined) throw new CliError(`--compensated-by ${other}: that is no policy in force (keelson policy list)`);
	if (other === policy) throw new CliError(`--compensated-by ${other}: a policy can't compensate for itself`);
	if (kind(other) !== kind(policy))
		throw new CliError(`--compensated-by ${other}: it is for subjects of the kind ${kind(other)}, and ${policy} for those of the kind ${kind(policy)}`);
}

/** A text of one line for the file. */
function words(option: string, text: string | undefined, what: string): string {
	if (!text?.trim()) throw new CliError(`${option} says ${what}`);
	if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) throw new CliError(`${option} is one line of plain text`);
	return text.trim();
}

/** `90d` from today, or a date. @throws CliError for what is neither, over, or too far */
function lastDay(text: string, now: number): string {
	const wrong = (why: string) => new CliError(`--expires ${text}: ${why}`);
	const duration = parseDuration(text);
	const date = /^\d{4}-\d\d-\d\d$/.test(text) ? parseInstant(text, "end") : null;
	const end = "value" in duration && duration.value % day === 0 ? now + duration.value : date && "value" in date ? date.value : null;
	if (end === null)
		throw wrong(date && "error" in date ? `that ${date.error}` : `write a number of days such as 90d, or a date such as ${dateOf(now + 90 * day)}`);
	if (end < now) throw wrong("that day is over");
	if (dateOf(end) > dateOf(now + longest * day)) throw wrong(`an exemption is for ${longest} days at most, until ${dateOf(now + longest * day)}`);
	return dateOf(end);
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** `keelson exempt list`: every exemption of the stack file, and what it does. */
export async function list(options: CommonOptions): Promise<ExitCode> {
	const workspace = await openWorkspace(options);
	try {
		const { stack } = workspace;
		const assessment = await assess({ ...workspace, dryRun: true });
		const rows = stack.exemptions.map((entry, index) => rowOf(entry, assessment?.exemptions?.[index], assessment, stack));
		if (options.json) process.stdout.write(`${JSON.stringify({ exemptions: rows }, null, 2)}\n`);
		else process.stdout.write(listText(rows));
		return exitCodes.fine;
	} finally {
		await workspace.close();
	}
}

type Row = ReturnType<typeof rowOf>;

function rowOf(entry: Exemption, use: ExemptionUse | undefined, assessment: Assessment | null, stack: Stack) {
	const { policy, subject, owner, reason, ticket, expiresText: expires, compensatedBy } = entry;
	const found = assessment?.findings.find(({ id }) => use?.findings.includes(id));
	const key = "key" in subject ? subject.key : subject.id === null ? (found?.subject.key ?? null) : `${subject.system}/${subject.id}`;
	const login = "login" in subject ? `${subject.system}/${subject.login}` : null;
	return {
		...{ state: stateOf(entry, use), policy, subject: key, login, label: found?.subject.label ?? null },
		...{ owner, reason, ...(ticket !== null && { ticket }), expires, ...(compensatedBy !== undefined && { compensatedBy }) },
		...(use?.withheld && { withheld: use.withheld }),
		findings: use?.findings ?? [],
		line: stack.positions.get(entry.path)?.line ?? null,
	};
}

/** By today's date, and not by that of the run: what has ended since holds no more. */
function stateOf({ expires }: Exemption, use: ExemptionUse | undefined): "used" | "ends soon" | "unused" | "does not hold" | "unknown" | "ended" {
	const now = Date.now();
	if (expires <= now) return "ended";
	if (use?.state === "withheld") return "does not hold";
	if (use?.state === "unused") return "unused";
	if (use?.state === "used") return expires - now <= soon * day ? "ends soon" : "used";
	return "unknown";
}

function listText(rows: Row[]): string {
	if (rows.length === 0) return "The stack file has no exemptions.\n";
	const lines = rows.flatMap(({ state, policy, subject, login, label, owner, reason, ticket, expires, compensatedBy, withheld, findings }) => [
		`${state.padEnd(13)}  ${policy}  ${nameOf({ label: login ?? label, key: subject })}${login !== null && subject === null ? "  (no id yet: keelson pin)" : ""}`,
		`${"".padEnd(13)}  until ${expires}${compensatedBy === undefined ? "" : `, while ${compensatedBy} passes`}: ${clean(reason)} (${clean(owner)}${ticket === undefined ? "" : `, ${clean(ticket)}`})${findings.map((id) => `  ${id}`).join("")}`,
		...(withheld ? [`${"".padEnd(13)}  ${withheldWords(withheld)}`] : []),
	]);
	const ended = rows.filter(({ state }) => state === "ended").length;
	return `${lines.join("\n")}\n${ended > 0 ? `\nkeelson exempt prune takes out what has ended (${ended}).\n` : ""}`;
}

/** `keelson exempt prune`: takes out of the stack file what has ended. */
export async function prune(options: CommonOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	const file = relative(process.cwd(), stack.file);
	const ended = stack.exemptions.flatMap((entry, index) => (entry.expires <= Date.now() ? [{ entry, index }] : []));
	if (ended.length > 0) await writeExemptions(stack, new Set(ended.map(({ index }) => index)), []);
	const removed = ended.map(({ entry: { policy, subject, owner, expiresText } }) => ({
		policy,
		subject: "key" in subject ? subject.key : `${subject.system}/${subject.id ?? subject.login}`,
		owner,
		expires: expiresText,
	}));
	if (options.json) process.stdout.write(`${JSON.stringify({ file, removed }, null, 2)}\n`);
	else if (removed.length === 0) process.stdout.write("No exemption has ended: nothing to prune.\n");
	else
		process.stdout.write(
			`${removed.map(({ policy, subject, expires }) => `${clean(subject)} from ${policy}, ended ${expires}`).join("\n")}\n\n${counted(removed.length, "ended exemption")} taken out of ${file}\n`,
		);
	return exitCodes.fine;
}
