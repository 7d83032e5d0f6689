import { type Forge, ForgeError, marked, type Posted } from "./forge.js";
import { approvedOnGitLab } from "./gitlab-approval.js";

export interface GitLabPlace {
	/** `https://gitlab.com/api/v4`. */
	api: string;
	/** Number or path of the project. */
	project: string;
	/** A project or group access token with the scope `api`; the job's own token may not write notes. */
	token: string;
}

interface Note {
	id: number;
	body: string;
}
interface Item {
	iid: number;
	title: string;
	description: string | null;
	web_url: string;
	source_branch?: string;
}

const perPage = 100;

/** GitLab's REST API, https://docs.gitlab.com/api/rest: notes, issues and merge requests. */
export function gitlab({ api, project, token }: GitLabPlace): Forge {
	const root = `${api}/projects/${encodeURIComponent(project)}`;
	const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
		const headers = { "private-token": token, "content-type": "application/json" };
		const sent = fetch(root + path, { method, headers, signal: AbortSignal.timeout(60_000), ...(body && { body: JSON.stringify(body) }) });
		const response = await sent.catch((error: Error) => {
			throw new ForgeError(`GitLab can't be reached: ${error.message}`);
		});
		const text = await response.text();
		if (!response.ok) throw new ForgeError(`GitLab answers ${response.status} to ${method} ${path.split("?")[0]}${hints[response.status] ?? ""}`);
		return JSON.parse(text) as T;
	};
	const find = async <T>(path: string, is: (one: T) => boolean): Promise<T | null> => {
		for (let page = 1; ; page++) {
			const rows = await call<T[]>("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`);
			const found = rows.find(is);
			if (found || rows.length < perPage) return found ?? null;
		}
	};
	const keep = async (held: Item | null, made: () => Promise<Item>, path: string, title: string, description: string): Promise<Posted> => {
		if (!held) return { what: "created", url: (await made()).web_url };
		if (held.title === title && held.description?.trimEnd() === description.trimEnd()) return { what: "unchanged", url: held.web_url };
		const { web_url } = await call<Item>("PUT", `${path}/${held.iid}`, { title, description });
		return { what: "updated", url: web_url };
	};
	const issueWith = (marker: string) => find<Item>("/issues?state=opened&labels=keelson", ({ description }) => description?.startsWith(marker) ?? false);
	const requestFrom = (branch: string) =>
		find<Item>(`/merge_requests?${new URLSearchParams({ state: "opened", source_branch: branch })}`, ({ source_branch }) => source_branch === branch);
	const close = async (path: string, { iid, web_url }: Item, why: string): Promise<Posted> => {
		await call("POST", `${path}/${iid}/notes`, { body: why });
		await call("PUT", `${path}/${iid}`, { state_event: "close" });
		return { what: "closed", url: web_url };
	};

	return {
		async comment(number, marker, text) {
			const body = marked(marker, text);
			const notes = `/merge_requests/${number}/notes`;
			const url = `${root}${notes}`;
			const held = await find<Note>(notes, (note) => note.body.startsWith(marker));
			if (held?.body.trimEnd() === body.trimEnd()) return { what: "unchanged", url };
			if (held) await call("PUT", `${notes}/${held.id}`, { body });
			else await call("POST", notes, { body });
			return { what: held ? "updated" : "created", url };
		},
		async issue({ marker, title, body }) {
			const description = marked(marker, body);
			return keep(await issueWith(marker), () => call<Item>("POST", "/issues", { title, description, labels: "keelson" }), "/issues", title, description);
		},
		async closeIssue(marker, why) {
			const held = await issueWith(marker);
			return held && close("/issues", held, why);
		},
		async pullRequest({ branch, base, title, body }) {
			const held = await requestFrom(branch);
			const made = () =>
				call<Item>("POST", "/merge_requests", { source_branch: branch, target_branch: base, title, description: body, remove_source_branch: true });
			return keep(held, made, "/merge_requests", title, body);
		},
		async closePullRequest(branch, why) {
			const held = await requestFrom(branch);
			return held && close("/merge_requests", held, why);
		},
		approved: (commit, branch) => approvedOnGitLab((path) => call("GET", path), commit, branch),
	};
}

const hints: Record<number, string> = {
	401: ": the token is wrong or over: KEELSON_GITLAB_TOKEN, an access token with the scope api",
	403: ": the token may not do this: an access token of role Reporter or higher, with the scope api",
	404: ": there is no such project or number, or the token may not see it",
};
