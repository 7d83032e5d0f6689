import { basename, dirname } from "node:path";
import { type Approval, nothingKnown } from "../apply/approval.js";
import { ForgeError } from "./forge.js";
import { git as runGit } from "./git.js";
import { forgeHere } from "./here.js";

/**
 * Who agreed to a file of a git checkout: the commit that last changed it, the pull request that brought it into the branch that the pipeline
 * runs on, and who approved that. Says what is not known, and throws nothing.
 */
export async function approvalOf(file: string, env: Record<string, string | undefined>): Promise<Approval> {
	const found = await commitOf(file);
	if ("why" in found) return nothingKnown(found.why);
	const { commit } = found;
	try {
		const { forge, branch } = await forgeHere(env);
		if (branch === null) return { ...nothingKnown("the pipeline does not say which branch it runs on"), commit };
		return { commit, ...(await forge.approved(commit, branch)) };
	} catch (error) {
		if (!(error instanceof ForgeError)) throw error;
		return { ...nothingKnown(error.message), commit };
	}
}

/** A changed file, or one whose history is cut off, was brought by no commit that is known. */
async function commitOf(file: string): Promise<{ commit: string } | { why: string }> {
	const [folder, name] = [dirname(file), basename(file)];
	const git = async (...args: string[]) => (await runGit(folder, args)).toString("utf8");
	try {
		const commit = (await git("log", "-1", "--format=%H", "--", name)).trim();
		if (commit === "") return { why: `${name} is not in a commit` };
		// `git status` looks past files it was told to.
		if ((await git("rev-parse", `HEAD:./${name}`)).trim() !== (await git("hash-object", "--", name)).trim())
			return { why: `${name} is not as it was committed` };
		if ((await git("rev-parse", "--is-shallow-repository")).trim() === "true" && (await git("rev-list", "--max-count=2", commit)).trim() === commit)
			return { why: `the checkout is shallow, and does not tell which commit brought ${name}: fetch its whole history (fetch-depth: 0, GIT_DEPTH: 0)` };
		return { commit };
	} catch (error) {
		return { why: `git does not tell which commit brought ${name}: ${(error as Error).message}` };
	}
}
