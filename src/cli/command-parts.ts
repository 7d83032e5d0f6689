import type { Command } from "commander";

/** Loads a command's module only when that command runs: start-up stays short. */
export function run<A extends unknown[]>(load: () => Promise<(...args: A) => Promise<number>>): (...args: A) => Promise<void> {
	return async (...args) => {
		process.exitCode = await (await load())(...args);
	};
}

/** Options that every command on a stack has. */
export function common(command: Command): Command {
	return command
		.option("-s, --stack <file>", "stack file", process.env.KEELSON_STACK ?? "stacks/keelson.yaml")
		.option("--json", "print JSON on stdout")
		.option("-q, --quiet", "no progress on stderr");
}
