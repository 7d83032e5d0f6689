import { gzipSync } from "node:zlib";
import { Octokit } from "@octokit/core";
import { type Forge, ForgeError, marked, type Posted } from "./forge.js";
import { approvedOnGitHub } from "./github-approval.js";

export interface GitHubPlace {
	/** `https://api.github.com`, or that of an Enterprise Server. */
	api: string;
	owner: string;
	repo: string;
	token: string;
}

const label = "keelson";
const perPage = 100;
const moment = 1000;

/** GitHub's REST API, https://docs.github.com/en/rest. Waits where it says so, at most a minute at a time. */
export function github({ api, owner, repo, token }: GitHubPlace): Forge {
	const octokit = new Octokit({ auth: token, baseUrl: api, userAgent: "keelson" });
	octokit.hook.wrap("request", async (request, options) => {
		for (let tries = 1; ; tries++) {
			try {
				return await request(options);
			} catch (error) {
				const wait = tries < 4 ? waitOf(error) : null;
				if (wait === null) throw refused(error, `${owner}/${repo}`);
				await new Promise((resolve) => setTimeout(resolve, wait));
			}
		}
	});
	const at = { owner, repo };
	const issueWith = async (marker: string) => {
		for (let page = 1; ; page++) {
			const { data } = await octokit.request("GET /repos/{owner}/{repo}/issues", { ...at, state: "open", labels: label, per_page: perPage, page });
			const found = data.find(({ body, pull_request }) => !pull_request && body?.startsWith(marker));
			if (found || data.length < perPage) return found ?? null;
		}
	};

	const pullFrom = async (branch: string) => {
		const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls", { ...at, state: "open", head: `${owner}:${branch}` });
		return data.find(({ head }) => head.ref === branch) ?? null;
	};
	const close = async (number: number, why: string) => {
		const one = { ...at, issue_number: number };
		await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...one, body: why });
		return one;
	};

	return {
		async comment(number, marker, text) {
			const body = marked(marker, text);
			for (let page = 1; ; page++) {
				const where = { ...at, issue_number: number, per_page: perPage, page };
				const { data } = await octokit.request("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", where);
				const held = data.find((one) => one.body?.startsWith(marker));
				if (held && sameText(held.body, body)) return { what: "unchanged", url: held.html_url };
				if (held) {
					const { data: now } = await octokit.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", { ...at, comment_id: held.id, body });
					return { what: "updated", url: now.html_url };
				}
				if (data.length < perPage) break;
			}
			const { data } = await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { ...at, issue_number: number, body });
			return { what: "created", url: data.html_url };
		},
		async issue({ marker, title, body: text }) {
			const body = marked(marker, text);
			const held = await issueWith(marker);
			if (!held) {
				const { data } = await octokit.request("POST /repos/{owner}/{repo}/issues", { ...at, title, body, labels: [label] });
				return { what: "created", url: data.html_url };
			}
			if (held.title === title && sameText(held.body, body)) return { what: "unchanged", url: held.html_url };
			await octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...at, issue_number: held.number, title, body });
			return { what: "updated", url: held.html_url };
		},
		async closeIssue(marker, why) {
			const held = await issueWith(marker);
			if (!held) return null;
			const one = await close(held.number, why);
			await octokit.request("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { ...one, state: "closed", state_reason: "completed" });
			return { what: "closed", url: held.html_url };
		},
		async pullRequest({ branch, base, title, body }) {
			const held = await pullFrom(branch);
			if (!held) {
				const { data } = await octokit.request("POST /repos/{owner}/{repo}/pulls", { ...at, head: branch, base, title, body });
				return { what: "created", url: data.html_url };
			}
			if (held.title === title && sameText(held.body, body)) return { what: "unchanged", url: held.html_url };
			await octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", { ...at, pull_number: held.number, title, body });
			return { what: "updated", url: held.html_url };
		},
		async closePullRequest(branch, why) {
			const held = await pullFrom(branch);
			if (!held) return null;
			await close(held.number, why);
			await octokit.request("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", { ...at, pull_number: held.number, state: "closed" });
			return { what: "closed", url: held.html_url };
		},
		approved: (commit, branch) => approvedOnGitHub(octokit, at, commit, branch),
		async codeScanning(file, commit, ref) {
			const sarif = gzipSync(file).toString("base64");
			const { data } = await octokit.request("POST /repos/{owner}/{repo}/code-scanning/sarifs", {
				...at,
				commit_sha: commit,
				ref,
				sarif,
				tool_name: "keelson",
			});
			return { what: "created", url: data.url ?? "" } satisfies Posted;
		},
	};
}

/** GitHub keeps line ends as it likes. */
function sameText(held: string | null | undefined, now: string): boolean {
	return held?.replaceAll("\r\n", "\n").trimEnd() === now.trimEnd();
}

interface RequestFailure {
	status: number;
	message: string;
	response?: { headers: Record<string, string | undefined>; data?: { message?: string } };
}

/** Milliseconds to wait before another try; null: another one is of no use. Rate limits: docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
function waitOf(error: unknown): number | null {
	const { status, response } = error as RequestFailure;
	const retryAfter = Number(response?.headers["retry-after"]);
	if ((status === 403 || status === 429) && retryAfter > 0) return retryAfter <= 60 ? retryAfter * moment : null;
	return status >= 500 && status < 600 ? moment : null;
}

const hints: Record<number, string> = {
	401: "the token is wrong or over: GITHUB_TOKEN",
	403: "the token may not do this: the workflow's `permissions` name what it may (pull-requests, issues, contents, security-events: write)",
	404: "there is no such repository or number, or the token may not see it",
	422: "GitHub does not take it",
};

function refused(error: unknown, repository: string): ForgeError {
	const { status, message, response } = error as RequestFailure;
	// Octokit gives a request that was not answered the status 500, and no response.
	if (!response) return new ForgeError(`GitHub can't be reached for ${repository}: ${message}`);
	const said = response.data?.message ?? message;
	return new ForgeError(`GitHub answers ${status} for ${repository} (${said})${hints[status] ? `: ${hints[status]}` : ""}`);
}
