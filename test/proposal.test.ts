import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

/** A checkout of the base branch, and a branch `proposal` that a pull request would come from. */
let folder: string;
let tenant: DemoTenant;
let base: string;
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"], { KEELSON_BASE: "HEAD" });
const put = (path: string, text: string) => {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
};

/** Makes the branch from what is written into the checkout, and goes back to the base branch. */
function propose(change: () => void): void {
	git("checkout", "--quiet", "-B", "proposal", "main");
	change();
	git("add", "--all", "--force", "stacks", "policies", "plans", "package.json", "Pulumi.yaml");
	git("commit", "--quiet", "-m", "Propose");
	git("checkout", "--quiet", "main");
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-proposal-"));
	tenant = await startDemoTenant(folder);
	put("policies/.keep", "");
	put("plans/.keep", "");
	put("package.json", "{}");
	put(".gitignore", "keys/\n.keelson/\n");
	git("init", "--quiet", "--initial-branch=main");
	git("config", "user.name", "Ana");
	git("config", "user.email", "ana@acme.example");
	git("add", ".");
	git("commit", "--quiet", "-m", "Begin");
	expect(await run("scan", "--quiet", "--fail-on", "none")).toMatchObject({ code: 0, stderr: "" });
	expect(await run("pin")).toMatchObject({ code: 0 });
	git("commit", "--quiet", "-am", "Pin");
	base = readFileSync(join(folder, "stacks", "acme.yaml"), "utf8");
});
afterAll(async () => {
	await tenant.close();
	rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => void git("checkout", "--quiet", "--force", "main"));

describe("what a pull request proposes", () => {
	it("is laid over the checkout: stack files, policies and plans, and no code", async () => {
		propose(() => {
			put("stacks/acme.yaml", base.replace("maxAccounts: 25", "maxAccounts: 24"));
			put("stacks/node_modules/evil/index.yaml", "x: 1\n");
			put("stacks/evil.js", "1\n");
			put("stacks/Pulumi.yaml", "name: evil\n");
			put("package.json", '{"scripts":{"postinstall":"evil"}}');
			symlinkSync("/etc/passwd", join(folder, "stacks", "linked.yaml"));
		});
		const { code, stdout } = await run("overlay", "proposal");
		expect(code).toBe(0);
		expect(stdout).toMatch(/^1 files as on proposal\n/);
		for (const path of ["stacks/evil.js", "stacks/Pulumi.yaml", "stacks/linked.yaml", "stacks/node_modules/evil/index.yaml"]) {
			expect(stdout).toContain(`not taken, as it is no stack file, policy or plan: ${path}`);
			expect(existsSync(join(folder, path))).toBe(false);
		}
		expect(readFileSync(join(folder, "package.json"), "utf8")).toBe("{}");
		expect(readFileSync(join(folder, "stacks", "acme.yaml"), "utf8")).toContain("maxAccounts: 24");
	});

	it("is not read with credentials that it sends elsewhere", async () => {
		for (const [from, to, what] of [
			[/url: \S+/, "url: http://127.0.0.1:9", "systems.okta.url"],
			[/keys\/read\.json/, "keys/act.json", "systems.okta.auth"],
			[/^store: .*$/m, "store: sqlite:elsewhere.db", "store"],
		] as const) {
			propose(() => put("stacks/acme.yaml", base.replace(from, to)));
			await run("overlay", "proposal");
			const { code, stderr } = await run("scan", "--quiet");
			expect({ what, code }).toEqual({ what, code: 4 });
			expect(stderr).toContain(`${what} is not as on HEAD: a pull request can't say where credentials are sent`);
			git("checkout", "--quiet", "--force", "main");
		}
	});

	it("says what it would change, and stands against what makes things worse", async () => {
		propose(() =>
			put("stacks/acme.yaml", base.replace(/^policies:\n/m, "policies:\n  set: { dormant-account: { params: { days: 5 }, severity: critical } }\n")),
		);
		expect(await run("overlay", "proposal")).toMatchObject({ code: 0 });
		const { code, stdout } = await run("review");
		expect(code).toBe(1);
		expect(stdout).toMatch(/❌ \*\*1 thing stands against this change:\*\*\n\n- it makes \d+ findings? of severity critical or above/);
		expect(stdout).toMatch(/### Findings that this change makes \(\d+\)/);
		expect(stdout).toMatch(/\| on `HEAD` \| \d+\/100 \|\n\| with this change \| \d+\/100 \|/);
		expect(git("worktree", "list").split("\n")).toHaveLength(1);
	});

	it("shows a plan with its verdict, and nothing to object to where there is nothing", async () => {
		expect(await run("review")).toMatchObject({ code: 0, stdout: expect.stringContaining("✅ **Nothing stands against this change.**") });
		await run("plan", "--quiet", "--no-scan", "--policy", "dormant-account", "--limit", "2");
		const { stdout } = await run("review");
		expect(stdout).toMatch(/### ✅ Plan `plans\/[\w.-]+`/);
		expect(stdout).toMatch(/\| when `plans\/[\w.-]+` holds \| \d+\/100 \|/);
	});

	it("from a branch that git does not know is one sentence", async () => {
		expect(await run("overlay", "nowhere")).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/^keelson: nowhere can't be laid over this checkout: .*\n$/),
		});
		expect(await run("review", "--base", "--help")).toMatchObject({ code: 2 });
	});
});
