import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { loadPolicies } from "../policy/load.js";
import { policyIdPattern, policyTemplate } from "../policy/template.js";
import { type PolicySubject, policySubjects } from "../policy/types.js";
import { projectFolder } from "../stack/load.js";
import type { Stack } from "../stack/stack.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { stackIfAny } from "./policy-folders.js";
import { type CommonOptions, shippedPolicies } from "./workspace.js";

export interface PolicyNewOptions extends CommonOptions {
	/** The kind of subject. */
	for: string;
	/** Where to write [the stack file's first folder of policies, else `policies`]. */
	dir?: string;
}

/** `keelson policy new <id>`: one file with a policy that can be run as it is. The stack file is left as it is. */
export async function policyNew(id: string, options: PolicyNewOptions): Promise<ExitCode> {
	const kind = policySubjects.find((one) => one === options.for);
	if (!kind) throw new CliError(`--for takes ${policySubjects.join(", ")}, not ${JSON.stringify(options.for)}`);
	checkId(id);
	const stack = await stackIfAny(options.stack);
	const dir = options.dir === undefined ? (stack?.policies.dirs[0] ?? join(projectOf(options), "policies")) : resolve(options.dir);
	if (dir.split(sep).at(-1) === "packs") throw new CliError(`${shown(dir)} is for packs, and no policy is read from there: name the folder above it`);
	await checkFree(
		id,
		[...new Set([shippedPolicies, ...(stack?.policies.dirs ?? []), dir])].filter((one) => existsSync(one)),
	);
	const file = join(dir, `${id}.yaml`);
	await write(file, policyTemplate(id, kind));
	const named = stack?.policies.dirs.some((one) => within(dir, one)) ?? false;
	if (options.json) process.stdout.write(`${JSON.stringify({ id, for: kind, file, inForce: named }, null, 2)}\n`);
	else process.stdout.write(`${next(file, kind, named ? null : hintOf(dir, stack, options))}\n`);
	return exitCodes.fine;
}

function checkId(id: string): void {
	if (policyIdPattern.test(id)) return;
	const better = id
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "");
	throw new CliError(`an id has small letters, digits and single hyphens between them, not ${JSON.stringify(id)}${better ? `: say ${better}` : ""}`);
}

/** @throws CliError when a policy has that id: findings and exemptions could not tell the two apart */
async function checkFree(id: string, dirs: readonly string[]): Promise<void> {
	for (const dir of dirs) {
		// Each folder by itself, since one may lie within another. What is wrong in other files is told by the commands that use them.
		const { policies } = await loadPolicies([dir]);
		const taken = policies.find((policy) => policy.id === id);
		if (taken) throw new CliError(`there is a policy ${id}: ${shown(taken.file)}`);
	}
}

async function write(file: string, text: string): Promise<void> {
	try {
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, text, { flag: "wx" });
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new CliError(code === "EEXIST" ? `${shown(file)} is there already, and is left as it is` : `${shown(file)} cannot be written: ${message}`);
	}
}

function next(file: string, kind: PolicySubject, hint: string | null): string {
	const test = `keelson policy test ${shown(file)} --watch`;
	const lines = [
		`wrote ${shown(file)}`,
		"",
		"Edit next:",
		"  where, pass   whom it is for and what must be true; policy-fields.md of the documentation lists the fields",
		"  message, why  what a finding says, and what is at stake",
		`  tests         examples of the ${kind}: one for each outcome, and one at each boundary`,
		"",
		`  ${test}  runs the tests whenever you save`,
		`  ${"keelson policy diff".padEnd(test.length)}  whom it would flag, in the stored state`,
	];
	return [...lines, ...(hint === null ? [] : ["", hint])].join("\n");
}

/** How the policy comes into force, which is the user's to write. */
function hintOf(dir: string, stack: Stack | null, { stack: file }: PolicyNewOptions): string {
	if (within(dir, shippedPolicies)) return "It is not in force yet: it lies among the policies that ship, so name it under policies.use or in a pack.";
	const project = projectOf({ stack: file });
	const dirs = [...(stack?.policies.dirs ?? []), dir].map((one) => relative(project, one).split(sep).join("/"));
	const why = existsSync(file) ? `${shown(resolve(file))} does not name its folder` : `there is no stack file ${file}`;
	return [`It is not in force yet: ${why}. Write there`, "", "  policies:", `    dirs: [${dirs.map(flow).join(", ")}]`].join("\n");
}

/** Where paths of the stack file start, or will once there is one. */
function projectOf({ stack }: Pick<PolicyNewOptions, "stack">): string {
	return projectFolder(existsSync(stack) ? resolve(stack) : join(process.cwd(), "keelson.yaml"));
}

/** A path within a YAML list in brackets. */
function flow(path: string): string {
	return /^[\w./-]+$/.test(path) ? path : JSON.stringify(path);
}

function within(dir: string, folder: string): boolean {
	const path = relative(folder, dir);
	return path === "" || (path.split(sep)[0] !== ".." && !path.startsWith(sep));
}

function shown(path: string): string {
	const near = relative(process.cwd(), path);
	return near.startsWith("..") ? path : near || ".";
}
