import { type Command, InvalidArgumentError } from "commander";
import { common, run } from "./command-parts.js";
import { policyCommands } from "./policy-commands.js";

function judged(command: Command): Command {
	return common(command).option(
		"--fail-on <severity>",
		"exit 1 when a finding is at least this severe: critical, high, medium, low, info, or none",
		"critical",
	);
}

function systems(command: Command): Command {
	return command.option("--system <name...>", "only these systems of the stack");
}

function notifyHow(text: string): string {
	if (text !== "send" && text !== "show") throw new InvalidArgumentError("It is send or show.");
	return text;
}

function told(command: Command): Command {
	return command.option("--notify [how]", "tell the stack's channels what they have not been told yet: send, or show to see it only [send]", notifyHow);
}

function format(text: string): string {
	const formats = ["html", "markdown", "json", "csv", "terminal", "sarif", "ocsf", "junit", "gitlab", "oscal"];
	if (!formats.includes(text)) throw new InvalidArgumentError(`It is one of ${formats.join(", ")}.`);
	return text;
}

function driftFormat(word: string): string {
	if (word !== "terminal" && word !== "markdown") throw new InvalidArgumentError("It is terminal or markdown.");
	return word;
}

function count(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is a whole number, such as 100000.");
	return Number(text);
}

/** Commands that only read. */
export function readingCommands(program: Command): void {
	systems(told(judged(program.command("scan"))))
		.description("read the live state of every system, store it, judge it")
		.option("--full", "read everything again, whatever has changed")
		.option("--accept-shrink", "believe a list that lost more than half of its rows")
		.action(run(async () => (await import("./scan.js")).scan));
	told(judged(program.command("check")))
		.description("judge the stored state again; no network")
		.option("--desired", "judge what the stack file declares, as it would be")
		.option("--as-of <time>", "the state as it was then (RFC 3339 time or date)")
		.action(run(async () => (await import("./check.js")).check));
	common(program.command("explain <what>"))
		.description("why: a finding (f_…) or an account (login or system/id), from which field of which call, and what would change it")
		.action(run(async () => (await import("./explain.js")).explain));
	common(program.command("history [what]"))
		.description("how it came to be so: the runs, or what they tell of a login, <system>/<id>, group, role or finding (f_…); no network")
		.option("--runs <n>", "the newest so many runs [30]", count)
		.action(run(async () => (await import("./history.js")).history));
	common(program.command("blame <what>"))
		.description("since which run: a finding (f_…), or all of a policy, login or <system>/<id>, and what changed then")
		.option("--runs <n>", "look back so many runs at most [100]", count)
		.option("--who", "ask the vendors' audit logs who changed it")
		.action(run(async () => (await import("./blame.js")).blame));
	common(program.command("report"))
		.description("the stored state for other people and other tools")
		.option("-f, --format <format>", "html, markdown, json, csv, terminal, sarif, ocsf, junit, gitlab or oscal", format, "html")
		.option("-o, --out <file>", "write there instead of stdout")
		.option("--plan <file>", "show this plan beside the findings (html and markdown)")
		.option("--as-of <time>", "the state as it was then (RFC 3339 time or date)")
		.option("--pseudonyms", "no logins, names or addresses: subjects by their immutable ids")
		.option("--max-chars <n>", "markdown at most so long, cut by whole rows [65536, what GitHub takes in a comment]", count)
		.action(run(async () => (await import("./report.js")).report));
	judged(program.command("review"))
		.description("everything a pull request needs to be decided, as Markdown: what it changes, drift, plans, guardrails; no network")
		.option("--base <branch>", "compare with the stack file and policies of this branch", process.env.KEELSON_BASE)
		.option("-o, --out <file>", "write there instead of stdout")
		.option("--limit <bytes>", "at most so long [65536, what GitHub takes in a comment]", count)
		.option("--pseudonyms", "no logins, names or addresses: subjects by their immutable ids")
		.action(run(async () => (await import("./review.js")).review));
	systems(common(program.command("doctor")))
		.description("check credentials, scopes and clock; say what will be unknown, and what a scan will cost")
		.option("--estimate [accounts]", "only reckon what a full read of a tenant of that size takes [100000]; no network", count)
		.option("--groups <n>", "with --estimate: groups [accounts / 20]", count)
		.option("--memberships <n>", "with --estimate: group memberships [accounts × 5]", count)
		.option("--apps <n>", "with --estimate: apps [accounts / 200, at least 20]", count)
		.option("--administrators <n>", "with --estimate: administrators [accounts / 500, at least 5]", count)
		.action(run(async () => (await import("./doctor.js")).doctor));
	systems(told(common(program.command("drift"))))
		.description("what the stack file declares under settings and memberships, against what is live: since when, by whom, and both ways out")
		.option("--adopt <key...>", "write the live state of these objects into the stack file, comments kept")
		.option("--plan <file>", "write the plan that restores what is declared, for review and keelson apply")
		.option("--unmanaged", "list what the stored scans have and the stack file declares nowhere; no network")
		.option("--kind <kind...>", "with --unmanaged: only group, setting, role, app, or a kind of setting or type of group")
		.option("--no-who", "don't ask the vendors' audit logs who changed it")
		.option("-f, --format <format>", "terminal, or markdown for a comment or an issue", driftFormat, "terminal")
		.option("--limit <bytes>", "with --format markdown: at most so long [65536, what GitHub takes in a comment]", count)
		.action(run(async () => (await import("./drift.js")).drift));
}

/** Commands that write files in the working copy. */
export function fileCommands(program: Command): void {
	program
		.command("init")
		.description("write a stack file, Pulumi.yaml and the pipelines: review, drift, up")
		.option("--name <name>", "name of the tenant", "acme")
		.option("--provider <name...>", "a system of each of these providers [okta]")
		.option("--url <url>", "address of the first system")
		.option("--ci <kind>", "pipelines for github, gitlab or none", "github")
		.option("--force", "write over files that exist")
		.action(run(async () => (await import("./init.js")).init));
	common(program.command("pin"))
		.description("write the immutable ids of declared logins into the stack file, comments kept")
		.action(run(async () => (await import("./pin.js")).pin));
	common(program.command("import <object>"))
		.description("declare an object as it is live: okta/group/<id>, okta/role/<ROLE>, okta/<setting id>")
		.action(run(async () => (await import("./import.js")).importObject));
	systems(common(program.command("plan")))
		.description("write the changes that answer the findings into a plan file, for review")
		.option("--no-scan", "plan from the stored state")
		.option("--policy <id...>", "only findings of these policies")
		.option("--limit <accounts>", "at most so many accounts, the riskiest first; the rest is named as not planned")
		.option("--finding <id...>", "only these findings")
		.option("--action <action...>", "a person's own change, such as okta/deactivate-account/00u1; needs --operator")
		.option("--operator", "allow changes that only a person may ask for")
		.action(run(async () => (await import("./plan.js")).plan));
	common(program.command("overlay <ref>"))
		.description("lay the stack files, policies and plans of a pull request over a checkout of its base branch; no code of it")
		.action(run(async () => (await import("./overlay.js")).overlay));
	common(program.command("undo <plan>"))
		.description("write a plan that takes back what a plan (file or digest) has done, where that can be")
		.option("--no-scan", "from the stored state")
		.action(run(async () => (await import("./undo.js")).undo));
	common(program.command("baseline"))
		.description("accept what is open in the newest stored run until a day, in a file for review, so that a team can start; no network")
		.option("--owner <who>", "who answers for it: an address or a team")
		.option("--reason <text>", "why [open when Keelson was introduced]")
		.option("--expires <when>", "the last day: a date or a number of days, at most 180d [90d]")
		.option("--policy <id...>", "only findings of these policies")
		.option("--include-critical", "critical findings and those on emergency accounts too")
		.option("--renew", "accept again what was accepted before and whose time is over")
		.option("--prune", "take out what is fixed")
		.option("--list", "show what is accepted, with names and states; change nothing")
		.action(run(async () => (await import("./baseline.js")).baseline));
	const exempt = program.command("exempt").description("exemptions in the stack file: add, list, prune; no network");
	common(exempt.command("add <finding...>"))
		.description("accept these findings (f_…) for a time: an entry each in the stack file, for review")
		.option("--owner <who>", "who answers for it: an address or a team")
		.option("--reason <text>", "why")
		.option("--ticket <ticket>", "the ticket it was agreed in")
		.option("--expires <when>", "the last day: a date or a number of days, at most 365d [90d]")
		.option("--compensated-by <policy>", "a policy that must pass for the same subject, else the exemption does not hold")
		.action(run(async () => (await import("./exempt.js")).add));
	common(exempt.command("list"))
		.description("every exemption, who agreed to it, until when, and whether it is used; change nothing")
		.action(run(async () => (await import("./exempt.js")).list));
	common(exempt.command("prune"))
		.description("take out the exemptions whose time is over, comments kept")
		.action(run(async () => (await import("./exempt.js")).prune));
	policyCommands(program);
}

/** Commands that write to the forge of the repository, never to a vendor. */
export function postingCommands(program: Command): void {
	const post = program.command("post").description("comments, issues and pull requests, each one kept up to date in place (GitHub, GitLab)");
	common(post.command("comment <file>"))
		.description("the stack's one comment on a pull request")
		.option("--pull-request <number>", "its number [the one the pipeline runs for]", count)
		.action(run(async () => (await import("./post.js")).comment));
	common(post.command("issue [file]"))
		.description("the stack's one open issue")
		.option("--title <title>", "its title [Drift in <stack>]")
		.option("--close", "close it where it is open; the file says why")
		.action(run(async () => (await import("./post.js")).issue));
	common(post.command("pull-request [file]"))
		.description("commit files to a branch of Keelson's own and keep one open pull request from it, with this text")
		.option("--title <title>", "title and commit message [Remediation of <stack>]")
		.option("--branch <name>", "the branch [keelson/<stack>]")
		.option("--base <branch>", "the branch it goes into [the pipeline's]")
		.option("--add <path...>", "what to commit [the folder of plans]")
		.option("--close", "close it where it is open; the file says why")
		.action(run(async () => (await import("./post.js")).pullRequest));
	common(post.command("sarif <file>"))
		.description("upload findings to GitHub code scanning")
		.action(run(async () => (await import("./post.js")).sarif));
}

/** Commands that can write to a vendor, inside the guardrails, and their preview. */
export function writingCommands(program: Command): void {
	common(program.command("apply <plan>"))
		.description("make exactly the changes of a reviewed plan file")
		.option("--operator", "allow changes that only a person may ask for")
		.action(run(async () => (await import("./apply.js")).apply));
	systems(told(common(program.command("expire"))))
		.description("end what the stack file gives until a time that is past, and nothing else, inside the guardrails")
		.option("--list", "every access with an end: requested, given, who ends it, its state; change nothing")
		.option("--within <duration>", "with --list: what ends within this time is ending [24h]")
		.option("--dry-run", "say what would be ended; change nothing")
		.action(run(async () => (await import("./expire.js")).expire));
	common(program.command("verify [receipt...]"))
		.description("whether the journal, the receipts of what was applied and the plan files are as they were written")
		.option("--restore", "write the receipts that are missing again, from the journal")
		.action(run(async () => (await import("./verify.js")).verify));
	common(program.command("erase <account...>"))
		.description("take a person's accounts out of the store and out of the journal's names (GDPR Art. 17); writes to no vendor")
		.option("--person", "all accounts of the person whose account is named, and the personnel record")
		.option("--also <name...>", "another login, address or name of theirs to take out")
		.option("-y, --yes", "erase; without it, count what would be")
		.action(run(async () => (await import("./erase.js")).erase));
	judged(program.command("preview"))
		.description("what pulumi preview says of the stack file; exit 5 on drift")
		.action(run(async () => (await import("./preview.js")).preview));
	judged(program.command("up"))
		.description("pulumi up: mend drift and apply the plan files, inside the guardrails")
		.option("-y, --yes", "don't ask")
		.action(run(async () => (await import("./up.js")).up));
	program
		.command("demo")
		.description("the main job on an embedded demo tenant; nothing leaves this machine")
		.option("--keep <folder>", "write the demo's files there and keep them")
		.action(run(async () => (await import("./demo.js")).demo));
}
