import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { author, pushBranch } from "./branch.js";

let dir: string;
let folder: string;
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
const on = (branch: string, path: string) => git("show", `origin/${branch}:${path}`);
const push = (branch = "keelson/acme") => pushBranch({ folder, branch, base: "main", paths: ["plans"], message: "Remediation of acme" });

beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "keelson-branch-"));
	folder = join(dir, "work");
	mkdirSync(join(folder, "plans"), { recursive: true });
	execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", join(dir, "origin.git")]);
	git("init", "--quiet", "--initial-branch=main");
	git("config", "user.name", "Ana");
	git("config", "user.email", "ana@acme.example");
	git("remote", "add", "origin", join(dir, "origin.git"));
	writeFileSync(join(folder, "code.js"), "1\n");
	writeFileSync(join(folder, "plans", "old.yaml"), "old\n");
	git("add", ".");
	git("commit", "--quiet", "-m", "Begin");
	git("push", "--quiet", "origin", "main");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("a branch of Keelson's own", () => {
	it("holds what changed in the named paths and nothing else, and leaves the checkout as it is", async () => {
		writeFileSync(join(folder, "plans", "new.yaml"), "new\n");
		writeFileSync(join(folder, "code.js"), "2\n");
		const before = git("status", "--porcelain");
		expect(await push()).toBe(true);
		git("fetch", "--quiet");
		expect([on("keelson/acme", "plans/new.yaml"), on("keelson/acme", "code.js")]).toEqual(["new", "1"]);
		expect(git("log", "-1", "--format=%an <%ae>: %s", "origin/keelson/acme")).toBe(`${author}: Remediation of acme`);
		expect([git("status", "--porcelain"), git("branch", "--show-current"), readFileSync(join(folder, "code.js"), "utf8")]).toEqual([before, "main", "2\n"]);
	});

	it("is not pushed when nothing changed", async () => {
		expect(await push()).toBe(false);
		expect(git("ls-remote", "--heads", "origin")).not.toContain("keelson");
	});

	it("is written over by the next try", async () => {
		for (const text of ["one", "two"]) {
			writeFileSync(join(folder, "plans", "new.yaml"), `${text}\n`);
			expect(await push()).toBe(true);
		}
		git("fetch", "--quiet");
		expect(on("keelson/acme", "plans/new.yaml")).toBe("two");
		expect(git("rev-list", "--count", "main..origin/keelson/acme")).toBe("1");
	});

	it("with a commit of somebody else is left as it is", async () => {
		writeFileSync(join(folder, "plans", "new.yaml"), "one\n");
		await push();
		git("fetch", "--quiet");
		git("checkout", "--quiet", "--force", "-b", "mine", "origin/keelson/acme");
		writeFileSync(join(folder, "plans", "new.yaml"), "mine\n");
		git("commit", "--quiet", "-am", "Edit");
		git("push", "--quiet", "origin", "HEAD:keelson/acme");
		git("checkout", "--quiet", "main");
		writeFileSync(join(folder, "plans", "new.yaml"), "two\n");
		await expect(push()).rejects.toThrow("keelson/acme has commits by Ana <ana@acme.example>: it is left as it is");
		git("fetch", "--quiet");
		expect(on("keelson/acme", "plans/new.yaml")).toBe("mine");
	});

	it("is never the branch that it is to be merged into", async () => {
		await expect(push("main")).rejects.toThrow("name another one");
	});
});
