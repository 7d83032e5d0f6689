import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { sealPlan } from "../src/plan/digest.js";
import { writePlanTo } from "../src/plan/plan-file.js";
import { readPlan } from "../src/plan/read-plan.js";
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
	expect(await keelson(folder, ["scan", "--quiet", "--fail-on", "none", "-s", "stacks/acme.yaml"])).toMatchObject({ code: 0, stderr: "" });
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

	it("shows a plan as it is, whatever the file calls it", async () => {
		const file = join(folder, "plans", "forged.yaml");
		for (const name of readdirSync(join(folder, "plans"))) if (name.endsWith(".yaml")) rmSync(join(folder, "plans", name));
		const made = await run("plan", "--quiet", "--no-scan", "--policy", "dormant-account", "--limit", "1");
		expect(made.code).toBe(0);
		const written = readdirSync(join(folder, "plans")).find((name) => name.endsWith(".yaml")) ?? "";
		const { plan } = await readPlan(join(folder, "plans", written));
		const [first, ...rest] = plan?.actions ?? [];
		if (!plan || !first) throw new Error("no plan");
		const { digest: _, ...open } = plan;
		rmSync(join(folder, "plans", written));
		const label = "tidy up nobody@acme.example";
		await writePlanTo(
			sealPlan({ ...open, score: { ...open.score, after: 100 }, actions: [{ ...first, label, effect: "It does no harm.", precondition: {} }, ...rest] }),
			file,
		);
		const { stdout } = await run("review");
		const plain = stdout.replaceAll("&#34;", '"').replaceAll(/&#8203;|`/g, "");
		expect(plain).toContain(`The plan file calls action 1 "${label}": it is "${first.label}".`);
		expect(stdout).toContain("says of action 1");
		expect(plain).toContain(`| ${first.label} in okta |`);
		expect(stdout).not.toMatch(/when `plans\/forged.yaml` holds \| 100\/100/);
		const hidden = await run("review", "--pseudonyms");
		expect(hidden.stdout).not.toMatch(/nobody|acme\.example/);
		rmSync(file);
	});

	it("names the rules that it loosens, and what it accepts, before anything else", async () => {
		const id = JSON.parse((await run("report", "--format", "json")).stdout).findings.find(({ policy }: { policy: string }) => policy === "dormant-account");
		propose(() =>
			put(
				"stacks/acme.yaml",
				base
					.replace("maxAccounts: 25", "maxAccounts: 500")
					.replace(
						/^exemptions:\n/m,
						`exemptions:\n  - { policy: dormant-account, subject: { login: ${id.subject.key.split("/")[0]}/${id.subject.label}, id: ${id.subject.key.split("/")[1]} }, owner: ana@acme.example, reason: a guest, expires: ${new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)} }\n`,
					),
			),
		);
		expect(await run("overlay", "proposal")).toMatchObject({ code: 0 });
		const { stdout, stderr } = await run("review");
		expect(stderr).toBe("");
		expect(stdout).toContain("⚠️ **It loosens 2 rules by which Keelson judges and guards, and accepts 1 finding without mending it.**");
		expect(stdout).toMatch(/\| ⚠️ looser \| guardrails.*maxAccounts \| 25 \| 500 \|/);
		expect(stdout).toContain("### Findings that this change accepts and does not mend (1)");
		expect(stdout).not.toContain("Findings that this change clears");
		expect(stdout.indexOf("Rules that this change alters")).toBeLessThan(stdout.indexOf("Findings that this change accepts and"));
		const hidden = (await run("review", "--pseudonyms")).stdout;
		expect(hidden).toMatch(/looser \| exemptions.*left out/);
		expect(hidden).not.toMatch(/ana@|a guest/);
	});

	it("names nothing outside of the repository", async () => {
		const outside = mkdtempSync(join(tmpdir(), "keelson-outside-"));
		writeFileSync(join(outside, "secret.yaml"), "password: canary-91\n");
		for (const [from, to, place] of [
			[/^policies:\n/m, `policies:\n  dirs: [ ${outside} ]\n`, "policies.dirs"],
			[/^policies:\n/m, `baseline: ${join(outside, "secret.yaml")}\npolicies:\n`, "baseline"],
		] as const) {
			propose(() => put("stacks/acme.yaml", base.replace(from, to)));
			git("checkout", "--quiet", "proposal", "--", "stacks/acme.yaml");
			const { code, stdout, stderr } = await run("review");
			expect({ place, code, stdout }).toEqual({ place, code: 2, stdout: "" });
			expect(stderr).toContain("this is outside of the repository");
			expect(stderr).not.toContain("canary");
			git("checkout", "--quiet", "--force", "main");
		}
		rmSync(outside, { recursive: true });
	});

	it("brings its baseline along, wherever the base branch has that", async () => {
		git("checkout", "--quiet", "-B", "elsewhere", "main");
		put("stacks/acme.yaml", base.replace(/^policies:\n/m, "baseline: accepted/b.yaml\npolicies:\n"));
		put("accepted/b.yaml", "findings: []\n");
		git("add", "--all");
		git("commit", "--quiet", "-m", "A baseline");
		put("accepted/b.yaml", "findings: [] # more\n");
		git("commit", "--quiet", "-am", "More");
		git("branch", "--force", "proposal");
		git("reset", "--quiet", "--hard", "HEAD~1");
		expect(await run("overlay", "proposal")).toMatchObject({ code: 0 });
		expect(readFileSync(join(folder, "accepted", "b.yaml"), "utf8")).toContain("# more");
	});

	it("shows no line of a file that is no baseline", async () => {
		put("keys/pasted.json", '{ "d": "canary-92", "x": 1 }\n');
		git("checkout", "--quiet", "-B", "proposal", "main");
		put("stacks/acme.yaml", base.replace(/^policies:\n/m, "baseline: keys/pasted.json\npolicies:\n"));
		const { code, stdout, stderr } = await run("review");
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toContain("this is no YAML file");
		expect(stderr).not.toContain("canary");
		rmSync(join(folder, "keys", "pasted.json"));
	});

	it("is told where it sends credentials, without any being sent, and what of it was not judged", async () => {
		propose(() => put("stacks/acme.yaml", base.replace(/url: \S+/, "url: http://127.0.0.1:9").replace(/^policies:\n/m, "policies:\n  dirs: [ elsewhere ]\n")));
		await run("overlay", "proposal");
		put("elsewhere/.keep", "");
		const { code, stdout } = await run("review");
		rmSync(join(folder, "elsewhere"), { recursive: true });
		expect(code).toBe(4);
		expect(stdout).toContain("systems.okta.url is not as on HEAD");
		expect(stdout).toMatch(/policies\.dirs\.0 names a place that HEAD does not/);
		expect(stdout).toMatch(/\| ⚠️ looser \| systems.*url \|/);
	});

	it("has no other name: budgets and journal are kept under it", async () => {
		propose(() => put("stacks/acme.yaml", base.replace(/^name: .*$/m, "name: other")));
		await run("overlay", "proposal");
		expect(await run("review")).toMatchObject({ code: 4, stderr: expect.stringContaining("name is not as on HEAD") });
	});

	it("changes nothing of what is kept, and nothing of it is carried out", async () => {
		const kept = async () => JSON.parse((await keelson(folder, ["history", "--json", "-s", "stacks/acme.yaml"])).stdout).runs.length;
		const before = await kept();
		propose(() => put("stacks/acme.yaml", base.replace(/^policies:\n/m, "policies:\n  set: { dormant-account: { params: { days: 5 } } }\n")));
		await run("overlay", "proposal");
		expect(await run("scan", "--quiet", "--fail-on", "none")).toMatchObject({ code: 0 });
		expect(await run("check", "--fail-on", "none")).toMatchObject({ code: 0 });
		expect(await kept()).toBe(before);
		expect(await run("erase", "okta/00u1", "--yes")).toMatchObject({
			code: 4,
			stderr: expect.stringContaining("nothing of it is carried out before it is merged"),
		});
		await run("plan", "--quiet", "--no-scan", "--policy", "dormant-account", "--limit", "1");
		const [plan = ""] = readdirSync(join(folder, "plans")).filter((name) => name.endsWith(".yaml"));
		expect(await run("apply", `plans/${plan}`)).toMatchObject({ code: 4, stderr: expect.stringContaining("KEELSON_BASE") });
		rmSync(join(folder, "plans", plan));
	});

	it("from a branch that git does not know is one sentence", async () => {
		expect(await run("overlay", "nowhere")).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/^keelson: nowhere can't be laid over this checkout: .*\n$/),
		});
		expect(await run("review", "--base", "--help")).toMatchObject({ code: 2 });
	});
});
