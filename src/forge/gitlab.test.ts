import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Forge, markerOf } from "./forge.js";
import { gitlab } from "./gitlab.js";
import { forgeHere } from "./here.js";

type Row = Record<string, unknown>;

/** A stand-in for one project of GitLab: notes, issues, merge requests (https://docs.gitlab.com/api/rest). */
interface GitLab {
	url: string;
	notes: Map<string, Row[]>;
	issues: Row[];
	requests: Row[];
	close(): Promise<void>;
}

const token = "glpat-canary-2c9e";

async function startGitLab(): Promise<GitLab> {
	const state: Omit<GitLab, "url" | "close"> = { notes: new Map(), issues: [], requests: [] };
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Row) : {};
		const answer = (status: number, value: unknown) => {
			response.writeHead(status, { "content-type": "application/json" });
			response.end(JSON.stringify(value));
		};
		if (request.headers["private-token"] !== token) return answer(401, { message: "401 Unauthorized" });
		const { pathname, searchParams } = new URL(request.url ?? "/", "http://here");
		const [, what = "", iid, notes, note] = /^\/api\/v4\/projects\/acme%2Fidentity\/(\w+)(?:\/(\d+))?(?:\/(notes))?(?:\/(\d+))?$/.exec(pathname) ?? [];
		const size = Number(searchParams.get("per_page") ?? 20);
		const from = (Number(searchParams.get("page") ?? 1) - 1) * size;
		const page = (rows: Row[]) => answer(200, rows.slice(from, from + size));
		if (notes) {
			const list = state.notes.get(`${what}/${iid}`) ?? [];
			state.notes.set(`${what}/${iid}`, list);
			if (request.method === "GET") return page(list);
			if (request.method === "POST") return answer(201, list[list.push({ id: list.length + 1, body: body.body }) - 1]);
			const held = list.find(({ id }) => id === Number(note));
			return held ? answer(200, Object.assign(held, body)) : answer(404, { message: "404 Not found" });
		}
		const rows = what === "issues" ? state.issues : what === "merge_requests" ? state.requests : null;
		if (!rows) return answer(404, { message: "404 Project Not Found" });
		const branch = searchParams.get("source_branch");
		if (request.method === "GET") return page(rows.filter((row) => row.state === "opened" && (!branch || row.source_branch === branch)));
		if (request.method === "POST") {
			const made = { iid: rows.length + 1, state: "opened", web_url: `https://gitlab.example/${what}/${rows.length + 1}`, description: null, ...body };
			rows.push(made);
			return answer(201, made);
		}
		const held = rows.find((row) => row.iid === Number(iid));
		if (!held) return answer(404, { message: "404 Not found" });
		const { state_event, ...rest } = body;
		return answer(200, Object.assign(held, rest, state_event === "close" && { state: "closed" }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
	return { ...state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`, close };
}

let server: GitLab;
let forge: Forge;
beforeEach(async () => {
	server = await startGitLab();
	forge = gitlab({ api: server.url, project: "acme/identity", token });
});
afterEach(() => server.close());

describe("GitLab", () => {
	it("keeps one note on a merge request, past the first page of others'", async () => {
		const marker = markerOf("acme", "stack");
		server.notes.set(
			"merge_requests/3",
			Array.from({ length: 120 }, (_, id) => ({ id: id + 1, body: `about ${marker}` })),
		);
		for (const [body, what] of [
			["first", "created"],
			["second", "updated"],
			["second", "unchanged"],
		] as const)
			expect(await forge.comment(3, marker, body)).toMatchObject({ what });
		expect(server.notes.get("merge_requests/3")?.slice(120)).toEqual([{ id: 121, body: `${marker}\nsecond\n` }]);
	});

	it("keeps one issue and one merge request, and closes them with a word", async () => {
		const drift = { marker: markerOf("acme", "drift"), title: "Drift", body: "one" };
		for (const [body, what] of [
			["one", "created"],
			["two", "updated"],
		] as const)
			expect(await forge.issue({ ...drift, body })).toMatchObject({ what });
		expect(await forge.closeIssue(drift.marker, "All is well.")).toMatchObject({ what: "closed" });
		expect(await forge.closeIssue(drift.marker, "again")).toBeNull();
		const request = { branch: "keelson/acme", base: "main", title: "Remediation", body: "plan" };
		for (const what of ["created", "unchanged"]) expect(await forge.pullRequest(request)).toMatchObject({ what });
		expect(await forge.closePullRequest("keelson/acme", "Nothing is left.")).toMatchObject({ what: "closed" });
		expect([server.issues.map(({ state }) => state), server.requests.map(({ state }) => state)]).toEqual([["closed"], ["closed"]]);
		expect(server.notes.get("merge_requests/1")).toEqual([{ id: 1, body: "Nothing is left." }]);
	});

	it("says what is missing, without the token", async () => {
		await expect(gitlab({ api: server.url, project: "acme/identity", token: "wrong" }).comment(3, "<!-- x -->", "x")).rejects.toThrow(
			/401.*KEELSON_GITLAB_TOKEN/,
		);
		await expect(gitlab({ api: server.url, project: "else", token }).comment(3, "<!-- x -->", "x")).rejects.toThrow(/404.*no such project/);
		await expect(forgeHere({ GITLAB_CI: "true", CI_API_V4_URL: server.url, CI_PROJECT_ID: "1" })).rejects.toThrow("KEELSON_GITLAB_TOKEN is not set");
		await expect(forgeHere({})).rejects.toThrow("this is no pipeline of GitHub or GitLab");
	});

	it("knows its merge request from the job's variables", async () => {
		const env = {
			GITLAB_CI: "true",
			CI_API_V4_URL: server.url,
			CI_PROJECT_ID: "acme/identity",
			KEELSON_GITLAB_TOKEN: token,
			CI_MERGE_REQUEST_IID: "3",
			CI_DEFAULT_BRANCH: "main",
		};
		const here = await forgeHere(env);
		expect(here).toMatchObject({ pullRequest: 3, base: "main" });
		expect(await here.forge.comment(3, "<!-- x -->", "x")).toMatchObject({ what: "created" });
	});
});
