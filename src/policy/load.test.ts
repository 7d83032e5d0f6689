import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadPolicies } from "./load.js";
import { runPolicyTests } from "./run-tests.js";

let dir = "";
beforeEach(async () => {
	dir = await mkdtemp(join(tmpdir(), "keelson-policies-"));
});
afterEach(async () => {
	await rm(dir, { recursive: true, force: true });
});

async function file(path: string, id: string, tests = "[{ name: n, account: {}, expect: unknown }]", pass = "account.enabled"): Promise<void> {
	await mkdir(dirname(join(dir, path)), { recursive: true });
	await writeFile(
		join(dir, path),
		`id: ${id}\ntitle: t\nseverity: low\ncause: c\nfor: account\npass: ${pass}\nmessage: "{account.login}"\nwhy: w\ntests: ${tests}\n`,
	);
}

describe("loading", () => {
	test("takes every YAML file in order, but for packs", async () => {
		await file("mfa/b.yaml", "b");
		await file("a.yml", "a");
		await file("packs/c.yaml", "not-a-policy");
		await file("mfa/packs/d.yaml", "d");
		await writeFile(join(dir, "README.md"), "no policy");
		const { policies, diagnostics } = await loadPolicies([dir]);
		expect(diagnostics).toEqual([]);
		expect(policies.map((p) => p.id)).toEqual(["a", "b", "d"]);
	});

	test("an id used twice is an error at the second file; the first is kept", async () => {
		await file("a.yaml", "same");
		await file("b.yaml", "same");
		const { policies, diagnostics } = await loadPolicies([dir]);
		expect(policies).toHaveLength(1);
		expect(diagnostics).toMatchObject([{ file: join(dir, "b.yaml"), line: 1, column: 5, message: `the id same is taken by ${join(dir, "a.yaml")}` }]);
	});

	test("a file with mistakes is left out and told; the others are loaded", async () => {
		await file("a.yaml", "a", undefined, "account.enabeld");
		await file("b.yaml", "b");
		const { policies, diagnostics } = await loadPolicies([dir, join(dir, "nowhere")]);
		expect(policies.map((p) => p.id)).toEqual(["b"]);
		expect(diagnostics.map((d) => d.message)).toEqual(["unknown field account.enabeld", "this folder of policies cannot be read"]);
	});
});

describe("policy tests", () => {
	test("tell what was expected, what came out, and why", async () => {
		const tests = [
			"{ name: ok, account: { enabled: true }, expect: pass }",
			"{ name: wrong, account: { enabled: true }, expect: fail }",
			"{ name: lacking, account: {}, expect: fail }",
			"{ name: words, account: { enabled: false, login: ana }, expect: fail, message: bob }",
			"{ name: right words, account: { enabled: false, login: ana }, expect: fail, message: ana }",
		];
		await file("a.yaml", "a", `[${tests.join(", ")}]`);
		const report = runPolicyTests((await loadPolicies([dir])).policies);
		expect({ passed: report.passed, failed: report.failed }).toEqual({ passed: 2, failed: 3 });
		expect(report.results.filter((r) => !r.ok).map((r) => `${r.name}: ${r.problem}`)).toEqual([
			"wrong: expected fail, got pass",
			"lacking: expected fail, got unknown (unknown: account.enabled)",
			'words: expected the message "bob", got "ana"',
		]);
		expect(report.untested).toEqual([{ policy: "a", file: join(dir, "a.yaml"), outcomes: ["unknown"] }]);
	});

	test("an unknown that is really a runtime error fails", async () => {
		await file("a.yaml", "a", "[{ name: n, account: { privilegedRoles: [] }, expect: unknown }]", "account.privilegedRoles[0] == 'x'");
		const report = runPolicyTests((await loadPolicies([dir])).policies);
		expect(report.results[0]?.problem).toBe("pass has a runtime error at character 1: there is no element 0 in a list of 0");
	});
});
