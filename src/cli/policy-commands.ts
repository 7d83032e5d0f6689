import { type Command, InvalidArgumentError } from "commander";
import { common, run } from "./command-parts.js";

function testFormat(word: string): string {
	if (word !== "terminal" && word !== "json" && word !== "junit") throw new InvalidArgumentError("It is terminal, json or junit.");
	return word;
}

/** `keelson policy …`: writing policies, and seeing what they would do. */
export function policyCommands(program: Command): void {
	const policy = program.command("policy").description("work with policies");
	common(policy.command("list"))
		.description("the policies in force, with severity and parameters")
		.action(run(async () => (await import("./policy.js")).list));
	common(policy.command("new <id>"))
		.description("write a policy file that can be run as it is, with tests")
		.requiredOption("--for <kind>", "what it judges: account, person, credential, device, group, app, setting, system or managed")
		.option("--dir <folder>", "write it there [the stack file's first folder of policies, else policies]")
		.action(run(async () => (await import("./policy-new.js")).policyNew));
	common(policy.command("test [paths...]"))
		.description("run the tests that stand in policy files")
		.option("-f, --format <format>", "terminal, json or junit", testFormat, "terminal")
		.option("-o, --out <file>", "write there, and what failed to stdout")
		.option("--watch", "run them again whenever a file changes, until Ctrl-C")
		.action(run(async () => (await import("./policy-test.js")).policyTest));
	common(policy.command("diff"))
		.description("whom a change of policies or parameters flags and clears, in the stored state; no network")
		.option("--base <ref>", "compare with the policies of this branch or commit [KEELSON_BASE, else HEAD]")
		.option("--set <setting...>", "try a parameter without an edit, such as dormant-account.days=30")
		.option("--fail-on <severity>", "exit 1 when a finding at least this severe is new: critical, high, medium, low, info, or none [none]")
		.action(run(async () => (await import("./policy-diff.js")).policyDiff));
	common(policy.command("coverage"))
		.description("which fields each policy in force needs, which systems deliver them, and what is unknown or applies to nothing; no network")
		.action(run(async () => (await import("./policy-coverage.js")).coverage));
	common(policy.command("explain <id>"))
		.description("what a policy asks, why, and where its data comes from")
		.action(run(async () => (await import("./policy.js")).explainPolicy));
}
