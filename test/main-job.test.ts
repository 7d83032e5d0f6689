import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson, type Ran } from "./keelson.js";

let folder: string;
let tenant: DemoTenant;
const said: string[] = [];

async function run(...args: string[]): Promise<Ran> {
	const ran = await keelson(folder, [...args, "-s", "stacks/acme.yaml"], { KEELSON_DEBUG: "1" });
	said.push(ran.stdout, ran.stderr);
	return ran;
}
const scannedFindings = async (): Promise<{ policy: string; state: string }[]> =>
	JSON.parse((await run("scan", "--json", "--fail-on", "none")).stdout).findings;
const plans = () => readdirSync(join(folder, "plans")).sort();

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-job-"));
	tenant = await startDemoTenant(folder);
	await run("scan", "--fail-on", "none");
});
afterAll(async () => {
	await tenant.close();
	rmSync(folder, { recursive: true, force: true });
});

it("refuses to write while a guarding entry is not pinned, and writes nothing then", async () => {
	const planned = await run("plan", "--no-scan", "--policy", "leaver-still-enabled");
	expect(planned.stdout).toContain("no pinned id");
	const refused = await run("apply", join("plans", plans()[0] as string));
	expect(refused).toMatchObject({ code: 4, stdout: expect.stringContaining("nothing was written") });
	rmSync(join(folder, "plans"), { recursive: true });
});

it("plans what answers the findings, with witnesses, and says what it leaves to people", async () => {
	await run("pin");
	const { code, stdout } = await run("plan", "--policy", "leaver-still-enabled", "--policy", "mfa-registered-privileged");
	expect(code).toBe(0);
	expect(stdout).toMatch(/suspend yuki\.tan@acme\.example/);
	expect(stdout).toMatch(/emergency-2@acme\.example: it is an emergency account/);
	expect(stdout).toMatch(/✓ ana\.lopez@acme\.example/);
	expect(plans()).toHaveLength(1);
});

it("reports with the plan beside the findings, and refuses a file that is none", async () => {
	const file = join("plans", plans()[0] as string);
	const html = (await run("report", "--plan", file)).stdout;
	expect(html).toContain("keelson apply would make it");
	expect(html).toContain("suspend yuki.tan@acme.example");
	expect((await run("report", "--plan", file, "--format", "markdown")).stdout).toMatch(/Who still gets in to okta: \d+ administrators by proof/);
	expect(await run("report", "--plan", "stacks/acme.yaml")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("not a plan") });
	expect(await run("report", "--plan", file, "--format", "csv")).toMatchObject({ code: 2, stderr: expect.stringContaining("html or markdown") });
});

it("applies exactly that plan, and the findings are gone", async () => {
	const { code, stdout } = await run("apply", join("plans", plans()[0] as string));
	expect(stdout).toContain("Applied");
	expect(code).toBe(0);
	const after = (await scannedFindings()).filter(({ policy, state }) => policy === "leaver-still-enabled" && state !== "fixed");
	expect(after).toEqual([]);
});

it("does nothing the second time, and says so", async () => {
	const { code, stdout } = await run("apply", join("plans", plans()[0] as string));
	expect(code).toBe(0);
	expect(stdout).toMatch(/done by an earlier run|nothing to do/i);
});

it("refuses a plan that was edited after it was made", async () => {
	const file = join(folder, "plans", plans()[0] as string);
	const text = readFileSync(file, "utf8");
	const { writeFileSync } = await import("node:fs");
	writeFileSync(file, text.replace(/suspend-account/, "deactivate-account"));
	expect(await run("apply", join("plans", plans()[0] as string))).toMatchObject({ code: 2 });
	writeFileSync(file, text);
});

it("takes back what can be taken back, by a plan of its own", async () => {
	const undone = await run("undo", join("plans", plans()[0] as string));
	expect(undone.stdout).toMatch(/lift the suspension|unsuspend/i);
	const undo = plans().find((name) => !said.slice(0, -2).some((text) => text.includes(name)));
	expect(undo).toBeDefined();
	const applied = await run("apply", join("plans", undo as string));
	expect(applied.code, applied.stdout + applied.stderr).toBe(0);
	expect((await scannedFindings()).filter(({ policy, state }) => policy === "leaver-still-enabled" && state === "reopened").length).toBeGreaterThan(0);
});

it("finds drift after a change in the vendor's console, with exit code 5", async () => {
	tenant.changeBehindYourBack();
	const { code, stdout } = await run("drift");
	expect(stdout).toContain("jonas.weiss@freelance.example");
	expect(code).toBe(5);
});

it("makes a finding of that drift in the next scan, and explains both ways out", async () => {
	const findings: { id: string; policy: string; message: string }[] = JSON.parse((await run("scan", "--json", "--fail-on", "none")).stdout).findings;
	const found = findings.find(({ policy }) => policy === "drift-desired-state-sign-in");
	expect(found?.message).toContain("jonas.weiss@freelance.example is in it and not declared");
	const { stdout } = await run("explain", found?.id ?? "");
	expect(stdout).toMatch(/live jonas\.weiss@freelance\.example, declared nothing/);
	expect(stdout).toMatch(/GET \/api\/v1\/groups\/\{groupId\}\/users, request \S+/);
	expect(stdout).toMatch(/To restore[\s\S]*keelson up[\s\S]*To adopt[\s\S]*keelson drift --adopt okta\/group\//);
});

it("writes every report", async () => {
	for (const format of ["html", "markdown", "json", "csv", "terminal"])
		expect((await run("report", "--format", format, "--out", `report.${format}`)).code).toBe(0);
	expect(readFileSync(join(folder, "report.html"), "utf8")).not.toMatch(/(src|href)="https?:/);
});

it("leaves no secret in any file or output", async () => {
	const keys = ["read", "act"].map((name) => JSON.parse(readFileSync(join(folder, "keys", `${name}.json`), "utf8")) as Record<string, string>);
	const secrets = keys.flatMap(({ d, p, q }) => [d, p, q] as string[]);
	const files = readdirSync(folder, { recursive: true })
		.map(String)
		.filter((path) => !path.startsWith("keys") && statSync(join(folder, path)).isFile());
	expect(files.some((path) => path.endsWith(".db"))).toBe(true);
	for (const secret of secrets) {
		expect(said.join("").includes(secret)).toBe(false);
		for (const path of files) expect(readFileSync(join(folder, path)).includes(secret), path).toBe(false);
	}
});
