#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { fileCommands, readingCommands, writingCommands } from "./commands.js";
import { type CliError, exitCodes } from "./exit.js";

function version(): string {
	const places = ["../../package.json", "../../../package.json"].map((path) => new URL(path, import.meta.url));
	const file = places.find((place) => existsSync(place));
	return file ? (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version : "unknown";
}

const program = new Command("keelson")
	.description("Identity and SaaS posture as code.")
	.version(version())
	.showHelpAfterError("(keelson --help lists the commands)")
	.exitOverride();
readingCommands(program);
fileCommands(program);
writingCommands(program);

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
