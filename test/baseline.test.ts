import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

interface Said {
	findings: { policy: string; outcome: string; state: string; severity: string; subject: { key: string }; exemption?: { source?: string; owner: string } }[];
	baseline?: { accepted: number; ended: number; unknown: number; fixed: number };
	posture: { posture: number; coverage: number };
}

/** One story, in order: each step begins with what the one before left. */
describe("a baseline to start from", { timeout: 120_000 }, () => {
	let folder: string;
	let tenant: DemoTenant;
	let before: Said;
	const stack = () => join(folder, "stacks", "acme.yaml");
	const file = () => join(folder, "stacks", "acme.baseline.yaml");
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const check = async () => JSON.parse((await run("check", "--json", "--quiet")).stdout) as Said;
	const failing = ({ findings }: Said) => findings.filter(({ outcome, state }) => outcome === "fail" && state !== "fixed");

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-baseline-"));
		tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		before = await check();
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("asks for an owner, and writes nothing without one", async () => {
		const text = readFileSync(stack(), "utf8");
		const { code, stderr } = await run("baseline");
		expect(code).toBe(2);
		expect(stderr).toContain("--owner");
		expect(existsSync(file())).toBe(false);
		expect(readFileSync(stack(), "utf8")).toBe(text);
	});

	it.each(["200d", "2020-01-01", "soon"])("does not accept until %s", async (day) => {
		expect((await run("baseline", "--owner", "it", "--expires", day)).code).toBe(2);
		expect(existsSync(file())).toBe(false);
	});

	it("accepts what is open, but not what is grave, and check shows it as excepted", async () => {
		expect(await run("baseline", "--owner", "security@acme.example")).toMatchObject({ code: 0 });
		expect(parse(readFileSync(stack(), "utf8")).baseline).toBe("stacks/acme.baseline.yaml");
		const after = await check();
		const left = failing(after);
		expect(left.length).toBeGreaterThan(0);
		expect(left.length).toBeLessThan(failing(before).length);
		expect(failing(before).filter(({ severity }) => severity === "critical").length).toBe(left.filter(({ severity }) => severity === "critical").length);
		const accepted = after.findings.filter(({ exemption }) => exemption?.source === "baseline");
		expect(accepted.length + left.length).toBe(failing(before).length);
		expect(accepted.every(({ outcome, exemption }) => outcome === "excepted" && exemption?.owner === "security@acme.example")).toBe(true);
		expect(after.baseline).toMatchObject({ accepted: accepted.length, ended: 0, unknown: 0, fixed: 0 });
		// What is not known is not less unknown.
		expect(after.posture.coverage).toBe(before.posture.coverage);
	});

	it("writes nothing a second time, and names no one in the file", async () => {
		const text = readFileSync(file(), "utf8");
		expect(await run("baseline", "--owner", "security@acme.example")).toMatchObject({ code: 0 });
		expect(readFileSync(file(), "utf8")).toBe(text);
		expect(text.replaceAll("security@acme.example", "")).not.toContain("@");
	});

	it("is over after its last day, by itself", async () => {
		const text = readFileSync(file(), "utf8");
		const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
		writeFileSync(file(), text.replaceAll(/accepted: \S+/g, `accepted: ${ago(40)}`).replaceAll(/expires: \S+/g, `expires: ${ago(3).slice(0, 10)}`));
		const after = await check();
		expect(failing(after)).toHaveLength(failing(before).length);
		expect(after.baseline?.accepted).toBe(0);
		expect(after.baseline?.ended).toBeGreaterThan(0);
		writeFileSync(file(), text);
	});

	it("keeps comments, and takes out only what is fixed", async () => {
		const text = readFileSync(file(), "utf8");
		const gone = text.replace(
			/(policy: (\S+)[\s\S]*?subjects:\n)( +)- /,
			(_all, head: string, _policy: string, indent: string) => `${head}${indent}- okta/00u000000gone # left\n${indent}- `,
		);
		expect(gone).not.toBe(text);
		writeFileSync(file(), gone.replace("findings:\n", "# agreed in March\nfindings:\n"));
		const list = JSON.parse((await run("baseline", "--list", "--json")).stdout) as { entries: { subject: string; state: string }[] };
		expect(list.entries.find(({ subject }) => subject === "okta/00u000000gone")?.state).toBe("fixed");
		expect(await run("baseline", "--prune")).toMatchObject({ code: 0 });
		expect(readFileSync(file(), "utf8")).toBe(text.replace("findings:\n", "# agreed in March\nfindings:\n"));
	});

	it("says the place of what is wrong in it", async () => {
		writeFileSync(file(), readFileSync(file(), "utf8").replace(/owner: /, "ownr: "));
		const { code, stderr } = await run("check");
		expect(code).toBe(2);
		expect(stderr).toMatch(/acme\.baseline\.yaml:\d+:\d+/);
	});
});
