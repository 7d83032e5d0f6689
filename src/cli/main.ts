#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { type CliError, exitCodes } from "./exit.js";

/** Loads a command's module only when that command runs: start-up stays short. */
function run<A extends unknown[]>(load: () => Promise<(...args: A) => Promise<number>>): (...args: A) => Promise<void> {
	return async (...args) => {
		process.exitCode = await (await load())(...args);
	};
}

function version(): string {
	for (const path of ["../../package.json", "../../../package.json"]) {
		try {
			return (JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string }).version;
		} catch {}
	}
	return "unknown";
}

function common(command: Command): Command {
	return command.option("-s, --stack <file>", "stack file", "stacks/keelson.yaml").option("--json", "print JSON on stdout").option("-q, --quiet", "no progress on stderr");
}

function judged(command: Command): Command {
	return common(command).option("--fail-on <severity>", "exit 1 when a finding is at least this severe: critical, high, medium, low, info, or none", "critical");
}

const program = new Command("keelson")
	.description("Identity and SaaS posture as code.")
	.version(version())
	.showHelpAfterError("(keelson --help lists the commands)")
	.exitOverride();

judged(program.command("scan"))
	.description("read the live state of every system, store it, judge it")
	.option("--system <name...>", "only these systems of the stack")
	.option("--full", "read everything again, whatever has changed")
	.option("--accept-shrink", "believe a list that lost more than half of its rows")
	.action(run(async () => (await import("./scan.js")).scan));

judged(program.command("check"))
	.description("judge the stored state again; no network")
	.option("--as-of <time>", "the state as it was then (RFC 3339 time or date)")
	.action(run(async () => (await import("./check.js")).check));

common(program.command("explain <what>"))
	.description("why: a finding (f_…), an account (login or system/id): which field of which call, and what would change it")
	.action(run(async () => (await import("./explain.js")).explain));

common(program.command("doctor"))
	.description("check credentials, scopes and clock; say what will be unknown, and what a scan will cost")
	.option("--system <name...>", "only these systems of the stack")
	.action(run(async () => (await import("./doctor.js")).doctor));

common(program.command("pin"))
	.description("write the immutable ids of declared logins into the stack file, comments kept")
	.action(run(async () => (await import("./pin.js")).pin));

const policy = program.command("policy").description("work with policies");
common(policy.command("list"))
	.description("the policies in force, with severity and parameters")
	.action(run(async () => (await import("./policy.js")).list));
common(policy.command("test [paths...]"))
	.description("run the tests that stand in policy files")
	.action(run(async () => (await import("./policy.js")).test));
common(policy.command("explain <id>"))
	.description("what a policy asks, why, and where its data comes from")
	.action(run(async () => (await import("./policy.js")).explainPolicy));

program
	.command("demo")
	.description("the main job on an embedded demo tenant; nothing leaves this machine")
	.option("--keep <folder>", "write the demo's files there and keep them")
	.action(run(async () => (await import("./demo.js")).demo));

try {
	await program.parseAsync();
} catch (error) {
	if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.badInput;
	else {
		const { message, name, code } = error as CliError;
		process.stderr.write(`keelson: ${message}\n`);
		process.exitCode = name === "CliError" ? code : exitCodes.badInput;
		if (process.env.KEELSON_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
	}
}
