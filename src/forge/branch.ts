import { ForgeError } from "./forge.js";
import { git as runGit } from "./git.js";

export const author = "Keelson <keelson@users.noreply.invalid>";

export interface BranchInput {
	/** Of the checkout, or within it: paths start here. */
	folder: string;
	/** Pushed to `origin`. */
	branch: string;
	/** The branch that the pull request goes into. */
	base: string;
	/** Files and folders whose changes are committed. */
	paths: string[];
	message: string;
}

/**
 * Commits what changed in these paths onto the newest `base` and pushes it as `branch`, over an earlier try of ours. The checkout is left on
 * the commit it was on, with its files as they are.
 * @returns false: nothing changed
 * @throws ForgeError when somebody else has committed to that branch meanwhile, and for what git says
 */
export async function pushBranch({ folder, branch, base, paths, message }: BranchInput): Promise<boolean> {
	const git = async (args: string[], env: Record<string, string> = {}) => {
		const said = await runGit(folder, args, env).catch((error: Error) => {
			throw new ForgeError(`git ${args[0]}: ${error.message}`);
		});
		return said.toString("utf8");
	};
	if (branch === base) throw new ForgeError(`the branch ${branch} is the one that pull requests go into: name another one`);
	await git(["fetch", "--quiet", "origin", `+refs/heads/${base}:refs/remotes/origin/${base}`]);
	const held = await git(["ls-remote", "--heads", "origin", `refs/heads/${branch}`]);
	const lease = held.split(/\s/)[0] ?? "";
	if (lease !== "") {
		await git(["fetch", "--quiet", "origin", `+refs/heads/${branch}:refs/remotes/origin/${branch}`]);
		const authors = await git(["log", "--format=%an <%ae>", `origin/${base}..${lease}`]);
		const others = [...new Set(authors.split("\n"))].filter((one) => one !== "" && one !== author);
		if (others.length > 0) throw new ForgeError(`${branch} has commits by ${others.join(", ")}: it is left as it is. Merge it, or delete the branch`);
	}
	// An index of its own: the checkout's is somebody else's.
	const index = { GIT_INDEX_FILE: `${(await git(["rev-parse", "--absolute-git-dir"])).trim()}/keelson-index` };
	await git(["read-tree", `origin/${base}`], index);
	await git(["add", "--all", "--", ...paths], index);
	const tree = (await git(["write-tree"], index)).trim();
	if (tree === (await git(["rev-parse", `origin/${base}^{tree}`])).trim()) return false;
	if (lease !== "" && tree === (await git(["rev-parse", `${lease}^{tree}`])).trim()) return true;
	const [, name = "", mail = ""] = /^(.*) <(.*)>$/.exec(author) ?? [];
	const who = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: mail, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: mail };
	const commit = (await git(["commit-tree", tree, "-p", `origin/${base}`, "-m", message], who)).trim();
	await git(["push", "--quiet", `--force-with-lease=refs/heads/${branch}:${lease}`, "origin", `${commit}:refs/heads/${branch}`]);
	return true;
}
