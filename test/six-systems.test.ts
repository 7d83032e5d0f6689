import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../src/cli/demo-tenant.js";
import type { Finding } from "../src/model/finding.js";
import { openStore } from "../src/store/open.js";
import { keelson } from "./keelson.js";

/** What `keelson scan --json` says, as far as it is looked at here. */
interface Said {
	findings: Finding[];
	systems: { system: string; accounts: number; interrupted: boolean; coverage: { collection: string; state: string; known: number }[] }[];
}

describe("six systems and a personnel file in one stack", () => {
	let folder: string;
	let tenant: DemoTenant;
	let said: Said;
	const run = (...args: string[]) => keelson(folder, [...args, "-s", "stacks/acme.yaml"]);
	const open = (policy: string) => said.findings.filter((finding) => finding.policy === policy && finding.state !== "fixed");

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "keelson-six-"));
		tenant = await startDemoTenant(folder, true);
		said = JSON.parse((await run("scan", "--json", "--quiet", "--fail-on", "none")).stdout) as Said;
	});
	afterAll(async () => {
		await tenant.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it("reads the accounts of each whole, and the workers", () => {
		const whole = (collection: string) =>
			said.systems.filter(({ coverage }) => coverage.some((one) => one.collection === collection && one.state === "complete")).map(({ system }) => system);
		expect(whole("accounts").sort()).toEqual(["entra", "google", "identity", "okta", "sailpoint", "sspm"]);
		expect(whole("workers")).toEqual(["hr"]);
	});

	it("says who is safe in Okta and reachable with a password at Google, and by which account", async () => {
		const finding = open("person-password-way-in").find(({ subject }) => subject.label === "Hugo Prat");
		expect(finding?.message).toBe(
			"Hugo Prat has a phishing-resistant factor, and can be reached with a password: hugo.prat@acme.example signs in at google directly, with a password alone: no second factor is enrolled there",
		);
		const { stdout } = await run("explain", String(finding?.id));
		expect(stdout).toContain("- hugo.prat@acme.example signs in at google directly, with a password alone");
		expect(stdout).toMatch(/One person, because\n( {4}.+ and .+: .+\n)+/);
	});

	it("knows a leaver by the personnel file in every system where something is left", () => {
		const left = open("leaver-still-enabled").filter(({ subject }) => /marta\.silva/.test(subject.label));
		expect(left.map(({ system }) => system).sort()).toContain("google");
		expect(left.map(({ system }) => system)).toContain("okta");
	});

	it("says of a leaver's account by which worker and by what evidence it is one", async () => {
		const finding = open("leaver-still-enabled").find(({ subject, system }) => system === "google" && /marta\.silva/.test(subject.label));
		const { stdout } = await run("explain", String(finding?.id));
		expect(stdout).toMatch(/Whose it is\n {4}worker \d+ of the personnel file: terminated, last day \d{4}-\d\d-\d\d/);
		expect(stdout).toMatch(/One person, because\n( {4}.+ and .+: .+\n)+/);
	});

	it("never makes one person of two who share a name", async () => {
		const persons = await Promise.all(
			["olga.novak", "olga.novak2"].map(async (name) => {
				const { stdout } = await run("explain", `google/${name}@acme.example`, "--json");
				return (JSON.parse(stdout) as { account: { displayName: string; person: string } }).account;
			}),
		);
		expect(persons.map(({ displayName }) => displayName)).toEqual(["Olga Novak", "Olga Novak"]);
		expect(new Set(persons.map(({ person }) => person)).size).toBe(2);
		for (const { person } of persons) expect(person).toMatch(/^hr\/\d+$/);
	});

	it("explains a login that several systems know by its person", async () => {
		const { code, stdout } = await run("explain", "hugo.prat@acme.example");
		expect(code).toBe(0);
		expect(stdout).toMatch(/is the name of \d+ accounts/);
		expect(stdout).toMatch(/Hugo Prat \(active\)/);
		expect(stdout).toMatch(/google\/\d+ {2}risk/);
		expect(stdout).toMatch(/✗ high Hugo Prat has a phishing-resistant factor/);
	});

	it("counts for erasure all that is one person's, and refuses an address that two people have had", async () => {
		const { code, stdout, stderr } = await run("erase", "hugo.prat@acme.example", "--person", "--json");
		expect([code, stderr]).toEqual([0, ""]);
		const { erased, dryRun } = JSON.parse(stdout) as { erased: { subject: string }[]; dryRun: boolean };
		expect(dryRun).toBe(true);
		const systems = erased.map(({ subject }) => subject.split("/")[0]);
		expect(systems).toEqual(expect.arrayContaining(["okta", "google", "hr"]));
		expect(await run("erase", "hugo.prat@acme.example")).toMatchObject({ code: 2, stderr: expect.stringContaining("add --person") });
		const reused = await run("erase", "left.finance@acme.example", "--person", "--yes");
		expect(reused).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("different people's accounts") });
	});

	it("calls nothing new that an earlier run had found, of persons neither", async () => {
		await run("scan", "--quiet", "--fail-on", "none");
		const { findings } = JSON.parse((await run("report", "--format", "json")).stdout) as Said;
		expect(findings.filter(({ system }) => system === "people").length).toBeGreaterThan(0);
		expect(findings.filter(({ state }) => state === "new")).toEqual([]);
	});

	it("declares what Entra and Google have as it is, and sees no drift then", async () => {
		const store = await openStore(`sqlite:${join(folder, ".keelson", "acme.db")}`);
		const wanted: string[] = [];
		for (const [system, kinds] of [
			["entra", /^(conditionalAccessPolicy|authorizationPolicy|authenticationMethodsPolicy|authenticationMethodConfiguration)\//],
			["google", /^group-settings\//],
		] as const) {
			const [scan] = await store.scans({ system, limit: 1 });
			if (!scan) throw new Error(`${system} was not scanned`);
			for await (const batch of store.records(scan, "groups")) wanted.push(...batch.slice(0, 2).map(({ id }) => `${system}/group/${id}`));
			for await (const batch of store.records(scan, "settings"))
				wanted.push(
					...batch
						.filter(({ id }) => kinds.test(id))
						.slice(0, 4)
						.map(({ id }) => `${system}/${id}`),
				);
		}
		await store.close();
		expect(wanted.length).toBeGreaterThan(8);
		for (const object of wanted) expect(await run("import", object), object).toMatchObject({ code: 0, stderr: "" });
		await run("pin");
		const { stdout, stderr } = await run("drift", "--json");
		expect(stderr).toBe("");
		const { drift, unread } = JSON.parse(stdout) as { drift: { key: string }[]; unread: unknown[] };
		expect(unread).toEqual([]);
		expect(drift.map(({ key }) => key).filter((key) => wanted.includes(key))).toEqual([]);
	});

	it("names the system of a finding, and keeps every key out of the stack file and the output", async () => {
		const { stdout } = await run("check", "--fail-on", "none");
		expect(stdout).toMatch(/google: leo\.fischer@acme\.example/);
		expect(readFileSync(join(folder, "stacks", "acme.yaml"), "utf8")).not.toMatch(/PRIVATE KEY|clientSecret: [^"$]/);
	});

	it("finds what is one person's by the scans that still had an account which is gone, and takes a login of two for nobody's", async () => {
		const held = async (...args: string[]) =>
			(JSON.parse((await run("erase", ...args, "--person", "--json")).stdout) as { erased: { subject: string }[] }).erased;
		const all = (await held("hugo.prat@acme.example")).map(({ subject }) => subject).sort();
		const id = String(all.find((subject) => subject.startsWith("okta/"))).slice("okta/".length);
		const worker = String(all.find((subject) => subject.startsWith("hr/")));
		expect((await held(worker)).map(({ subject }) => subject).sort()).toEqual(all);
		const store = await openStore(`sqlite:${join(folder, ".keelson", "acme.db")}`);
		const [newest] = await store.scans({ system: "okta", limit: 1 });
		const scan = await store.beginScan({ system: "okta", provider: "okta", started: Date.now(), stackDigest: "" });
		const body = newest && (await store.record(newest, "accounts", id))?.body;
		for (const { collection } of newest?.coverage ?? []) {
			if (collection === "accounts") {
				await store.removeRecords(scan, "accounts", [id]);
				await store.putRecords(scan, "accounts", [{ id: "00uSecond", body: { ...body, id: "00uSecond" } }], {
					call: "GET /api/v1/users",
					requestId: null,
					at: Date.now(),
				});
			}
			await store.finishCollection(scan, { collection, state: "complete", reasons: [], eligible: null, requests: 0 }, { closed: true, incremental: true });
		}
		await store.finishScan(scan, Date.now() + 1, 0);
		await store.close();
		expect((await held(`okta/${id}`)).map(({ subject }) => subject).sort()).toEqual(all);
		expect(await run("erase", "hugo.prat@acme.example", "--person", "--yes")).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("which may be different people's"),
		});
	});
});
