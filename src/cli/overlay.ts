import { realpath } from "node:fs/promises";
import { basename, dirname, relative, sep } from "node:path";
import { GitError, git } from "../forge/git.js";
import { checkedRef } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { type CommonOptions, readStack } from "./workspace.js";

interface Entry {
	mode: string;
	path: string;
}

/**
 * `keelson overlay <ref>`: lays what a pull request proposes over a checkout of its base branch: stack files, policies and plans, which are
 * data. Code stays the base branch's: packages, programs, workflows, and which program the engine runs.
 */
export async function overlay(ref: string, options: CommonOptions): Promise<ExitCode> {
	const stack = await readStack(options.stack);
	try {
		const root = await realpath((await git(dirname(stack.file), ["rev-parse", "--show-toplevel"])).toString("utf8").trim());
		const places = [dirname(stack.file), ...stack.policies.dirs, stack.remediation.plans, ...(stack.baseline ? [stack.baseline.file] : [])];
		const folders = await Promise.all(places.map((place) => inside(root, place)));
		const proposed = await entries(root, checkedRef(ref), folders);
		const taken = proposed.filter(isData).map(({ path }) => path);
		const held = (await entries(root, "HEAD", folders)).filter(isData).map(({ path }) => path);
		const gone = held.filter((path) => !taken.includes(path));
		if (taken.length > 0) await git(root, ["--literal-pathspecs", "checkout", "--quiet", ref, "--", ...taken]);
		if (gone.length > 0) await git(root, ["--literal-pathspecs", "rm", "--quiet", "--force", "--", ...gone]);
		const left = proposed.filter((entry) => !isData(entry)).map(({ path }) => path);
		if (options.json) process.stdout.write(`${JSON.stringify({ taken, gone, left })}\n`);
		else {
			process.stdout.write(`${taken.length} files as on ${ref}${gone.length > 0 ? `, ${gone.length} taken away` : ""}\n`);
			for (const path of left) process.stdout.write(`not taken, as it is no stack file, policy or plan: ${path}\n`);
		}
		return exitCodes.fine;
	} catch (error) {
		throw error instanceof GitError ? new CliError(`${ref} can't be laid over this checkout: ${error.message}`) : error;
	}
}

/** YAML in a regular file, and not the file that says which program Pulumi runs. */
function isData({ mode, path }: Entry): boolean {
	const name = basename(path);
	return mode.startsWith("100") && /\.ya?ml$/.test(name) && !/^Pulumi\b/i.test(name) && !/(^|\/)(node_modules|\.[^/]+)\//.test(path);
}

async function entries(root: string, ref: string, folders: string[]): Promise<Entry[]> {
	const list = await git(root, ["--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", ref, "--", ...new Set(folders)]);
	return list
		.toString("utf8")
		.split("\0")
		.filter(Boolean)
		.map((line) => ({ mode: line.slice(0, 6), path: line.slice(line.indexOf("\t") + 1) }));
}

/** A folder's path, or a file's, within the repository. @throws CliError for the repository's own folder, where code stands too, and for one outside */
async function inside(root: string, folder: string): Promise<string> {
	const path = relative(root, await realpath(folder).catch(() => folder));
	if (path === "" || path.split(sep)[0] === "..")
		throw new CliError(
			`${folder} is ${path === "" ? "the repository's own folder" : "outside of the repository"}: stack files, policies and plans need folders of their own in it`,
		);
	return path.split(sep).join("/");
}
