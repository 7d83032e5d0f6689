import pc from "picocolors";
import { loadPolicies } from "../policy/load.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { colour } from "./output.js";
import { policyFolders } from "./policy-folders.js";
import { type CommonOptions, readPolicies, readStack } from "./workspace.js";

/** `keelson policy list`: the policies in force. */
export async function list(options: CommonOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	const { compiled } = await readPolicies(stack);
	const rows = compiled.map(({ policy, params }) => ({
		id: policy.id,
		severity: policy.severity,
		for: policy.for,
		title: policy.title,
		params,
		file: policy.file,
	}));
	if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
	else {
		const width = Math.max(...rows.map(({ id }) => id.length));
		for (const row of rows) {
			const set = Object.entries(row.params)
				.map(([name, value]) => `${name}=${JSON.stringify(value)}`)
				.join(" ");
			process.stdout.write(`${row.id.padEnd(width)}  ${row.severity.padEnd(8)}  ${row.for.padEnd(10)}  ${row.title}${set ? `  (${set})` : ""}\n`);
		}
	}
	return exitCodes.fine;
}

/** `keelson policy explain <id>`: what a policy asks and why. */
export async function explainPolicy(id: string, options: CommonOptions): Promise<ExitCode> {
	const { policies } = await loadPolicies(await policyFolders(options.stack));
	const policy = policies.find((candidate) => candidate.id === id);
	if (!policy) throw new CliError(`there is no policy ${id}; keelson policy list shows them`);
	if (options.json) {
		const { checked: _, ...plain } = policy;
		process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
		return exitCodes.fine;
	}
	const c = pc.createColors(colour(process.stdout));
	const lines = [
		"",
		`${c.bold(policy.title)}  ${c.dim(policy.id)}`,
		`  ${policy.severity}, for every ${policy.for}${policy.breakGlass === "skip" ? ", break-glass accounts apart" : ""}`,
		"",
		`  ${policy.why.trim()}`,
		"",
	];
	if (policy.where) lines.push(`  Who:   ${policy.where.trim()}`);
	lines.push(`  Pass:  ${policy.pass.trim()}`);
	if (policy.review) lines.push(`  Review instead of fail: ${policy.review.trim()}`);
	for (const [name, param] of Object.entries(policy.params)) lines.push(`  params.${name} = ${JSON.stringify(param.default)}  ${c.dim(param.description)}`);
	if (policy.whenNotToUse) lines.push("", `  When not to use it: ${policy.whenNotToUse.trim()}`);
	lines.push(
		"",
		`  Mend:  ${policy.remediation.map((step) => (typeof step === "string" ? step : step.manual)).join("; ")}`,
		`  Tests: ${policy.tests.length}`,
		`  ${c.dim(policy.controls.join("  "))}`,
		"",
	);
	process.stdout.write(`${lines.join("\n")}\n`);
	return exitCodes.fine;
}
