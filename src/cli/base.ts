import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { GitError, git } from "../forge/git.js";
import { renderDiagnostic } from "../model/diagnostic.js";
import { encodeKnown } from "../model/json.js";
import { loadSource } from "../stack/load.js";
import { decode } from "../stack/source.js";
import type { Stack } from "../stack/stack.js";
import { CliError, exitCodes } from "./exit.js";
import { packageRoot } from "./package-root.js";

/**
 * The branch that a pull request goes into, as git knows it (`origin/main`), from `KEELSON_BASE`. Where it is given, the stack file is a
 * proposal: what is sent where, with which credential and by whose code, is as that branch says.
 */
function baseRef(): string | null {
	return process.env.KEELSON_BASE || null;
}

/** Where packages of providers are looked for: next to the stack file, or, in a pull request, where Keelson itself is installed. */
export function packagesFolder(stackFile: string): string {
	return baseRef() === null ? dirname(stackFile) : packageRoot;
}

/** Whether the stack file is what a pull request proposes. */
export function isProposal(): boolean {
	return baseRef() !== null;
}

/** @throws CliError, exit code 4: what a pull request proposes is judged, and never carried out */
export function refuseProposal(what: string): void {
	const ref = baseRef();
	if (ref !== null)
		throw new CliError(
			`${what}: this is what a pull request proposes to ${ref} (KEELSON_BASE), and nothing of it is carried out before it is merged`,
			exitCodes.refused,
		);
}

/** The repository, which a proposed stack file names nothing outside of; null outside of a pull request. */
export async function repositoryOf(stackFile: string): Promise<string | null> {
	return isProposal() ? (await git(dirname(stackFile), ["rev-parse", "--show-toplevel"])).toString("utf8").trim() : null;
}

const loaded = new Map<string, Promise<Stack>>();

/**
 * Holds a proposed stack file to its base branch before a credential is looked up: provider, address, credentials and options of the system
 * must be the same there.
 * @throws CliError, exit code 4, naming what differs; exit code 2 when the base branch can't be read
 */
export async function checkSystem(stack: Stack, system: string): Promise<void> {
	const ref = baseRef();
	if (ref === null) return;
	const { systems } = await stackAt(stack.file, ref);
	const trusted = Object.hasOwn(systems, system) ? systems[system] : undefined;
	const proposed = stack.systems[system];
	if (!trusted || !proposed) throw refused(`systems.${system}`, ref);
	for (const part of ["provider", "url", "auth", "act", "options"] as const)
		if (encodeKnown(trusted[part]) !== encodeKnown(proposed[part])) throw refused(`systems.${system}.${part}`, ref);
}

/** As `checkSystem`, for the place where everything that was read is kept, and the name under which budgets and the journal are. */
export async function checkStore(stack: Stack): Promise<void> {
	const ref = baseRef();
	if (ref === null) return;
	const trusted = await stackAt(stack.file, ref);
	for (const part of ["name", "store"] as const) if (encodeKnown(trusted[part]) !== encodeKnown(stack[part])) throw refused(part, ref);
}

/** The stack file as it is on the base branch, and that branch's name; null outside of a pull request. */
export async function trustedBy(stack: Stack): Promise<{ ref: string; stack: Stack } | null> {
	const ref = baseRef();
	return ref === null ? null : { ref, stack: await stackAt(stack.file, ref) };
}

/** The stack file as it is on the base branch, whatever the proposed one holds; null outside of a pull request. */
export async function trustedFile(file: string): Promise<Stack | null> {
	const ref = baseRef();
	return ref === null ? null : stackAt(file, ref);
}

export function refused(what: string, ref: string): CliError {
	const why = "a pull request can't say where credentials are sent, nor where what was read is kept";
	return new CliError(`${what} is not as on ${ref}: ${why}. Merge this part of the stack file by itself, after a review`, exitCodes.refused);
}

/** The stack file as a branch or a commit has it; of a baseline only the path. */
export function stackAt(file: string, ref: string): Promise<Stack> {
	const key = `${ref}\0${file}`;
	const reading = loaded.get(key) ?? baseStack(file, ref);
	loaded.set(key, reading);
	return reading;
}

/** The stack file as it stands on that branch. */
async function baseStack(file: string, ref: string): Promise<Stack> {
	const bytes = await git(dirname(file), ["show", `${checkedRef(ref)}:./${basename(file)}`]).catch((error: Error) => {
		throw new CliError(`${basename(file)} can't be read from ${ref} (KEELSON_BASE): ${error.message}`);
	});
	const read = decode(join(dirname(file), basename(file)), bytes);
	const { stack, diagnostics } = "problem" in read ? { stack: undefined, diagnostics: [read.problem] } : await loadSource(read.source);
	if (stack) return stack;
	throw new CliError(`${basename(file)} on ${ref} (KEELSON_BASE):\n${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join("\n\n")}`);
}

/**
 * Does something with the stack file as it stands on that branch, its policies and plans beside it, in a checkout of its own that is
 * taken away afterwards.
 * @throws CliError when git knows no such branch, or the branch no such file
 */
export async function checkedOut<T>(file: string, ref: string, work: (file: string) => Promise<T>): Promise<T> {
	const root = await realpath((await git(dirname(file), ["rev-parse", "--show-toplevel"])).toString("utf8").trim());
	const folder = await mkdtemp(join(tmpdir(), "keelson-base-"));
	try {
		await git(root, ["worktree", "add", "--quiet", "--detach", "--force", folder, checkedRef(ref)]);
		return await work(join(folder, relative(root, await realpath(file))));
	} catch (error) {
		throw error instanceof GitError ? new CliError(`${ref} can't be looked at: ${error.message}`) : error;
	} finally {
		await git(root, ["worktree", "remove", "--force", folder]).catch(() => {});
		await rm(folder, { recursive: true, force: true });
	}
}

/** @throws CliError for what git could take for an option */
export function checkedRef(ref: string): string {
	if (/^[A-Za-z0-9][\w./~^-]*$/.test(ref)) return ref;
	throw new CliError(`the base is a branch or a commit, such as origin/main, not ${JSON.stringify(ref)}`);
}
