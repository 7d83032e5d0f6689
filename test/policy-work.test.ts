import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDemoTenant } from "../src/cli/demo-tenant.js";
import { bin, keelson } from "./keelson.js";

interface Said {
	base: string;
	newlyFlagged: number;
	posture: { before: { posture: number | null }; after: { posture: number | null } };
	policies: {
		policy: string;
		change: string;
		severity: string;
		severityChange?: object;
		params: object[];
		keys: string[];
		subjects: { kind: string; subject: { key: string; label: string }; privileged: boolean | null }[];
		before: Record<string, number> | null;
		after: Record<string, number> | null;
	}[];
	same: number;
}

interface Checked {
	findings: { policy: string; outcome: string; state: string; subject: { key: string } }[];
	posture: { posture: number };
}

/** One story, in order: each step begins with what the one before left. */
describe("work on policies", { timeout: 120_000 }, () => {
	let folder: string;
	const at = (...names: string[]) => join(folder, ...names);
	const stack = () => at("stacks", "acme.yaml");
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@acme.example", ...args], { cwd: folder });
	const commit = () => {
		git("add", "-A");
		git("commit", "-qm", "state");
	};
	const diff = async (...args: string[]) => JSON.parse((await run("policy", "diff", "--json", ...args)).stdout) as Said;
	const check = async () => JSON.parse((await run("check", "--json", "--quiet")).stdout) as Checked;
	const failing = ({ findings }: Checked, policy: string) =>
		findings
			.filter((one) => one.policy === policy && one.outcome === "fail" && one.state !== "fixed")
			.map(({ subject }) => subject.key)
			.sort();
	const edit = (from: string | RegExp, to: string) => {
		const text = readFileSync(stack(), "utf8");
		expect(text).toMatch(from);
		writeFileSync(stack(), text.replace(from, to));
	};
	/** The files of the store, as they are. */
	const stored = () => readFileSync(at(".keelson", "acme.db")).toString("base64");

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-policy-"));
		const tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		// Whatever follows needs no network.
		await tenant.close();
		writeFileSync(at(".gitignore"), ".keelson\nkeys\n");
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("needs git for a base, and none to try a parameter", async () => {
		const { code, stderr } = await run("policy", "diff");
		expect(code).toBe(2);
		expect(stderr).toContain("HEAD");
		expect((await run("policy", "diff", "--set", "dormant-account.days=30")).code).toBe(0);
		git("init", "-q");
		commit();
		expect(await diff()).toMatchObject({ base: "HEAD", policies: [], newlyFlagged: 0 });
	});

	it("tries a parameter, names exactly those whom check would then find, and stores nothing", async () => {
		const before = await check();
		const bytes = stored();
		const said = await diff("--set", "dormant-account.days=7");
		expect(stored()).toBe(bytes);
		const [change] = said.policies;
		expect(said).toMatchObject({ base: "the working copy", policies: [{ policy: "dormant-account", params: [{ name: "days", before: 45, after: 7 }] }] });
		const flagged = (change?.subjects ?? []).filter(({ kind }) => kind === "flagged").map(({ subject }) => subject.key);
		expect(flagged.length).toBeGreaterThan(0);
		edit(/^policies:$/m, "policies:\n  set: { dormant-account: { params: { days: 7 } } }");
		const after = await check();
		expect(failing(after, "dormant-account")).toEqual([...failing(before, "dormant-account"), ...flagged].sort());
		expect(said.posture.before.posture).toBe(before.posture.posture);
		expect(said.posture.after.posture).toBe(after.posture.posture);
		// The same by an edit, against what is committed; and the way back clears the same people.
		expect((await diff()).policies).toEqual(said.policies);
		const back = await diff("--set", "dormant-account.days=45");
		const cleared = back.policies[0]?.subjects.filter(({ kind }) => kind === "cleared").map(({ subject }) => subject.key);
		expect(cleared).toEqual(flagged);
	});

	it.each([
		["dormant-acount.days=7", "did you mean dormant-account?"],
		["dormant-account.day=7", "did you mean days?"],
		["dormant-account.days=soon", "must be an integer"],
		["dormant-account.days=0", "must be at least 1"],
		["dormant-account", "<policy>.<param>=<value>"],
	])("does not try %s", async (setting, words) => {
		const { code, stderr } = await run("policy", "diff", "--set", setting);
		expect(code).toBe(2);
		expect(stderr).toContain(words);
	});

	it("ends with 1 on what is newly flagged so severely, and only where that is asked for", async () => {
		expect((await run("policy", "diff")).code).toBe(0);
		expect((await run("policy", "diff", "--fail-on", "medium")).code).toBe(1);
		expect((await run("policy", "diff", "--fail-on", "high")).code).toBe(0);
		expect((await run("policy", "diff", "--fail-on", "grave")).code).toBe(2);
		edit("params: { days: 7 }", "severity: critical, params: { days: 45 }");
		const raised = await diff("--fail-on", "critical");
		expect(raised.policies).toMatchObject([{ policy: "dormant-account", severityChange: { before: "medium", after: "critical" } }]);
		// Nobody is new, but what was medium is critical now.
		expect(raised.newlyFlagged).toBe(raised.policies[0]?.after?.fail);
	});

	it("shows policies that are added and removed, twenty names of each, and says how many more there are", async () => {
		edit(/ {2}set: .*\n/, "  set: { mfa-registered-all-users: { enabled: false } }\n");
		const said = await diff();
		const [change] = said.policies;
		expect(change).toMatchObject({ policy: "mfa-registered-all-users", change: "removed", after: null });
		const { stdout } = await run("policy", "diff");
		const names = stdout.split("\n").filter((line) => line.startsWith("  − "));
		const cleared = (change?.subjects ?? []).filter(({ kind }) => kind === "cleared");
		expect(names).toHaveLength(Math.min(20, cleared.length));
		expect(stdout).toContain(`+0, −${cleared.length}`);
		if (cleared.length > 20) expect(stdout).toContain(`… and ${cleared.length - 20} more`);
		commit();
		edit(/ {2}set: .*\n/, "");
		expect((await diff()).policies).toMatchObject([{ policy: "mfa-registered-all-users", change: "added", before: null }]);
		expect((await diff("--base", "HEAD~1")).policies).toEqual([]);
	});

	it("tells what is wrong on the base, and takes no option for a base", async () => {
		expect(await run("policy", "diff", "--base", "nowhere")).toMatchObject({ code: 2 });
		expect((await run("policy", "diff", "--base", "--upload-pack=x")).code).toBe(2);
		expect(git("worktree", "list").toString().trim().split("\n")).toHaveLength(1);
	});

	it("writes a policy that can be tested at once, and leaves the stack file alone", async () => {
		const text = readFileSync(stack(), "utf8");
		const { code, stdout } = await run("policy", "new", "unused-for-long", "--for", "account", "--dir", "own/policies");
		expect(code).toBe(0);
		expect(stdout).toContain("dirs: [own/policies]");
		expect(readFileSync(stack(), "utf8")).toBe(text);
		expect(await keelson(folder, ["policy", "test", "own/policies/unused-for-long.yaml"])).toMatchObject({
			...{ code: 0, stdout: "1 policies, 4 tests: 4 passed, 0 failed\n" },
		});
		edit(/^policies:$/m, "policies:\n  dirs: [own/policies]");
		expect((await run("policy", "explain", "unused-for-long")).stdout).toContain("Accounts of people are in use");
		const next = JSON.parse((await run("policy", "new", "second", "--for", "group", "--json")).stdout);
		expect(next).toMatchObject({ id: "second", inForce: true });
		expect(existsSync(at("own", "policies", "second.yaml"))).toBe(true);
		expect((await diff()).policies.map(({ policy, change }) => `${policy} ${change}`)).toEqual([
			"mfa-registered-all-users added",
			"second added",
			"unused-for-long added",
		]);
	});

	it.each([
		["unused-for-long", "account", "own/policies/unused-for-long.yaml"],
		["dormant-account", "account", "there is a policy dormant-account"],
		["NoAdmins", "account", "say no-admins"],
		["../out", "account", "small letters"],
		["third", "user", "--for takes account"],
	])("does not write a policy %s for %s", async (id, kind, words) => {
		const { code, stderr } = await run("policy", "new", id, "--for", kind);
		expect(code).toBe(2);
		expect(stderr).toContain(words);
	});

	it("writes the tests as JUnit, and what failed to the log", async () => {
		const file = at("own", "policies", "second.yaml");
		const text = readFileSync(file, "utf8");
		writeFileSync(file, text.replace("expect: unknown", "expect: pass"));
		const { code, stdout } = await run("policy", "test", "own/policies", "--format", "junit", "--out", "out/policies.xml");
		expect(code).toBe(1);
		expect(stdout).toContain("second.yaml:");
		const xml = readFileSync(at("out", "policies.xml"), "utf8");
		expect(xml).toContain('<testsuite name="second" tests="4" failures="1"');
		expect(xml).toContain('file="own/policies/second.yaml"');
		writeFileSync(file, text);
		expect((await run("policy", "test", "own/policies", "--format", "junit")).stdout).toContain('tests="8" failures="0"');
	});

	it("tests one file although the one beside it is broken", async () => {
		writeFileSync(at("own", "policies", "broken.yaml"), "id: broken\n");
		expect((await run("policy", "test", "own/policies/second.yaml")).code).toBe(0);
		expect((await run("policy", "test", "own/policies")).code).toBe(2);
		rmSync(at("own", "policies", "broken.yaml"));
	});

	it("tests again on every change, through a file that is half written, until Ctrl-C", async () => {
		const file = at("own", "policies", "second.yaml");
		const text = readFileSync(file, "utf8");
		const child = spawn(process.execPath, [bin, "policy", "test", "own/policies", "--watch", "-s", "stacks/acme.yaml"], { cwd: folder });
		let said = "";
		child.stdout.on("data", (part) => (said += part));
		child.stderr.on("data", (part) => (said += part));
		const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
		const saying = async (words: string) => {
			for (let tries = 0; tries < 200 && !said.includes(words); tries++) await new Promise((go) => setTimeout(go, 50));
			expect(said).toContain(words);
			said = "";
		};
		await saying("Ctrl-C ends");
		writeFileSync(file, text.replace("where:", "were:"));
		await saying("did you mean where?");
		writeFileSync(file, text.replace("expect: unknown", "expect: pass"));
		await saying("7 passed, 1 failed");
		writeFileSync(file, text);
		await saying("8 passed, 0 failed");
		child.kill("SIGINT");
		expect(await ended).toBe(0);
	});

	it("says what each policy goes by, and never takes nothing for all", async () => {
		interface Covered {
			appliesToNothing: string[];
			policies: {
				policy: string;
				evaluated: number;
				decided: number | null;
				fields: { field: string; source: string; systems: { system: string; state: string }[] }[];
				unknown: number;
				pass: number;
			}[];
		}
		const { policies, appliesToNothing } = JSON.parse((await run("policy", "coverage", "--json")).stdout) as Covered;
		const inForce = JSON.parse((await run("policy", "list", "--json")).stdout) as { id: string }[];
		expect(policies.map(({ policy }) => policy)).toEqual(inForce.map(({ id }) => id).sort());
		const dormant = policies.find(({ policy }) => policy === "dormant-account");
		expect(dormant?.fields.find(({ field }) => field === "account.lastActivity")).toMatchObject({ source: "accounts", systems: [{ system: "okta" }] });
		expect(appliesToNothing).toEqual(policies.filter(({ evaluated }) => evaluated === 0).map(({ policy }) => policy));
		expect(appliesToNothing.length).toBeGreaterThan(0);
		for (const { evaluated, decided, unknown } of policies) {
			expect(decided === null).toBe(evaluated === 0);
			if (unknown > 0) expect(decided).toBeLessThan(1);
		}
		const { stdout } = await run("policy", "coverage");
		const blocks = stdout.split("\n\n");
		for (const policy of appliesToNothing) {
			const block = blocks.find((text) => text.startsWith(`${policy}  `));
			expect(block).toMatch(/says nothing/);
			expect(block).not.toContain("%");
		}
	});
});
