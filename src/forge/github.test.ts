import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitHub, startGitHub } from "../../test/ci/github.js";
import { type Forge, markerOf } from "./forge.js";
import { github } from "./github.js";

let server: GitHub;
let forge: Forge;
const marker = markerOf("acme", "stack");
const text = (number: number) => server.comments.get(number)?.map(({ body }) => body) ?? [];

beforeEach(async () => {
	server = await startGitHub();
	forge = github({ api: server.url, owner: "acme", repo: "identity", token: server.token });
});
afterEach(() => server.close());

describe("a comment on GitHub", () => {
	it("is written once, and then over itself, past the first page of others'", async () => {
		const others = Array.from({ length: 130 }, (_, id) => ({ id, body: `Others say ${marker}`, html_url: "x", created_at: "", updated_at: "" }));
		server.comments.set(7, others);
		expect(await forge.comment(7, marker, "first")).toMatchObject({ what: "created" });
		expect(await forge.comment(7, marker, "second")).toMatchObject({ what: "updated" });
		expect(await forge.comment(7, marker, "second\n")).toMatchObject({ what: "unchanged" });
		expect(text(7)).toHaveLength(131);
		expect(text(7).at(-1)).toBe(`${marker}\nsecond\n`);
	});

	it("of another stack is left alone", async () => {
		await forge.comment(7, markerOf("other", "stack"), "theirs");
		await forge.comment(7, marker, "ours");
		expect(text(7)).toHaveLength(2);
	});

	it("is not sent when it is too long", async () => {
		await expect(forge.comment(7, marker, "x".repeat(65_600))).rejects.toThrow("at most 65536 are taken");
		expect(server.requests).toEqual([]);
	});
});

describe("an issue and a pull request on GitHub", () => {
	it("an issue is opened, kept, closed with a word, and opened anew", async () => {
		const drift = { marker: markerOf("acme", "drift"), title: "Drift", body: "one" };
		expect(await forge.issue(drift)).toMatchObject({ what: "created" });
		expect(await forge.issue({ ...drift, body: "two" })).toMatchObject({ what: "updated" });
		expect(server.issues).toHaveLength(1);
		expect(await forge.closeIssue(drift.marker, "All is well.")).toMatchObject({ what: "closed" });
		expect([server.issues[0]?.state, text(1)]).toEqual(["closed", ["All is well."]]);
		expect(await forge.closeIssue(drift.marker, "again")).toBeNull();
		expect(await forge.issue(drift)).toMatchObject({ what: "created" });
	});

	it("a pull request from one branch is one", async () => {
		const request = { branch: "keelson/acme", base: "main", title: "Remediation", body: "plan" };
		expect(await forge.pullRequest(request)).toMatchObject({ what: "created" });
		expect(await forge.pullRequest(request)).toMatchObject({ what: "unchanged" });
		expect(await forge.pullRequest({ ...request, body: "other plan" })).toMatchObject({ what: "updated" });
		expect(server.pulls).toHaveLength(1);
		expect(await forge.closePullRequest("keelson/acme", "Nothing is left to mend.")).toMatchObject({ what: "closed" });
		expect(server.pulls[0]?.state).toBe("closed");
		expect(await forge.closePullRequest("keelson/acme", "again")).toBeNull();
	});

	it("findings go to code scanning, packed", async () => {
		await forge.codeScanning?.(Buffer.from('{"version":"2.1.0"}'), "abc", "refs/heads/main");
		expect(server.sarifs).toEqual([{ commit_sha: "abc", ref: "refs/heads/main", sarif: { version: "2.1.0" } }]);
	});
});

describe("what GitHub refuses", () => {
	it("is one sentence with the mend, and without the token", async () => {
		const wrong = github({ api: server.url, owner: "acme", repo: "identity", token: "ghs_wrong" });
		await expect(wrong.comment(7, marker, "x")).rejects.toThrow(
			"GitHub answers 401 for acme/identity (Bad credentials): the token is wrong or over: GITHUB_TOKEN",
		);
		server.instead.push({ status: 403, body: { message: "Resource not accessible by integration" } });
		const refusal = await forge.comment(7, marker, "x").catch((error: Error) => error.message);
		expect(refusal).toMatch(/403 .*Resource not accessible by integration.*`permissions`/);
		expect(refusal).not.toContain(server.token);
	});

	it("for a moment is asked again", async () => {
		server.instead.push({ status: 403, headers: { "retry-after": "1" }, body: { message: "You have exceeded a secondary rate limit" } });
		expect(await forge.comment(7, marker, "x")).toMatchObject({ what: "created" });
		expect(text(7)).toHaveLength(1);
	});

	it("because nobody is there", async () => {
		await server.close();
		await expect(forge.comment(7, marker, "x")).rejects.toThrow("GitHub can't be reached");
	});
});
