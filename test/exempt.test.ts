import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson, later } from "./keelson.js";

interface Found {
	id: string;
	policy: string;
	outcome: string;
	severity: string;
	message: string;
	subject: { kind: string; key: string; label: string };
	exemption?: { owner: string; source: string; compensatedBy?: string };
	withheld?: { compensatedBy: string; outcome: string };
}

interface Listed {
	exemptions: { state: string; policy: string; subject: string; owner: string; expires: string; findings: string[] }[];
}

const day = 86_400_000;
const dateIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

/** One story, in order: each step begins with what the one before left. */
describe("exemptions in the stack file", { timeout: 120_000 }, () => {
	let folder: string;
	let tenant: DemoTenant;
	let open: Found[];
	const stack = () => join(folder, "stacks", "acme.yaml");
	const text = () => readFileSync(stack(), "utf8");
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const add = (...args: string[]) => run("exempt", "add", ...args);
	const agreed = ["--owner", "it@acme.example", "--reason", "until the passkeys are here"];
	const check = async () => (JSON.parse((await run("check", "--json", "--quiet")).stdout) as { findings: Found[] }).findings;
	const list = async (env = {}) =>
		(JSON.parse((await keelson(folder, ["exempt", "list", "--json", "-s", "stacks/acme.yaml"], env)).stdout) as Listed).exemptions;
	const failing = (kind: string) => open.filter(({ outcome, subject }) => outcome === "fail" && subject.kind === kind);

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-exempt-"));
		tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		open = await check();
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const wrong: [string, string[], RegExp][] = [
		["without an owner", ["--reason", "r"], /--owner says who/],
		["with an owner of blanks", ["--owner", " ", "--reason", "r"], /--owner says who/],
		["with an owner over two lines", ["--owner", "it\n- policy: x", "--reason", "r"], /--owner is one line/],
		["without a reason", ["--owner", "it"], /--reason says why/],
		["until a day that is over", [...agreed, "--expires", "2020-01-01"], /that day is over/],
		["until a day that does not exist", [...agreed, "--expires", "2027-02-30"], /does not exist/],
		["for more than a year", [...agreed, "--expires", "366d"], /365 days at most/],
		["until some time", [...agreed, "--expires", "soon"], /write a number of days/],
		["with what compensates for it and is no policy", [...agreed, "--compensated-by", "nonsense"], /no policy in force/],
		["with what would be a secret in the file", ["--owner", "${env:WHO}", "--reason", "r"], /nothing was written/],
	];
	it.each(wrong)("are not written %s", async (_, options, words) => {
		const before = text();
		const { code, stderr, stdout } = await add(failing("account")[0]?.id ?? "", ...options);
		expect(stderr).toMatch(words);
		expect([code, stdout]).toEqual([2, ""]);
		expect(text()).toBe(before);
	});

	it("are not written for what is not open, nor for the others that are named with it", async () => {
		const before = text();
		const [one] = failing("account");
		const { code, stderr } = await add(one?.id ?? "", "f_00000000000000000000", ...agreed);
		expect(code).toBe(2);
		expect(stderr).toContain("f_00000000000000000000 is not open");
		expect(stderr).not.toContain(`${one?.id} is`);
		expect(text()).toBe(before);
	});

	it("name an account by its pinned id, and anything else by its key; all else in the file stays", async () => {
		const before = text();
		const [account, setting] = [failing("account")[0] as Found, failing("setting")[0] as Found];
		const { code, stdout } = await add(account.id, setting.id, ...agreed, "--ticket", "SEC-7", "--json");
		expect(code).toBe(0);
		const { added } = JSON.parse(stdout) as { added: { finding: string; holds: boolean; expires: string }[] };
		expect(added).toMatchObject([account, setting].map(({ id }) => ({ finding: id, holds: true, expires: dateIn(90) })));
		const { exemptions } = parse(text()) as { exemptions: object[] };
		const common = { owner: "it@acme.example", reason: "until the passkeys are here", ticket: "SEC-7", expires: dateIn(90) };
		expect(exemptions.slice(-2)).toEqual([
			{ policy: account.policy, subject: { login: `okta/${account.subject.label}`, id: account.subject.key.slice(5) }, ...common },
			{ policy: setting.policy, subject: { key: setting.subject.key }, ...common },
		]);
		const at = text().indexOf(`  - policy: ${account.policy}`);
		const length = text().length - before.length;
		expect(text().slice(0, at) + text().slice(at + length)).toBe(before);
		const now = await check();
		for (const { id } of [account, setting])
			expect(now.find((one) => one.id === id)).toMatchObject({ outcome: "excepted", exemption: { owner: "it@acme.example" } });
		const named = new Set([account.id, setting.id]);
		const others = (findings: Found[]) => findings.filter(({ id }) => !named.has(id)).map(({ id, outcome, message }) => [id, outcome, message]);
		expect(others(now)).toEqual(others(open));
	});

	it("are not written twice, and say until when the first one holds", async () => {
		const before = text();
		const { code, stderr } = await add(failing("account")[0]?.id ?? "", ...agreed);
		expect(code).toBe(2);
		expect(stderr).toMatch(new RegExp(`is exempted already, until ${dateIn(90)} by it@acme.example \\(line \\d+\\)`));
		expect(text()).toBe(before);
	});

	it("do not hold while the policy that compensates does not pass, and the finding says so", async () => {
		const privileged = "mfa-registered-privileged";
		const [both] = failing("account").filter(
			({ policy, subject }) => policy === "mfa-registered-all-users" && open.some((one) => one.policy === privileged && one.subject.key === subject.key),
		);
		if (!both) throw new Error("no administrator of the demo lacks a factor");
		const before = text();
		const { code, stdout } = await add(both.id, ...agreed, "--compensated-by", privileged);
		expect([code, stdout]).toEqual([0, expect.stringContaining(`does not hold: ${privileged} fails`)]);
		expect((await check()).find(({ id }) => id === both.id)).toMatchObject({
			outcome: "fail",
			withheld: { compensatedBy: privileged, outcome: "fail" },
			message: expect.stringContaining("does not hold"),
		});
		expect((await list()).at(-1)).toMatchObject({ state: "does not hold" });
		writeFileSync(stack(), text().replace(`compensatedBy: ${privileged}`, "compensatedBy: api-token-bound"));
		expect(await run("check")).toMatchObject({ code: 2, stderr: expect.stringMatching(/acme\.yaml:\d+:\d+.*kind credential/) });
		writeFileSync(stack(), before);
	});

	it("are listed with what they do, who agreed, and until when", async () => {
		const unused = `  - policy: dormant-account\n    subject: { key: okta/00uNobody }\n    owner: it\n    reason: r\n    expires: ${dateIn(100)}\n`;
		const over = `  # agreed in March\n  - { policy: dormant-account, subject: { key: okta/00uGone }, owner: it, reason: r, expires: 2026-01-31 } # over\n`;
		writeFileSync(stack(), text().replace("exemptions:\n", `exemptions:\n${unused}${over}`));
		const rows = await list();
		expect(rows.map(({ state }) => state)).toEqual(["unused", "ended", "used", "used", "used"]);
		expect(rows.at(-1)).toMatchObject({ owner: "it@acme.example", expires: dateIn(90), findings: [failing("setting")[0]?.id] });
		expect((await list(later(80 * day))).map(({ state }) => state).slice(-2)).toEqual(["ends soon", "ends soon"]);
		const { stdout } = await run("exempt", "list");
		expect(stdout).toContain("keelson exempt prune takes out what has ended (1)");
		expect(stdout).toContain(`okta/${failing("account")[0]?.subject.label}`);
	});

	it("are taken out when they have ended, and nothing else is", async () => {
		const before = text();
		const { code, stdout } = await run("exempt", "prune", "--json");
		expect(code).toBe(0);
		expect((JSON.parse(stdout) as { removed: object[] }).removed).toMatchObject([
			{ policy: "dormant-account", subject: "okta/00uGone", expires: "2026-01-31" },
		]);
		expect(text()).toBe(before.replace(/^ {2}- \{ policy: dormant-account.*# over\n/m, ""));
		expect(text()).toContain("  # agreed in March\n");
		const again = await run("exempt", "prune");
		expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to prune") });
	});
});
