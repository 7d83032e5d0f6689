import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Posted } from "../forge/forge.js";
import { trustedFile } from "./base.js";
import { CliError, type ExitCode, exitCodes } from "./exit.js";
import { type CommonOptions, readStack } from "./workspace.js";

export interface PostOptions extends CommonOptions {
	title?: string;
	pullRequest?: number;
	branch?: string;
	base?: string;
	add?: string[];
	close?: boolean;
}

type Context = Awaited<ReturnType<typeof contextOf>>;

/** `keelson post comment <file>`: the one comment of this stack on the pull request. */
export async function comment(file: string, options: PostOptions): Promise<ExitCode> {
	return posting(options, async ({ here, marker }) => {
		const number = options.pullRequest ?? here.pullRequest;
		if (number === null) throw new CliError("this pipeline runs for no pull request: name it with --pull-request <number>");
		return here.forge.comment(number, marker("stack"), await textOf(file));
	});
}

/** `keelson post issue <file>`: the one open issue of this stack; with `--close`, it is closed where it is open. */
export async function issue(file: string | undefined, options: PostOptions): Promise<ExitCode> {
	return posting(options, async ({ here, marker, stack }) => {
		if (options.close) return here.forge.closeIssue(marker("drift"), file === undefined ? "Everything is as declared again." : await textOf(file));
		if (file === undefined) throw new CliError("name the file with the issue's text, or --close");
		return here.forge.issue({ marker: marker("drift"), title: options.title ?? `Drift in ${stack.name}`, body: await textOf(file) });
	});
}

/** `keelson post pull-request <file> --branch <name> --add <paths>`: commits these paths to a branch of ours, and keeps one open pull request from it. */
export async function pullRequest(file: string | undefined, options: PostOptions): Promise<ExitCode> {
	return posting(options, async ({ here, stack }) => {
		const branch = options.branch ?? `keelson/${stack.name}`;
		if (options.close) return here.forge.closePullRequest(branch, file === undefined ? "Nothing is left to mend." : await textOf(file));
		if (file === undefined) throw new CliError("name the file with the pull request's text, or --close");
		const base = options.base ?? here.base;
		if (base === null) throw new CliError("the branch to merge into is not known here: name it with --base <branch>");
		const title = options.title ?? `Remediation of ${stack.name}`;
		const body = await textOf(file);
		const { pushBranch } = await import("../forge/branch.js");
		const changed = await pushBranch({ folder: process.cwd(), branch, base, paths: options.add ?? [stack.remediation.plans], message: title });
		return changed ? here.forge.pullRequest({ branch, base, title, body }) : null;
	});
}

/** `keelson post sarif <file>`: uploads findings to GitHub's code scanning. */
export async function sarif(file: string, options: PostOptions): Promise<ExitCode> {
	return posting(options, async ({ here }) => {
		if (!here.forge.codeScanning) throw new CliError("GitLab takes no SARIF: write --format gitlab and name the file under artifacts: reports: codequality");
		if (!here.commit || !here.ref) throw new CliError("the commit is not known here: GITHUB_SHA and GITHUB_REF");
		return here.forge.codeScanning(await bytesOf(file), here.commit, here.ref);
	});
}

async function posting(options: PostOptions, post: (context: Context) => Promise<Posted | null>): Promise<ExitCode> {
	try {
		const done = await post(await contextOf(options));
		if (options.json) process.stdout.write(`${JSON.stringify(done)}\n`);
		else process.stdout.write(done ? `${done.what} ${done.url}\n` : "nothing to post\n");
		return exitCodes.fine;
	} catch (error) {
		throw error instanceof Error && error.name === "ForgeError" ? new CliError(error.message) : error;
	}
}

async function contextOf(options: PostOptions) {
	const [{ forgeHere }, { markerOf }] = await Promise.all([import("../forge/here.js"), import("../forge/forge.js")]);
	// A proposal that can't be read, or has another name, must not leave the comment on an earlier one as it is.
	const stack = (await trustedFile(resolve(options.stack))) ?? (await readStack(options.stack));
	return { here: await forgeHere(process.env), stack, marker: (part: string) => markerOf(stack.name, part) };
}

async function textOf(file: string): Promise<string> {
	return (await bytesOf(file)).toString("utf8");
}

async function bytesOf(file: string): Promise<Buffer> {
	return readFile(file).catch((error: Error) => {
		throw new CliError(`${file} can't be read: ${error.message}`);
	});
}
