import type { Octokit } from "@octokit/core";
import { type Approved, notMerged } from "./forge.js";

const perPage = 100;
/** Who may be strangers to the repository count for nothing: anybody can approve in public. */
const trusted = ["OWNER", "MEMBER", "COLLABORATOR"];
/** Words by which somebody's earlier one is over. A comment leaves it as it was. */
const decisive = ["APPROVED", "CHANGES_REQUESTED", "DISMISSED"];

/**
 * Who approved the pull request that brought a commit into a branch: https://docs.github.com/rest/commits/commits#list-pull-requests-associated-with-a-commit,
 * https://docs.github.com/rest/pulls/reviews. Only the last word of each counts, and only for the commit that was merged.
 */
export async function approvedOnGitHub(octokit: Octokit, at: { owner: string; repo: string }, commit: string, branch: string): Promise<Approved> {
	const { data: pulls } = await octokit.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", { ...at, commit_sha: commit, per_page: perPage });
	const merged = pulls.filter(({ merged_at, base }) => merged_at && base.ref === branch);
	const [pull] = merged;
	if (!pull) return notMerged;
	const author = pull.user?.login ?? null;
	const pullRequest = { number: pull.number, url: pull.html_url, author, mergeCommit: pull.merge_commit_sha ?? null };
	if (merged.length > 1)
		return { pullRequest: null, approvedBy: null, unknown: `${merged.length} pull requests that were merged into ${branch} hold the commit` };
	if (author === null)
		return { pullRequest, approvedBy: null, unknown: "the author of the pull request is not known any more, and may be among those who approved" };
	const last = new Map<string, { state: string; commit_id: string | null }>();
	for (let page = 1; ; page++) {
		const where = { ...at, pull_number: pull.number, per_page: perPage, page };
		const { data: reviews } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", where);
		for (const { user, state, commit_id, author_association } of reviews) {
			if (!user || user.type === "Bot" || user.login === author || !trusted.includes(author_association) || !decisive.includes(state)) continue;
			last.set(user.login, { state, commit_id });
		}
		if (reviews.length < perPage) break;
	}
	const approvedBy = [...last].filter(([, { state, commit_id }]) => state === "APPROVED" && commit_id === pull.head.sha).map(([login]) => login);
	return { pullRequest, approvedBy: approvedBy.sort(), unknown: null };
}
