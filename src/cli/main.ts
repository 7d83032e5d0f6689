#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { fileCommands, postingCommands, readingCommands, writingCommands } from "./commands.js";
import { type CliError, exitCodes } from "./exit.js";
import { packageRoot } from "./package-root.js";

function version(): string {
	return (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version;
}

const program = new Command("keelson")
	.description("Identity and SaaS posture as code.")
	.version(version())
	.showHelpAfterError("(keelson --help lists the commands)")
	.exitOverride();
readingCommands(program);
fileCommands(program);
postingCommands(program);
writingCommands(program);

// A reader that stops early (`| head`) is no error; a run that changes things goes on without it.
for (const stream of [process.stdout, process.stderr])
	stream.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code !== "EPIPE") throw error;
	});

try {
	await program.parseAsync();
} catch (error) {
	if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.fine : exitCodes.badInput;
	else {
		const { message, name, code, stack } = error as CliError;
		process.stderr.write(`keelson: ${message}\n`);
		process.exitCode = name === "CliError" ? code : exitCodes.badInput;
		if (process.env.KEELSON_DEBUG) process.stderr.write(`${stack}\n`);
	}
}
