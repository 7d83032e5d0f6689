import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeStory } from "../providers/okta/emulator/acme.js";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import { keelson } from "./keelson.js";

const group = acmeStory.groups.superAdmins;

describe("how it came to be so", { timeout: 120_000 }, () => {
	let folder: string;
	let tenant: DemoTenant;
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-history-"));
		tenant = await startDemoTenant(folder);
		await run("scan", "--quiet", "--fail-on", "none");
		await run("pin");
		await run("drift", "--no-who", "--adopt", `okta/group/${group}`);
		await run("scan", "--quiet", "--fail-on", "none");
		tenant.changeBehindYourBack();
		await run("scan", "--quiet", "--fail-on", "none");
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("lists the runs, newest first", async () => {
		const { runs } = await json("history");
		expect(runs).toHaveLength(3);
		expect(runs[0]).toMatchObject({ comparable: true, posture: expect.any(Number), counts: { critical: expect.any(Number) } });
		expect(runs[0].at > runs[1].at).toBe(true);
		expect((await json("history", "--runs", "1")).runs).toEqual([runs[0]]);
		const { stdout } = await run("history", "--runs", "1");
		expect(stdout).toMatch(/^ {2}\S+ \S+Z +\d+\/100 \(\S+\) +\d+ critical.*checks have data\n {2}and 2 more: --runs 3\n$/);
	});

	it("names who came into a group, and the finding that it made, with the field that changed", async () => {
		const { objects } = await json("history", `okta/group/${group}`);
		const joined = objects[0].events.filter(({ what }: { what: string }) => what === "joined");
		expect(joined).toEqual([expect.objectContaining({ what: "joined", group })]);
		const account = `okta/${joined[0].account}`;
		expect((await run("history", account)).stdout).toMatch(/in the group Super Admins/);
		const { findings } = await json("blame", account);
		const changed = findings.flatMap((one: { changed: { path: string; before: unknown; after: unknown }[] }) => one.changed);
		expect(changed).toContainEqual({ path: "account.privileged", before: false, after: true });
		const fresh = findings.find((one: { before: object | null }) => one.before !== null);
		expect(fresh).toMatchObject({ before: { at: expect.any(String), outcome: "not-applicable" }, who: null });
		const { stdout } = await run("blame", fresh.finding.id);
		expect(stdout).toMatch(/since the run of .*: in that of .* it did not apply/);
		expect(stdout).toContain("account.privileged: false → true");
		const { runs } = await json("history", fresh.finding.id);
		expect(runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["fail", "not-applicable", "not-applicable"]);
		expect((await run("history", fresh.finding.id)).stdout).toMatch(/✗ .*: found\n.* to .*, 2 runs: did not apply/);
	});

	it("asks the vendor's log who changed a declared object, only when it is told to", async () => {
		const one = async (...args: string[]) =>
			(await json("blame", `okta/group/${group}`, ...args)).findings.find(
				({ finding }: { finding: { subject: { kind: string } } }) => finding.subject.kind === "managed",
			);
		const quiet = await one();
		expect(quiet).toMatchObject({ before: { outcome: "pass" }, who: null, keelson: [] });
		expect(quiet.changed.map(({ path }: { path: string }) => path)).toContain("managed.differences");
		const asked = await one("--who");
		expect(asked.who.events).toEqual([
			expect.objectContaining({ what: "added", type: "group.user_membership.add", actor: expect.objectContaining({ type: "account" }) }),
		]);
		expect((await run("blame", asked.finding.id, "--who")).stdout).toMatch(/by \S+@\S+.*group\.user_membership\.add/);
	});

	it("says plainly what nobody has heard of", async () => {
		expect(await run("history", "nobody@acme.example")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("no stored scan has") });
		expect(await run("history", "f_00000000000000000000")).toMatchObject({ code: 2, stderr: expect.stringContaining("no stored finding") });
		expect(await run("blame", "nobody@acme.example")).toMatchObject({ code: 2, stderr: expect.stringContaining("keelson history") });
		expect(await run("blame", fine, "--runs", "x")).toMatchObject({ code: 2, stdout: "" });
	});
});

const fine = "mfa-registered-privileged";
