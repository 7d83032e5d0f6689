import { type Approved, notMerged } from "./forge.js";

interface MergeRequest {
	iid: number;
	state: string;
	target_branch: string;
	web_url: string;
	author: { username: string } | null;
	merge_commit_sha: string | null;
	squash_commit_sha: string | null;
}

interface Approvals {
	approved_by?: { user: { username: string; bot?: boolean } | null; approved_at?: string | null }[];
}

/**
 * Who approved the merge request that brought a commit into a branch: https://docs.gitlab.com/api/commits/#list-merge-requests-associated-with-a-commit,
 * https://docs.gitlab.com/api/merge_request_approvals. An approval is for no commit there: it counts when it was given after the last push
 * (https://docs.gitlab.com/api/merge_requests/#get-merge-request-diff-versions).
 */
export async function approvedOnGitLab(get: <T>(path: string) => Promise<T>, commit: string, branch: string): Promise<Approved> {
	const requests = await get<MergeRequest[]>(`/repository/commits/${commit}/merge_requests?state=merged`);
	const merged = requests.filter(({ state, target_branch }) => state === "merged" && target_branch === branch);
	const [request] = merged;
	if (!request) return notMerged;
	if (merged.length > 1)
		return { pullRequest: null, approvedBy: null, unknown: `${merged.length} merge requests that were merged into ${branch} hold the commit` };
	const author = request.author?.username ?? null;
	const pullRequest = { number: request.iid, url: request.web_url, author, mergeCommit: request.merge_commit_sha ?? request.squash_commit_sha };
	if (author === null)
		return { pullRequest, approvedBy: null, unknown: "the author of the merge request is not known any more, and may be among those who approved" };
	const { approved_by } = await get<Approvals>(`/merge_requests/${request.iid}/approvals`);
	const versions = await get<{ created_at: string }[]>(`/merge_requests/${request.iid}/versions`);
	if (!approved_by) return { pullRequest, approvedBy: null, unknown: "this GitLab does not say who approved" };
	const others = approved_by.filter(({ user }) => user !== null && user.bot !== true && user.username !== author);
	const pushed = Math.max(...versions.map(({ created_at }) => Date.parse(created_at)));
	const dated = others.every(({ approved_at }) => typeof approved_at === "string");
	if (others.length > 0 && (!dated || !Number.isFinite(pushed)))
		return { pullRequest, approvedBy: null, unknown: "this GitLab does not say when an approval was given: it may be older than the last push" };
	const approvedBy = others.filter(({ approved_at }) => Date.parse(String(approved_at)) >= pushed).flatMap(({ user }) => user?.username ?? []);
	return { pullRequest, approvedBy: [...new Set(approvedBy)].sort(), unknown: null };
}
