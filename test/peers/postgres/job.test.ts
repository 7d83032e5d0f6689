import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoTenant, startDemoTenant } from "../../../src/cli/demo-tenant.js";
import { bin, keelson, type Ran } from "../../keelson.js";
import { type Cluster, canary, missing, startCluster } from "./cluster.js";

/** Each step runs in a folder that holds what a fresh clone holds, as a CI job without a disk of its own does: the store alone is shared. */
describe.skipIf(missing() !== null)("the whole job with a store in PostgreSQL", () => {
	let cluster: Cluster;
	let tenant: DemoTenant;
	let raw: pg.Client;
	let repository: string;
	const folders: string[] = [];
	const said: string[] = [];
	const location = () => cluster.url("acme");

	beforeAll(async () => {
		repository = mkdtempSync(join(tmpdir(), "keelson-repo-"));
		[cluster, tenant] = await Promise.all([startCluster(), startDemoTenant(repository)]);
		const file = join(repository, "stacks", "acme.yaml");
		writeFileSync(file, readFileSync(file, "utf8").replace(/^store: .*$/m, "store: ${env:KEELSON_STORE}"));
		raw = await cluster.raw();
	});
	afterAll(async () => {
		await raw?.end();
		await tenant?.close();
		await cluster?.close();
		for (const folder of [...folders, repository]) rmSync(folder, { recursive: true, force: true });
	});

	function clone(): string {
		const folder = mkdtempSync(join(tmpdir(), "keelson-clone-"));
		folders.push(folder);
		for (const name of ["keys", "stacks", "plans", "Pulumi.yaml"])
			if (existsSync(join(repository, name))) cpSync(join(repository, name), join(folder, name), { recursive: true });
		return folder;
	}

	/** In a clone of its own; what it writes into the project is merged. */
	async function run(args: string[], env: Record<string, string> = { KEELSON_STORE: location() }): Promise<Ran> {
		const folder = clone();
		const ran = await keelson(folder, [...args, "-s", "stacks/acme.yaml"], { KEELSON_DEBUG: "1", ...env });
		said.push(ran.stdout, ran.stderr);
		for (const name of ["stacks", "plans"]) if (existsSync(join(folder, name))) cpSync(join(folder, name), join(repository, name), { recursive: true });
		// Receipts are files; of the store there is nothing on the disk.
		const local = existsSync(join(folder, ".keelson")) ? readdirSync(join(folder, ".keelson")) : [];
		expect(local.filter((name) => name !== "receipts")).toEqual([]);
		return ran;
	}
	const planFile = () => join("plans", readdirSync(join(repository, "plans"))[0] ?? "");
	const events = async (): Promise<string[]> => (await raw.query("SELECT event FROM acme.journal ORDER BY seq")).rows.map(({ event }) => event);

	it("says in one sentence what keeps it from its store, and never the password", async () => {
		expect(await run(["scan"], {})).toMatchObject({
			code: 2,
			stdout: "",
			stderr: expect.stringMatching(/acme\.yaml:\d+:\d+.*the environment variable KEELSON_STORE is not set/s),
		});
		const wrong = { KEELSON_STORE: location().replace("@127", "x@127") };
		for (const args of [["scan"], ["check"], ["plan"], ["report"], ["drift"]])
			expect(await run(args, wrong)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("the server refuses this user and password") });
		expect(await run(["check"], { KEELSON_STORE: location().replace(/:\d+\//, ":1/") })).toMatchObject({
			code: 2,
			stderr: expect.stringContaining("can't be reached (ECONNREFUSED)"),
		});
		expect((await run(["doctor"], wrong)).code).toBe(0);
	});

	it("scans, pins and plans, each on an empty disk", async () => {
		expect((await run(["scan", "--fail-on", "none"])).code).toBe(0);
		expect((await run(["pin"])).code).toBe(0);
		const planned = await run(["plan", "--policy", "leaver-still-enabled", "--policy", "mfa-registered-privileged"]);
		expect(planned.stdout).toMatch(/suspend yuki\.tan@acme\.example/);
		expect(planned.code).toBe(0);
	});

	it("is killed in the middle of applying, right after a call and before it could say so", async () => {
		await raw.query("CREATE FUNCTION acme.stall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(500); RETURN new; END $$");
		await raw.query("CREATE TRIGGER stall BEFORE INSERT ON acme.journal FOR EACH ROW WHEN (new.event = 'performed') EXECUTE PROCEDURE acme.stall()");
		const env = { ...process.env, KEELSON_STORE: location(), NO_COLOR: "1" };
		const child = spawn(process.execPath, [bin, "apply", planFile(), "-s", "stacks/acme.yaml"], { cwd: clone(), env, stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => said.push(bytes.toString()));
		const stalled = async () => (await raw.query("SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).rows.map(({ pid }) => pid);
		while ((await stalled()).length === 0) {
			expect(child.exitCode, said.join("")).toBeNull();
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		const exit = once(child, "exit");
		child.kill("SIGKILL");
		await exit;
		for (const pid of await stalled()) await raw.query("SELECT pg_terminate_backend($1)", [pid]);
		await raw.query("DROP TRIGGER stall ON acme.journal");
		expect(await events()).toEqual(["began", "intent"]);
	});

	it("keeps a second pipeline out until the dead one's lease is over", async () => {
		const refused = await run(["apply", planFile()]);
		expect(refused).toMatchObject({ code: 4, stdout: expect.stringMatching(/one run at a time/) });
		expect(await events()).toEqual(["began", "intent"]);
	});

	it("goes on in another empty folder, and makes every change", async () => {
		// As if a minute and a half had passed.
		await raw.query("UPDATE acme.leases SET expires = expires - 100000");
		const { code, stdout, stderr } = await run(["apply", planFile()]);
		expect(code, stdout + stderr).toBe(0);
		const all = await events();
		expect(all.filter((event) => event === "performed" || event === "recovered").length).toBeGreaterThan(1);
		expect(all.slice(-2)).toEqual(["ended", "receipt"]);
		const { findings }: { findings: { policy: string; state: string }[] } = JSON.parse((await run(["scan", "--json", "--fail-on", "none"])).stdout);
		expect(findings.filter(({ policy, state }) => policy === "leaver-still-enabled" && state !== "fixed")).toEqual([]);
		expect((await run(["apply", planFile()])).stdout).toMatch(/done by an earlier run|nothing to do/i);
	});

	it("holds the run's receipt, and writes its file again where the disk was empty", async () => {
		const missing = await run(["verify"]);
		expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining("there is no such file") });
		const restored = await run(["verify", "--restore"]);
		expect(restored.stdout).toMatch(/receipts? (was|were) written again from the journal/);
		expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("Everything fits.") });
	});

	it("keeps another stack out of its schema", async () => {
		const file = join(repository, "stacks", "acme.yaml");
		const text = readFileSync(file, "utf8");
		writeFileSync(file, text.replace(/^name: .*$/m, "name: globex"));
		expect(await run(["check"])).toMatchObject({ code: 2, stderr: expect.stringContaining("holds the store of the stack acme") });
		writeFileSync(file, text);
	});

	it("leaves the password in no output and no file", () => {
		expect(said.join("").length).toBeGreaterThan(1000);
		for (const form of [canary, encodeURIComponent(canary), "cAnary"]) {
			expect(said.join("")).not.toContain(form);
			for (const folder of [...folders, repository])
				for (const path of readdirSync(folder, { recursive: true }).map(String))
					if (statSync(join(folder, path)).isFile()) expect(readFileSync(join(folder, path)).includes(form), path).toBe(false);
		}
	});
});
