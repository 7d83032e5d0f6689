import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

let folder: string;
let tenant: DemoTenant;
const stack = "stacks/acme.yaml";
const run = (...args: string[]) => keelson(folder, [...args, "-s", stack]);

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-cli-"));
	tenant = await startDemoTenant(folder);
});
afterAll(async () => {
	await tenant.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("the command line on the demo tenant", () => {
	it("says what a scan will cost before it is made", async () => {
		const { code, stdout } = await run("doctor");
		expect(code).toBe(0);
		expect(stdout).toMatch(/a full scan: about \d+ requests/);
	});

	it("refuses to check before anything was scanned", async () => {
		expect(await run("check")).toMatchObject({ code: 2, stderr: expect.stringContaining("run keelson scan") });
	});

	it("scans, and ends with 1 for critical findings", async () => {
		const { code, stdout, stderr } = await run("scan");
		expect(code).toBe(1);
		expect(stdout).toContain("tom.becker@acme.example holds Super Administrator and has no second factor");
		expect(stderr).toMatch(/okta\s+accounts\s+124\s+complete/);
		expect(stdout).not.toContain("\u001b");
	});

	it("ends with 0 where only worse findings would count, and says so of a wrong word", async () => {
		expect((await run("check", "--fail-on", "none")).code).toBe(0);
		expect(await run("check", "--fail-on", "terrible")).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("critical, high, medium, low, info or none"),
		});
	});

	it("gives the same JSON twice for the same stored state", async () => {
		const [first, second] = [await run("check", "--json"), await run("check", "--json")];
		const plain = (text: string) => {
			const { trend: _trend, findings, ...rest } = JSON.parse(text);
			return { ...rest, findings: findings.map(({ state: _state, ...finding }: { state: string }) => finding) };
		};
		expect(plain(second.stdout)).toEqual(plain(first.stdout));
		expect(JSON.parse(first.stdout)).toMatchObject({ schema: "keelson.dev/assessment/v1", tenant: "acme" });
	});

	it("pins the declared logins in place and leaves every other line as it was", async () => {
		const before = readFileSync(join(folder, stack), "utf8").split("\n");
		expect(await run("pin")).toMatchObject({ code: 0, stdout: expect.stringContaining("pinned okta/emergency-1@acme.example to 00u") });
		const after = readFileSync(join(folder, stack), "utf8").split("\n");
		expect(after).toHaveLength(before.length);
		expect(after.filter((line, n) => line !== before[n])).toHaveLength(4);
		expect(await run("pin")).toMatchObject({ code: 0, stdout: expect.stringContaining("every login is pinned") });
		expect((await run("check", "--fail-on", "none")).stdout).not.toContain("pinned id");
	});

	it("explains a finding by field, call and request, and by what would change it", async () => {
		const { findings } = JSON.parse((await run("check", "--json")).stdout);
		const finding = findings.find(
			(one: { policy: string; message: string }) => one.policy === "mfa-registered-privileged" && one.message.startsWith("tom.becker"),
		);
		const { stdout } = await run("explain", finding.id);
		expect(stdout).toMatch(/account\.authenticators = \[\]\s+GET \/api\/v1\/users\/\{userId\}\/factors, request \S+/);
		expect(stdout).toContain("It would pass if");
	});

	it("explains an account by login, and names both when a word fits none", async () => {
		expect((await run("explain", "tom.becker@acme.example")).stdout).toMatch(/risk \d+ critical/);
		expect(await run("explain", "nobody@acme.example")).toMatchObject({ code: 2, stderr: expect.stringContaining("neither an open finding") });
	});

	it("shows the past as it was", async () => {
		expect(await run("check", "--as-of", "2020-01-01")).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing was stored by 2020-01-01") });
		expect((await run("check", "--as-of", new Date(Date.now() + 86_400_000).toISOString(), "--fail-on", "none")).code).toBe(0);
		expect((await run("check", "--as-of", "yesterday")).code).toBe(2);
	});

	it("runs every policy's own tests", async () => {
		const { code, stdout } = await run("policy", "test");
		expect(stdout).toMatch(/\d+ policies, \d+ tests: \d+ passed, 0 failed/);
		expect(code).toBe(0);
	});

	it("lists and explains policies", async () => {
		expect((await run("policy", "list")).stdout).toMatch(/dormant-account\s+medium\s+account\s+.*days=45/);
		expect((await run("policy", "explain", "dormant-account")).stdout).toContain("When not to use it");
	});

	it.each(["html", "markdown", "json", "csv", "terminal", "sarif", "ocsf", "junit", "gitlab", "oscal"])(
		"reports as %s, the same twice, and with pseudonyms names nobody",
		async (format) => {
			const [first, second] = [await run("report", "--format", format), await run("report", "--format", format)];
			expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("tom.becker") });
			expect(second.stdout).toBe(first.stdout);
			const { code, stdout } = await run("report", "--format", format, "--pseudonyms");
			expect(code).toBe(0);
			expect(stdout).toMatch(/okta(?:\/|:user:|&#47;)00u/);
			expect(stdout).not.toMatch(/tom.becker|@acme|becker/i);
		},
	);

	it("cuts Markdown by whole rows to what is asked for, and refuses what nobody would show", async () => {
		const { stdout } = await run("report", "--format", "markdown", "--max-chars", "6000");
		expect(stdout.length).toBeLessThanOrEqual(6000);
		expect(stdout).toMatch(/\d+ more in the artefact/);
		expect((await run("report", "--format", "markdown", "--max-chars", "1048576")).code).toBe(0);
		expect(await run("report", "--format", "markdown", "--max-chars", "1048577")).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("at most 1048576"),
		});
		expect(await run("report", "--format", "html", "--max-chars", "6000")).toMatchObject({ code: 2, stderr: expect.stringContaining("--format markdown") });
	});

	it("leaves no secret in output, store or report", async () => {
		const secrets = ["read", "act"].map((name) => JSON.parse(readFileSync(join(folder, "keys", `${name}.json`), "utf8")).d as string);
		const { stdout, stderr } = await run("scan", "--json");
		for (const secret of secrets) {
			expect(stdout + stderr).not.toContain(secret);
			for (const file of readdirSync(join(folder, ".keelson"))) {
				const path = join(folder, ".keelson", file);
				if (statSync(path).isFile()) expect(readFileSync(path).includes(secret)).toBe(false);
			}
		}
	});

	it("names file, line and mend of a wrong stack file, with exit code 2 and nothing changed", async () => {
		writeFileSync(join(folder, "stacks", "wrong.yaml"), "name: acme\nsystms: {}\n");
		const { code, stderr } = await keelson(folder, ["scan", "-s", "stacks/wrong.yaml"]);
		expect(code).toBe(2);
		expect(stderr).toMatch(/wrong\.yaml:2:1/);
		expect(stderr).toMatch(/did you mean `systems`/);
		expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
	});

	it("names the missing variable of a secret, never a value", async () => {
		const text = readFileSync(join(folder, stack), "utf8").replace('"${file:keys/read.json}"', '"${env:NO_SUCH_KEY}"');
		writeFileSync(join(folder, "stacks", "env.yaml"), text);
		const { code, stderr } = await keelson(folder, ["scan", "-s", "stacks/env.yaml"]);
		expect(code).toBe(2);
		expect(stderr).toContain("NO_SUCH_KEY");
	});
});
