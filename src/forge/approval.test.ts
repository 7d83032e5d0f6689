import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitHub, startGitHub } from "../../test/ci/github.js";
import { approvalOf } from "./approval.js";

let folder: string;
let file: string;
const git = (...args: string[]) =>
	execFileSync("git", ["-c", "user.name=Ana", "-c", "user.email=ana@acme.example", ...args], { cwd: folder, encoding: "utf8" }).trim();

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "keelson-approval-"));
	file = join(folder, "plan.yaml");
	git("init", "--quiet", "--initial-branch=main");
	writeFileSync(file, "plan: 1\n");
	git("add", "plan.yaml");
	git("commit", "--quiet", "-m", "A plan");
	writeFileSync(join(folder, "other"), "later\n");
	git("add", "other");
	git("commit", "--quiet", "-m", "Something else");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the commit that brought a file", () => {
	it("is the one that last changed it, and not the newest", async () => {
		const found = await approvalOf(file, {});
		expect(found.commit).toBe(git("rev-parse", "HEAD~1"));
		expect(found).toMatchObject({ pullRequest: null, approvedBy: null });
		expect(found.unknown).toContain("this is no pipeline of GitHub or GitLab");
	});

	const change = () => writeFileSync(file, "plan: 2\n");
	it.each<[string, () => void, string]>([
		["a changed file", change, "plan.yaml is not as it was committed"],
		[
			"a staged change",
			() => {
				change();
				git("add", "plan.yaml");
			},
			"plan.yaml is not as it was committed",
		],
		[
			"a file that git was told to look past",
			() => {
				git("update-index", "--assume-unchanged", "plan.yaml");
				change();
			},
			"plan.yaml is not as it was committed",
		],
	])("is not known for %s", async (_, prepare, why) => {
		prepare();
		const found = await approvalOf(file, {});
		expect(found.commit).toBeNull();
		expect(found.unknown).toContain(why);
	});

	it("is not known for a file outside of git, or of a history that is cut off", async () => {
		writeFileSync(join(folder, "new.yaml"), "plan: 3\n");
		expect((await approvalOf(join(folder, "new.yaml"), {})).unknown).toBe("new.yaml is not in a commit");
		const shallow = join(folder, "shallow");
		execFileSync("git", ["clone", "--quiet", "--depth", "1", `file://${folder}`, shallow]);
		expect(await approvalOf(join(shallow, "plan.yaml"), {})).toMatchObject({ commit: null, unknown: expect.stringContaining("the checkout is shallow") });
		const lost = mkdtempSync(join(tmpdir(), "keelson-no-git-"));
		expect((await approvalOf(join(lost, "plan.yaml"), {})).unknown).toContain("git does not tell");
		rmSync(lost, { recursive: true });
	});
});

describe("who approved on GitHub", () => {
	let github: GitHub;
	let head: string;
	const asked = (more: Record<string, string | undefined> = { GITHUB_REF: "refs/heads/main" }) =>
		approvalOf(file, { GITHUB_REPOSITORY: github.repository, GITHUB_TOKEN: github.token, GITHUB_API_URL: github.url, ...more });
	const review = (login: string, state: string, more: { commit?: string; association?: "MEMBER" | "NONE" | "OWNER"; type?: string } = {}) => ({
		user: { login, type: more.type ?? "User" },
		state,
		commit_id: more.commit ?? "head1",
		author_association: more.association ?? ("MEMBER" as const),
	});

	beforeEach(async () => {
		github = await startGitHub();
		head = git("rev-parse", "HEAD~1");
		const pull = { number: 4, html_url: "https://github.example/acme/identity/pull/4", merged_at: "2026-11-25T10:00:00Z", merge_commit_sha: "m1" };
		github.brought.set(head, [{ ...pull, user: { login: "ana" }, head: { sha: "head1" }, base: { ref: "main" } }]);
	});
	afterEach(() => github.close());

	it("is whoever approved it as it was merged, by the last word of each", async () => {
		github.reviews.set(4, [
			review("bo", "APPROVED", { commit: "older" }),
			review("cy", "APPROVED"),
			review("cy", "COMMENTED"),
			review("di", "APPROVED"),
			review("di", "CHANGES_REQUESTED"),
			review("ed", "APPROVED"),
			review("ed", "DISMISSED"),
			review("ana", "APPROVED"),
			review("stranger", "APPROVED", { association: "NONE" }),
			review("merge-bot", "APPROVED", { type: "Bot" }),
			...Array.from({ length: 120 }, (_, at) => review(`talk${at}`, "COMMENTED")),
			review("fay", "APPROVED", { association: "OWNER" }),
		]);
		expect(await asked()).toEqual({
			commit: head,
			pullRequest: { number: 4, url: "https://github.example/acme/identity/pull/4", author: "ana", mergeCommit: "m1" },
			approvedBy: ["cy", "fay"],
			unknown: null,
		});
	});

	it("is nobody for a commit that was pushed, or whose pull request is open", async () => {
		github.brought.set(head, [{ ...(github.brought.get(head)?.[0] as never as object), merged_at: null } as never]);
		expect(await asked()).toMatchObject({ pullRequest: null, approvedBy: [], unknown: null });
		github.brought.clear();
		expect(await asked()).toMatchObject({ pullRequest: null, approvedBy: [], unknown: null });
	});

	it("is nobody where the request went into another branch, and not known where the pipeline is on none", async () => {
		github.reviews.set(4, [review("cy", "APPROVED")]);
		expect((await asked()).approvedBy).toEqual(["cy"]);
		const [one] = github.brought.get(head) ?? [];
		const into = { ...(one as object), base: { ref: "develop" }, number: 9 } as never;
		github.brought.set(head, [into]);
		expect(await asked()).toMatchObject({ pullRequest: null, approvedBy: [], unknown: null });
		github.brought.set(head, [into, one as never]);
		expect(await asked()).toMatchObject({ pullRequest: { number: 4 }, approvedBy: ["cy"] });
		for (const ref of [undefined, "refs/tags/v1"])
			expect(await asked({ GITHUB_REF: ref })).toMatchObject({ commit: head, approvedBy: null, unknown: expect.stringContaining("which branch it runs on") });
	});

	it("is not known where GitHub does not say, or two requests hold the commit", async () => {
		github.instead.push({ status: 403, body: { message: "Resource not accessible by integration" } });
		expect(await asked()).toMatchObject({ commit: head, approvedBy: null, unknown: expect.stringContaining("403") });
		const [one] = github.brought.get(head) ?? [];
		github.brought.set(head, [one as never, { ...(one as object), number: 5 } as never]);
		expect(await asked()).toMatchObject({
			pullRequest: null,
			approvedBy: null,
			unknown: expect.stringContaining("2 pull requests that were merged into main"),
		});
		github.brought.set(head, [{ ...(one as object), user: null } as never]);
		expect(await asked()).toMatchObject({ approvedBy: null, unknown: expect.stringContaining("author") });
	});
});

describe("who approved on GitLab", () => {
	const answers = new Map<string, unknown>();
	const start = async (more: Record<string, string | undefined> = {}) => {
		const server = createServer((request, response) => {
			const path = new URL(request.url ?? "/", "http://here").pathname.replace("/api/v4/projects/7", "");
			const answer = answers.get(path);
			response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
		const env = { GITLAB_CI: "true", CI_API_V4_URL: api, CI_PROJECT_ID: "7", KEELSON_GITLAB_TOKEN: "glpat-x", CI_COMMIT_BRANCH: "main", ...more };
		const found = await approvalOf(file, env);
		server.close();
		return found;
	};
	const approval = (username: string, approved_at: string | undefined) => ({ user: { username }, approved_at });

	beforeEach(() => {
		answers.clear();
		const commit = git("rev-parse", "HEAD~1");
		answers.set(`/repository/commits/${commit}/merge_requests`, [
			{
				iid: 3,
				state: "merged",
				target_branch: "main",
				web_url: "https://gitlab.example/3",
				author: { username: "ana" },
				merge_commit_sha: "m2",
				squash_commit_sha: null,
			},
		]);
		answers.set("/merge_requests/3/versions", [{ created_at: "2026-11-25T10:00:00Z" }, { created_at: "2026-11-24T10:00:00Z" }]);
	});

	it("counts what was approved after the last push", async () => {
		answers.set("/merge_requests/3/approvals", {
			approved_by: [approval("bo", "2026-11-24T12:00:00Z"), approval("cy", "2026-11-25T12:00:00Z"), approval("ana", "2026-11-25T13:00:00Z")],
		});
		expect(await start()).toMatchObject({ approvedBy: ["cy"], unknown: null, pullRequest: { number: 3, author: "ana", mergeCommit: "m2" } });
	});

	it("counts nothing that was merged into another branch", async () => {
		answers.set("/merge_requests/3/approvals", { approved_by: [approval("cy", "2026-11-25T12:00:00Z")] });
		expect(await start({ CI_COMMIT_BRANCH: "prod" })).toMatchObject({ pullRequest: null, approvedBy: [], unknown: null });
		expect(await start({ CI_COMMIT_BRANCH: undefined })).toMatchObject({ approvedBy: null, unknown: expect.stringContaining("which branch") });
		expect((await start({ CI_COMMIT_BRANCH: undefined, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" })).approvedBy).toEqual(["cy"]);
	});

	it("does not know of what has no date", async () => {
		answers.set("/merge_requests/3/approvals", { approved_by: [approval("cy", undefined)] });
		expect(await start()).toMatchObject({ approvedBy: null, unknown: expect.stringContaining("older than the last push") });
		answers.set("/merge_requests/3/approvals", { approved_by: [] });
		expect(await start()).toMatchObject({ approvedBy: [], unknown: null });
		answers.delete("/merge_requests/3/approvals");
		expect(await start()).toMatchObject({ approvedBy: null, unknown: expect.stringContaining("404") });
	});
});
