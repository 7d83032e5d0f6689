import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { components } from "@octokit/openapi-types";

type Schemas = components["schemas"];
/** The parts of GitHub's answers that are given here, by its own OpenAPI description. */
type Comment = Pick<Schemas["issue-comment"], "id" | "body" | "html_url" | "created_at" | "updated_at">;
type Issue = Pick<Schemas["issue"], "number" | "title" | "body" | "state" | "html_url"> & { labels: { name: string }[]; pull_request?: { url: string } };
type Pull = Pick<Schemas["pull-request-simple"], "number" | "title" | "body" | "html_url"> & {
	state: "open" | "closed";
	head: { ref: string };
	base: { ref: string };
};

type Merged = Pick<Schemas["pull-request-simple"], "number" | "html_url" | "merged_at" | "merge_commit_sha"> & {
	user: { login: string } | null;
	head: { sha: string };
	base: { ref: string };
};
type Review = Pick<Schemas["pull-request-review"], "state" | "commit_id" | "author_association"> & { user: { login: string; type: string } | null };

/** A stand-in for GitHub's REST API, for one repository. */
export interface GitHub {
	url: string;
	/** `owner/name`. */
	repository: string;
	token: string;
	comments: Map<number, Comment[]>;
	issues: Issue[];
	pulls: Pull[];
	/** Merged pull requests by the commits they brought. */
	brought: Map<string, Merged[]>;
	/** By pull request, oldest first. */
	reviews: Map<number, Review[]>;
	/** SARIF files that code scanning was given, unpacked. */
	sarifs: { commit_sha: string; ref: string; sarif: unknown }[];
	/** `METHOD path` of every request. */
	requests: string[];
	/** Answers to give instead, one for each request, first first. */
	instead: { status: number; headers?: Record<string, string>; body: unknown }[];
	close(): Promise<void>;
}

const repository = "acme/identity";
const token = "ghs_canary-7b1d";
const longest = 65_536;
const at = "2026-11-26T08:00:00Z";

export async function startGitHub(): Promise<GitHub> {
	const github: Omit<GitHub, "url" | "close"> = {
		repository,
		token,
		comments: new Map(),
		issues: [],
		pulls: [],
		brought: new Map(),
		reviews: new Map(),
		sarifs: [],
		requests: [],
		instead: [],
	};
	const server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "/", "http://here");
		github.requests.push(`${request.method} ${url.pathname}`);
		const body = await read(request);
		const answer = github.instead.shift() ?? answerTo(github, request, url, body);
		response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8", ...answer.headers });
		response.end(JSON.stringify(answer.body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
	return Object.assign(github, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close });
}

interface Answer {
	status: number;
	headers?: Record<string, string>;
	body: unknown;
}

type Body = Record<string, string> & { labels?: string[] };

function answerTo(github: Omit<GitHub, "url" | "close">, request: IncomingMessage, url: URL, body: Body): Answer {
	if (request.headers.authorization !== `token ${token}`) return { status: 401, body: { message: "Bad credentials" } };
	const root = `/repos/${repository}`;
	if (!url.pathname.startsWith(`${root}/`)) return missing;
	const [what = "", first = "", second = "", third] = url.pathname.slice(root.length + 1).split("/");
	const route = `${request.method} ${[what, /^\d+$/.test(first) ? "n" : first, /^\d+$/.test(second) ? "n" : second, third].filter(Boolean).join("/")}`;
	if (body.body !== undefined && body.body.length > longest)
		return { status: 422, body: { message: "Validation Failed", errors: [{ message: `body is too long (maximum is ${longest} characters)` }] } };
	const html = (path: string) => `https://github.example/${repository}/${path}`;
	if (request.method === "GET" && what === "commits" && second === "pulls") return page(github.brought.get(first) ?? [], url);
	switch (route) {
		case "GET pulls/n/reviews":
			return page(github.reviews.get(Number(first)) ?? [], url);
		case "GET issues/n/comments":
			return page(github.comments.get(Number(first)) ?? [], url);
		case "POST issues/n/comments": {
			const list = github.comments.get(Number(first)) ?? [];
			const id = 1000 + [...github.comments.values()].flat().length;
			const made: Comment = { id, body: body.body ?? "", html_url: html(`pull/${first}#issuecomment-${id}`), created_at: at, updated_at: at };
			github.comments.set(Number(first), [...list, made]);
			return { status: 201, body: made };
		}
		case "PATCH issues/comments/n": {
			const held = [...github.comments.values()].flat().find(({ id }) => id === Number(second));
			if (!held) return missing;
			held.body = body.body ?? "";
			return { status: 200, body: held };
		}
		case "GET issues": {
			const label = url.searchParams.get("labels");
			const open = github.issues.filter(
				(one) => one.state === (url.searchParams.get("state") ?? "open") && (!label || one.labels.some(({ name }) => name === label)),
			);
			return page(open, url);
		}
		case "POST issues": {
			const number = github.issues.length + github.pulls.length + 1;
			const labels = (body.labels ?? []).map((name) => ({ name }));
			const made: Issue = { number, title: body.title ?? "", body: body.body ?? null, state: "open", labels, html_url: html(`issues/${number}`) };
			github.issues.push(made);
			return { status: 201, body: made };
		}
		case "PATCH issues/n":
			return patched(github.issues, Number(first), body);
		case "GET pulls": {
			const head = url.searchParams.get("head")?.split(":")[1];
			return page(
				github.pulls.filter((one) => one.state === "open" && (!head || one.head.ref === head)),
				url,
			);
		}
		case "POST pulls": {
			const number = github.issues.length + github.pulls.length + 1;
			const made: Pull = {
				number,
				title: body.title ?? "",
				body: body.body ?? null,
				state: "open",
				head: { ref: body.head ?? "" },
				base: { ref: body.base ?? "" },
				html_url: html(`pull/${number}`),
			};
			github.pulls.push(made);
			return { status: 201, body: made };
		}
		case "PATCH pulls/n":
			return patched(github.pulls, Number(first), body);
		case "POST code-scanning/sarifs": {
			const sarif: unknown = JSON.parse(gunzipSync(Buffer.from(body.sarif ?? "", "base64")).toString("utf8"));
			github.sarifs.push({ commit_sha: body.commit_sha ?? "", ref: body.ref ?? "", sarif });
			return { status: 202, body: { id: "47177e22", url: html("code-scanning/sarifs/47177e22") } };
		}
		default:
			return missing;
	}
}

const missing: Answer = { status: 404, body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" } };

function patched(list: (Issue | Pull)[], number: number, { title, body, state }: Body): Answer {
	const held = list.find((one) => one.number === number);
	if (!held) return missing;
	Object.assign(held, title !== undefined && { title }, body !== undefined && { body }, state !== undefined && { state });
	return { status: 200, body: held };
}

function page(rows: unknown[], url: URL): Answer {
	const size = Number(url.searchParams.get("per_page") ?? 30);
	const from = (Number(url.searchParams.get("page") ?? 1) - 1) * size;
	return { status: 200, body: rows.slice(from, from + size) };
}

async function read(request: IncomingMessage): Promise<Body> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const text = Buffer.concat(chunks).toString("utf8");
	return text === "" ? {} : (JSON.parse(text) as Body);
}
