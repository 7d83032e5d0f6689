import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { EmulatedTenant, Emulation } from "../src/emulate/contract.js";
import { openStore } from "../src/store/open.js";
import { declared } from "./declared.js";
import { keelson } from "./keelson.js";

/** Two tenants of each of two vendors in one stack file. */
const vendors = { "okta-eu": ["okta", 21], "okta-us": ["okta", 22], "entra-eu": ["entra", 23], "entra-us": ["entra", 24] } as const;

let folder: string;
const tenants = new Map<string, EmulatedTenant>();
const run = (...args: string[]) => keelson(folder, [...args, "-s", "keelson.yaml"]);
const tenant = (system: string): EmulatedTenant => tenants.get(system) as EmulatedTenant;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "keelson-tenants-"));
	writeFileSync(join(folder, "Pulumi.yaml"), "name: acme\nruntime: nodejs\n");
	const systems: Record<string, object> = {};
	for (const [system, [provider, seed]] of Object.entries(vendors)) {
		const { emulation } = (await import(`../providers/${provider}/emulator.ts`)) as { emulation: Emulation };
		const one = await emulation.start({ users: 14, seed, now: Date.now(), limits: "off" });
		tenants.set(system, one);
		systems[system] = declared(folder, system, one);
	}
	const guardrails = { maxAccounts: 5, maxPercent: 50, keepAdmins: 1 };
	writeFileSync(join(folder, "keelson.yaml"), JSON.stringify({ name: "acme", store: "sqlite:store.db", systems, remediation: { plans: "plans", guardrails } }));
	const { code, stderr } = await run("scan", "--quiet", "--fail-on", "none");
	expect(stderr).toBe("");
	expect(code).toBe(0);
}, 120_000);

afterAll(async () => {
	for (const one of tenants.values()) await one.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("two tenants of one vendor", () => {
	it("each have their own accounts, and no other's", async () => {
		const store = await openStore(`sqlite:${join(folder, "store.db")}`);
		for (const [system, one] of tenants) {
			const [scan] = await store.scans({ system, limit: 1 });
			if (!scan) throw new Error(`${system} was not scanned`);
			const ids: string[] = [];
			for await (const batch of store.records(scan, "accounts")) ids.push(...batch.map(({ id }) => id));
			const there = one.truth().accounts.map(({ id }) => id);
			expect(ids.filter((id) => there.includes(id)).sort()).toEqual(there.sort());
			for (const other of tenants.values())
				if (other !== one) expect(ids.filter((id) => other.truth().accounts.some((account) => account.id === id) && !there.includes(id))).toEqual([]);
		}
		await store.close();
	});

	it("are each asked with their own credential: nobody is ever refused", () => {
		for (const [system, one] of tenants)
			expect({ system, refused: one.requests.filter(({ status }) => status === 401).length }).toEqual({ system, refused: 0 });
	});

	it("have findings of their own", async () => {
		const { stdout } = await run("check", "--json", "--fail-on", "none");
		const { findings } = JSON.parse(stdout) as { findings: { id: string; system: string; subject: { key: string } }[] };
		for (const { system, subject } of findings) if (system !== "people") expect(subject.key.split("/")[0]).toBe(system);
		expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
		for (const system of Object.keys(vendors))
			expect(
				findings.some((one) => one.system === system),
				system,
			).toBe(true);
	});

	it("are not written to when another is", async () => {
		const { code, stdout } = await run("check", "--json", "--fail-on", "none");
		expect(code).toBe(0);
		const administrators = new Set(
			(JSON.parse(stdout) as { accounts: { key: string; privileged: boolean | null }[] }).accounts.flatMap(({ key, privileged }) =>
				privileged === false ? [] : key,
			),
		);
		const target = tenant("entra-us")
			.truth()
			.accounts.find(({ id, enabled }) => enabled && !administrators.has(`entra-us/${id}`));
		const planned = await run("plan", "--quiet", "--no-scan", "--operator", "--action", `entra-us/end-sessions/${target?.id}`, "--json");
		expect(planned.stderr).toBe("");
		const { file } = JSON.parse(planned.stdout) as { file: string };
		expect((parse(readFileSync(file, "utf8")) as { actions: { system: string }[] }).actions.map(({ system }) => system)).toEqual(["entra-us"]);
		for (const one of tenants.values()) (one.requests as unknown[]).length = 0;
		const applied = await run("apply", file, "--quiet", "--operator");
		expect(applied.stdout + applied.stderr).toMatch(/end-sessions/);
		expect(applied.code).toBe(0);
		for (const [system, one] of tenants) {
			const writes = one.requests.filter(({ method, path, status }) => method !== "GET" && !/token|batch/i.test(path) && status < 400);
			if (system === "entra-us") expect(writes.length).toBeGreaterThan(0);
			else expect({ system, requests: one.requests.length }).toEqual({ system, requests: 0 });
		}
	});
});
