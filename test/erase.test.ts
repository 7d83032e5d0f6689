import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keelson } from "./keelson.js";
import { startTenant, type TestTenant } from "./pulumi/tenant.js";

/** One story, in order: an account is suspended, then deleted, and its person asks to be forgotten. */
describe("what is kept of a person", { timeout: 180_000 }, () => {
	let tenant: TestTenant;
	let login: string;
	let id: string;
	let before: string;
	const run = (...args: string[]) => keelson(tenant.dir, [...args, "-s", "stacks/acme.yaml"]);
	const plan = () => join("plans", String(readdirSync(join(tenant.dir, "plans")).find((name) => name.endsWith(".yaml"))));
	const edit = (change: (text: string) => string) => writeFileSync(tenant.file, change(readFileSync(tenant.file, "utf8")));
	/** Files of the store that hold a text, whatever the case of its letters. */
	const holding = (text: string) =>
		readdirSync(join(tenant.dir, ".keelson"))
			.filter((name) => name.includes(".db"))
			.filter((name) =>
				readFileSync(join(tenant.dir, ".keelson", name), "latin1")
					.toLowerCase()
					.includes(text.toLowerCase()),
			);

	beforeAll(async () => {
		tenant = await startTenant();
		edit((text) => text.replace("  plans: plans/\n", "  plans: plans/\n  names: false\n"));
		expect(await run("scan", "--quiet", "--fail-on", "none")).toMatchObject({ code: 0 });
		before = new Date().toISOString();
	});
	afterAll(() => tenant.close());

	it("a plan file holds ids alone where names are not to be in git, and commands show the login", async () => {
		const { code, stdout } = await run("plan", "--policy", "dormant-account", "--limit", "1", "--quiet");
		expect(code).toBe(0);
		login = /suspend (\S+@\S+)/.exec(stdout)?.[1] ?? "";
		const text = readFileSync(join(tenant.dir, plan()), "utf8");
		id = /suspend-account okta\/(\w+)/.exec(text)?.[1] ?? "";
		expect([login, id]).toEqual([expect.stringContaining("@"), expect.stringMatching(/^00u/)]);
		expect(text).not.toContain(login);
		expect(text).not.toMatch(/@\w+\.example/);
		expect((await run("report", "--format", "terminal", "--plan", plan())).code).not.toBe(0);
		expect((await run("report", "--format", "html", "--plan", plan())).stdout.includes(`suspend ${login}`)).toBe(true);
		const applied = await run("apply", plan());
		expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining(`suspend ${login}: done`) });
	});

	it("is counted before it is erased, and of an account that is still there only the past goes", async () => {
		await run("scan", "--quiet", "--fail-on", "none");
		const counted = await run("erase", login);
		expect(counted.code).toBe(0);
		expect(counted.stdout).toMatch(new RegExp(`^okta/${id}: would erase \\d+ stored values, \\d+ findings, 1 keys of the journal`));
		expect(counted.stdout).toContain("Nothing was erased yet: add --yes");
		const erased = await run("erase", `okta/${id}`, "--yes");
		expect([erased.code, erased.stdout]).toEqual([1, expect.stringContaining("okta still has it")]);
		expect(holding(login)).not.toEqual([]);
	});

	it("leaves no byte of the login in the store once the vendor has deleted the account; all else is there, and fits", async () => {
		const { state } = tenant.emulator;
		const other = [...state.users.values()].map(({ profile }) => String(profile?.login)).find((one) => one !== login && one.startsWith("a")) ?? "";
		state.users.delete(id);
		for (const members of state.members.values()) members.delete(id);
		expect(await run("scan", "--full", "--quiet", "--fail-on", "none")).toMatchObject({ code: 0 });
		expect(holding(login)).not.toEqual([]);
		const erased = await run("erase", login, "--yes", "--json");
		expect([erased.code, JSON.parse(erased.stdout)]).toMatchObject([
			0,
			{ erased: [{ subject: `okta/${id}`, isCurrent: false, left: { records: 0, findings: 0 } }] },
		]);
		expect(holding(login)).toEqual([]);
		expect(holding(other)).not.toEqual([]);
		expect(await run("verify")).toMatchObject({ code: 0, stdout: expect.stringContaining("Everything fits.") });
		expect((await run("apply", plan())).stdout).toContain(`suspend-account okta/${id}: done by an earlier run`);
		expect(await run("erase", login)).toMatchObject({ code: 2, stderr: expect.stringContaining("the store knows no such account") });
		const again = await run("erase", `okta/${id}`, "--also", login, "--yes", "--json");
		expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { erased: [{ subject: `okta/${id}`, versions: 0, keys: 0 }] }]);
	});

	it("is kept as long as the stack file says, and no time before that is judged", async () => {
		expect((await run("check", "--as-of", before, "--fail-on", "none")).code).toBe(0);
		edit((text) => `${text}retention: { accounts: 1s, findings: 1s }\n`);
		await run("scan", "--quiet", "--fail-on", "none");
		const refused = await run("check", "--as-of", before, "--fail-on", "none");
		expect([refused.code, refused.stderr]).toEqual([
			2,
			expect.stringMatching(/accounts of okta that ended before \d{4}-\d\d-\d\d are no longer kept \(retention\)/),
		]);
		expect((await run("check", "--fail-on", "none")).code).toBe(0);
	});
});
