import { readFileSync } from "node:fs";
import { type Forge, ForgeError } from "./forge.js";

/** The forge whose pipeline this is, by the variables it sets. */
export interface Here {
	forge: Forge;
	/** Pull request or merge request that the pipeline runs for. */
	pullRequest: number | null;
	commit: string | null;
	ref: string | null;
	/** The branch that pull requests go into. */
	base: string | null;
	/** The branch the pipeline runs on; of a pull request's, the one it goes into. */
	branch: string | null;
}

type Env = Record<string, string | undefined>;

/**
 * GitHub Actions: https://docs.github.com/actions/reference/variables-reference; GitLab CI: https://docs.gitlab.com/ci/variables/predefined_variables.
 * @throws ForgeError naming the variable that is missing
 */
export async function forgeHere(env: Env): Promise<Here> {
	if (env.GITLAB_CI) return inGitLab(env);
	if (env.GITHUB_REPOSITORY) return inGitHub(env);
	throw new ForgeError("this is no pipeline of GitHub or GitLab: set GITHUB_REPOSITORY (owner/name) and GITHUB_TOKEN to post from elsewhere");
}

async function inGitHub(env: Env): Promise<Here> {
	const [owner = "", repo = "", more] = (env.GITHUB_REPOSITORY ?? "").split("/");
	if (owner === "" || repo === "" || more !== undefined) throw new ForgeError(`GITHUB_REPOSITORY is owner/name, not ${JSON.stringify(env.GITHUB_REPOSITORY)}`);
	const token = env.GITHUB_TOKEN;
	if (!token) throw new ForgeError("GITHUB_TOKEN is not set: give the step `env: { GITHUB_TOKEN: ${{ github.token }} }`");
	const { github } = await import("./github.js");
	const event = eventOf(env.GITHUB_EVENT_PATH);
	return {
		forge: github({ api: env.GITHUB_API_URL ?? "https://api.github.com", owner, repo, token }),
		pullRequest: event.pull_request?.number ?? null,
		// A pull request's own commit: the merge commit of the run is gone when it is over.
		commit: event.pull_request?.head?.sha ?? env.GITHUB_SHA ?? null,
		ref: event.pull_request ? `refs/pull/${event.pull_request.number}/head` : (env.GITHUB_REF ?? null),
		base: event.pull_request?.base?.ref ?? event.repository?.default_branch ?? null,
		branch: event.pull_request ? (event.pull_request.base?.ref ?? null) : branchOf(env.GITHUB_REF),
	};
}

async function inGitLab(env: Env): Promise<Here> {
	const { CI_API_V4_URL: api, CI_PROJECT_ID: project, KEELSON_GITLAB_TOKEN: token } = env;
	if (!api || !project) throw new ForgeError("CI_API_V4_URL or CI_PROJECT_ID is not set: this is no GitLab job");
	if (!token) throw new ForgeError("KEELSON_GITLAB_TOKEN is not set: a project access token with the scope api, as a masked variable");
	const { gitlab } = await import("./gitlab.js");
	const number = Number(env.CI_MERGE_REQUEST_IID);
	return {
		forge: gitlab({ api, project, token }),
		pullRequest: number > 0 ? number : null,
		commit: env.CI_COMMIT_SHA ?? null,
		ref: env.CI_COMMIT_REF_NAME ?? null,
		base: env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME ?? env.CI_DEFAULT_BRANCH ?? null,
		branch: env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME ?? env.CI_COMMIT_BRANCH ?? null,
	};
}

/** Null for a tag. */
function branchOf(ref: string | undefined): string | null {
	return /^refs\/heads\/(.+)$/.exec(ref ?? "")?.[1] ?? null;
}

interface Event {
	pull_request?: { number: number; head?: { sha?: string }; base?: { ref?: string } };
	repository?: { default_branch?: string };
}

function eventOf(path: string | undefined): Event {
	if (!path) return {};
	try {
		return JSON.parse(readFileSync(path, "utf8")) as Event;
	} catch (error) {
		throw new ForgeError(`GITHUB_EVENT_PATH can't be read: ${(error as Error).message}`);
	}
}
